"""Did the register keep its promise? Asked from outside, of a ledger, the bare tables and HTTP.

For every article that was answered 202:

- it is held, once, with the words that were sent, and ended `done` or `failed`;
- the same words gave the same claims, each stored once, and each reading was kept once;
- nothing is held that was not sent, or was refused;
- nobody holds a lease, and nothing is queued;
- what /claims lists and what /aggregates counts is what stands in the tables.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import psycopg

from service.domain.access import DEFAULT_DESK
from tests.faults.ledger import Ledger, Letter, body_hash

Ask: TypeAlias = Callable[[str], dict[str, Any]]

AWAY = (psycopg.Error, sqlite3.Error)
STANDING = 2**63 - 1
GROUPED_BY = ("region", "kind", "force,kind", "month,country")
SHOWN = 5
"""So many examples of one fault are named."""


@dataclass(slots=True, kw_only=True)
class Verdict:
    """Ids or external ids by what is wrong with them. `failed` are accepted and ended `failed`, which may be."""

    accepted: int
    done: int = 0
    failed: int = 0
    lost: list[str] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unlike: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    miscounted: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """One sentence for each sort of thing that is wrong; none when the promise was kept."""
        told = {
            "accepted and not held": self.lost,
            "accepted and neither done nor failed": self.unsettled,
            "held with other words": self.changed,
            "stored or done more than once": self.doubled,
            "same words, other claims": self.unlike,
            "held without having been accepted": self.unasked,
            "leases or jobs left over": self.stuck,
            "figures that a recount does not give": self.miscounted,
            "answers that break the contract": self.complaints,
        }
        return [f"{len(found)} {what}: {', '.join(found[:SHOWN])}" for what, found in told.items() if found]

    @property
    def missing(self) -> int:
        """Accepted articles that nothing came of."""
        return len(self.lost) + len(self.unsettled)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    id: str
    version: int
    status: str
    text: str
    claims_count: int


class Tables:
    """The tables of a Postgres or SQLite database, over the driver alone. Raises AWAY where they can't be read now."""

    def __init__(self, url: str) -> None:
        self._is_sqlite = url.startswith("sqlite:///")
        self._url = url.removeprefix("sqlite:///") if self._is_sqlite else url.replace("+psycopg", "", 1)
        self._connection: psycopg.Connection | None = None

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        if self._is_sqlite:
            with closing(sqlite3.connect(f"file:{self._url}?mode=ro", uri=True, timeout=30)) as database:
                return database.execute(query).fetchall()
        try:
            return self._connected().execute(query.encode()).fetchall()
        except psycopg.OperationalError:
            # The server may have been started again meanwhile.
            self.close()
            return self._connected().execute(query.encode()).fetchall()

    def _connected(self) -> psycopg.Connection:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._url, connect_timeout=5, autocommit=True)
            self._connection.execute("SET timezone = 'UTC'")
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def settled(self) -> int:
        """Jobs that ended."""
        return int(self.rows("SELECT count(*) FROM jobs WHERE state IN ('done', 'failed')")[0][0])

    def open(self) -> int:
        """Jobs that wait or are worked on."""
        return int(self.rows("SELECT count(*) FROM jobs WHERE state NOT IN ('done', 'failed')")[0][0])


def check(ledger: Ledger, tables: Tables, ask: Ask, *, desk: str = DEFAULT_DESK) -> Verdict:
    """Of one desk. `ask` gets a path of a running API on these tables. Nothing may be going on any more."""
    verdict = Verdict(accepted=len(ledger.accepted()), complaints=list(ledger.complaints))
    held = _held(tables, desk)
    _check_articles(verdict, ledger, held)
    _check_claims(verdict, tables, held, desk)
    check_jobs(verdict, tables, desk)
    check_counts(verdict, tables, ask, desk)
    return verdict


def _held(tables: Tables, desk: str) -> dict[str, list[_Held]]:
    """By external_id."""
    found: dict[str, list[_Held]] = defaultdict(list)
    query = (
        "SELECT a.external_id, a.id, a.current_version, a.status, v.status, v.text, v.claims_count FROM articles a "
        "JOIN article_versions v ON v.article_id = a.id AND v.version = a.current_version "
        f"WHERE a.desk_id = '{desk}'"
    )
    for external_id, id_, version, status, version_status, text, claims_count in tables.rows(query):
        told = status if status == version_status else f"{status}, and its version {version_status}"
        found[external_id].append(
            _Held(id=id_, version=version, status=told, text=text or "", claims_count=claims_count)
        )
    return found


def _check_articles(verdict: Verdict, ledger: Ledger, held: Mapping[str, Sequence[_Held]]) -> None:
    letters = {letter.external_id: letter for letter in ledger.letters.values()}
    for letter in ledger.accepted():
        _check_article(verdict, letter, held.get(letter.external_id, ()))
    for external_id in held:
        sent = letters.get(external_id)
        if sent is None or not sent.may_be_held:
            verdict.unasked.append(str(external_id))


def _check_article(verdict: Verdict, letter: Letter, held: Sequence[_Held]) -> None:
    if not held or set(letter.ids) - {one.id for one in held}:
        verdict.lost.append(letter.external_id)
        return
    if len(held) > 1 or len(set(letter.ids)) > 1 or held[0].version > 1:
        verdict.doubled.append(letter.external_id)
    # Of a page the article found in it is held.
    if letter.body == "text" and body_hash(held[0].text) != body_hash(letter.text):
        verdict.changed.append(letter.external_id)
    if held[0].status == "done":
        verdict.done += 1
    elif held[0].status == "failed":
        verdict.failed += 1
    else:
        verdict.unsettled.append(letter.external_id)


def _check_claims(verdict: Verdict, tables: Tables, held: Mapping[str, Sequence[_Held]], desk: str) -> None:
    by_article: dict[str, list[tuple[str, str, bool]]] = defaultdict(list)
    query = f"SELECT article_id, id, body, ended_revision FROM claims WHERE desk_id = '{desk}'"
    for article, claim, body, ended in tables.rows(query):
        by_article[article].append((claim, _canonical(body), ended == STANDING))
    times_done = Counter(
        article for (article,) in tables.rows("SELECT article_id FROM change_log WHERE kind = 'article_done'")
    )
    read: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for article in (one for several in held.values() for one in several):
        rows = by_article.pop(article.id, [])
        standing = [body for _, body, stands in rows if stands]
        expected = article.claims_count if article.status == "done" else 0
        if len(rows) != len({claim for claim, _, _ in rows}) or times_done[article.id] > 1 or len(rows) > len(standing):
            verdict.doubled.append(article.id)
        elif len(standing) != expected or times_done[article.id] != (article.status == "done"):
            verdict.unlike.append(article.id)
        if article.status == "done":
            read[body_hash(article.text)].add(tuple(sorted(standing)))
    verdict.unlike += [f"sha256 {words}" for words, readings in read.items() if len(readings) > 1]
    verdict.unasked += [f"claims of {article}" for article in by_article]


def _canonical(body: Any) -> str:
    return json.dumps(json.loads(body) if isinstance(body, str) else body, sort_keys=True)


def check_jobs(verdict: Verdict, tables: Tables, desk: str = DEFAULT_DESK) -> None:
    query = (
        "SELECT article_id, state FROM jobs WHERE (state NOT IN ('done', 'failed') OR owner IS NOT NULL "
        f"OR lease_until IS NOT NULL) AND article_id IN (SELECT id FROM articles WHERE desk_id = '{desk}')"
    )
    verdict.stuck += [f"{article} ({state})" for article, state in tables.rows(query)]
    orphans = tables.rows(
        "SELECT a.id FROM articles a LEFT JOIN jobs j ON j.article_id = a.id AND j.version = a.current_version "
        f"WHERE a.desk_id = '{desk}' AND (j.id IS NULL OR (j.state <> a.status AND j.state IN ('done', 'failed') "
        "AND a.status <> 'retracted'))"
    )
    verdict.stuck += [f"{article} (its job says otherwise)" for (article,) in orphans]


def check_counts(verdict: Verdict, tables: Tables, ask: Ask, desk: str = DEFAULT_DESK) -> None:
    query = (
        f"SELECT id, article_id, body, reported_at FROM claims WHERE ended_revision = {STANDING} AND desk_id = '{desk}'"
    )
    claims = [
        (id_, article, json.loads(body) if isinstance(body, str) else body, str(reported_at)[:7])
        for id_, article, body, reported_at in tables.rows(query)
    ]
    listed = Counter(_listed(ask))
    counted = Counter(id_ for id_, *_ in claims)
    verdict.miscounted += [
        f"/claims lists {id_} {listed[id_]} times"
        for id_ in listed.keys() | counted.keys()
        if listed[id_] != counted[id_]
    ]
    for keys in GROUPED_BY:
        told = ask(f"/aggregates?group_by={keys}")["data"]
        got = {
            tuple(group[key] for key in keys.split(",")): (
                group["claims"],
                group["articles"],
                group["min"],
                group["max"],
            )
            for group in told
        }
        if got != _recount(claims, keys.split(",")):
            verdict.miscounted.append(f"/aggregates?group_by={keys}")


def _listed(ask: Ask) -> Iterable[str]:
    path: str | None = "/claims?limit=200"
    while path:
        page = ask(path)
        yield from (claim["id"] for claim in page["data"])
        path = f"/claims?limit=200&cursor={page['next_cursor']}" if page["next_cursor"] else None


def _recount(
    claims: Iterable[tuple[str, str, dict[str, Any], str]], keys: Sequence[str]
) -> dict[tuple[str | None, ...], tuple[int, int, int | None, int | None]]:
    groups: dict[tuple[str | None, ...], list[tuple[str, str, dict[str, Any]]]] = defaultdict(list)
    for id_, article, body, month in claims:
        for group in _groups_of(body, month, keys):
            groups[group].append((id_, article, body["count"]))
    return {group: _figures(members) for group, members in groups.items()}


def _groups_of(body: Mapping[str, Any], month: str, keys: Sequence[str]) -> set[tuple[str | None, ...]]:
    single = {
        "kind": body["kind"],
        "month": month,
        "force": (body["force"] or {}).get("country") or (body["force"] or {}).get("group"),
    }
    of_places = [key for key in keys if key not in single]
    places = [place for place in body["locations"] if any(place[key] for key in of_places)]
    # Who names a region and the country around it is in that region, and not in none as well.
    places = places or [{"region": None, "country": None}]
    return {tuple(single[key] if key in single else place[key] for key in keys) for place in places}


def _figures(members: Sequence[tuple[str, str, dict[str, Any]]]) -> tuple[int, int, int | None, int | None]:
    counts = [count for _, _, count in members if count["qualifier"] != "vague"]
    least = [count["min"] for count in counts if count["min"] is not None]
    most = [
        figure for count in counts if (figure := count["max"] if count["max"] is not None else count["min"]) is not None
    ]
    return (
        len({id_ for id_, *_ in members}),
        len({article for _, article, _ in members}),
        min(least, default=None),
        max(most, default=None),
    )
