"""What the use cases ask of the gazetteer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from service.domain.claims import PlaceLevel


class NamedPlace(Protocol):
    """A record of the gazetteer. `code` is ISO 3166-1, ISO 3166-2 or geonames:ID."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def level(self) -> PlaceLevel: ...
    @property
    def region(self) -> str | None: ...
    @property
    def country(self) -> str | None: ...
    @property
    def lat(self) -> float | None: ...
    @property
    def lon(self) -> float | None: ...


class PlaceNames(Protocol):
    def resolve(self, name: str) -> NamedPlace: ...
    def search(self, q: str, limit: int) -> Sequence[NamedPlace]: ...
    def lookup(self, folded: str) -> Sequence[NamedPlace]: ...
    def country_by_adjective(self, folded: str) -> str | None: ...


def place_names() -> PlaceNames:
    """The packaged gazetteer."""
    from service.domain.places import gazetteer

    return gazetteer()
