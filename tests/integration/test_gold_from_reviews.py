"""`muster eval --from-reviews`: what editors decided becomes gold that the evaluation reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from service.cli import main
from service.domain.claims import Claim, Count, Evidence, Personnel, PersonnelType, Qualifier, Review, Time
from service.settings import Settings
from service.storage.engine import create_engine
from service.storage.migrate import upgrade_engine
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.articles import all_claims
from service.use_cases.corrections import as_claim
from service.use_cases.reviews import GivenReview, review_claim, version_tag
from tests.integration.storage.building import DESK, NOW, a_claim, extracted, held, save, submit
from worker.evaluation import Pair, evaluate, load_pairs
from worker.extraction.model import Document, Extraction, PublishedSource

WORDS = "Five thousand troops are in Kursk,\r\nand twenty were killed."


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("MUSTER_DATA_DIR", str(tmp_path))
    engine = create_engine(Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/muster.db"))
    upgrade_engine(engine)
    yield engine
    engine.dispose()


def about(words: str, **changed: Any) -> Claim:
    start = WORDS.index(words)
    evidence = Evidence(exact=words, prefix="", suffix="", start=start, end=start + len(words))
    return replace(a_claim(**changed), evidence=(evidence,))


def read(engine: Engine, *claims: Claim, text: str = WORDS, **fields: Any) -> list[str]:
    """Ids of the claims of an article that gave these."""
    return claim_ids(engine, held(engine, claims, text=text, **fields))


def claim_ids(engine: Engine, article_id: str) -> list[str]:
    with UnitOfWork.reading(engine) as work:
        return [claim.id for claim in all_claims(work, article_id, desk=DESK)]


def decide(engine: Engine, id_: str, decision: Review, **correction: Any) -> None:
    with UnitOfWork(engine) as work:
        claim = work.claims.get(id_, desk=DESK, revision=work.claims.revision(desk=DESK))
        assert claim is not None
        given = GivenReview(decision=decision, correction=correction)
        review_claim(work, id_, given, seen=[version_tag(claim)], desk=DESK, now=NOW)


def write(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["eval", "--from-reviews", str(folder), *options])


def test_reviewed_articles_become_gold(engine: Engine, tmp_path: Path) -> None:
    names: dict[str, Any] = {"title": "Troops in Kursk", "url": "https://wire.example/1", "outlet": "Front Wire"}
    right, wrong, none = read(
        engine,
        about("Five thousand troops"),
        about(
            "Kursk,\r\nand twenty", time=Time(start=date(2024, 10, 1)), personnel=Personnel(type=PersonnelType.TROOPS)
        ),
        about("twenty were killed"),
        published_on=date(2024, 10, 25),
        **names,
    )
    decide(engine, right, Review.CONFIRMED)
    count = {"min": 20, "max": 20, "qualifier": "approximate"}
    decide(engine, wrong, Review.CORRECTED, count=count, locations=["Sudzha", "UA"], attribution=[], time=None)
    decide(engine, none, Review.REJECTED)
    result = write(tmp_path / "gold")
    assert result.exit_code == 0, result.output
    assert result.stderr == f"1 article with 2 claims written to {tmp_path / 'gold'}.\n"
    (pair,) = load_pairs(tmp_path / "gold")
    assert pair.document.text == WORDS.replace("\r\n", "\n")
    assert (pair.document.title, pair.document.published_on) == ("Troops in Kursk", date(2024, 10, 25))
    assert (pair.document.url, pair.document.outlet) == (names["url"], names["outlet"])
    confirmed, corrected = pair.claims
    assert (confirmed.counts, confirmed.forces, confirmed.places) == (((5000, 5000),), ("KP",), (("RU-KRS",),))
    assert confirmed.sources == ("Vadym Skibitskyi", "HUR", "Skibitskyi")
    assert (corrected.counts, corrected.qualifiers) == (((20, 20),), ("approximate",))
    assert corrected.places == (("RU-KRS",), ("UA",))
    assert (corrected.sources, corrected.times, corrected.personnel) == ((), ((None, None),), ("troops",))
    assert corrected.quote == "Kursk,\nand twenty"


def test_an_extractor_that_says_what_editors_decided_is_all_right(engine: Engine, tmp_path: Path) -> None:
    """And one that says what was extracted is not."""
    first, second = read(engine, about("Five thousand troops"), about("twenty were killed"))
    with UnitOfWork.reading(engine) as work:
        before = [as_claim(claim) for claim in all_claims(work, submitted(work), desk=DESK)]
    decide(engine, first, Review.CORRECTED, count={"min": 60, "max": None, "qualifier": "more_than"}, origin="Oryol")
    decide(engine, second, Review.CORRECTED, kind="casualties", outcome="killed", force={"group": "Wagner Group"})
    with UnitOfWork.reading(engine) as work:
        after = [as_claim(claim) for claim in all_claims(work, submitted(work), desk=DESK)]
    write(tmp_path / "gold")
    pairs = load_pairs(tmp_path / "gold")
    assert full_score(pairs, after) == 1
    assert full_score(pairs, before) == 0


def submitted(work: UnitOfWork) -> str:
    (article,) = work.articles.list(desk=DESK, limit=2)
    return article.id


def full_score(pairs: tuple[Pair, ...], claims: list[Claim]) -> float:
    moved = [
        replace(one, evidence=tuple(replace(span, start=at, end=at + len(span.exact)) for span in one.evidence))
        for one in claims
        for at in [WORDS.replace("\r\n", "\n").index(one.evidence[0].exact)]
    ]

    def extract(document: Document) -> Extraction:
        return Extraction(
            text=document.text or "", published_on=None, published_source=PublishedSource.NONE, claims=tuple(moved)
        )

    (report,) = evaluate(pairs, extract).articles
    return report.tally().all_fields.f1


def test_articles_with_an_open_claim_are_left_out_unless_partly(engine: Engine, tmp_path: Path) -> None:
    judged, _ = read(engine, about("Five thousand troops"), about("twenty were killed"))
    decide(engine, judged, Review.CONFIRMED)
    read(engine, a_claim(), text="Nobody looked at this one.")
    assert "0 articles with 0 claims" in write(tmp_path / "whole").stderr
    assert "1 article with 2 claims" in write(tmp_path / "partly", "--partly").stderr
    (pair,) = load_pairs(tmp_path / "partly")
    assert [claim.optional for claim in pair.claims] == [False, True]


def test_a_stale_review_is_none(engine: Engine, tmp_path: Path) -> None:
    (id_,) = read(engine, about("Five thousand troops"))
    decide(engine, id_, Review.REJECTED)
    with UnitOfWork.reading(engine) as work:
        article = submitted(work)
    save(engine, article, extracted(about("Five thousand troops", transport="trains"), text=WORDS), extractor="2.0")
    assert "0 articles" in write(tmp_path / "stale").stderr
    (heir,) = claim_ids(engine, article)
    decide(engine, heir, Review.REJECTED)
    assert "1 article with 0 claims" in write(tmp_path / "again").stderr


def test_a_page_is_written_as_it_was_posted(engine: Engine, tmp_path: Path) -> None:
    page = "<p>Five thousand troops are in Kursk.</p>"
    id_ = submit(engine, text=None, html=page).article.id
    assert save(engine, id_, extracted(a_claim("Five thousand troops"), text="Five thousand troops are in Kursk."))
    decide(engine, claim_ids(engine, id_)[0], Review.CONFIRMED)
    write(tmp_path / "gold")
    (pair,) = load_pairs(tmp_path / "gold")
    assert (pair.document.html, pair.document.text, pair.id) == (page, None, id_)


def test_a_figure_that_can_not_be_told_is_not_judged(engine: Engine, tmp_path: Path) -> None:
    area = {"name": "The front", "level": "area"}
    (id_,) = read(engine, about("Five thousand troops", count=Count(qualifier=Qualifier.NONE)))
    decide(engine, id_, Review.CORRECTED, locations=[area], origin=area, force=None, attribution=[{"type": "media"}])
    write(tmp_path / "gold")
    (gold,) = (tmp_path / "gold").glob("*.gold.json")
    (claim,) = json.loads(gold.read_text(encoding="utf-8"))["claims"]
    assert not {"regions", "origin", "force", "source"} & claim.keys()
    assert load_pairs(tmp_path / "gold")[0].claims[0].counts == ((None, None),)


def test_a_folder_that_holds_something_is_left_alone(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "mine.txt").touch()
    result = write(tmp_path / "gold")
    assert result.exit_code == 1
    assert "is not empty" in result.stderr
    assert CliRunner().invoke(main, ["eval"]).exit_code == 2
