"""Both stores find the same words, and nothing that is typed is an error of theirs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from service.domain.claims import Force, Place, PlaceLevel, Source, SourceType
from service.domain.errors import InvalidInputError
from service.domain.register import ClaimFilters, ClaimQuery
from service.domain.searching import BETWEEN, Term, read_search, searched_words
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.aggregates import aggregate
from service.use_cases.articles import retract_article
from service.use_cases.claims import find_claims
from tests.integration.storage.building import DESK, NOW, a_claim, extracted, held, save

BARE: dict[str, Any] = {"force": None, "locations": (), "attribution": ()}
SAID = {
    "One": "About 11,000 North Korean soldiers are in Kursk",
    "Two": "Korean soldiers went north to the Kursk region, not to Mali",
    "Three": "U.S. officials denied that 2.5 battalions left on Il-76 planes",
    "Four": "Бойцы из КНДР в Курской области",
    "Five": "朝鲜部队 북한군 Łódź",
}
CLAIMS = [
    *(a_claim(exact, at=100 * n, **BARE) for n, exact in enumerate(SAID.values())),
    a_claim(
        "the brigade",
        at=900,
        force=Force(country="FR", group="Foreign Legion", text="French"),
        locations=(Place(name="Djibouti City", level=PlaceLevel.CITY, text="the port"),),
        attribution=(Source(type=SourceType.OFFICIAL, name="Jean-Luc Ney", role="adviser", text="Ney"),),
    ),
]
NAMES = [*SAID, "Six"]
CASES: list[tuple[str, str]] = [
    ("kursk", "One Two"),
    ("KURSK soldiers", "One Two"),
    ("north korean", "One Two"),
    ('"north korean"', "One"),
    ('"korean north"', ""),
    ("korean -north", ""),
    ('korean -"north korean"', "Two"),
    ("kursk -mali", "One"),
    ("-kursk", "Three Four Five Six"),
    ("-kursk -denied", "Four Five Six"),
    ('-"north korean" soldiers', "Two"),
    ("not", "Two"),
    ("the", "Two Six"),
    ("soldier", ""),
    ("soldier*", "One Two"),
    ('"north kor*"', "One"),
    ("-sold* -бой*", "Three Five Six"),
    ("11000", "One"),
    ("11,000", "One"),
    ("11", ""),
    ("2.5", "Three"),
    ("5.2", ""),
    ("il-76", "Three"),
    ("76-il", ""),
    ("US", "Three"),
    ("u.s.", "Three"),
    ("КНДР", "Four"),
    ("курской ОБЛАСТИ", "Four"),
    ("部队", "Five"),
    ("队部", ""),
    ("북한*", "Five"),
    ("lodz", "Five"),
    ("ŁÓDŹ", "Five"),
    ("legion", "Six"),
    ("djibouti port", "Six"),
    ("jean-luc adviser", "Six"),
    # Words next to each other in two texts of a claim are no phrase.
    ('"legion french"', ""),
    ('"legion djibouti"', ""),
    ('"city the port"', ""),
    ("kursk OR mali", ""),
    ("headline", " ".join(NAMES)),
    ('"headline about"', ""),
    ("before", ""),
]


@pytest.fixture
def store(engine: Engine) -> Engine:
    held(engine, CLAIMS, text="Said.", title="A headline")
    return engine


def found(engine: Engine, *q: str, **filters: Any) -> str:
    at = {claim.evidence[0].exact: name for claim, name in zip(CLAIMS, NAMES, strict=True)}
    with UnitOfWork.reading(engine) as work:
        page = find_claims(work, ClaimQuery(filters=ClaimFilters(q=q, **filters)), desk=DESK)
        counted = aggregate(work, ClaimFilters(q=q, **filters), group_by=(), desk=DESK)[0]["claims"]
    assert counted == len(page.data)
    return " ".join(sorted((at[claim.evidence[0].exact] for claim in page.data), key=NAMES.index))


def test_search_finds_the_same_on_both_stores(store: Engine) -> None:
    assert [(q, found(store, q)) for q, _ in CASES] == CASES


def test_searches_widen_and_other_filters_narrow(store: Engine) -> None:
    assert found(store, "mali", "legion") == "Two Six"
    assert found(store, "mali", "-kursk") == "Two Three Four Five Six"
    assert found(store, "mali", "legion", force=("FR",)) == "Six"


WRITTEN = st.text(alphabet=st.sampled_from("ab\"-*'&|!()<>:\\,.+~^{}[]@#%_ \n\ue000дé部1"), min_size=1, max_size=30)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.one_of(WRITTEN, st.text(min_size=1).filter(lambda text: "\x00" not in text)))
def test_whatever_is_typed_finds_what_its_words_say(store: Engine, q: str) -> None:
    try:
        search = read_search(q)
    except ValueError:
        with pytest.raises(InvalidInputError):
            found(store, q)
        return
    held_words = [searched_words(claim, title="A headline") for claim in CLAIMS]
    expected = [
        name
        for name, text in zip(NAMES, held_words, strict=True)
        if all(stands(term, text) for term in search.wanted) and not any(stands(term, text) for term in search.unwanted)
    ]
    assert found(store, q).split() == expected


def stands(term: Term, text: str) -> bool:
    said = text.split()
    n = len(term.words)
    return any(
        tuple(said[at : at + n - 1]) == term.words[:-1]
        and (said[at + n - 1].startswith(term.words[-1]) if term.begins else said[at + n - 1] == term.words[-1])
        for at in range(len(said) - n + 1)
        if BETWEEN not in said[at : at + n]
    )


def test_search_goes_by_the_title_that_extraction_found_last(engine: Engine) -> None:
    id_ = held(engine, CLAIMS, text="Said.")
    assert found(engine, "gazette") == ""
    assert save(engine, id_, extracted(*CLAIMS, text="Said.", title="Gazette"), extractor="2.0")
    assert found(engine, "gazette") == " ".join(NAMES)
    assert save(engine, id_, extracted(*CLAIMS, text="Said.", title="Herald"), extractor="2.0")
    assert found(engine, "gazette") == ""
    assert found(engine, "herald") == " ".join(NAMES)


def test_search_finds_no_claim_that_has_ended(store: Engine) -> None:
    with UnitOfWork.reading(store) as work:
        id_ = find_claims(work, ClaimQuery(), desk=DESK).data[0].article_id
    with UnitOfWork(store) as work:
        retract_article(work, id_, desk=DESK, now=NOW)
    assert found(store, "kursk") == ""


def test_search_takes_claims_of_any_length(engine: Engine) -> None:
    long = a_claim("x" * 100_000 + " Kursk " + "войска " * 100_000, **BARE)
    held(engine, [long], text="Said.")
    with UnitOfWork.reading(engine) as work:
        for q in ("kursk войск*", "x" * 60 + "*", "x" * 400):
            assert len(find_claims(work, ClaimQuery(filters=ClaimFilters(q=(q,))), desk=DESK).data) == 1
