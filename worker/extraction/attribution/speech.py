"""One act of speech, and what it has to do with the sentence around it."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.claims import Source, SourceType
from worker.extraction.parsing.tree import Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """Someone's saying. `scope` are the tokens said; `points_back` for "this was announced by"."""

    verb: Token | None
    chain: tuple[Source, ...]
    scope: frozenset[int]
    points_back: bool = False


PASSING_ON = frozenset({SourceType.OUTLET, SourceType.AGENCY, SourceType.MEDIA})
"""Sources that stand in front of those whom they report; is_medium leaves out the unnamed ones."""


def is_medium(source: Source | None) -> bool:
    """Whether a source passes on what it is told."""
    return source is not None and source.type in (SourceType.OUTLET, SourceType.AGENCY)
