"""What the use cases ask of the gazetteer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias, TypeVar

from service.domain.claims import PlaceLevel


class NamedPlace(Protocol):
    """A record of the gazetteer.

    `code` is ISO 3166-1, ISO 3166-2 or the gazetteer's own. `members` are the codes an area is made of.
    """

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
    def members(self) -> Sequence[str]: ...
    @property
    def lat(self) -> float | None: ...
    @property
    def lon(self) -> float | None: ...


P = TypeVar("P", bound=NamedPlace)


class PlaceNames(Protocol[P]):
    """The gazetteer, as far as it is asked here."""

    def by_code(self, code: str) -> P | None: ...
    def codes_within(self, record: P) -> Sequence[str]: ...
    def resolve(self, name: str) -> P: ...
    def search(self, q: str, limit: int) -> Sequence[P]: ...
    def lookup(self, folded: str) -> Sequence[P]: ...
    def country_by_adjective(self, folded: str) -> str | None: ...
    def adjective_of(self, country: str) -> str | None: ...


AnyPlaceNames: TypeAlias = PlaceNames[Any]


def place_names() -> AnyPlaceNames:
    """The packaged gazetteer."""
    from service.domain.places import gazetteer

    return gazetteer()
