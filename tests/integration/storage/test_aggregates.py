"""Counts of groups are those of a recount of what /claims gives, whatever was written before."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from random import Random

import pytest
from sqlalchemy import Engine

from service.domain.claims import Claim, Count, Force, Qualifier, Source, SourceType
from service.domain.origins import origin_of
from service.domain.register import ChangeKind, ClaimFilters, ClaimQuery, ClaimView
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.aggregates import aggregate
from service.use_cases.claims import find_claims
from tests.integration.storage.building import DESK, DONETSK, KURSK, NOW, RUSSIA, SUDZHA, a_claim, extracted, held, save

PLACES = ((KURSK,), (SUDZHA, KURSK), (KURSK, DONETSK), (RUSSIA,), ())
SPEAKERS = (
    (),
    (Source(name="NIS", type=SourceType.ORGANIZATION, organization="NIS", country="KR", text="NIS"),),
    (Source(name="The NIS", type=SourceType.ORGANIZATION, organization="The NIS", country="KR", text="The NIS"),),
    (Source(type=SourceType.OFFICIAL, role="an official", country="UA", anonymous=True, text="an official"),),
)
COUNTS = (
    Count(),
    Count(min=500, max=500, qualifier=Qualifier.EXACT, text="500"),
    Count(min=1000, qualifier=Qualifier.MORE_THAN, text="1,000"),
    Count(min=24, qualifier=Qualifier.VAGUE, text="dozens"),
)


def random_claim(chance: Random, number: int) -> Claim:
    return a_claim(
        f"words {number}",
        locations=chance.choice(PLACES),
        attribution=chance.choice(SPEAKERS),
        count=chance.choice(COUNTS),
        force=chance.choice((None, Force(country="KP", text="KP"), Force(group="Wagner Group", text="Wagner"))),
    )


def keys_of(claim: ClaimView, group: str) -> set[str | None]:
    if group == "region":
        return {place.region for place in claim.locations if place.region} or {None}
    if group == "month":
        return {claim.reported_at.strftime("%Y-%m")}
    if group == "force":
        return {(claim.force.country or claim.force.group) if claim.force else None}
    return {origin_of(claim.attribution, outlet=claim.outlet, article_id=claim.article_id).name}


def recounted(claims: tuple[ClaimView, ...], group: str) -> dict[str | None, tuple[int, int, int | None, int | None]]:
    groups: dict[str | None, list[ClaimView]] = defaultdict(list)
    for claim in claims:
        for key in keys_of(claim, group):
            groups[key].append(claim)
    found = {}
    for key, told in groups.items():
        said = [one.count for one in told if one.count.qualifier is not Qualifier.VAGUE]
        low = min((one.min for one in said if one.min is not None), default=None)
        tops = [one.max if one.max is not None else one.min for one in said]
        high = max((top for top in tops if top is not None), default=None)
        found[key] = (len(told), len({one.article_id for one in told}), low, high)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_aggregates_equal_a_recount_of_the_claims(engine: Engine, seed: int) -> None:
    chance = Random(seed)
    for number in range(6):
        told = [random_claim(chance, n) for n in range(chance.randint(1, 5))]
        day = date(2024, 1 + number // 2, 28)
        article = held(engine, told, text=f"Text {number}.", published_on=day, outlet=chance.choice(("One", "Two")))
        if chance.random() < 0.3:
            save(engine, article, extracted(*told[:-1], text=f"Text {number}."), extractor="2.0")
        if chance.random() < 0.2:
            with UnitOfWork(engine) as work:
                work.claims.end_all(article, 1, reason=ChangeKind.ARTICLE_RETRACTED, desk=DESK, now=NOW)
                work.commit()
    with UnitOfWork.reading(engine) as work:
        claims = find_claims(work, ClaimQuery(), desk=DESK, limit=200).data
        for group in ("region", "month", "force", "origin"):
            rows = aggregate(work, ClaimFilters(), group_by=(group,), desk=DESK)
            counted = {row[group]: (row["claims"], row["articles"], row["min"], row["max"]) for row in rows}
            assert counted == recounted(claims, group), group
