"""The checker finds each sort of fault. The register is put wrong by hand, behind the service's back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from service.app import create_app
from service.enqueue import NullWaker
from service.settings import Settings
from service.storage.engine import create_engine
from service.storage.migrate import upgrade_engine
from tests.faults.checker import Tables, Verdict, check
from tests.faults.extractors import NAMES, article
from tests.faults.ledger import Ledger, Letter, letters
from worker.process import Process

Put = Callable[..., Verdict]


@dataclass(frozen=True, kw_only=True)
class Held:
    """A register, and the ledger of what it was sent."""

    settings: Settings
    engine: Engine
    client: FlaskClient
    ledger: Ledger

    def post(self, letter: Letter) -> tuple[str, int]:
        self.ledger.note_sending(letter)
        answer = self.client.post("/articles", json={"text": letter.text, "external_id": letter.external_id})
        return answer.get_json()["id"], answer.status_code

    def get(self, path: str) -> dict[str, Any]:
        read: dict[str, Any] = self.client.get(path).get_json()
        return read


SENT = letters([article(2), article(4), article(6), article(7)], name="one")


@contextmanager
def opened(folder: Path) -> Iterator[Held]:
    settings = Settings(
        data_dir=folder, database_url=f"sqlite:///{folder}/muster.db", extractor_factory=f"{NAMES}:quick"
    )
    engine, ledger = create_engine(settings), Ledger(folder / "ledger.jsonl")
    client = create_app(settings, engine=engine, waker=NullWaker()).test_client()
    yield Held(settings=settings, engine=engine, client=client, ledger=ledger)
    engine.dispose()
    ledger.close()


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ledger]:
    """Four articles that were accepted and read; the last two have the same words."""
    folder = tmp_path_factory.mktemp("register")
    with opened(folder) as held:
        upgrade_engine(held.engine)
        for letter in SENT:
            held.ledger.note_accepted(letter, *held.post(letter))
        Process(held.settings).drain()
    return folder / "muster.db", held.ledger


@pytest.fixture
def held(original: tuple[Path, Ledger], tmp_path: Path) -> Iterator[Held]:
    path, ledger = original
    with closing(sqlite3.connect(path)) as database:
        database.execute("VACUUM INTO ?", (str(tmp_path / "muster.db"),))
    with opened(tmp_path) as copy:
        copy.ledger.letters.update(ledger.letters)
        yield copy


@pytest.fixture
def put(held: Held) -> Put:
    """Runs SQL, in which :id is the first article's and :last the last one's, and gives what the checker says."""

    def run(*statements: str) -> Verdict:
        with held.engine.begin() as connection:
            for statement in statements:
                ids = {"id": SENT[0].ids[0], "last": SENT[-1].ids[0]}
                connection.execute(text(statement), {name: ids[name] for name in ids if f":{name}" in statement})
        return check(held.ledger, Tables(held.settings.database_url), held.get)

    return run


def test_checker_finds_nothing_wrong_with_a_register_that_kept_its_promise(put: Put) -> None:
    verdict = put()
    assert verdict.problems == []
    assert (verdict.accepted, verdict.done, verdict.failed) == (4, 4, 0)


def test_checker_counts_what_failed_and_finds_nothing_wrong(put: Put) -> None:
    verdict = put(
        "DELETE FROM claim_locations WHERE row_id IN (SELECT row_id FROM claims WHERE article_id = :id)",
        "DELETE FROM claims WHERE article_id = :id",
        "DELETE FROM change_log WHERE article_id = :id",
        "UPDATE articles SET status = 'failed' WHERE id = :id",
        "UPDATE article_versions SET status = 'failed' WHERE article_id = :id",
        "UPDATE jobs SET state = 'failed' WHERE article_id = :id",
    )
    assert verdict.problems == []
    assert (verdict.done, verdict.failed) == (3, 1)


WRONGS = {
    "lost": ["UPDATE articles SET external_id = 'another' WHERE id = :id"],
    "unsettled": ["UPDATE articles SET status = 'queued' WHERE id = :id"],
    "changed": ["UPDATE article_versions SET text = 'Other words.' WHERE article_id = :id"],
    "doubled": [
        (
            "INSERT INTO change_log (desk_id, revision, at, kind, article_id, version) "
            "SELECT desk_id, revision, at, kind, article_id, version FROM change_log "
            "WHERE article_id = :id AND kind = 'article_done'"
        )
    ],
    "unlike": [
        (
            "UPDATE claims SET body = json_set(body, '$.count.min', 7) WHERE row_id = "
            "(SELECT min(row_id) FROM claims WHERE article_id = :last)"
        )
    ],
    "unasked": [
        (
            "INSERT INTO articles (id, desk_id, external_id, current_version, submitted_at, status) "
            "SELECT 'a_new', desk_id, 'new', 1, submitted_at, 'done' FROM articles WHERE id = :id"
        ),
        (
            "INSERT INTO article_versions (article_id, version, fingerprint, given, text, published_at_source, status, "
            "submitted_at, claims_count) SELECT 'a_new', 1, fingerprint, given, 'New.', published_at_source, status, "
            "submitted_at, 0 FROM article_versions WHERE article_id = :id"
        ),
    ],
    "stuck": ["UPDATE jobs SET owner = 'somebody', lease_until = queued_at WHERE article_id = :id"],
    "miscounted": [
        (
            "UPDATE claim_locations SET region = 'RU-ORL' WHERE row_id IN "
            "(SELECT row_id FROM claims WHERE article_id = :id)"
        )
    ],
}


@pytest.mark.parametrize("wrong", WRONGS)
def test_checker_finds(put: Put, wrong: str) -> None:
    verdict = put(*WRONGS[wrong])
    assert getattr(verdict, wrong)
    assert verdict.problems


def test_checker_finds_a_claim_that_was_stored_twice(put: Put) -> None:
    columns = "desk_id, id, article_id, version, ordinal, kind, status, polarity, count_qualifier, confidence, "
    columns += "reported_at, reported_at_source, body, digest, extractor_name, extractor_version, review, created_at, "
    verdict = put(
        f"INSERT INTO claims ({columns} created_revision, ended_revision) "
        f"SELECT {columns} created_revision, created_revision + 1 FROM claims WHERE article_id = :id"
    )
    assert verdict.doubled


def test_checker_finds_a_claim_that_is_gone(put: Put) -> None:
    chosen = "(SELECT min(row_id) FROM claims WHERE article_id = :id)"
    verdict = put(f"DELETE FROM claim_locations WHERE row_id = {chosen}", f"DELETE FROM claims WHERE row_id = {chosen}")
    assert verdict.unlike


def test_checker_finds_what_was_refused_and_held_all_the_same(put: Put, held: Held) -> None:
    (letter,) = letters([article(5)], name="refused")
    held.post(letter)
    held.ledger.note_refused(letter, 503)
    assert put().unasked == ["refused-0"]


def test_checker_lets_be_held_what_was_never_answered(put: Put, held: Held) -> None:
    (letter,) = letters([article(5)], name="unanswered")
    held.post(letter)
    held.ledger.note_unanswered(letter, ConnectionResetError())
    Process(held.settings).drain()
    assert put().problems == []


def test_ledger_is_a_file_that_names_hash_key_and_id(original: tuple[Path, Ledger]) -> None:
    written = original[1].path.read_text(encoding="utf-8").splitlines()
    lines = [json.loads(line) for line in written]
    assert [line["event"] for line in lines] == ["sent", "accepted"] * 4
    assert [line["id"] for line in lines[1::2]] == [letter.ids[0] for letter in SENT]
    assert all(len(line["sha256"]) == 64 and line["key"] for line in lines)
