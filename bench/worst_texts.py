"""Texts made to take long, at one size and at its double: the time may grow as the text does, and no faster."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bench.extraction import cpu_s
from bench.report import Report, Row
from service.settings import Settings
from worker.extraction.model import Document
from worker.pipeline import build_extractor

CHARS = 1_000_000
TEXTS: Mapping[str, Callable[[int], str]] = {
    "one endless sentence": lambda _: "soldiers marched and ",
    "numbers": lambda number: f"{number} 5,000 12.5 ",
    '"and"': lambda _: "and ",
    "brackets in brackets": lambda _: "(",
    "bullets": lambda number: f"- {300 + number} soldiers\n",
    "losses in bullets": lambda number: f"- Losses: {300 + number} soldiers killed in Mali\n",
    "abbreviations": lambda _: "Gen. Lt. U.S. ",
    "one word": lambda _: "a",
    "claims": lambda number: f"Russia sent {300 + number} soldiers to Kursk. ",
    "figures with commas": lambda number: f"{number} soldiers, ",
    "dates": lambda number: f"on {number % 28 + 1} October 2024 troops left ",
    "places": lambda _: "Kursk Kyiv New South ",
    "quotations": lambda number: f'"He has {300 + number} troops there," Ivan Petrov said. ',
    "hyphens": lambda _: "a-",
    "combining marks": lambda _: "Ä\u0308\u0344 ",
}


def measure(*, scale: float) -> Report:
    """`scale` multiplies the size of the longer text, which is 2 MB at 1."""
    half = int(CHARS * scale)
    extractor = build_extractor(Settings.from_env({}))

    def read(text: str) -> object:
        return extractor.extract(Document(text=text, language="en"))

    read("France sent 300 soldiers to Mali, the army said.")
    rows = []
    for label, part in TEXTS.items():
        text = _text(part, 2 * half)
        once, twice = cpu_s(read, [text[:half]]), cpu_s(read, [text])
        note = f"{once:.2f} s, doubled {twice:.2f} s: {twice / once:.1f} times"
        rows.append(Row(label=label, per_second=2 * half / twice, note=note))
    return Report(
        name="worst_texts", title="Characters of the worst texts read, in seconds of CPU", unit="characters",
        rows=rows, sizes={"characters": half, "doubled": 2 * half},
    )  # fmt: skip


def _text(part: Callable[[int], str], size: int) -> str:
    parts: list[str] = []
    long = 0
    while long < size:
        parts.append(part(len(parts)))
        long += len(parts[-1])
    return "".join(parts)[:size]
