"""What estimates are made of, in both stores."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update

from service.domain.claims import Count, Force, Kind, Outcome, Polarity, Qualifier, Review, Source, SourceType
from service.domain.errors import InvalidInputError
from service.domain.estimates import Estimate, EstimateAnswer
from service.domain.register import ClaimFilters
from service.storage.tables import claims
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.estimates import estimate
from tests.integration.storage.building import DESK, DONBAS, KURSK, NOW, RUSSIA, SUDZHA, a_claim, held

KURSK_KP = ClaimFilters(force=("KP",), region=("Kursk",))
YONHAP = Source(name="Yonhap", type=SourceType.AGENCY, country="KR", text="Yonhap")
NIS = Source(name="NIS", type=SourceType.ORGANIZATION, organization="NIS", country="KR", text="NIS")
MOSCOW = Source(name="Moscow", type=SourceType.ORGANIZATION, organization="Moscow", country="RU", text="Moscow")


def said(low: int | None, *chain: Source, **more: Any) -> Any:
    count = Count(min=low, max=low, qualifier=Qualifier.EXACT if low else Qualifier.NONE, text=str(low))
    return a_claim(**{"count": count, "attribution": chain, **more})


def ask(engine: Engine, filters: ClaimFilters = KURSK_KP, **more: Any) -> EstimateAnswer:
    with UnitOfWork.reading(engine) as work:
        return estimate(work, filters, desk=DESK, **more)


def by_origin(one: Estimate) -> dict[str | None, list[int | None]]:
    return {history.origin.name: [telling.count.min for telling in history.tellings] for history in one.origins}


def test_estimate_gives_each_origins_own_figures_and_the_denial(engine: Engine) -> None:
    held(engine, [said(10_000, NIS), said(3000, MOSCOW)], text="One.", published_on=date(2024, 10, 24))
    held(engine, [said(11_000, NIS)], text="Two.", published_on=date(2024, 11, 4))
    held(engine, [said(None, MOSCOW, polarity=Polarity.DENIED)], text="Three.", published_on=date(2024, 11, 5))
    (one,) = ask(engine).estimates
    assert by_origin(one) == {"National Intelligence Service": [10_000, 11_000], "Moscow": [3000]}
    assert one.range is not None
    assert (one.range.min, one.range.max, one.range.origins) == (3000, 11_000, 2)
    assert [denial.origin.name for denial in one.denials] == ["Moscow"]
    assert ask(engine).place == "RU-KRS"


def test_second_outlet_that_repeats_an_agency_adds_no_origin(engine: Engine) -> None:
    held(engine, [said(1500, NIS)], text="One.", outlet="First Paper")
    before = ask(engine).estimates[0]
    held(engine, [said(1500, YONHAP, NIS)], text="Two.", outlet="Second Paper")
    after = ask(engine).estimates[0]
    assert before.range is not None
    assert after.range is not None
    assert before.range.origins == after.range.origins == 1
    (telling,) = after.origins[0].tellings
    assert (telling.claims, telling.articles) == (2, 2)


def test_estimate_as_of_before_an_article_answers_without_it(engine: Engine) -> None:
    held(engine, [said(1500, NIS)])
    assert ask(engine, as_of=NOW).estimates
    assert ask(engine, as_of=NOW - timedelta(seconds=1)).estimates == ()


@pytest.mark.parametrize(
    ("places", "is_denied"),
    [((RUSSIA,), True), ((), True), ((SUDZHA,), True), ((KURSK, RUSSIA), True), ((DONBAS,), False)],
    ids=["its country", "no place", "a town in it", "itself and its country", "elsewhere"],
)
def test_denial_for_the_whole_country_is_one_for_the_region(
    engine: Engine, places: tuple[Any, ...], is_denied: bool
) -> None:
    held(engine, [said(1500, NIS)], text="One.")
    held(engine, [said(None, MOSCOW, polarity=Polarity.DENIED, locations=places)], text="Two.")
    (one,) = ask(engine).estimates
    assert len(one.denials) == is_denied


def test_denial_for_one_region_is_none_for_another(engine: Engine) -> None:
    tuva = ClaimFilters(force=("KP",), region=("Tuva",))
    held(engine, [said(None, MOSCOW, polarity=Polarity.DENIED)])
    assert ask(engine, tuva).estimates == ()


def test_affirmation_for_the_whole_country_is_none_for_the_region(engine: Engine) -> None:
    held(engine, [said(12_000, NIS, locations=(RUSSIA,))])
    assert ask(engine).estimates == ()


def test_part_of_a_total_of_its_own_kind_is_left_out_of_the_range(engine: Engine) -> None:
    held(engine, [said(6000, NIS), said(1000, NIS, part_of=0), said(5000, NIS, part_of=0)])
    (one,) = ask(engine).estimates
    assert one.range is not None
    assert (one.range.min, one.range.max) == (6000, 6000)
    assert [telling.is_part for telling in one.origins[0].tellings].count(True) == 2


def test_killed_among_all_losses_are_the_whole_of_the_killed(engine: Engine) -> None:
    lost = {"kind": Kind.CASUALTIES}
    total = said(3000, NIS, outcome=Outcome.KILLED_OR_WOUNDED, **lost)
    held(engine, [total, said(300, NIS, outcome=Outcome.KILLED, part_of=0, **lost)])
    found = {one.outcome: one.range.min for one in ask(engine).estimates if one.range}
    assert found == {Outcome.KILLED_OR_WOUNDED: 3000, Outcome.KILLED: 300}


def test_rejected_claims_count_for_nothing(engine: Engine) -> None:
    held(engine, [said(1500, NIS)])
    with engine.begin() as connection:
        connection.execute(update(claims).values(review=Review.REJECTED))
    assert ask(engine).estimates == ()


def test_vague_figures_keep_their_words(engine: Engine) -> None:
    held(engine, [a_claim(count=Count(min=24, qualifier=Qualifier.VAGUE, text="dozens"))])
    (one,) = ask(engine).estimates
    assert one.range is None
    assert one.origins[0].tellings[0].count.text == "dozens"


def test_estimate_is_of_one_force(engine: Engine) -> None:
    held(engine, [said(1500, NIS), said(900, NIS, force=Force(country="RU", text="Russian"))])
    (one,) = ask(engine).estimates
    assert by_origin(one) == {"National Intelligence Service": [1500]}


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        (ClaimFilters(region=("Kursk",)), "force"),
        (ClaimFilters(force=("KP", "RU"), region=("Kursk",)), "force"),
        (ClaimFilters(force=("KP",)), "region"),
        (ClaimFilters(force=("KP",), region=("Kursk",), country=("Russia",)), "region"),
    ],
)
def test_estimate_needs_one_force_and_one_place(engine: Engine, filters: ClaimFilters, field: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        ask(engine, filters)
    assert field in raised.value.errors


def test_denial_of_presence_is_told_where_only_deployments_are_asked_for(engine: Engine) -> None:
    arrived = said(1500, NIS, kind=Kind.DEPLOYMENT)
    held(engine, [arrived, said(None, MOSCOW, polarity=Polarity.DENIED), said(900, NIS)])
    (one,) = ask(engine, ClaimFilters(force=("KP",), region=("Kursk",), kind=("deployment",))).estimates
    assert one.kind is Kind.DEPLOYMENT
    assert [denial.origin.name for denial in one.denials] == ["Moscow"]
    assert ask(engine, ClaimFilters(force=("KP",), region=("Kursk",), kind=("withdrawal",))).estimates == ()
