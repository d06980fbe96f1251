"""Articles and their claims as a large register would hold them: few forces, places and speakers are in most of them.

Nothing here was said by anybody. The same number gives the same article every time.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from typing import Final

from service.domain.claims import (
    Claim,
    Count,
    Evidence,
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
)
from service.domain.places.gazetteer import gazetteer

YEARS: Final = 10
FIRST: Final = datetime(2015, 1, 1, tzinfo=UTC)
SPAN: Final = timedelta(days=365 * YEARS)
MEAN_CLAIMS: Final = 3.875
"""To an article; see article()."""
REGIONS: Final = 300
SPEAKERS: Final = 200
OUTLETS: Final = 80
FORCES: Final = (
    "KP", "RU", "UA", "US", "CN", "FR", "TR", "IR", "SY", "IQ", "SA", "IL", "IN", "PK", "ET", "ER", "SD", "SS", "RW",
    "CD", "ML", "NG", "NE", "TD", "KE", "SO", "DZ", "LY", "EG", "YE", "AF", "MM", "TH", "KH", "VN", "PH", "ID", "KR",
    "JP", "PL", "DE", "GB", "IT", "ES", "RO", "BG", "GR", "RS", "AM", "AZ", "GE", "BY", "KZ", "UZ", "CO", "VE", "MX",
    "BR", "HT", "CU",
)  # fmt: skip
BUSIEST_REGION: Final = "RU-KRS"
BUSIEST_FORCE: Final = FORCES[0]
BUSIEST_SPEAKER: Final = "Observer 1"
COMMON_WORD: Final = "troops"
RARE_WORD: Final = "sappers"
_SALIENT: Final = (10_000, 1000, 500, 3000, 12_000, 1500, 5000, 100, 2000, 11_000, 800, 300)
_KINDS: Final = (Kind.PRESENCE, Kind.DEPLOYMENT, Kind.CASUALTIES, Kind.WITHDRAWAL)
_STATUSES: Final = {
    Kind.PRESENCE: Status.ONGOING,
    Kind.DEPLOYMENT: Status.OCCURRED,
    Kind.CASUALTIES: Status.OCCURRED,
    Kind.WITHDRAWAL: Status.PLANNED,
}
_PEOPLE: Final = ((PersonnelType.TROOPS, "troops"), (None, "soldiers"), (PersonnelType.ENGINEERS, "sappers"))
_TAILS: Final = (
    "as the harvest began", "on the old road to the river", "near the railway bridge", "in several columns at night",
    "after weeks of rain", "while talks went on", "for the second time this spring", "under a bilateral treaty",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticArticle:
    number: int
    title: str
    text: str
    outlet: str
    published_at: datetime
    claims: tuple[Claim, ...]


def article(number: int, *, of: int) -> SyntheticArticle:
    """With 1 to 8 claims. `of` articles are spread evenly over ten years; later ones appear after them."""
    chance = Random(number)
    published_at = FIRST + SPAN * (number / of)
    lines: list[str] = []
    claims: list[Claim] = []
    start = 0
    region = _region(_zipf(chance, REGIONS))
    outlet = f"Gazette {_zipf(chance, OUTLETS) + 1}"
    for n in range(chance.choice((1, 2, 2, 3, 4, 5, 6, 8))):
        claim = _claim(chance, region, outlet, published_at, part_of=0 if n and chance.random() < 0.08 else None)
        (evidence,) = claim.evidence
        line = evidence.exact
        placed = Evidence(exact=line, prefix="", suffix="", start=start, end=start + len(line))
        claims.append(replace(claim, evidence=(placed,)))
        lines.append(line)
        start += len(line) + 1
        if chance.random() < 0.3:
            region = _region(_zipf(chance, REGIONS))
    title = f"What is said of {claims[0].locations[0].name}, number {number}"
    return SyntheticArticle(
        number=number,
        title=title,
        text="\n".join(lines),
        outlet=outlet,
        published_at=published_at,
        claims=tuple(claims),
    )


def _claim(chance: Random, region: Place, outlet: str, published_at: datetime, *, part_of: int | None) -> Claim:
    speaker = _zipf(chance, SPEAKERS)
    country = FORCES[_zipf(chance, len(FORCES))]
    kind = _KINDS[_zipf(chance, len(_KINDS))]
    person, noun = chance.choices(_PEOPLE, weights=(80, 19.5, 0.5))[0]
    # Everybody has figures of their own that they say again and again.
    figure = _SALIENT[(speaker + _zipf(chance, 4)) % len(_SALIENT)]
    if chance.random() < 0.05:
        figure = chance.randrange(50, 20_000, 50)
    qualifier = Qualifier.MORE_THAN if figure % 1000 else Qualifier.EXACT
    force = Force(country=country, text=country)
    is_dated = chance.random() < 0.5
    day = published_at.date() - timedelta(days=chance.randrange(30))
    name = f"Observer {speaker + 1}"
    said = f"{figure:,} {country} {noun} were in {region.name} {chance.choice(_TAILS)}, {name} told {outlet}."
    return Claim(
        kind=kind,
        outcome=Outcome.KILLED if kind is Kind.CASUALTIES else None,
        status=_STATUSES[kind] if chance.random() < 0.9 else Status.POSSIBLE,
        polarity=Polarity.DENIED if chance.random() < 0.03 else Polarity.AFFIRMED,
        force=force,
        personnel=Personnel(type=person, text=noun),
        count=Count(
            min=figure, max=figure if qualifier is Qualifier.EXACT else None, qualifier=qualifier, text=f"{figure:,}"
        ),
        locations=(region,) if chance.random() < 0.8 else (region, _region(_zipf(chance, REGIONS))),
        time=Time(start=day, end=day, precision=TimePrecision.DAY, text="that day") if is_dated else Time(),
        attribution=(
            Source(name=outlet, type=SourceType.OUTLET, text=outlet),
            Source(name=name, type=SourceType.ORGANIZATION, organization=name, text=name),
        ),
        part_of=part_of,
        evidence=(Evidence(exact=said, prefix="", suffix="", start=0, end=len(said)),),
        confidence=round(chance.uniform(0.5, 0.99), 2),
    )


@cache
def _weights(size: int) -> tuple[float, ...]:
    return tuple(accumulate(1 / (rank + 1) for rank in range(size)))


def _zipf(chance: Random, size: int) -> int:
    """The first comes twice as often as the second, three times as often as the third."""
    weights = _weights(size)
    return min(bisect(weights, chance.random() * weights[-1]), size - 1)


@cache
def _regions() -> tuple[Place, ...]:
    places = gazetteer()
    codes = [BUSIEST_REGION, *(code for code in places.places.region_codes() if code != BUSIEST_REGION)]
    step = max(1, len(codes) // REGIONS)
    records = [record for code in codes[:1] + codes[1::step] if (record := places.by_code(code))]
    return tuple(places.place(record, record.name) for record in records if record.level is PlaceLevel.REGION)[:REGIONS]


def _region(rank: int) -> Place:
    regions = _regions()
    return regions[rank % len(regions)]
