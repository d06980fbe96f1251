"""Extractors for tests; workers in other processes find them by name. What one does stands in the article's text."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from service.domain.claims import Claim, Count, Evidence, Kind, Qualifier, Status
from service.settings import Settings
from worker.extraction.model import Document, Extraction

NAMES = "tests.integration.worker.extractors"


def plain(text: str) -> str:
    """An article that gives one claim."""
    return f"READ {text}"


def raising(text: str) -> str:
    """An article at which the extractor raises an error that quotes it."""
    return f"RAISE {text}"


def deadly(text: str) -> str:
    """An article that kills the process which reads it."""
    return f"DIE {text}"


def slow(folder: Path) -> str:
    """An article that says in `folder` that it is being read, and is done when `go` is there."""
    return f"WAIT {folder}"


def stuck(text: str) -> str:
    """An article that the extractor never comes back from, whatever is raised."""
    return f"STUCK {text}"


@dataclass(frozen=True)
class Scripted:
    name: str = "scripted"
    version: str = "1"

    def extract(self, document: Document) -> Extraction:
        text = document.text or ""
        verb, _, rest = text.partition(" ")
        if verb == "RAISE":
            raise ValueError(text)
        if verb == "DIE":
            os.kill(os.getpid(), signal.SIGKILL)
        if verb == "WAIT":
            folder = Path(rest)
            (folder / f"reading-{os.getpid()}").touch()
            while not (folder / "go").exists():
                time.sleep(0.02)
        while verb == "STUCK":
            with suppress(Exception):
                time.sleep(0.1)
        return Extraction(text=text, claims=(_claim(text),))


def scripted(settings: Settings) -> Scripted:
    return Scripted()


def broken(settings: Settings) -> Scripted:
    raise ValueError("en/groups.toml:\n  'platoon' stands there twice.")


BROKEN = (
    f"The extractor can't be built: {NAMES}:broken raised ValueError: en/groups.toml: 'platoon' stands there twice."
)


class Noted:
    """The real extractor; the data folder tells which processes have read with it."""

    def __init__(self, settings: Settings) -> None:
        from worker.pipeline import build_extractor

        self._real = build_extractor(settings)
        self._folder = settings.data_dir
        self.name, self.version = self._real.name, self._real.version

    def extract(self, document: Document) -> Extraction:
        (self._folder / f"reading-{os.getpid()}").touch()
        return self._real.extract(document)


def real(settings: Settings) -> Noted:
    return Noted(settings)


def _claim(text: str) -> Claim:
    return Claim(
        kind=Kind.PRESENCE,
        status=Status.ONGOING,
        count=Count(min=len(text), max=len(text), qualifier=Qualifier.EXACT, text=text),
        evidence=(Evidence(exact=text, prefix="", suffix="", start=0, end=len(text)),),
        confidence=0.5,
    )
