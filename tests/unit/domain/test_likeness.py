"""Which texts are one, and whose they are."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from service.domain.agencies import is_agency
from service.domain.claims import Claim, Count, Kind, Status
from service.domain.likeness import (
    FEWEST_WORDS,
    MINIMA,
    Signature,
    SignedArticle,
    are_alike,
    bands,
    copied_from,
    figures_of,
    is_copy,
    originals,
    sources_among,
)
from service.domain.signing import sign
from worker.lexicons import load

NOON = datetime(2024, 11, 4, 12, tzinfo=UTC)
STORY = """Some 1,500 soldiers from the north were flown to a training ground near the border on Monday, a spokesman for
the armed forces said.

The men arrived in transport planes and were taken in covered lorries to a camp that had stood empty since the summer,
where tents, field kitchens and a row of new containers could be seen from the road. Villagers were told to stay indoors
while the convoy passed, and the only shop closed early.

The organization that watches the frontier counted forty vehicles, among them armored personnel carriers, and said that
more were expected before the week was out. It did not say where they would be sent.

The defense ministry in the capital has neither confirmed nor denied the report. Its spokesman said that exercises were
held at this time of every year and that the neighbors had been informed in good time.

Earlier this month the two governments had signed a treaty that obliges each to help the other in war."""
OTHER = """The airport of the capital was closed for six hours on Monday after a drone had been seen over the northern
runway, the company that runs it said.

Thirty flights were sent elsewhere and several thousand passengers spent the afternoon in the halls, where water and
blankets were handed out. The police searched the woods behind the fence with dogs and found nothing.

It was the third time in a month. The minister of transport promised new devices that take over the controls of small
aircraft, but admitted that the tender for them had been stopped twice by the courts and that none would come before
spring."""
BOILERPLATE = """

(Reporting by our bureau in the capital; editing by C. Editor.) Our standards: the principles of trust by which all of
our reporters work. The agency takes no sides; it has reported from the region since 1992, and photographs and graphics
of this story are available to subscribers through the usual channels."""
BRITISH = (
    ("organization", "organisation"),
    ("armored", "armoured"),
    ("defense", "defence"),
    ("neighbors", "neighbours"),
)

BLOCKS = [" ".join(f"word{block}x{n}" for n in range(40)) for block in range(10)]


def signed(text: str) -> Signature:
    signature = sign(text)
    assert signature is not None
    return signature


def article(id_: str = "a_1", text: str = STORY, **changed: Any) -> SignedArticle:
    values: dict[str, Any] = {
        "article_id": id_,
        "outlet": "The Paper",
        "published_at": NOON,
        "figures": frozenset({(1500, 1500)}),
        "signature": signed(text),
    }
    return SignedArticle(**{**values, **changed})


def told(count: int | None) -> Claim:
    return Claim(
        kind=Kind.PRESENCE,
        status=Status.ONGOING,
        count=Count(min=count, max=count),
        evidence=(),
        confidence=0.9,
    )


def british(text: str) -> str:
    for here, there in BRITISH:
        text = text.replace(here, there)
    return text


def without(paragraph: int) -> str:
    parts = STORY.split("\n\n")
    return "\n\n".join(parts[:paragraph] + parts[paragraph + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        STORY.upper().replace(",", ""),
        STORY.rpartition("\n\n")[0],
        STORY[: len(STORY) * 6 // 10],
        "This report was first published elsewhere and is printed here with kind permission.\n\n" + STORY,
        "Troops on the move\n\n" + STORY,
        without(2),
        british(STORY),
        "Troops on the move\n\n" + british(without(1)),
    ],
    ids=["case and commas", "cut", "cut by much", "line on top", "title", "paragraph", "spelling", "all of it"],
)
def test_a_reprint_is_alike(text: str) -> None:
    assert are_alike(signed(STORY), signed(text))
    assert set(bands(signed(STORY))) & set(bands(signed(text)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (STORY, OTHER),
        (STORY + BOILERPLATE, OTHER + BOILERPLATE),
        (STORY, OTHER + STORY.partition("\n\n")[0]),
        (STORY, "1,500 soldiers were flown to the border."),
        ("1,500 soldiers were flown to the border.", "1,600 soldiers were flown to the border."),
    ],
    ids=["another story", "the same small print", "a sentence quoted", "short beside long", "short"],
)
def test_another_story_is_not_alike(one: str, other: str) -> None:
    assert not are_alike(signed(one), signed(other))


def test_short_texts_are_alike_only_when_their_words_are_the_same() -> None:
    short = " ".join(f"word{n}" for n in range(FEWEST_WORDS - 1))
    assert signed(short).minima == ()
    assert are_alike(signed(short), signed(short.upper() + "."))
    assert bands(signed(short)) == bands(signed(short.upper()))
    assert not are_alike(signed(short), signed(short + "s"))


def test_a_signature_is_the_same_on_every_machine() -> None:
    signature = signed(STORY)
    assert len(signature.minima) == MINIMA
    assert signature.minima[:3] == (5760790, 21179265, 4860137)


def test_a_text_without_words_has_no_signature() -> None:
    assert sign(" … !") is None
    assert sign("Home | News", [(0, 11)]) is None


def test_what_was_not_read_is_no_part_of_a_signature() -> None:
    menu = "Home | News | Sport\n"
    assert sign(menu + STORY, [(0, len(menu))]) == sign(STORY)


def test_a_later_article_with_other_figures_is_an_update_and_no_copy() -> None:
    first = article()
    assert is_copy(article("a_2"), first)
    assert is_copy(article("a_2", figures=frozenset()), first)
    assert not is_copy(article("a_2", STORY.replace("1,500", "3,000"), figures=frozenset({(3000, 3000)})), first)
    assert not is_copy(article("a_2", figures=frozenset({(1500, 1500), (40, 40)})), first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"published_at": NOON.replace(day=3), "outlet": "The Paper"}, {"outlet": "Reuters"}),
        ({"outlet": "The Associated Press"}, {"published_at": NOON.replace(hour=0), "outlet": "The Paper"}),
        ({"published_at": NOON.replace(hour=9)}, {"article_id": "a_0"}),
        ({"article_id": "a_0"}, {}),
        ({}, {"published_at": None, "article_id": "a_0", "outlet": "Reuters"}),
    ],
    ids=["an earlier day", "an agency on the same day", "an earlier hour", "by id", "a date before none"],
)
def test_original_is_the_first(first: dict[str, Any], second: dict[str, Any]) -> None:
    one, other = article(**first), article(**second)
    assert copied_from(other, [one]) == one
    assert copied_from(one, [other]) is None


def test_a_copy_of_a_copy_is_one_of_the_first() -> None:
    chain = [article(f"a_{n}", " ".join(BLOCKS[n : n + 8])) for n in range(3)]
    assert not are_alike(chain[0].signature, chain[2].signature)
    sources = sources_among(chain)
    assert sources == {"a_1": "a_0", "a_2": "a_1"}
    assert originals(sources) == {"a_1": "a_0", "a_2": "a_0"}


def test_a_roundup_of_two_stories_does_not_make_them_one() -> None:
    both = article("a_3", STORY + "\n\n" + OTHER, published_at=NOON.replace(hour=20))
    sources = sources_among([article("a_1"), article("a_2", OTHER), both])
    assert sources == {"a_3": "a_1"}


@pytest.mark.parametrize("seed", range(5))
def test_sources_do_not_depend_on_the_order_of_articles(seed: int) -> None:
    choose = random.Random(seed)
    held = [
        article(
            f"a_{n}",
            " ".join(choose.sample(BLOCKS[:5], choose.randint(2, 4))),
            published_at=choose.choice([NOON, None]),
        )
        for n in range(9)
    ]
    expected = sources_among(held)
    choose.shuffle(held)
    assert sources_among(held) == expected
    assert set(originals(expected).values()).isdisjoint(expected)


def test_figures_are_those_with_a_number() -> None:
    assert figures_of([told(300), told(None)]) == {(300, 300)}


def test_every_agency_that_extraction_knows_is_one_here() -> None:
    listed = load("en")["sources"]["outlets"]["agencies"]  # type: ignore[index]
    named = [name for one in listed for name in one.rpartition(":")[0].split("|")]
    assert named
    assert [name for name in named if not is_agency(name)] == []
    assert not is_agency("The New York Times")
    assert not is_agency(None)
