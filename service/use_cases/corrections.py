"""What an editor writes into a correction, read as the claim that it makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any, Final

from service.domain.claims import (
    Claim,
    Count,
    Force,
    Kind,
    Outcome,
    Personnel,
    PersonnelType,
    Place,
    PlaceLevel,
    Polarity,
    Qualifier,
    Source,
    SourceType,
    Status,
    Time,
    TimePrecision,
    Unit,
)
from service.domain.consistency import Fault, faults
from service.domain.errors import InvalidInputError, UnknownPlaceError
from service.domain.places.folding import fold
from service.domain.register import ClaimView
from service.use_cases.filters import country_reading
from service.use_cases.places import AnyPlaceNames, NamedPlace

_WORDS: Final = {"kind": Kind, "outcome": Outcome, "status": Status, "polarity": Polarity}


def refused(*wrong: Fault) -> InvalidInputError:
    """The correction can't be taken; faults go by their path in it."""
    errors: dict[str, list[str]] = {}
    for path, message in wrong:
        errors.setdefault(f"correction.{path}", []).append(message)
    return InvalidInputError("The correction can't be taken.", errors=errors)


def as_claim(view: ClaimView) -> Claim:
    """Without `part_of`, which is an id there and an index here."""
    shared = {field.name: getattr(view, field.name) for field in fields(Claim) if field.name != "part_of"}
    return Claim(**shared)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrector:
    """`text` gives the article's stored text; it is asked for only where words are quoted."""

    view: ClaimView
    gazetteer: AnyPlaceNames
    text: Callable[[], str | None]

    def correct(self, given: Mapping[str, Any]) -> Claim:
        """The claim with the given fields in the place of its own; `part_of` is left to others.

        Values are as JSON has them, of the right shape and vocabulary. A field is replaced as a whole; what an object
        leaves out is unknown. Places and countries may be names or codes. Raises InvalidInputError, and
        UnknownPlaceError and AmbiguousPlaceError for names of places.
        """
        read = {name: self._read(name, value) for name, value in given.items() if name != "part_of"}
        looked_at = set(read)
        if "kind" in read:
            looked_at.add("outcome")
            if read["kind"] is not Kind.CASUALTIES:
                # Nothing else has one, so it need not be said.
                read.setdefault("outcome", None)
        corrected = replace(as_claim(self.view), **read)
        wrong = [fault for fault in faults(corrected) if fault[0].partition(".")[0] in looked_at]
        wrong += self._misquoted(given)
        if wrong:
            raise refused(*wrong)
        return corrected

    def _read(self, name: str, value: Any) -> Any:
        if name in _WORDS:
            return None if value is None else _WORDS[name](value)
        if name == "transport":
            return value
        if name == "locations":
            return tuple(self._place("locations", place) for place in value)
        if name == "attribution":
            return tuple(self._source(source) for source in value)
        if value is None:
            return {"count": Count(), "time": Time()}.get(name)
        if name == "origin":
            return self._place("origin", value)
        readers: dict[str, Callable[[Any], Any]] = {
            "force": self._force,
            "personnel": _personnel,
            "count": _count,
            "time": _time,
        }
        return readers[name](value)

    def _force(self, value: Any) -> Force:
        if isinstance(value, str):
            try:
                return Force(country=self._country("force", value))
            except UnknownPlaceError as error:
                near = f" Did you mean {' or '.join(error.suggestions[:3])}?" if error.suggestions else ""
                message = f'No country is known as {value!r}.{near} A group is given as {{"group": …}}.'
                raise refused(("force", message)) from error
        country = value.get("country")
        return Force(
            country=self._country("force.country", country) if country else None,
            group=value.get("group"),
            text=value.get("text"),
        )

    def _country(self, path: str, name: str) -> str:
        code = country_reading(name, self.gazetteer) or self.gazetteer.country_by_adjective(fold(name))
        if code:
            return code
        place: NamedPlace = self.gazetteer.resolve(name)
        if place.level != PlaceLevel.COUNTRY:
            raise refused((path, f"{place.name} is no country."))
        return place.country or place.code

    def _source(self, value: Mapping[str, Any]) -> Source:
        country, name = value.get("country"), value.get("name")
        anonymous = value.get("anonymous")
        return Source(
            name=name,
            type=SourceType(value["type"]),
            organization=value.get("organization"),
            role=value.get("role"),
            country=self._country("attribution.country", country) if country else None,
            anonymous=name is None if anonymous is None else anonymous,
            text=value.get("text"),
        )

    def _place(self, path: str, value: Any) -> Place:
        """By name or code; with a level, as it is given."""
        if isinstance(value, str):
            value = {"name": value}
        if value.get("level") is not None:
            return self._own_place(path, value)
        extra = sorted(value.keys() - {"name", "text"})
        if extra:
            message = "Beside a name that is to be looked up stands only text; give level too for a place of your own."
            raise refused((f"{path}.{extra[0]}", message))
        found: NamedPlace = self.gazetteer.resolve(value["name"])
        place = Place(
            name=found.name,
            region=found.region,
            country=found.country,
            level=found.level,
            lat=found.lat,
            lon=found.lon,
            text=value.get("text"),
        )
        return self._with_its_words(place)

    def _with_its_words(self, place: Place) -> Place:
        """A place that the claim names already keeps the words that it was read from."""
        if place.text is not None:
            return place
        known = (*self.view.locations, *([self.view.origin] if self.view.origin else []))
        same = (other for other in known if replace(other, text=None, lat=place.lat, lon=place.lon) == place)
        return next(same, place)

    def _own_place(self, path: str, value: Mapping[str, Any]) -> Place:
        """One that the gazetteer need not know; its codes it must."""
        place = Place(**{**value, "level": PlaceLevel(value["level"])})
        country = self.gazetteer.by_code(place.country) if place.country else None
        if place.country and (country is None or country.level != PlaceLevel.COUNTRY):
            raise refused((f"{path}.country", f"{place.country!r} is no country's code."))
        region = self.gazetteer.by_code(place.region) if place.region else None
        if place.region and (region is None or region.level != PlaceLevel.REGION):
            raise refused((f"{path}.region", f"{place.region!r} is no region's code of ISO 3166-2."))
        if region is not None and place.country and region.country != place.country:
            raise refused((f"{path}.region", f"{place.region} lies in {region.country}, not in {place.country}."))
        return place

    def _misquoted(self, given: Mapping[str, Any]) -> list[Fault]:
        """Words said to be from the article that are not in it."""
        known = {words for _, words in _quotes(asdict(as_claim(self.view)))}
        claimed = [(path, words) for path, words in _quotes(given) if words not in known]
        text = (self.text() or "") if claimed else ""
        return [(path, "Is not in the article word for word.") for path, words in claimed if words not in text]


def _personnel(value: Any) -> Personnel | None:
    if isinstance(value, str):
        return Personnel(type=PersonnelType(value))
    kind = value.get("type")
    return Personnel(type=PersonnelType(kind) if kind else None, text=value.get("text"))


def _count(value: Mapping[str, Any]) -> Count:
    unit = value.get("unit")
    return Count(
        min=value.get("min"),
        max=value.get("max"),
        qualifier=Qualifier(value["qualifier"]),
        additional=value.get("additional") or False,
        unit=Unit(echelon=unit["echelon"], number=unit.get("number")) if unit else None,
        text=value.get("text"),
    )


def _time(value: Mapping[str, Any]) -> Time:
    start: date | None = value.get("start")
    end: date | None = value.get("end")
    precision = value.get("precision")
    if precision is None and (start or end):
        precision = TimePrecision.DAY if start == end else TimePrecision.RANGE
    return Time(start=start, end=end, precision=TimePrecision(precision) if precision else None, text=value.get("text"))


def _quotes(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every `text` of a correction as it was given, with its path."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            inner = f"{path}.{name}" if path else str(name)
            if name == "text" and isinstance(one, str):
                yield inner, one
            else:
                yield from _quotes(one, inner)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _quotes(one, path)
