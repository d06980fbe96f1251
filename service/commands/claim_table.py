"""Claims as a table for people at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from service.commands.table import Column, render
from service.formats import shown
from service.formats.flat import Claim

COLUMNS: Final[tuple[tuple[Column, Callable[[Claim], str]], ...]] = (
    (Column(title="REPORTED", spare=1), shown.reported),
    (Column(title="FORCE", wraps=True, least=5), shown.force),
    (Column(title="COUNT", right=True), shown.count),
    (Column(title="WHO", wraps=True, least=8, spare=3), shown.people),
    (Column(title="WHAT", wraps=True, least=11), shown.what),
    (Column(title="STATUS", spare=2), lambda claim: str(claim["status"])),
    (Column(title="WHERE", wraps=True), shown.where),
    (Column(title="WHEN", wraps=True, least=10), shown.when),
    (Column(title="ACCORDING TO", wraps=True), shown.source),
)


def as_table(claims: Iterable[Claim], *, width: int) -> Iterator[str]:
    rows = [[cell(claim) for _, cell in COLUMNS] for claim in claims]
    yield from render([column for column, _ in COLUMNS], rows, width=width)
