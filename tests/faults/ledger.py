"""What was sent and what was answered, written down outside the service: the one witness that the checker believes."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


def body_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(slots=True, kw_only=True)
class Letter:
    """One article on its way, as "text" or "html". `ids` are those it was accepted under, one to an answer.

    `in_doubt`: an answer never came, or said itself that it was not known whether the article was kept.
    """

    key: str
    external_id: str
    text: str
    body: str = "text"
    sent: int = 0
    refused: int = 0
    in_doubt: int = 0
    ids: list[str] = field(default_factory=list)

    @property
    def is_accepted(self) -> bool:
        return bool(self.ids)

    @property
    def may_be_held(self) -> bool:
        return bool(self.ids) or self.in_doubt > 0


class Ledger:
    """A file of JSON lines, and the same in memory. Safe to write from many threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.letters: dict[str, Letter] = {}
        self.accepted_at = 0.0
        """When the last 202 came, by the monotonic clock."""
        self.complaints: list[str] = []
        """Answers that break the contract by themselves."""
        self._file = path.open("a", encoding="utf-8")
        self._lock = threading.Lock()

    def note_sending(self, letter: Letter) -> None:
        with self._lock:
            letter.sent += 1
            self.letters.setdefault(letter.external_id, letter)
            self._write(letter, "sent", {"sha256": body_hash(letter.text)})

    def note_accepted(self, letter: Letter, id_: str, status: int) -> None:
        with self._lock:
            # The first to send an article stands for those who send the same.
            self.letters[letter.external_id].ids.append(id_)
            self.accepted_at = time.monotonic()
            self._write(letter, "accepted", {"status": status, "id": id_, "sha256": body_hash(letter.text)})

    def note_refused(self, letter: Letter, status: int, *, in_doubt: bool = False) -> None:
        with self._lock:
            first = self.letters[letter.external_id]
            first.refused += not in_doubt
            first.in_doubt += in_doubt
            self._write(letter, "refused", {"status": status, "in_doubt": in_doubt})

    def note_unanswered(self, letter: Letter, error: Exception) -> None:
        with self._lock:
            letter.in_doubt += 1
            self._write(letter, "unanswered", {"error": repr(error)})

    def complain(self, sentence: str) -> None:
        with self._lock:
            self.complaints.append(sentence)

    def accepted(self) -> list[Letter]:
        with self._lock:
            return [letter for letter in self.letters.values() if letter.is_accepted]

    def count(self, what: str) -> int:
        """Answers of one sort: "refused" or "in_doubt"."""
        with self._lock:
            return sum(getattr(letter, what) for letter in self.letters.values())

    def close(self) -> None:
        self._file.close()

    def _write(self, letter: Letter, event: str, more: Mapping[str, Any]) -> None:
        line = {"at": time.time(), "event": event, "key": letter.key, "external_id": letter.external_id, **more}
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()


def letters(texts: Iterable[str], *, name: str) -> list[Letter]:
    """Each text under an external_id and a key of its own."""
    return list(letters_without_end(texts, name=name))


def letters_without_end(texts: Iterable[str], *, name: str) -> Iterator[Letter]:
    """The same, each when it is asked for."""
    for number, text in enumerate(texts):
        yield Letter(key=f"key-{name}-{number}", external_id=f"{name}-{number}", text=text)
