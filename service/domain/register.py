"""What the register is asked, and what it answers: submissions, filters, articles and claims as held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from service.domain.claims import (
    Count,
    Evidence,
    Force,
    Kind,
    Outcome,
    Personnel,
    Place,
    Polarity,
    Review,
    Source,
    Status,
    Time,
)
from service.domain.extracted import ArticleToRead
from service.domain.searching import Search

T = TypeVar("T")


class ArticleStatus(StrEnum):
    QUEUED = "queued"
    PROCESSING = "processing"
    DONE = "done"
    FAILED = "failed"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An article as posted: exactly one of `text` and `html`.

    A publication date without a time of day is midnight UTC.
    """

    text: str | None = None
    html: str | None = None
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    author: str | None = None
    published_at: datetime | None = None
    language: str | None = None
    external_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extractor:
    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """The current version of an article. `published_at_source` is given, html, text or none.

    `copy_of` is the id of the article whose text it repeats.
    """

    id: str
    status: ArticleStatus
    version: int
    external_id: str | None
    title: str | None
    url: str | None
    outlet: str | None
    author: str | None
    published_at: datetime | None
    published_at_source: str
    language: str | None
    submitted_at: datetime
    finished_at: datetime | None
    attempts: int
    claims_count: int
    copy_of: str | None
    extractor: Extractor | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """A claim as held. `part_of` is the id of its total; `reported_at_source` is published or submitted.

    `outlet` is that of the article, whoever the attribution names. `extracted` holds the fields that an editor
    corrected, as they were extracted; None where none is. `review_stale`: it was made when the article had been read
    otherwise. `revision` is the one that made the claim what it is.
    """

    id: str
    article_id: str
    kind: Kind
    outcome: Outcome | None
    status: Status
    polarity: Polarity
    force: Force | None
    personnel: Personnel | None
    count: Count
    locations: tuple[Place, ...]
    origin: Place | None
    transport: str | None
    time: Time
    attribution: tuple[Source, ...]
    part_of: str | None
    evidence: tuple[Evidence, ...]
    confidence: float
    reasons: tuple[str, ...]
    review: Review
    review_stale: bool
    extracted: Mapping[str, Any] | None
    outlet: str | None
    reported_at: datetime
    reported_at_source: str
    extractor: Extractor
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """What a review changed: a field of the claim, or its `review`. Both values are as JSON has them."""

    field: str
    from_: Any
    to: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewEntry:
    """One entry in the history of a claim's review. `decision` is None for a mere comment.

    `actor` is the name of the key at that time; `key` its id, None where none was asked for. `claim_id` is the claim
    that was judged, which a later reading of the article may have replaced by another.
    """

    id: int
    at: datetime
    claim_id: str
    article_id: str
    version: int
    decision: Review | None
    changes: tuple[FieldChange, ...]
    comment: str | None
    actor: str
    key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedArticle:
    """An article as it was posted, and the claims of it that stand."""

    article: ArticleToRead
    claims: tuple[ClaimView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """`next_cursor` is None on the last page."""

    data: tuple[T, ...]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFilters:
    """Within a field any value will do; fields combine. Both ends of a span are included."""

    status: tuple[str, ...] = ()
    outlet: tuple[str, ...] = ()
    url: tuple[str, ...] = ()
    external_id: tuple[str, ...] = ()
    submitted_from: date | datetime | None = None
    submitted_to: date | datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFilters:
    """Within a field any value will do; fields combine. Both ends of a span are included.

    Places and forces are names or codes as the user wrote them. A plain date as `reported_to`
    includes that whole day, UTC. min_count, max_count and from_, to ask for an overlap with the
    claim's range; a claim without figure or time overlaps with nothing.
    """

    region: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    force: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    polarity: tuple[str, ...] = ()
    personnel: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    min_count: int | None = None
    max_count: int | None = None
    from_: date | None = None
    to: date | None = None
    reported_from: date | datetime | None = None
    reported_to: date | datetime | None = None
    source: tuple[str, ...] = ()
    outlet: tuple[str, ...] = ()
    article: tuple[str, ...] = ()
    q: tuple[str, ...] = ()


class ClaimSort(StrEnum):
    """Newest, latest, largest, surest first; claims that lack the value come last. "-" turns the first part round."""

    REPORTED_AT = "reported_at"
    REPORTED_AT_REVERSED = "-reported_at"
    TIME = "time"
    TIME_REVERSED = "-time"
    COUNT = "count"
    COUNT_REVERSED = "-count"
    CONFIDENCE = "confidence"
    CONFIDENCE_REVERSED = "-confidence"

    @property
    def key(self) -> str:
        return self.value.removeprefix("-")

    @property
    def descending(self) -> bool:
        return not self.value.startswith("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimQuery:
    """`as_of` asks the register as it stood then; a plain date as it stood at that day's end, UTC. None is now."""

    filters: ClaimFilters = ClaimFilters()
    sort: ClaimSort = ClaimSort.REPORTED_AT
    as_of: date | datetime | None = None


class GroupKey(StrEnum):
    """By what claims may be grouped. day, week, month and year are those of `reported_at`, UTC.

    A claim with several locations counts once in each region and country it names. `origin` is who said it first, as
    estimates tell origins apart; the filter of that name is about where the people set out from.
    """

    REGION = "region"
    COUNTRY = "country"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    FORCE = "force"
    KIND = "kind"
    OUTCOME = "outcome"
    STATUS = "status"
    POLARITY = "polarity"
    PERSONNEL = "personnel"
    REVIEW = "review"
    OUTLET = "outlet"
    SOURCE = "source"
    ORIGIN = "origin"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCondition:
    """A place to look inside: a country, a region, or a town or area by its folded name within either."""

    country: str | None = None
    region: str | None = None
    name_folded: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceCondition:
    country: str | None = None
    group_folded: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimConditions:
    """ClaimFilters with names resolved and checked. Within a field any value will do; fields combine.

    `reported_before` is not included in its span, `reported_from` is. Names are folded.
    """

    region: tuple[PlaceCondition, ...] = ()
    country: tuple[PlaceCondition, ...] = ()
    origin: tuple[PlaceCondition, ...] = ()
    force: tuple[ForceCondition, ...] = ()
    kind: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    polarity: tuple[str, ...] = ()
    personnel: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    min_count: int | None = None
    max_count: int | None = None
    from_: date | None = None
    to: date | None = None
    reported_from: datetime | None = None
    reported_before: datetime | None = None
    source: tuple[str, ...] = ()
    outlet: tuple[str, ...] = ()
    article: tuple[str, ...] = ()
    q: tuple[Search, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Claims that share `keys`. `min` is the lowest figure said, `max` the highest; never a sum or mean.

    A figure open above ("more than 1,000") enters max with its lower end. Vague figures enter neither.
    """

    keys: tuple[str | None, ...]
    claims: int
    articles: int
    min: int | None
    max: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskView:
    """A register of its own: what one desk holds no other sees. `articles` counts them, retracted ones included."""

    id: str
    articles: int


class ChangeKind(StrEnum):
    """What the change feed tells of. A claim is retracted when nothing under its id stands any more."""

    CLAIM_CREATED = "claim_created"
    CLAIM_REVISED = "claim_revised"
    CLAIM_REVIEWED = "claim_reviewed"
    CLAIM_RETRACTED = "claim_retracted"
    STORIES_MERGED = "stories_merged"
    STORY_SPLIT = "story_split"
    ARTICLE_DONE = "article_done"
    ARTICLE_SUPERSEDED = "article_superseded"
    ARTICLE_RETRACTED = "article_retracted"
    ARTICLE_PURGED = "article_purged"


class StoryEffect(StrEnum):
    """What a change did to a story. raised and lowered are about the highest and the lowest of its figures."""

    STORY_CREATED = "story_created"
    FIGURE_RAISED = "figure_raised"
    FIGURE_LOWERED = "figure_lowered"
    NEWLY_DENIED = "newly_denied"
    STORY_ENDED = "story_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """`before` and `after` are the lowest and highest figure; None where there was no story or no figure.

    `by` names who newly denies it.
    """

    effect: StoryEffect
    story: str
    before: tuple[int, int] | None
    after: tuple[int, int] | None
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """One entry of the change feed. `id` grows in the order in which changes became visible to a desk's readers.

    `claim` is the claim as this change left it; None where it was retracted, where the change is none of a claim,
    and where its article has been erased since. `effects` are on the last entry of what was done at once, where they
    were asked for and are not about more claims than can be compared; else None.
    """

    id: int
    revision: int
    at: datetime
    kind: ChangeKind
    article_id: str
    version: int
    claim_id: str | None
    claim: ClaimView | None
    effects: tuple[Effect, ...] | None = None


class Action(StrEnum):
    """What the audit tells of. Bulk deeds of the shell are one entry, with their number as the note."""

    ARTICLE_SUBMITTED = "article_submitted"
    ARTICLE_RETRACTED = "article_retracted"
    ARTICLE_REPROCESSED = "article_reprocessed"
    ARTICLE_RETRIED = "article_retried"
    ARTICLE_PURGED = "article_purged"
    ARTICLE_READMITTED = "article_readmitted"
    CLAIM_REVIEWED = "claim_reviewed"
    STORIES_MERGED = "stories_merged"
    STORY_SPLIT = "story_split"
    DESK_CREATED = "desk_created"
    KEY_CREATED = "key_created"
    KEY_REVOKED = "key_revoked"
    KEY_ROTATED = "key_rotated"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """`actor` is the name of the key at that time; `key` its id, None where none was asked for."""

    id: int
    at: datetime
    action: Action
    actor: str
    key: str | None
    article_id: str | None
    version: int | None
    claim_id: str | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilters:
    """Within a field any value will do; fields combine. Both ends of a span are included."""

    action: tuple[str, ...] = ()
    article: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    at_from: date | datetime | None = None
    at_to: date | datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What is left of an article that was erased. `readmitted_at`: since then it may be posted again."""

    id: str
    purged_at: datetime
    readmitted_at: datetime | None = None
