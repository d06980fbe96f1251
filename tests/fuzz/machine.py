"""A register asked at random, as openapi.yaml allows and as it doesn't, by callers with every key and with none.

Between the questions a worker reads what waits. Beside it lies another desk with articles of its own, of which nobody
here may see a word. At the end nothing that was accepted is lost, and the other desk is as it was.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import schemathesis
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Engine

from service.app import create_app
from service.domain.access import Scope
from service.enqueue import NullWaker
from service.settings import Settings
from service.storage.engine import create_engine
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.keys import create_desk, create_key
from tests.faults.checker import Tables, Verdict, check, check_counts, check_jobs
from tests.faults.extractors import Quick, article
from tests.faults.ledger import Ledger, Letter
from tests.fuzz.target import bounded
from worker.jobs import Worker
from worker.owners import lease_names

CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SECRET: Final = "Xylophagous"
"""Stands in each article of the other desk, and nowhere else."""
STEPS: Final = 30
STAYING: Final = {"x-content-type-options": "nosniff", "cache-control": "no-store", "x-frame-options": "DENY"}
CHANGES: Final = (
    "DELETE /articles/{id}",
    "POST /articles/{id}/reprocess",
    "POST /articles/{id}/retry",
    "POST /articles/{id}/purge",
    "POST /articles/{id}/readmit",
)
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody with a key, or without one: then `scopes` is what the register lets everybody do."""

    headers: Mapping[str, str]
    scopes: frozenset[Scope]


class Front:
    """Stands before the application as a server does: it tells that requests come from this machine.

    What a caller shows it adds itself, since schemathesis leaves keys out of some requests to see what happens.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.shown: Mapping[str, str] = {}

    def __call__(self, environ: Mapping[str, Any], start: Callable[..., Any]) -> Any:
        kept = {name: value for name, value in environ.items() if name != "HTTP_AUTHORIZATION"}
        shown = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in self.shown.items()}
        return self._app({**kept, **shown, "REMOTE_ADDR": "127.0.0.1"}, start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A register to be asked, and the operations of its specification by method and path.

    `keyed` says whether keys are made. Each machine gets desks of its own.
    """

    app: Flask
    front: Front
    operations: Mapping[str, Any]
    engine: Engine
    settings: Settings
    tables: Tables
    worker: Worker
    folder: Path
    keyed: bool


@contextmanager
def open_store(settings: Settings, *, keyed: bool) -> Iterator[Store]:
    """On a migrated database that nobody made a key for."""
    engine = create_engine(settings)
    worker = Worker(
        open_work=lambda: UnitOfWork(engine),
        read_work=lambda: UnitOfWork.reading(engine),
        extractor=Quick(read_s=0.0),
        settings=settings,
        owners=lease_names(),
    )
    tables = Tables(settings.database_url)
    app = create_app(settings, engine=engine, waker=NullWaker())
    front = Front(app)
    schema = schemathesis.openapi.from_wsgi("/openapi.yaml", front)
    operations = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    try:
        yield Store(
            app=app,
            front=front,
            operations={operation.label: operation for operation in operations},
            engine=engine,
            settings=settings,
            tables=tables,
            worker=worker,
            folder=settings.data_dir,
            keyed=keyed,
        )
    finally:
        tables.close()
        engine.dispose()


def ask_at_random(store: Store, *, examples: int, numbered: int | None = None) -> int:
    """Runs so many machines, and returns how many it were. Raises what broke the contract."""
    made = 0

    class Machine(Asking):
        def __init__(self) -> None:
            nonlocal made
            made += 1
            super().__init__(store)

    if numbered is not None:
        Machine._hypothesis_internal_use_seed = numbered
    run_state_machine_as_test(Machine, settings=bounded(examples, numbered=numbered, steps=STEPS, shrinks=False))
    return made


class Asking(RuleBasedStateMachine):
    """One run: a desk that is asked, and one that is left alone."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.client = store.app.test_client()
        number = next(_numbers)
        self.desk, self.other = f"asked-{number}", f"left-{number}"
        self.accepted: dict[str, str | None] = {}
        self.purged: set[str] = set()
        self.names: list[str] = []
        self.ledger = Ledger(store.folder / f"ledger-{number}.jsonl")
        self._open_desks()
        self.callers = self._callers()
        self.everybody = self.callers[0]
        self.theirs = self._post_theirs()

    # ---- what lies there before

    def _open_desks(self) -> None:
        with UnitOfWork(self.store.engine) as work:
            for desk in (self.desk, self.other):
                create_desk(work, desk, now=datetime.now(UTC))
            work.commit()

    def _callers(self) -> list[Caller]:
        """One with every scope first."""
        if not self.store.keyed:
            return [Caller(headers={"Muster-Desk": self.desk}, scopes=frozenset(Scope))]
        callers = [self._with_key(self.desk, *Scope), *(self._with_key(self.desk, scope) for scope in Scope)]
        nobody = [{}, {"Authorization": "Bearer muster_x"}, {"Authorization": "Basic eDp5"}]
        return [*callers, *(Caller(headers=headers, scopes=frozenset()) for headers in nobody)]

    def _with_key(self, desk: str, *scopes: Scope) -> Caller:
        with UnitOfWork(self.store.engine) as work:
            made = create_key(
                work, "fuzz", scopes=scopes, desks=(desk,), now=datetime.now(UTC),
                random=lambda size: hashlib.shake_256(f"{desk} {scopes}".encode()).digest(size),
            )  # fmt: skip
            work.commit()
        return Caller(headers={"Authorization": f"Bearer {made.token.written()}"}, scopes=frozenset(scopes))

    def _post_theirs(self) -> dict[str, str]:
        """Two articles of the other desk, which are read. Gives the headers to ask for them."""
        headers = {"Muster-Desk": self.other}
        if self.store.keyed:
            headers = dict(self._with_key(self.other, *Scope).headers)
        for number in range(2):
            letter = Letter(key=f"key-{number}", external_id=f"theirs-{number}", text=f"{article(number)}\n{SECRET}")
            self.ledger.note_sending(letter)
            sent = {"text": letter.text, "external_id": letter.external_id, "outlet": SECRET, "title": SECRET}
            answer = self.client.post("/articles", json=sent, headers=headers)
            assert answer.status_code == 202
            self.ledger.note_accepted(letter, answer.get_json()["id"], 202)
        self._drain()
        return headers

    # ---- what is done at random

    @rule(data=st.data())
    def ask_anything(self, data: st.DataObject) -> None:
        label = data.draw(st.sampled_from(sorted(self.store.operations)))
        self._ask(data, label, data.draw(st.one_of(st.just(self.everybody), st.sampled_from(self.callers))))

    @rule(data=st.data(), change=st.sampled_from(CHANGES))
    def change_an_article(self, data: st.DataObject, change: str) -> None:
        self._ask(data, change, self.everybody, mode=GenerationMode.POSITIVE)

    @initialize(number=st.integers(0, 3))
    def post_one(self, number: int) -> None:
        self.post(number=number, said="", named=True)

    @rule(number=st.integers(0, 3), said=st.sampled_from(["", "", "again", "RAISE"]), named=st.booleans())
    def post(self, number: int, said: str, named: bool) -> None:
        """An article of ours: new, the same, changed, or one that can't be read."""
        text = f"RAISE {article(number)}" if said == "RAISE" else f"{article(number)}\n{said}"
        body = {"text": text, **({"external_id": f"ours-{number}"} if named else {})}
        answer = self.client.post("/articles", json=body, headers=self.everybody.headers)
        # It may have been erased for good meanwhile.
        assert answer.status_code in (200, 202, 409), answer.get_data(as_text=True)
        if answer.status_code in (200, 202):
            self.accepted[answer.get_json()["id"]] = text

    @rule()
    def read(self) -> None:
        self._drain()

    # ---- how it is done

    def _ask(self, data: st.DataObject, label: str, caller: Caller, *, mode: GenerationMode | None = None) -> None:
        operation = self.store.operations[label]
        chosen = mode or data.draw(st.sampled_from(GenerationMode))
        case = data.draw(operation.as_strategy(generation_mode=chosen))
        theirs = (id_ for letter in self.ledger.accepted() for id_ in letter.ids)
        known = [*3 * [*self.accepted, *self.names], *theirs]
        if case.path_parameters and data.draw(st.integers(0, 5)):
            case.path_parameters["id"] = data.draw(st.sampled_from(known))
        # A made-up desk or key is refused before anything is looked at, and nobody has time to wait.
        for name in [name for name in case.headers if name.lower() in ("muster-desk", "authorization", "prefer")]:
            del case.headers[name]
        self.store.front.shown = caller.headers
        answer = case.call()
        self._look_at(case, answer, operation, caller)

    def _look_at(self, case: Any, answer: Any, operation: Any, caller: Caller) -> None:
        case.validate_response(answer, checks=CHECKS, headers=dict(caller.headers))
        held = {name.lower(): values for name, values in answer.headers.items()}
        for name, value in STAYING.items():
            assert value in str(held.get(name)), f"{operation.label} answered without {name}"
        assert SECRET not in answer.text, f"{operation.label} told of another desk"
        needed = {Scope(scope) for one in operation.definition.raw["security"] for scope in one.get("key", ())}
        refused = answer.status_code in (401, 403)
        told = f"{operation.label} answered {answer.status_code} to {dict(answer.request.headers)}: {answer.text}"
        # What leads to no route is told to everybody alike.
        assert refused != (needed <= caller.scopes) or "There is nothing at" in answer.text, told
        if answer.status_code >= 300 or operation.label == "GET /metrics":
            return
        if operation.label == "POST /articles":
            # Its words can't be told from the request alone: of JSON, text or HTML, and of what was held before.
            self.accepted.setdefault(answer.json()["id"], None)
        if operation.label.endswith("/purge"):
            self.purged.add(case.path_parameters["id"])
        if operation.label == "GET /claims":
            self.names += [one["id"] for one in answer.json()["data"][:2]]

    def _drain(self) -> None:
        while self.store.worker.drain(for_s=60.0).more or self.store.tables.open():
            pass

    # ---- what holds in the end

    def teardown(self) -> None:
        try:
            self._drain()
            for id_, text in self.accepted.items():
                self._is_kept(id_, text)
            verdict = Verdict(accepted=len(self.accepted))
            check_jobs(verdict, self.store.tables, self.desk)
            check_counts(verdict, self.store.tables, self._asker(self.everybody.headers), self.desk)
            assert verdict.problems == []
            theirs = check(self.ledger, self.store.tables, self._asker(self.theirs), desk=self.other)
            assert theirs.problems == []
            assert theirs.done == 2
        finally:
            self.ledger.close()

    def _is_kept(self, id_: str, text: str | None) -> None:
        answer = self.client.get(f"/articles/{id_}", headers=self.everybody.headers)
        if id_ in self.purged and answer.status_code == 410:
            return
        assert answer.status_code == 200, f"{id_} was accepted and is not held"
        assert answer.get_json()["status"] in ("done", "failed", "retracted")
        if text is not None:
            held = self.client.get(f"/articles/{id_}/text", headers=self.everybody.headers)
            assert held.get_data(as_text=True) == text

    def _asker(self, headers: Mapping[str, str]) -> Any:
        return lambda path: json.loads(self.client.get(path, headers=headers).get_data())


def settings_for(folder: Path, database_url: str) -> Settings:
    """No limit of requests, and a worker that gives an article up at once."""
    return Settings(
        data_dir=folder, database_url=database_url, threads=4, rate_per_minute=0, max_attempts=1, batch=20, workers=1
    )
