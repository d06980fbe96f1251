"""What is fuzzed: inputs made up by Hypothesis, and what has to hold for each of them.

The test run tries a few that are the same each time; `python -m bench fuzz` tries new ones for as long as it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

T = TypeVar("T")
E = TypeVar("E", bound=Exception)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """`holds` raises for an input that breaks a promise. `examples` is how many the test run tries."""

    name: str
    inputs: SearchStrategy[Any]
    holds: Callable[[Any], None]
    examples: int


def outcome(read: Callable[[], T], *refusals: type[E]) -> T | E:
    """What was read, or the error of these kinds that refused it."""
    try:
        return read()
    except refusals as refused:
        return refused


def try_out(target: Target, *, examples: int, numbered: int | None = None) -> int:
    """Tries so many inputs, those of run `numbered` or the ones that are always the same. Returns how many it were.

    Raises what `holds` raised for the simplest input found, with that input in the error's notes.
    """
    tried = 0

    @bounded(examples, numbered=numbered)
    @given(value=target.inputs)
    def hold(value: Any) -> None:
        nonlocal tried
        tried += 1
        target.holds(value)

    (hold if numbered is None else seed(numbered)(hold))()
    return tried


def bounded(examples: int, *, numbered: int | None, steps: int = 1, shrinks: bool = True) -> settings:
    """Hypothesis' settings for so many examples; time says nothing about correctness on a shared machine.

    To make many steps simpler takes minutes: `shrinks` says whether what fails is.
    """
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=numbered is None,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink) if shrinks else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
