"""Whose figure it is: an attribution chain followed to whoever said it first.

Fourteen articles that repeat one agency have one origin, and so have the spokesman of a ministry and the ministry.
Who counts as the same is decided by name alone, from data/institutions.tsv; nobody is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from service.domain.claims import Source, SourceType
from service.domain.places.folding import fold
from service.domain.places.gazetteer import Gazetteer, gazetteer
from service.domain.places.tables import DataError, read_rows, read_text

_ANY: str = "*"
_LONGEST_KEY = 200
"""Code points; longer names are cut, so that an index takes them."""
_PUBLISHERS = (SourceType.OUTLET, SourceType.AGENCY)
_SMALL_WORDS = frozenset(("the", "a", "an", "of", "for", "in", "s"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The original speaker. `key` is the same for all that count as one; `name` is None where nobody is named."""

    key: str
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """Where a copy has its words from: whatever would be its own outlet's is that one's."""

    article_id: str
    outlet: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Institutions:
    """By (country or "*", folded name without country and article): code and, of one country's, its usual name."""

    named: Mapping[tuple[str, str], tuple[str, str]]

    def find(self, country: str, rest: str) -> tuple[str, str] | None:
        return self.named.get((country, rest)) or self.named.get((_ANY, rest))


def origin_of(attribution: Sequence[Source], *, outlet: str | None, article_id: str) -> Origin:
    """From the end of the chain; an outlet that names nobody speaks for itself.

    An unnamed source is told apart by country, type and whom it spoke to: "a Ukrainian official" in one newspaper may
    or may not be the one in another, and is not taken for it.
    """
    if not attribution:
        return _publisher(outlet) if outlet else Origin(key=f"article:{article_id}", name=None)
    last = attribution[-1]
    if last.organization:
        return _institution(last.organization, last.country)
    if last.name:
        if last.type in _PUBLISHERS:
            return _publisher(last.name)
        if last.type is not SourceType.PERSON and last.country and _known(last.name, last.country):
            return _institution(last.name, last.country)
        return Origin(key=_key("name", last.name), name=last.name)
    told = next((link.name for link in reversed(attribution[:-1]) if link.name), outlet)
    role = last.role or last.text
    where = fold(told) if told else article_id
    name = f"{role} ({told})" if role and told else role
    return Origin(key=f"unnamed:{last.country or ''}:{last.type}:{where}"[:_LONGEST_KEY], name=name)


def _publisher(name: str) -> Origin:
    return Origin(key=_key("outlet", _without_article(fold(name))), name=name)


def _institution(name: str, country: str | None) -> Origin:
    known = _known(name, country)
    if known is None:
        rest = _without_country(fold(name), country, gazetteer()) or fold(name)
        return Origin(key=_key("organization", f"{country or ''}:{rest}"), name=_bare(name))
    code, shown = known
    return Origin(key=f"organization:{country}:{code}", name=shown or _bare(name))


def _known(name: str, country: str | None) -> tuple[str, str] | None:
    """Code and usual name of an institution; a country's own name, or its capital's, stands for its government."""
    if country is None:
        return None
    return _institutions().find(country, _without_country(fold(name), country, gazetteer()) or "government")


def _without_country(folded: str, country: str | None, places: Gazetteer) -> str:
    """`ukraines general staff` is `general staff` where the source is known to be Ukraine's, and `kyiv` nothing."""
    words = _without_article(folded).split()
    if country is not None:
        start = 0
        while start < len(words):
            length = next(_country_words(words, start, country, places), 0)
            del words[start : start + length]
            start += 0 if length else 1
    while words and words[0] in _SMALL_WORDS:
        del words[0]
    while words and words[-1] in _SMALL_WORDS:
        del words[-1]
    return " ".join(words)


def _country_words(words: Sequence[str], start: int, country: str, places: Gazetteer) -> Iterator[int]:
    """How many words from `start` name the country, longest first: by name, adjective or capital, with or without s."""
    for length in (4, 3, 2, 1):
        name = " ".join(words[start : start + length])
        if start + length > len(words):
            continue
        for form in (name, name.removesuffix("s")):
            if country in places.countries_by_adjective(form) or country in (
                places.country_by_name(form),
                places.country_by_capital(form),
            ):
                yield length


def _bare(name: str) -> str:
    return name[4:] if name[:4].casefold() == "the " else name


def _without_article(folded: str) -> str:
    return folded.removeprefix("the ")


def _key(kind: str, name: str) -> str:
    return f"{kind}:{fold(name)}"[:_LONGEST_KEY]


@cache
def _institutions() -> Institutions:
    return parse_institutions(read_text("institutions.tsv"))


def parse_institutions(text: str, *, file: str = "institutions.tsv") -> Institutions:
    """Raises DataError for a name that would mean two institutions of one country."""
    named: dict[tuple[str, str], tuple[str, str]] = {}
    columns = ("country", "code", "name", "names")
    for country, code, name, names in read_rows(text, file=file, columns=columns, unique=False):
        for one in names.split("|"):
            key = (country, fold(one))
            if key in named:
                raise DataError(f"{file}: {one!r} of {country} stands here twice")
            named[key] = (code, name)
    return Institutions(named=named)
