"""The built table of names and rows, searched where it lies instead of being unpacked into objects."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator

from service.domain.places.records import PlaceRecord
from service.domain.places.tables import parse_place, read_packed


class PlaceTable:
    """places.tsv.gz: countries first, then regions by code, then cities by population, largest first."""

    def __init__(self, lines: list[bytes]) -> None:
        self._lines = lines
        self._parsed: dict[int, PlaceRecord] = {}
        self._rows: dict[str, int] = {}
        self._cities_from = len(lines)
        for row, line in enumerate(lines):
            code, level, _ = line.split(b"\t", 2)
            if level == b"city":
                self._cities_from = row
                break
            self._rows[code.decode()] = row

    def __len__(self) -> int:
        return len(self._lines)

    def record(self, row: int) -> PlaceRecord:
        held = self._parsed.get(row)
        if held is None:
            held = self._parsed[row] = parse_place(self._lines[row])
        return held

    def by_code(self, code: str) -> PlaceRecord | None:
        if code.startswith("geonames:"):
            start = _bytes(code) + b"\t"
            rows = range(self._cities_from, len(self._lines))
            row = next((row for row in rows if self._lines[row].startswith(start)), None)
        else:
            row = self._rows.get(code)
        return None if row is None else self.record(row)

    def region_codes(self) -> Iterator[str]:
        return (code for code in self._rows if "-" in code)


class NameTable:
    """names.tsv.gz: folded names in the order of their bytes, each with its rows, best reading first."""

    def __init__(self, lines: list[bytes]) -> None:
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    def rows(self, folded: str) -> tuple[int, ...]:
        found = self._find(folded)
        return () if found is None else tuple(int(row) for row in found[1].split(b","))

    def is_word(self, folded: str) -> bool:
        """Whether the name is also an English word, a given name or a family name."""
        found = self._find(folded)
        return found is not None and len(found) > 2

    def _find(self, folded: str) -> list[bytes] | None:
        key = _bytes(folded) + b"\t"
        at = bisect_left(self._lines, key)
        if at < len(self._lines) and self._lines[at].startswith(key):
            return self._lines[at].split(b"\t")
        return None

    def begins(self, folded: str) -> bool:
        """Whether some name is this one or goes on from it with another word."""
        start = _bytes(folded)
        at = bisect_left(self._lines, start + b"\t")
        return at < len(self._lines) and self._lines[at].startswith((start + b"\t", start + b" "))

    def starting_with(self, prefix: str, *, limit: int) -> list[str]:
        """Names that start with these letters, in the order of the table, at most `limit`."""
        start = _bytes(prefix)
        at = bisect_left(self._lines, start)
        end = min(at + limit, len(self._lines))
        names = []
        while at < end and self._lines[at].startswith(start):
            names.append(self._lines[at].split(b"\t", 1)[0].decode())
            at += 1
        return names


def _bytes(name: str) -> bytes:
    """Half of a surrogate pair, which a shell can hand over, is in no name, and no error either."""
    return name.encode("utf-8", "surrogatepass")


def load_places(read: Callable[[str], list[bytes]] = read_packed) -> PlaceTable:
    return PlaceTable(read("places.tsv.gz"))


def load_names(read: Callable[[str], list[bytes]] = read_packed) -> NameTable:
    return NameTable(read("names.tsv.gz"))
