"""A register in memory, as far as taking in articles needs one, and a gazetteer of a few places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from service.domain.claims import PlaceLevel
from service.domain.errors import AmbiguousPlaceError, UnknownPlaceError
from service.domain.identity import ArticleKeys, article_keys
from service.domain.places.folding import fold
from service.domain.register import ArticleStatus, ArticleView, Submission
from service.storage.articles import ArticleName, RememberedRequest


@dataclass
class FakeArticles:
    held: dict[str, ArticleName] = field(default_factory=dict)
    keys: dict[str, ArticleKeys] = field(default_factory=dict)
    submissions: dict[str, Submission] = field(default_factory=dict)
    remembered: dict[str, tuple[datetime, RememberedRequest]] = field(default_factory=dict)
    keys_in_use: bool = False
    rival: Submission | None = None
    """Taken in by somebody else just when we look away for the first time."""

    def lock_named(self, keys: ArticleKeys, *, desk: str) -> tuple[ArticleName, ...]:
        return tuple(self.held[id_] for id_ in sorted(self.held) if _shares_a_name(self.keys[id_], keys))

    def add(
        self, article_id: str, submission: Submission, keys: ArticleKeys, print_: str, *, desk: str, now: datetime
    ) -> bool:
        if self.rival is not None:
            rival, self.rival = self.rival, None
            self._put("a_rival", rival, article_keys(rival), print_, version=1)
            return False
        self._put(article_id, submission, keys, print_, version=1)
        return True

    def add_version(self, article_id: str, version: int, submission: Submission, print_: str, *, now: datetime) -> None:
        self._put(article_id, submission, self.keys[article_id], print_, version=version)

    def rename(self, article_id: str, submission: Submission) -> bool:
        self.keys[article_id] = article_keys(submission)
        held = self.held[article_id]
        self.held[article_id] = replace(held, external_id=submission.external_id, url=submission.url)
        return True

    def hold_key(self, key: str, *, desk: str) -> bool:
        return not self.keys_in_use

    def recall(self, key: str, *, desk: str, since: datetime) -> RememberedRequest | None:
        at, request = self.remembered.get(key, (None, None))
        return request if at is not None and at >= since else None

    def remember(
        self, key: str, *, desk: str, request: str, article_id: str, accepted: bool, forget: datetime, now: datetime
    ) -> None:
        self.remembered[key] = (now, RememberedRequest(request=request, article_id=article_id, accepted=accepted))

    def find(self, article_id: str, *, desk: str) -> ArticleView | None:
        held, submission = self.held[article_id], self.submissions[article_id]
        return ArticleView(
            id=article_id,
            status=held.status,
            version=held.version,
            external_id=held.external_id,
            title=submission.title,
            url=held.url,
            outlet=submission.outlet,
            author=submission.author,
            published_at=submission.published_at,
            published_at_source="given" if submission.published_at else "none",
            language=submission.language,
            submitted_at=datetime.min.replace(tzinfo=UTC),
            finished_at=None,
            attempts=0,
            claims_count=0,
            copy_of=None,
            extractor=None,
            error=None,
        )

    def retract(self, article_id: str) -> None:
        self.held[article_id] = replace(self.held[article_id], status=ArticleStatus.RETRACTED)

    def _put(self, id_: str, submission: Submission, keys: ArticleKeys, print_: str, *, version: int) -> None:
        self.submissions[id_] = submission
        self.keys[id_] = keys
        self.held[id_] = ArticleName(
            id=id_,
            external_id=submission.external_id,
            url=submission.url,
            version=version,
            status=ArticleStatus.QUEUED,
            fingerprint=print_,
        )


@dataclass
class FakeClaims:
    ended: list[tuple[str, int, str]] = field(default_factory=list)

    def end_all(self, article_id: str, version: int, *, reason: str, desk: str, now: datetime) -> None:
        self.ended.append((article_id, version, reason))


@dataclass
class FakeJobs:
    queued: list[tuple[str, int]] = field(default_factory=list)

    def enqueue(self, article_id: str, version: int, now: datetime) -> None:
        self.queued.append((article_id, version))


@dataclass
class FakeAudit:
    actions: list[str] = field(default_factory=list)

    def record(self, action: str, **_: Any) -> None:
        self.actions.append(action)


@dataclass
class FakePurges:
    erased: dict[str, str] = field(default_factory=dict)
    """Ids by key."""

    def known(self, keys: Sequence[str], *, desk: str) -> str | None:
        return next((self.erased[key] for key in keys if key in self.erased), None)


@dataclass
class FakeUnitOfWork:
    articles: FakeArticles = field(default_factory=FakeArticles)
    claims: FakeClaims = field(default_factory=FakeClaims)
    jobs: FakeJobs = field(default_factory=FakeJobs)
    audit: FakeAudit = field(default_factory=FakeAudit)
    purges: FakePurges = field(default_factory=FakePurges)
    commits: int = 0

    def commit(self) -> None:
        self.commits += 1


def _shares_a_name(one: ArticleKeys, other: ArticleKeys) -> bool:
    pairs = ((one.external, other.external), (one.url, other.url), (one.text, other.text))
    return any(a is not None and a == b for a, b in pairs)


@dataclass(frozen=True)
class FakePlace:
    code: str
    name: str
    level: PlaceLevel
    region: str | None
    country: str | None
    lat: float | None = None
    lon: float | None = None
    members: tuple[str, ...] = ()


class FakePlaces:
    """Kursk Oblast, Sudzha in it, an area made of two regions, Russia, and two Georgias."""

    def __init__(self) -> None:
        georgia = FakePlace("GE", "Georgia", PlaceLevel.COUNTRY, None, "GE")
        self.names: dict[str, list[FakePlace]] = {
            "kursk": [FakePlace("RU-KRS", "Kursk Oblast", PlaceLevel.REGION, "RU-KRS", "RU")],
            "sudzha": [FakePlace("geonames:484907", "Sudzha", PlaceLevel.CITY, "RU-KRS", "RU")],
            "kursk and bryansk": [
                FakePlace("area:kb", "Kursk and Bryansk", PlaceLevel.AREA, None, None, members=("RU-KRS", "RU-BRY"))
            ],
            "russia": [FakePlace("RU", "Russia", PlaceLevel.COUNTRY, None, "RU")],
            "georgia": [georgia, FakePlace("US-GA", "Georgia", PlaceLevel.REGION, "US-GA", "US")],
            "ge": [FakePlace("IN-GE", "Somewhere", PlaceLevel.REGION, "IN-GE", "IN")],
        }

    def lookup(self, folded: str) -> Sequence[Any]:
        return self.names.get(folded, [])

    def codes_within(self, record: FakePlace) -> Sequence[str]:
        code = record.region or record.country
        return record.members or ((code,) if code else ())

    def by_code(self, code: str) -> Any:
        return next((place for places in self.names.values() for place in places if place.code == code), None)

    def search(self, q: str, limit: int) -> Sequence[Any]:
        return [place for name, places in self.names.items() if name.startswith(fold(q)) for place in places][:limit]

    def resolve(self, name: str) -> Any:
        places = self.lookup(fold(name))
        if not places:
            raise UnknownPlaceError(name, suggestions=["Kursk Oblast"])
        if len(places) > 1:
            raise AmbiguousPlaceError(name, candidates=[(place.code, place.name) for place in places])
        return places[0]

    def country_by_adjective(self, folded: str) -> str | None:
        return {"russian": "RU"}.get(folded)

    def adjective_of(self, country: str) -> str | None:
        return None
