"""Judging claims: what readers get, what stays beside it, and what becomes of it when an article is read anew."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError

from service.domain.access import Actor
from service.domain.claims import Claim, Count, Force, Kind, Outcome, Qualifier, Review, Status
from service.domain.errors import ChangedMeanwhileError, ConflictError, InvalidInputError, NotFoundError
from service.domain.register import AuditFilters, ChangeKind, ClaimFilters, ClaimQuery, ClaimView, ReviewEntry
from service.storage.tables import change_log
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.aggregates import aggregate
from service.use_cases.articles import article_claims, retract_article
from service.use_cases.audit import list_audit, purge_article
from service.use_cases.changes import list_changes
from service.use_cases.claims import find_claims, get_claim
from service.use_cases.reviews import GivenReview, list_reviews, review_claim, version_tag
from tests.integration.storage.building import DESK, KURSK, NOW, SUDZHA, a_claim, extracted, held, save, submit

EDITOR = Actor(key="k7", name="editor")
HOUR = timedelta(hours=1)
CONFIRMED = GivenReview(decision=Review.CONFIRMED)
REJECTED = GivenReview(decision=Review.REJECTED)
TAKEN_BACK = GivenReview(decision=Review.UNREVIEWED)


def corrected(comment: str | None = None, **correction: Any) -> GivenReview:
    return GivenReview(decision=Review.CORRECTED, correction=correction, comment=comment)


def exactly(number: int) -> dict[str, object]:
    return {"min": number, "max": number, "qualifier": "exact"}


def get(engine: Engine, claim_id: str) -> ClaimView:
    with UnitOfWork.reading(engine) as work:
        return get_claim(work, claim_id, desk=DESK)


def of_article(engine: Engine, article_id: str) -> tuple[ClaimView, ...]:
    with UnitOfWork.reading(engine) as work:
        return article_claims(work, article_id, desk=DESK).data


def judge(engine: Engine, claim_id: str, given: GivenReview, *, seen: str | None = None) -> ClaimView:
    tag = seen or version_tag(get(engine, claim_id))
    with UnitOfWork(engine) as work:
        return review_claim(work, claim_id, given, seen=[tag], desk=DESK, now=NOW + HOUR, by=EDITOR)


def history(engine: Engine, claim_id: str) -> tuple[tuple[ReviewEntry, ...], str | None]:
    with UnitOfWork.reading(engine) as work:
        page, standing = list_reviews(work, claim_id, desk=DESK)
    return page.data, standing


def found(engine: Engine, **filters: Any) -> list[str]:
    with UnitOfWork.reading(engine) as work:
        return [claim.id for claim in find_claims(work, ClaimQuery(filters=ClaimFilters(**filters)), desk=DESK).data]


def one_held(engine: Engine, *claims: Claim, **fields: Any) -> ClaimView:
    """The first claim of an article that gave these."""
    return of_article(engine, held(engine, claims or [a_claim()], **fields))[0]


def read_again(engine: Engine, claim: ClaimView, *claims: Claim, extractor: str = "2.0") -> tuple[ClaimView, ...]:
    assert save(engine, claim.article_id, extracted(*claims), extractor=extractor, now=NOW + 2 * HOUR)
    return of_article(engine, claim.article_id)


@pytest.mark.parametrize("review", [Review.CONFIRMED, Review.REJECTED])
def test_a_decision_shows_and_changes_nothing_else(engine: Engine, review: Review) -> None:
    before = one_held(engine)
    after = judge(engine, before.id, GivenReview(decision=review))
    assert after == replace(before, review=review, revision=after.revision)
    assert after.revision > before.revision
    assert get(engine, before.id) == after


def test_a_correction_is_what_readers_get_with_the_extraction_beside_it(engine: Engine) -> None:
    before = one_held(engine)
    after = judge(engine, before.id, corrected(count=exactly(6000), locations=["Belgorod Oblast"], status="planned"))
    assert after.count == Count(min=6000, max=6000, qualifier=Qualifier.EXACT)
    assert [place.region for place in after.locations] == ["RU-BEL"]
    assert (after.review, after.review_stale) == (Review.CORRECTED, False)
    assert after.extracted == {"count": before.count, "locations": before.locations, "status": before.status}
    assert (after.evidence, after.force, after.reported_at) == (before.evidence, before.force, before.reported_at)


def test_filters_sort_and_aggregates_go_by_the_correction(engine: Engine) -> None:
    claim = one_held(engine)
    judge(engine, claim.id, corrected(count=exactly(60), locations=["Belgorod Oblast"], kind="withdrawal", force="RU"))
    for gone in ({"region": ("Kursk",)}, {"min_count": 61}, {"kind": ("presence",)}, {"force": ("KP",)}):
        assert found(engine, **gone) == []
    for there in ({"region": ("Belgorod Oblast",)}, {"max_count": 60}, {"kind": ("withdrawal",)}, {"force": ("RU",)}):
        assert found(engine, **there) == [claim.id]
    with UnitOfWork.reading(engine) as work:
        (group,) = aggregate(work, ClaimFilters(), group_by=("region", "kind"), desk=DESK)
    assert (group["region"], group["kind"], group["min"], group["claims"]) == ("RU-BEL", "withdrawal", 60, 1)


def test_review_is_filtered_and_grouped_by(engine: Engine) -> None:
    decisions = [None, CONFIRMED, REJECTED, corrected(count=exactly(60))]
    ids = [one_held(engine, text=f"Text {number}.").id for number in range(4)]
    for id_, given in zip(ids, decisions, strict=True):
        if given:
            judge(engine, id_, given)
    for review, id_ in zip(Review, ids, strict=True):
        assert found(engine, review=(review,)) == [id_]
        assert found(engine, review=(review,), region=("Kursk",), force=("KP",)) == [id_]
    assert set(found(engine, review=("corrected", "unreviewed"))) == {ids[3], ids[0]}
    assert set(found(engine, review=("corrected", "rejected"))) == {ids[3], ids[2]}
    with pytest.raises(InvalidInputError):
        found(engine, review=("approved",))
    with UnitOfWork.reading(engine) as work:
        groups = aggregate(work, ClaimFilters(), group_by=("review",), desk=DESK)
    assert {group["review"]: group["claims"] for group in groups} == dict.fromkeys(Review, 1)


def test_as_of_and_changes_know_both(engine: Engine) -> None:
    before = one_held(engine)
    after = judge(engine, before.id, corrected(count=exactly(60)))
    with UnitOfWork.reading(engine) as work:
        past = get_claim(work, before.id, as_of=NOW, desk=DESK)
        last = list_changes(work, desk=DESK).data[-1]
    assert past == before
    with pytest.raises(ChangedMeanwhileError):
        judge(engine, before.id, CONFIRMED, seen=version_tag(past))
    assert (last.kind, last.claim_id, last.claim) == (ChangeKind.CLAIM_REVIEWED, before.id, after)


def test_corrections_add_up_and_are_taken_back_together(engine: Engine) -> None:
    before = one_held(engine)
    judge(engine, before.id, corrected(count=exactly(6000)))
    both = judge(engine, before.id, corrected(status="occurred"))
    assert (both.count.min, both.status, set(both.extracted or {})) == (6000, Status.OCCURRED, {"count", "status"})
    confirmed = judge(engine, before.id, CONFIRMED)
    assert (confirmed.review, confirmed.count, confirmed.extracted) == (Review.CONFIRMED, both.count, both.extracted)
    assert judge(engine, before.id, TAKEN_BACK) == replace(before, revision=confirmed.revision + 1)
    with pytest.raises(ConflictError):
        judge(engine, before.id, TAKEN_BACK)


@pytest.mark.parametrize("correction", [{"count": exactly(5000) | {"text": "five thousand"}}, {"status": "ongoing"}])
def test_a_correction_to_what_was_extracted_is_refused(engine: Engine, correction: dict[str, Any]) -> None:
    claim = one_held(engine)
    with pytest.raises(InvalidInputError, match="changes nothing"):
        judge(engine, claim.id, corrected(**correction))


def test_a_correction_that_the_claim_has_already_is_refused(engine: Engine) -> None:
    claim = one_held(engine)
    judge(engine, claim.id, corrected(count=exactly(60)))
    with pytest.raises(InvalidInputError, match="changes nothing"):
        judge(engine, claim.id, corrected(count=exactly(60)))


def test_a_mere_comment_changes_no_claim(engine: Engine) -> None:
    claim = one_held(engine)
    assert judge(engine, claim.id, GivenReview(comment="Ask the desk in Seoul.")) == claim
    ((entry,), standing) = history(engine, claim.id)
    assert (entry.decision, entry.changes, entry.comment) == (None, (), "Ask the desk in Seoul.")
    assert standing == claim.id


def test_history_tells_who_when_and_what_from_what_to(engine: Engine) -> None:
    claim = one_held(engine)
    judge(engine, claim.id, corrected("Misread.", count=exactly(60)))
    judge(engine, claim.id, TAKEN_BACK)
    ((first, second), standing) = history(engine, claim.id)
    assert standing == claim.id
    assert (first.actor, first.key, first.at, first.comment) == ("editor", "k7", NOW + HOUR, "Misread.")
    assert (first.claim_id, first.article_id, first.version) == (claim.id, claim.article_id, 1)
    review, count = first.changes
    assert (review.field, review.from_, review.to) == ("review", "unreviewed", "corrected")
    assert (count.field, count.from_["min"], count.to["min"]) == ("count", 5000, 60)
    assert [(change.from_, change.to) for change in second.changes] == [(c.to, c.from_) for c in first.changes]


def test_history_pages(engine: Engine) -> None:
    claim = one_held(engine)
    for number in range(5):
        judge(engine, claim.id, GivenReview(comment=str(number)))
    seen, cursor = [], None
    while True:
        with UnitOfWork.reading(engine) as work:
            page, _ = list_reviews(work, claim.id, desk=DESK, limit=2, cursor=cursor)
        seen += [entry.comment for entry in page.data]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == list("01234")


def test_history_can_not_be_changed(engine: Engine) -> None:
    judge(engine, one_held(engine).id, CONFIRMED)
    with engine.begin() as connection, pytest.raises(DBAPIError):
        connection.execute(text("UPDATE reviews SET comment = 'Never said.'"))


def test_each_review_is_audited_without_what_it_says(engine: Engine) -> None:
    claim = one_held(engine)
    judge(engine, claim.id, corrected("Quixotic", transport="Quixotic planes"))
    judge(engine, claim.id, GivenReview(comment="Quixotic"))
    with UnitOfWork.reading(engine) as work:
        entries = [one for one in list_audit(work, AuditFilters(), desk=DESK).data if one.action == "claim_reviewed"]
    assert [one.note for one in entries] == ["comment", "corrected: transport"]
    assert {(one.actor, one.claim_id, one.article_id) for one in entries} == {("editor", claim.id, claim.article_id)}


def test_reviews_are_erased_with_the_article(engine: Engine) -> None:
    claim = one_held(engine)
    judge(engine, claim.id, corrected("Quixotic", transport="Quixotic planes"))
    with UnitOfWork(engine) as work:
        purge_article(work, claim.article_id, reason="A court said so.", desk=DESK, now=NOW)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM reviews")).scalar_one() == 0
    with pytest.raises(NotFoundError):
        history(engine, claim.id)


def test_another_desk_sees_and_judges_nothing(engine: Engine) -> None:
    claim = one_held(engine)
    judge(engine, claim.id, CONFIRMED)
    with UnitOfWork(engine) as work:
        work.desks.add("other")
        work.commit()
    tag = version_tag(get(engine, claim.id))
    with UnitOfWork(engine) as work, pytest.raises(NotFoundError):
        review_claim(work, claim.id, REJECTED, seen=[tag], desk="other", now=NOW)
    with UnitOfWork.reading(engine) as work, pytest.raises(NotFoundError):
        list_reviews(work, claim.id, desk="other")


def test_a_claim_that_ended_is_not_judged_but_its_history_stays(engine: Engine) -> None:
    claim = one_held(engine)
    tag = version_tag(judge(engine, claim.id, REJECTED))
    with UnitOfWork(engine) as work:
        retract_article(work, claim.article_id, desk=DESK, now=NOW)
    with UnitOfWork(engine) as work, pytest.raises(NotFoundError):
        review_claim(work, claim.id, CONFIRMED, seen=[tag], desk=DESK, now=NOW)
    ((entry,), standing) = history(engine, claim.id)
    assert (entry.decision, standing) == (Review.REJECTED, None)


def test_of_sixteen_who_saw_the_same_one_wins(engine: Engine) -> None:
    claim = one_held(engine)
    tag = version_tag(claim)
    together = threading.Barrier(16)

    def decide(number: int) -> bool:
        given = corrected(f"{number}", count=exactly(100 + number))
        together.wait()
        try:
            judge(engine, claim.id, given, seen=tag)
        except ChangedMeanwhileError:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(decide, range(16)))
    assert won.count(True) == 1
    ((entry,), _) = history(engine, claim.id)
    assert entry.comment == str(won.index(True))
    assert get(engine, claim.id).count.min == 100 + won.index(True)


def test_a_review_amid_readings_is_not_lost(engine: Engine) -> None:
    """The editor reads and judges until it is taken; meanwhile the article is read anew, each time otherwise."""
    claim = one_held(engine)
    readings = [a_claim(status=status) for status in (Status.OCCURRED, Status.PLANNED, Status.ONGOING)] * 3
    begun = threading.Event()

    def read_on() -> None:
        for number, reading in enumerate(readings):
            save(engine, claim.article_id, extracted(reading), extractor=f"{number + 2}.0")
            begun.set()

    def reject() -> None:
        begun.wait()
        while True:
            (standing,) = of_article(engine, claim.article_id)
            try:
                judge(engine, standing.id, REJECTED, seen=version_tag(standing))
            except (ChangedMeanwhileError, NotFoundError):
                continue
            return

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(read_on), pool.submit(reject)]:
            done.result()
    (after,) = read_again(engine, claim, a_claim(status=Status.POSSIBLE), extractor="99.0")
    assert (after.review, after.review_stale) == (Review.REJECTED, True)
    ((entry,), standing) = history(engine, after.id)
    assert (entry.decision, standing) == (Review.REJECTED, after.id)


# ---- part_of


def test_part_of_is_corrected_to_a_claim_of_the_article(engine: Engine) -> None:
    total, part = of_article(engine, held(engine, [a_claim("all"), a_claim("some", at=9)]))
    after = judge(engine, part.id, corrected(part_of=total.id))
    assert (after.part_of, after.extracted) == (total.id, {"part_of": None})
    assert judge(engine, part.id, TAKEN_BACK).part_of is None


def test_part_of_is_no_circle_and_no_strangers_claim(engine: Engine) -> None:
    total, part = of_article(engine, held(engine, [a_claim("all"), a_claim("some", at=9, part_of=0)]))
    other = one_held(engine, text="Other words.")
    for wrong in (total.id, part.id, other.id, "c_none"):
        with pytest.raises(InvalidInputError) as raised:
            judge(engine, total.id, corrected(part_of=wrong))
        assert list(raised.value.errors) == ["correction.part_of"]


def test_part_of_that_an_editor_set_follows_its_total(engine: Engine) -> None:
    """Where the total was judged and took another form; one that is gone altogether is no longer pointed at."""
    total, part, other = of_article(engine, held(engine, [a_claim("all"), a_claim("some", at=9), a_claim("x", at=20)]))
    judge(engine, total.id, CONFIRMED)
    judge(engine, part.id, corrected(part_of=total.id))
    judge(engine, other.id, corrected(part_of=part.id, status="planned"))
    changed = a_claim("all", status=Status.OCCURRED)
    new_total, same_part, same_other = read_again(engine, total, changed, a_claim("some", at=9), a_claim("x", at=20))
    assert new_total.id != total.id
    assert (same_part.id, same_part.part_of, same_part.review_stale) == (part.id, new_total.id, True)
    assert (same_other.part_of, same_other.review_stale) == (part.id, False)
    (orphan,) = read_again(engine, total, a_claim("x", at=20), extractor="3.0")
    assert (orphan.part_of, orphan.status, orphan.review_stale) == (None, Status.PLANNED, True)


# ---- reading anew


def test_reading_anew_keeps_a_correction_of_unchanged_content(engine: Engine) -> None:
    claim = one_held(engine)
    before = judge(engine, claim.id, corrected(count=exactly(60)))
    (after,) = read_again(engine, claim, a_claim(confidence=0.5))
    assert after == replace(before, confidence=0.5, revision=after.revision, extractor=after.extractor)
    assert judge(engine, claim.id, TAKEN_BACK).count == claim.count


def test_reading_anew_to_the_same_result_writes_nothing(engine: Engine) -> None:
    claim = one_held(engine)
    before = judge(engine, claim.id, corrected(count=exactly(60)))
    (after,) = read_again(engine, claim, a_claim())
    assert after == before
    with engine.connect() as connection:
        kinds = connection.scalars(select(change_log.c.kind).order_by(change_log.c.seq)).all()
    assert kinds == ["claim_created", "article_done", "claim_reviewed", "article_done"]


CHANGED = [
    a_claim(status=Status.OCCURRED),
    a_claim(count=Count(min=4000, max=4000, qualifier=Qualifier.EXACT, text="four")),
    a_claim(locations=(SUDZHA,), transport="trains"),
    a_claim("nearly five thousand troops of theirs"),
]


@pytest.mark.parametrize("now", CHANGED, ids=["status", "count", "transport", "words"])
def test_a_rejected_claim_stays_rejected_and_stale_where_its_content_changed(engine: Engine, now: Claim) -> None:
    claim = one_held(engine)
    judge(engine, claim.id, REJECTED)
    (after,) = read_again(engine, claim, now)
    assert after.id != claim.id
    assert (after.review, after.review_stale, after.extracted) == (Review.REJECTED, True, None)
    assert [entry.decision for entry in history(engine, after.id)[0]] == [Review.REJECTED]
    assert history(engine, claim.id) == history(engine, after.id)
    assert history(engine, claim.id)[1] == after.id


def test_a_correction_stays_and_is_stale_where_the_content_changed(engine: Engine) -> None:
    claim = one_held(engine)
    judge(engine, claim.id, corrected(count=exactly(60)))
    (after,) = read_again(engine, claim, a_claim(status=Status.OCCURRED))
    assert (after.review, after.review_stale) == (Review.CORRECTED, True)
    assert (after.count.min, after.status) == (60, Status.OCCURRED)
    assert after.extracted == {"count": claim.count}
    assert found(engine, max_count=60) == [after.id]
    assert judge(engine, after.id, CONFIRMED).review_stale is False


def test_a_correction_that_extraction_has_come_to_itself_leaves_nothing_beside(engine: Engine) -> None:
    claim = one_held(engine)
    right = judge(engine, claim.id, corrected(count=exactly(60)))
    (after,) = read_again(engine, claim, a_claim(count=right.count))
    assert (after.count, after.review, after.review_stale, after.extracted) == (
        right.count,
        Review.CORRECTED,
        True,
        None,
    )


def test_nothing_automatic_confirms(engine: Engine) -> None:
    """What was confirmed and then changed is unreviewed, and flagged."""
    claim = one_held(engine)
    judge(engine, claim.id, CONFIRMED)
    (after,) = read_again(engine, claim, a_claim(status=Status.OCCURRED))
    assert (after.review, after.review_stale) == (Review.UNREVIEWED, True)
    taken_back = judge(engine, after.id, TAKEN_BACK)
    assert (taken_back.review, taken_back.review_stale) == (Review.UNREVIEWED, False)


def test_a_confirmed_correction_that_changed_is_corrected_and_stale(engine: Engine) -> None:
    claim = one_held(engine)
    judge(engine, claim.id, corrected(count=exactly(60)))
    judge(engine, claim.id, CONFIRMED)
    (after,) = read_again(engine, claim, a_claim(status=Status.OCCURRED))
    assert (after.review, after.review_stale, after.count.min) == (Review.CORRECTED, True, 60)


def test_a_judged_claim_that_vanished_and_came_back_is_as_it_was_judged(engine: Engine) -> None:
    claim = one_held(engine)
    judged = judge(engine, claim.id, corrected(count=exactly(60)))
    assert read_again(engine, claim) == ()
    ((entry,), standing) = history(engine, claim.id)
    assert (entry.decision, standing) == (Review.CORRECTED, None)
    (after,) = read_again(engine, claim, a_claim(), extractor="3.0")
    assert after == replace(judged, revision=after.revision, extractor=after.extractor)


def test_a_judgement_finds_its_claim_again_after_a_reading_without_it(engine: Engine) -> None:
    claim = one_held(engine)
    judge(engine, claim.id, REJECTED)
    read_again(engine, claim)
    (after,) = read_again(engine, claim, a_claim(status=Status.OCCURRED), extractor="3.0")
    assert (after.review, after.review_stale) == (Review.REJECTED, True)
    (back,) = read_again(engine, claim, a_claim(), extractor="4.0")
    assert (back.id, back.review, back.review_stale) == (claim.id, Review.REJECTED, False)


def test_claims_about_other_words_or_of_other_content_inherit_nothing(engine: Engine) -> None:
    claim = one_held(engine)
    judge(engine, claim.id, REJECTED)
    other_words = a_claim("elsewhere", at=40)
    other_content = a_claim(
        kind=Kind.CASUALTIES, outcome=Outcome.KILLED, force=Force(country="UA"), count=Count(), locations=(KURSK,)
    )
    after = read_again(engine, claim, other_words, other_content)
    assert [(one.review, one.review_stale) for one in after] == [(Review.UNREVIEWED, False)] * 2


def test_the_likest_of_several_inherits(engine: Engine) -> None:
    claim = one_held(engine)
    judge(engine, claim.id, REJECTED)
    farther = a_claim(force=Force(country="UA"))
    nearer = a_claim(status=Status.OCCURRED)
    after = read_again(engine, claim, farther, nearer)
    assert [one.review for one in after] == [Review.UNREVIEWED, Review.REJECTED]


def test_a_claim_that_stood_beside_a_judged_one_inherits_nothing(engine: Engine) -> None:
    first, second = of_article(engine, held(engine, [a_claim(), a_claim(status=Status.OCCURRED)]))
    judge(engine, first.id, REJECTED)
    (left,) = read_again(engine, first, a_claim(status=Status.OCCURRED))
    assert (left.id, left.review, left.review_stale) == (second.id, Review.UNREVIEWED, False)


def test_a_new_version_of_the_article_inherits_and_is_stale(engine: Engine) -> None:
    url = "https://wire.example/1"
    claim = one_held(engine, a_claim(), a_claim("more", at=30), url=url)
    second = of_article(engine, claim.article_id)[1]
    judge(engine, claim.id, REJECTED)
    judge(engine, second.id, CONFIRMED)
    submit(engine, "Other text.", url=url)
    assert save(engine, claim.article_id, extracted(a_claim(at=7), a_claim("more", at=40)), version=2)
    after = of_article(engine, claim.article_id)
    assert [(one.review, one.review_stale) for one in after] == [(Review.REJECTED, True), (Review.UNREVIEWED, True)]
    assert history(engine, claim.id)[1] == after[0].id


def test_reviews_of_a_long_chain_are_one_history(engine: Engine) -> None:
    claim = one_held(engine)
    judge(engine, claim.id, REJECTED)
    statuses = [Status.OCCURRED, Status.PLANNED, Status.POSSIBLE]
    last = claim
    for number, status in enumerate(statuses):
        (last,) = read_again(engine, claim, a_claim(status=status), extractor=f"{number + 2}.0")
        judge(engine, last.id, GivenReview(comment=status))
    entries, standing = history(engine, claim.id)
    assert [entry.comment for entry in entries] == [None, *statuses]
    assert len({entry.claim_id for entry in entries}) == 4
    assert standing == last.id
    assert (last.review, last.review_stale) == (Review.REJECTED, True)
