"""Reprints of one text count as one source, in both stores."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, func, select, text

from service.domain.claims import Claim, Source, SourceType
from service.domain.estimates import Estimate
from service.domain.identity import digest
from service.domain.likeness import SignedArticle, figures_of, originals, sources_among
from service.domain.register import ArticleFilters, ClaimFilters, Submission
from service.domain.signing import sign
from service.storage import migrate
from service.storage.tables import copies, signature_bands, signatures
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.articles import get_article, list_articles, retract_article
from service.use_cases.audit import purge_article
from service.use_cases.estimates import estimate
from service.use_cases.stories import find_contradictions, find_stories
from service.use_cases.submit import submit_article
from tests.integration.storage.building import DESK, NOW, extracted, save, submit
from tests.integration.storage.test_tellings import KURSK_KP, NIS, said

BLOCKS = [" ".join(f"word{block}x{n}" for n in range(40)) for block in range(5)]
STORY = " ".join(BLOCKS)
CUT = " ".join(BLOCKS[:4])
UNNAMED = Source(role="official", type=SourceType.OFFICIAL, country="UA", anonymous=True, text="an official")
MONDAY = datetime(2024, 11, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


def read(
    engine: Engine,
    outlet: str | None,
    *claims: Claim,
    text: str = STORY,
    at: datetime | None = MONDAY,
    now: datetime = NOW,
    version: int = 1,
    url: str | None = None,
) -> str:
    url = url or f"https://{outlet}.example/{digest(text, str(at))}"
    id_ = submit(engine, text, url=url, outlet=outlet, published_at=at, now=now).article.id
    assert save(engine, id_, extracted(*claims, text=text, signature=sign(text)), now=now, version=version)
    return id_


def copy_of(engine: Engine, id_: str) -> str | None:
    with UnitOfWork.reading(engine) as work:
        shown = get_article(work, id_, desk=DESK).copy_of
        listed = {one.id: one.copy_of for one in list_articles(work, ArticleFilters(), desk=DESK).data}
    assert listed[id_] == shown
    return shown


def ask(engine: Engine, **more: Any) -> Estimate:
    with UnitOfWork.reading(engine) as work:
        (one,) = estimate(work, KURSK_KP, desk=DESK, **more).estimates
    return one


def origins(engine: Engine, **more: Any) -> dict[str | None, tuple[int, int]]:
    """Claims and articles of each origin's only figure."""
    found = {}
    for history in ask(engine, **more).origins:
        (telling,) = history.tellings
        found[history.origin.name] = (telling.claims, telling.articles)
    return found


def retract(engine: Engine, id_: str, *, now: datetime = NOW) -> None:
    with UnitOfWork(engine) as work:
        retract_article(work, id_, desk=DESK, now=now)


def test_reprints_of_a_wire_story_are_one_origin(engine: Engine) -> None:
    papers = [read(engine, f"Paper {n}", said(1500), text=f"{CUT} line{n}") for n in range(3)]
    wire = read(engine, "Reuters", said(1500), at=MONDAY + HOUR)
    assert [copy_of(engine, id_) for id_ in (*papers, wire)] == [wire, wire, wire, None]
    one = ask(engine)
    assert one.range is not None
    assert one.range.origins == 1
    assert origins(engine) == {"Reuters": (4, 4)}
    with UnitOfWork.reading(engine) as work:
        (story,) = find_stories(work, ClaimFilters(), desk=DESK).data
    assert [history.origin.name for history in story.origins] == ["Reuters"]
    assert (story.articles, story.outlets) == (4, ("Paper 0", "Paper 1", "Paper 2", "Reuters"))


def test_an_official_who_told_the_wire_told_no_paper(engine: Engine) -> None:
    read(engine, "Reuters", said(1500, UNNAMED))
    read(engine, "The Paper", said(1500, UNNAMED), at=MONDAY + HOUR)
    assert origins(engine) == {"official (Reuters)": (2, 2)}


def test_a_named_speaker_is_the_origin_of_copies_as_before(engine: Engine) -> None:
    read(engine, "Reuters", said(1500, NIS))
    read(engine, "The Paper", said(1500, NIS), at=MONDAY + HOUR)
    assert origins(engine) == {"National Intelligence Service": (2, 2)}


def test_articles_of_their_own_stay_origins_of_their_own(engine: Engine) -> None:
    read(engine, "Reuters", said(1500))
    other = read(engine, "The Paper", said(1500), text=" ".join(reversed(STORY.split())))
    update = read(engine, "The Update", said(3000), at=MONDAY + HOUR)
    assert copy_of(engine, other) is None
    assert copy_of(engine, update) is None
    assert len(ask(engine).origins) == 3


def test_copies_contradict_nothing(engine: Engine) -> None:
    read(engine, "Reuters", said(1500), said(30_000))
    read(engine, "The Paper", said(30_000), at=MONDAY + HOUR, text=CUT)
    with UnitOfWork.reading(engine) as work:
        assert find_contradictions(work, ClaimFilters(), desk=DESK).data == ()
    read(engine, "The Witness", said(30_000), text="Thirty thousand.")
    with UnitOfWork.reading(engine) as work:
        assert len(find_contradictions(work, ClaimFilters(), desk=DESK).data) == 1


def test_as_of_tells_what_was_known_to_be_a_copy_then(engine: Engine) -> None:
    read(engine, "First", said(1500), at=MONDAY + HOUR)
    read(engine, "Second", said(1500), at=MONDAY + 2 * HOUR, now=NOW + HOUR)
    wire = read(engine, "Reuters", said(1500), now=NOW + 2 * HOUR)
    retract(engine, wire, now=NOW + 3 * HOUR)
    assert origins(engine, as_of=NOW) == {"First": (1, 1)}
    assert origins(engine, as_of=NOW + HOUR) == {"First": (2, 2)}
    assert origins(engine, as_of=NOW + 2 * HOUR) == {"Reuters": (3, 3)}
    assert origins(engine) == {"First": (2, 2)}


def test_an_article_that_is_superseded_or_moved_is_no_original(engine: Engine) -> None:
    address = "https://reuters.example/story"
    wire = read(engine, "Reuters", said(1500), url=address)
    paper = read(engine, "The Paper", said(1500), at=MONDAY + HOUR)
    assert copy_of(engine, paper) == wire
    submit(engine, "Withdrawn.", url=address, outlet="Reuters", published_at=MONDAY)
    assert copy_of(engine, paper) is None
    read(engine, "Reuters", said(1500), url=address, at=MONDAY + timedelta(days=2), version=3)
    assert (copy_of(engine, paper), copy_of(engine, wire)) == (None, paper)
    assert origins(engine) == {"The Paper": (2, 2)}


def test_original_under_another_name_gives_it_to_its_copies(engine: Engine) -> None:
    address = "https://reuters.example/story"
    read(engine, "Roiters", said(1500), url=address)
    read(engine, "The Paper", said(1500), at=MONDAY + HOUR)
    read(engine, "Reuters", said(1500), url=address, version=2)
    assert origins(engine) == {"Reuters": (2, 2)}


def test_saving_the_same_again_changes_no_copies(engine: Engine) -> None:
    read(engine, "Reuters", said(1500))
    paper = read(engine, "The Paper", said(1500), at=MONDAY + HOUR)
    with engine.connect() as connection:
        before = connection.execute(select(copies)).all()
    again = extracted(said(1500), text=STORY, signature=sign(STORY))
    assert save(engine, paper, again)
    assert save(engine, paper, replace(again, claims=(replace(said(1500), confidence=0.5),)), extractor="1.1")
    with engine.connect() as connection:
        assert connection.execute(select(copies)).all() == before


def test_erasing_an_original_leaves_its_copies_and_nothing_of_it(engine: Engine) -> None:
    wire = read(engine, "Secret Agency", said(1500))
    papers = [read(engine, f"Paper {n}", said(1500), at=MONDAY + n * HOUR, now=NOW + HOUR) for n in (1, 2)]
    with UnitOfWork(engine) as work:
        purge_article(work, wire, reason="A court said so.", desk=DESK, now=NOW + 2 * HOUR)
    assert [copy_of(engine, id_) for id_ in papers] == [None, papers[0]]
    assert origins(engine) == {"Paper 1": (2, 2)}
    assert origins(engine, as_of=NOW + HOUR) == {None: (2, 2)}
    with engine.connect() as connection:
        assert connection.scalars(select(signatures.c.article_id).order_by(signatures.c.row_id)).all() == papers
        assert "Secret" not in str(connection.execute(select(copies)).all())
    for id_ in papers:
        with UnitOfWork(engine) as work:
            purge_article(work, id_, reason="Both.", desk=DESK, now=NOW + 3 * HOUR)
    with engine.connect() as connection:
        for table in (copies, signatures, signature_bands):
            assert connection.scalar(select(func.count()).select_from(table)) == 0


def test_desks_never_see_each_others_articles(engine: Engine) -> None:
    with UnitOfWork(engine) as work:
        work.connection.execute(text("INSERT INTO desks (id, revision) VALUES ('asia', 0)"))
        theirs = submit_article(
            work, Submission(text=STORY, outlet="Reuters", published_at=MONDAY), desk="asia", now=NOW
        )
    signed = extracted(said(1500), text=STORY, signature=sign(STORY))
    assert save(engine, theirs.article.id, signed)
    ours = read(engine, "The Paper", said(1500), at=MONDAY + HOUR)
    assert copy_of(engine, ours) is None
    assert origins(engine) == {"The Paper": (1, 1)}


@pytest.mark.parametrize("seed", range(4))
def test_copies_are_the_same_in_whatever_order_articles_come_and_go(engine: Engine, seed: int) -> None:
    choose = random.Random(seed)
    held: dict[str, SignedArticle] = {}
    for n in range(10):
        words = " ".join(choose.sample(BLOCKS, choose.randint(2, 5)))
        at = choose.choice([None, MONDAY, MONDAY + HOUR, MONDAY - timedelta(days=2)])
        outlet = choose.choice(["Reuters", f"Paper {n}"])
        claims = [said(choose.choice([1500, 1500, 3000]))]
        id_ = read(engine, outlet, *claims, text=words, at=at, url=f"https://{n}.example")
        signature = sign(words)
        assert signature is not None
        held[id_] = SignedArticle(
            article_id=id_, outlet=outlet, published_at=at, figures=figures_of(claims), signature=signature
        )
        if choose.random() < 0.3:
            gone = choose.choice(sorted(held))
            retract(engine, gone)
            del held[gone]
        expected = originals(sources_among(list(held.values())))
        assert {id_: copy_of(engine, id_) for id_ in held} == {id_: expected.get(id_) for id_ in held}


def test_migration_finds_the_copies_among_what_is_held(engine: Engine) -> None:
    for n in range(3):
        read(engine, f"Paper {n}", said(1500), at=MONDAY + n * HOUR)
    retract(engine, read(engine, "Reuters", said(1500)))
    with engine.connect() as connection:
        wanted = (copies.c.article_id, copies.c.original_id, copies.c.original_outlet)
        before = connection.execute(select(*wanted).where(copies.c.ended_revision > 99).order_by(wanted[0])).all()
        bands = connection.scalar(select(func.count()).select_from(signature_bands))
    for step, way in (("0009", command.downgrade), ("head", command.upgrade)):
        with engine.begin() as connection:
            way(migrate._config(connection), step)
    with engine.connect() as connection:
        assert connection.execute(select(*wanted).order_by(wanted[0])).all() == before
        assert connection.scalar(select(func.count()).select_from(signature_bands)) == bands
    assert copy_of(engine, read(engine, "Late", said(1500), at=MONDAY + 9 * HOUR)) == before[0].original_id
