"""What each stage of extraction earns: the scores of a folder of known claims with one stage off after another.

    python tools/ablate.py seeds [MORE ...]

Prints a row for the whole extractor and one for each stage that is left out. A stage is left out by putting
something in its place that does nothing: every line is prose, no sentence is passed over, no place is carried. Speed
is in article words per second of processor time; it tells what a stage costs or saves.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any
from unittest.mock import patch

from service.settings import Settings
from worker.evaluation.gold import Pair, load_pairs
from worker.evaluation.report import Report, evaluate
from worker.extraction.extractor import Extractor
from worker.extraction.model import Line, LineKind
from worker.pipeline import build_extractor

PAGE = "worker.extraction.page"
READER = "worker.extraction.reader"
FRAMES = "worker.extraction.frames"
REFERRER = "worker.extraction.mentions.referring.Referrer"

Off = Callable[[], AbstractContextManager[Any]]


def instead(target: str, replacement: object) -> Off:
    """Puts `replacement` where the dotted name is looked up."""
    return lambda: patch(target, replacement)


def all_of(*offs: Off) -> Off:
    @contextmanager
    def together() -> Iterator[None]:
        with ExitStack() as stack:
            for off in offs:
                stack.enter_context(off())
            yield

    return together


def every_line(text: str, *_: object, **__: object) -> tuple[tuple[Line, ...], tuple[()]]:
    """Each line that isn't blank, as prose."""
    lines: list[Line] = []
    at = 0
    for row in text.splitlines(keepends=True):
        if row.strip():
            lines.append(Line(start=at, end=at + len(row.rstrip()), kind=LineKind.PROSE))
        at += len(row)
    return tuple(lines), ()


def every_row(_gate: object, rows: Sequence[str], _kinds: object, **_: object) -> set[int]:
    return set(range(len(rows)))


def first(value: Any, *_: object, **__: object) -> Any:
    return value


def nothing(*_: object, **__: object) -> None:
    return None


def empty(*_: object, **__: object) -> list[Any]:
    return []


# Stages in the order in which an article passes them. Without the parser the rules over words and phrases are alone.
STAGES: tuple[tuple[str, Off], ...] = (
    ("line filter", instead("worker.extraction.english.keep_lines", every_line)),
    ("plain case for headlines", instead("worker.extraction.english.sentence_case", first)),
    ("gate", instead("worker.extraction.mentions.gate.Gate.passing", every_row)),
    ("need for a word of war", instead("worker.extraction.mentions.gate.Gate.is_martial", lambda *_: True)),
    ("parser", instead("worker.extraction.parsing.parser._DECIDING", ("tagger",))),
    ("words that mean a force", instead(f"{REFERRER}.refer", lambda _referrer, marked, _parties: list(marked))),
    ("counted people unclaimed", all_of(
        instead(f"{FRAMES}.unclaimed.UnclaimedReader.nearest", empty),
        instead(f"{FRAMES}.unclaimed.UnclaimedReader.by_place", nothing),
        instead(f"{FRAMES}.unclaimed.UnclaimedReader.losses", empty))),
    ("figures shared and gapped", all_of(
        *(instead(f"{FRAMES}.framing.{name}", empty) for name in ("with_allies", "sharing_figures", "gapped")))),
    ("parts of totals", instead(f"{FRAMES}.framing.find_parts", nothing)),
    ("what is no claim", instead(f"{FRAMES}.idle.IdleReader.why", nothing)),
    ("forces carried", all_of(
        instead(f"{FRAMES}.whose.ForceReader._from_article", nothing), instead(f"{READER}.carry_force", nothing))),
    ("places carried", all_of(
        instead(f"{READER}.carry_places", nothing), instead(f"{READER}.carry_story", nothing))),
    ("times carried", instead(f"{READER}.carry_times", nothing)),
    ("speakers carried", instead("worker.extraction.claims.voices.Voices.carry", nothing)),
    ("sieve for echoes", instead(f"{READER}.placed", list)),
    ("merging", instead(f"{READER}.merge", list)),
)  # fmt: skip


def row(name: str, report: Report, words_per_s: float, whole: Report | None) -> str:
    tally, numeric = report.tally(), report.tally(numeric=True)
    scores = (tally.core.precision, tally.core.recall, tally.core.f1, numeric.core.f1, tally.all_fields.f1)
    change = "" if whole is None else f"{tally.core.f1 - whole.tally().core.f1:+9.3f}"
    return f"{name:30}" + "".join(f"{score:10.3f}" for score in scores) + f"{words_per_s:10,.0f}{change}"


def measure(pairs: Sequence[Pair], extractor: Extractor, off: Off) -> tuple[Report, float]:
    words = sum(len((pair.document.text or pair.document.html or "").split()) for pair in pairs)
    with off():
        began = time.process_time()
        report = evaluate(pairs, extractor.extract)
        return report, words / (time.process_time() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", help="articles with their known claims")
    pairs = [pair for folder in parser.parse_args().folders for pair in load_pairs(folder)]
    heads = ("precision", "recall", "core F1", "numeric", "full", "words/s", "change")
    print(f"{'without':30}" + "".join(f"{head:>10}" for head in heads[:-1]) + f"{heads[-1]:>9}")
    settings = Settings.from_env(os.environ)
    whole, speed = measure(pairs, build_extractor(settings), nullcontext)
    print(row("(everything on)", whole, speed, None), flush=True)
    for name, off in STAGES:
        # What is patched at assembly, such as the line filter, must be off while the extractor is built.
        with off():
            extractor = build_extractor(settings)
        report, speed = measure(pairs, extractor, off)
        print(row(name, report, speed, whole), flush=True)


if __name__ == "__main__":
    main()
