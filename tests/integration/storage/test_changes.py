"""The change feed, and the register as it stood: nothing is missed, and the past stays as it was."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from service.domain.claims import Count, Polarity, Qualifier, Review, Source, SourceType
from service.domain.errors import InvalidInputError, NotFoundError, NotReadyError
from service.domain.register import ChangeKind, ChangeView, ClaimFilters, ClaimQuery, ClaimView
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.aggregates import aggregate
from service.use_cases.articles import article_claims, article_text, retract_article
from service.use_cases.changes import list_changes
from service.use_cases.claims import find_claims, get_claim
from service.use_cases.reviews import GivenReview, review_claim, version_tag
from tests.integration.storage.building import DESK, DONETSK, NOW, RUSSIA, a_claim, extracted, held, save, submit

HOUR = timedelta(hours=1)
NOW_STANDING = ClaimQuery()


def read_on(engine: Engine, since: str | None = None, *, limit: int = 7) -> tuple[list[ChangeView], str]:
    """All that follows `since`, and where to go on."""
    seen: list[ChangeView] = []
    while True:
        with UnitOfWork.reading(engine) as work:
            page = list_changes(work, desk=DESK, since=since, limit=limit)
        assert page.next_cursor is not None
        since = page.next_cursor
        if not page.data:
            return seen, since
        seen += page.data


def replayed(changes: list[ChangeView]) -> dict[str, ClaimView]:
    """What a reader holds who does as the feed says."""
    kept: dict[str, ClaimView] = {}
    for change in changes:
        if change.kind == ChangeKind.CLAIM_RETRACTED:
            assert change.claim_id is not None
            del kept[change.claim_id]
        elif change.claim_id is not None:
            assert change.claim is not None
            kept[change.claim_id] = change.claim
    return kept


def standing(engine: Engine, query: ClaimQuery = NOW_STANDING) -> dict[str, ClaimView]:
    with UnitOfWork.reading(engine) as work:
        page = find_claims(work, query, desk=DESK, limit=200)
    assert page.next_cursor is None
    return {claim.id: claim for claim in page.data}


def change_at_random(engine: Engine, rng: random.Random, n: int) -> None:
    """A new article, a new version of one, the same one read by another extractor, one taken back, or a review."""
    url = f"https://wire.example/{rng.randrange(4)}"
    deed = rng.choice(["post", "post", "reread", "retract", "review", "review"])
    if deed == "review":
        review_at_random(engine, rng, n)
        return
    submitted = submit(engine, f"Text {n if deed == 'post' else 0}.", url=url, now=NOW + n * HOUR)
    article = submitted.article
    if deed == "retract":
        with UnitOfWork(engine) as work:
            retract_article(work, article.id, desk=DESK, now=NOW + n * HOUR)
        return
    claims = [a_claim(f"words {k}", at=k, confidence=rng.choice([0.5, 0.9])) for k in range(rng.randint(0, 3))]
    save(engine, article.id, extracted(*claims), version=article.version, extractor=f"1.{n}", now=NOW + n * HOUR)


def review_at_random(engine: Engine, rng: random.Random, n: int) -> None:
    held = sorted(standing(engine).values(), key=lambda claim: claim.id)
    if not held:
        return
    claim = rng.choice(held)
    count = {"min": n, "max": n, "qualifier": "exact"}
    given = rng.choice(
        [
            GivenReview(decision=Review.CONFIRMED),
            GivenReview(decision=Review.REJECTED),
            GivenReview(decision=Review.CORRECTED, correction={"count": count, "locations": ["Belgorod Oblast"]}),
            GivenReview(comment="Is this so?"),
        ]
    )
    with UnitOfWork(engine) as work:
        review_claim(work, claim.id, given, seen=[version_tag(claim)], desk=DESK, now=NOW + n * HOUR)


def test_changes_replayed_from_the_beginning_give_the_claims_that_stand(engine: Engine) -> None:
    rng = random.Random(5)
    changes: list[ChangeView] = []
    since: str | None = None
    for n in range(40):
        change_at_random(engine, rng, n)
        # Read in pieces, at random moments: as a reader who polls.
        if rng.random() < 0.3:
            more, since = read_on(engine, since)
            changes += more
    changes += read_on(engine, since)[0]
    assert {change.kind for change in changes} >= {
        ChangeKind.CLAIM_CREATED,
        ChangeKind.CLAIM_REVISED,
        ChangeKind.CLAIM_RETRACTED,
        ChangeKind.CLAIM_REVIEWED,
        ChangeKind.ARTICLE_SUPERSEDED,
        ChangeKind.ARTICLE_RETRACTED,
    }
    assert replayed(changes) == standing(engine) != {}
    assert read_on(engine)[0] == changes


def test_changes_read_while_others_write_miss_nothing(engine: Engine) -> None:
    ids = [submit(engine, f"Text {n}.").article.id for n in range(24)]
    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(save, engine, id_, extracted(a_claim(), a_claim("more", at=40))) for id_ in ids]
        changes: list[ChangeView] = []
        since: str | None = None
        while not all(one.done() for one in writing):
            more, since = read_on(engine, since)
            changes += more
        assert all(one.result() for one in writing)
    changes += read_on(engine, since)[0]
    assert [change.id for change in changes] == sorted({change.id for change in changes})
    assert replayed(changes) == standing(engine)
    assert len(replayed(changes)) == 48


def test_changes_are_those_of_the_desk(engine: Engine) -> None:
    held(engine, [a_claim()])
    with UnitOfWork(engine) as work:
        work.desks.add("other")
        work.commit()
    with UnitOfWork.reading(engine) as work:
        assert list_changes(work, desk="other").data == ()


@pytest.mark.parametrize("since", ["", "-1", "x", "٣", "9" * 20, str(2**63), "1.0"])
def test_changes_refuse_a_cursor_that_was_not_given_out(engine: Engine, since: str) -> None:
    with UnitOfWork.reading(engine) as work, pytest.raises(InvalidInputError) as raised:
        list_changes(work, desk=DESK, since=since)
    assert "since" in raised.value.errors


def test_as_of_answers_as_the_register_stood(engine: Engine) -> None:
    """At every moment of a random history: the same claims, one by one and counted, as were seen at that moment."""
    rng = random.Random(6)
    seen = []
    for n in range(25):
        change_at_random(engine, rng, n)
        seen.append(standing(engine))
    for n, then in enumerate(seen):
        as_of = NOW + n * HOUR
        assert standing(engine, ClaimQuery(as_of=as_of)) == then
        with UnitOfWork.reading(engine) as work:
            (group,) = aggregate(work, ClaimFilters(), group_by=(), as_of=as_of, desk=DESK)
            assert group["claims"] == len(then)
            for claim in then.values():
                assert get_claim(work, claim.id, as_of=as_of, desk=DESK) == claim
                of_article = article_claims(work, claim.article_id, as_of=as_of, desk=DESK).data
                assert claim in of_article
    assert standing(engine, ClaimQuery(as_of=NOW - HOUR)) == {}


def test_as_of_before_a_claim_does_not_know_it(engine: Engine) -> None:
    article = held(engine, [a_claim()])
    (claim,) = standing(engine).values()
    with UnitOfWork.reading(engine) as work:
        assert get_claim(work, claim.id, as_of=NOW, desk=DESK).article_id == article
        with pytest.raises(NotFoundError):
            get_claim(work, claim.id, as_of=NOW - timedelta(microseconds=1), desk=DESK)
        assert get_claim(work, claim.id, as_of=NOW.date(), desk=DESK) == claim
        with pytest.raises(NotFoundError):
            get_claim(work, claim.id, as_of=NOW.date() - timedelta(days=1), desk=DESK)
        assert get_claim(work, claim.id, as_of=NOW + timedelta(days=9000), desk=DESK) == claim


def test_as_of_without_a_zone_is_refused(engine: Engine) -> None:
    with UnitOfWork.reading(engine) as work, pytest.raises(InvalidInputError) as raised:
        find_claims(work, ClaimQuery(as_of=NOW.replace(tzinfo=None)), desk=DESK)
    assert "as_of" in raised.value.errors


def test_as_of_pages_stay_those_of_that_moment(engine: Engine) -> None:
    for n in range(5):
        held(engine, [a_claim()], text=f"Text {n}.")
    as_of = ClaimQuery(as_of=NOW)
    with UnitOfWork.reading(engine) as work:
        first = find_claims(work, as_of, desk=DESK, limit=3)
    for claim in first.data:
        with UnitOfWork(engine) as work:
            retract_article(work, claim.article_id, desk=DESK, now=NOW + HOUR)
    with UnitOfWork.reading(engine) as work:
        rest = find_claims(work, as_of, desk=DESK, limit=3, cursor=first.next_cursor)
        assert len({claim.id for claim in (*first.data, *rest.data)}) == 5
        with pytest.raises(InvalidInputError):
            find_claims(work, ClaimQuery(), desk=DESK, limit=3, cursor=first.next_cursor)


def with_stories(engine: Engine) -> list[list[str]]:
    """What became of stories, of each entry that tells it."""
    with UnitOfWork.reading(engine) as work:
        changes = list_changes(work, desk=DESK, with_stories=True, limit=200).data
    return [[one.effect.value for one in change.effects] for change in changes if change.effects is not None]


def test_changes_tell_what_became_of_stories(engine: Engine) -> None:
    moscow = Source(name="Moscow", type=SourceType.OFFICIAL, country="RU", text="Moscow")
    held(engine, [a_claim()], text="One.")
    raised = a_claim(count=Count(min=5300, max=5300, qualifier=Qualifier.EXACT, text="5,300"))
    second = held(engine, [raised], text="Two.")
    denial = a_claim(polarity=Polarity.DENIED, attribution=(moscow,), locations=(RUSSIA,), count=Count())
    held(engine, [denial, a_claim("elsewhere", at=3, locations=(DONETSK,))], text="Three.")
    with UnitOfWork(engine) as work:
        retract_article(work, second, desk=DESK, now=NOW + HOUR)
    assert with_stories(engine) == [
        ["story_created"],
        ["figure_raised"],
        ["newly_denied", "story_created"],
        [],
    ]
    with UnitOfWork.reading(engine) as work:
        assert all(change.effects is None for change in list_changes(work, desk=DESK, limit=200).data)


def test_as_of_text_is_that_which_the_claims_of_then_point_into(engine: Engine) -> None:
    url = "https://wire.example/1"
    article = submit(engine, "The first words.", url=url).article
    submit(engine, "Other words.", url=url, now=NOW + HOUR)
    with UnitOfWork.reading(engine) as work:
        assert article_text(work, article.id, desk=DESK) == "Other words."
        assert article_text(work, article.id, as_of=NOW, desk=DESK) == "The first words."
        assert article_text(work, article.id, as_of=NOW + HOUR, desk=DESK) == "Other words."
        with pytest.raises(NotReadyError):
            article_text(work, article.id, as_of=NOW - HOUR, desk=DESK)
