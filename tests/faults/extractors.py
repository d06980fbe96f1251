"""Quick extractors, so that the machine's time goes to the faults; workers find them by name.

An article names places, one to a line; each line gives one claim. The first word of an article may ask for more, as
in tests/integration/worker/extractors.py.
"""

from __future__ import annotations

import ctypes
import resource
import signal
import time
from dataclasses import dataclass
from typing import ClassVar

from service.domain.claims import Claim, Count, Evidence, Force, Kind, Place, PlaceLevel, Qualifier, Status
from service.settings import Settings
from tests.integration.worker.extractors import scripted
from worker.extraction.model import Document, Extraction

NAMES = "tests.faults.extractors"
READ_S = 0.004
"""What reading an article takes, so that some are being read whenever a worker is killed."""
PLACES = {
    "Kursk": ("Kursk Oblast", "RU-KRS", "RU"),
    "Belgorod": ("Belgorod Oblast", "RU-BEL", "RU"),
    "Sumy": ("Sumy Oblast", "UA-59", "UA"),
}
FORCES = ("KP", "RU", "UA")
MEMORY_BYTES = 256 * 1024 * 1024
"""So much more an article may take that eats memory, before the system says no."""
LEAK_BYTES = 2 * 1024 * 1024
LEAK_S = 0.05
"""What reading takes that leaks: a wake-up of a few seconds then leaks two hundred MB at most."""


def article(number: int, *, lines: int = 2) -> str:
    """An article that gives `lines` claims. Every two have the same words, so that their claims can be compared."""
    names, story = list(PLACES), number // 2
    said = [f"{names[(story + line) % len(names)]} {story * 10 + line} soldiers" for line in range(lines)]
    return "\n".join(said)


def crashing(text: str) -> str:
    """An article at which native code writes where it may not."""
    return f"SEGFAULT {text}"


def eating(text: str) -> str:
    """An article that takes all memory there is."""
    return f"EAT {text}"


def endless(text: str) -> str:
    """An article over which a rule turns for ever."""
    return f"ENDLESS {text}"


def wedged(text: str) -> str:
    """An article over which native code turns for ever, which no signal ends but SIGKILL."""
    return f"STUCK {text}"


def aborting(text: str) -> str:
    """An article at which native code takes all memory there is, and gives up without asking Python."""
    return f"ABORT {text}"


@dataclass(frozen=True)
class Quick:
    name: str = "quick"
    version: str = "1"
    read_s: float = READ_S

    def extract(self, document: Document) -> Extraction:
        text = document.text or ""
        verb = text.partition(" ")[0]
        if verb == "SEGFAULT":
            ctypes.string_at(0)
        if verb == "EAT":
            _eat()
        if verb == "ABORT":
            signal.raise_signal(signal.SIGABRT)
        while verb == "ENDLESS":
            pass
        if verb in ("RAISE", "DIE", "WAIT", "STUCK"):
            return scripted(Settings()).extract(document)
        time.sleep(self.read_s)
        return Extraction(text=text, claims=tuple(_claims(text)))


def quick(settings: Settings) -> Quick:
    return Quick()


def slow(settings: Settings) -> Quick:
    return Quick(read_s=0.1)


class Filling(Quick):
    """Keeps a little of each article for ever, as a leak would."""

    kept: ClassVar[list[bytes]] = []

    def extract(self, document: Document) -> Extraction:
        self.kept.append(b"x" * LEAK_BYTES)
        return super().extract(document)


def filling(settings: Settings) -> Filling:
    return Filling(read_s=LEAK_S)


def _claims(text: str) -> list[Claim]:
    found, start = [], 0
    for line in text.split("\n"):
        name, _, said = line.partition(" ")
        figure = said.partition(" ")[0]
        if name in PLACES and figure.isdigit():
            found.append(_claim(line, name, int(figure), start))
        start += len(line) + 1
    return found


def _claim(line: str, place: str, figure: int, start: int) -> Claim:
    name, region, country = PLACES[place]
    return Claim(
        kind=Kind.PRESENCE if figure % 2 else Kind.DEPLOYMENT,
        status=Status.ONGOING,
        force=Force(country=FORCES[figure % len(FORCES)], text="soldiers"),
        count=Count(min=figure, max=figure, qualifier=Qualifier.EXACT, text=str(figure)),
        locations=(
            Place(name=name, region=region, country=country, level=PlaceLevel.REGION, lat=0.0, lon=0.0, text=place),
        ),
        evidence=(Evidence(exact=line, prefix="", suffix="", start=start, end=start + len(line)),),
        confidence=0.5,
    )


def _eat() -> None:
    # The limit is the process's own, so that the machine outlives the test.
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - one number
        used = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY_BYTES, most))
    eaten = []
    try:
        while True:
            eaten.append(bytearray(16 * 1024 * 1024))
    finally:
        eaten.clear()
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
