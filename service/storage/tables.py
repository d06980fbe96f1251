"""The tables. Nothing that was said is deleted, unless the law wants it: claims end, versions are superseded.

Revisions. `desks.revision` counts the transactions that changed what readers of claims see. A
writer raises it with an UPDATE, whose row lock it holds until it commits, so revisions become
visible in their own order. A claim row stands at revision R when
`created_revision <= R < ended_revision`; that is how a reader's pages stay those of one moment.
A claim that changes keeps its id and gets a new row; the old row ends.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from service.storage.search_types import SearchedWords
from service.storage.types import Json, Key, UtcDateTime

STANDING = 2**63 - 1
"""`ended_revision` of a claim row that has not ended."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

desks = Table(
    "desks",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("revision", Key, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("secret_hash", String(64), nullable=False),
    Column("scopes", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
)
"""A key that was revoked stays, so that what it did can be told. `secret_hash` is SHA-256 in hex."""

api_key_desks = Table(
    "api_key_desks",
    metadata,
    Column("key_id", String(16), ForeignKey("api_keys.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("desk_id", String(64), ForeignKey("desks.id"), nullable=False),
    UniqueConstraint("key_id", "desk_id"),
)
"""The desk with ordinal 0 is the one meant where a request names none."""

# The keys are hashes of what identifies an article, so that a long url fits an index.
# text_key is set only on an article that has neither external_id nor url.
articles = Table(
    "articles",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("desk_id", String(64), ForeignKey("desks.id"), nullable=False),
    Column("external_id", Text),
    Column("url", Text),
    Column("external_key", String(64)),
    Column("url_key", String(64)),
    Column("text_key", String(64)),
    Column("current_version", Integer, nullable=False),
    Column("submitted_at", UtcDateTime, nullable=False),
    Column("status", String(16), nullable=False),
    UniqueConstraint("desk_id", "external_key"),
    UniqueConstraint("desk_id", "url_key"),
    UniqueConstraint("desk_id", "text_key"),
    Index("ix_articles_desk_id_submitted_at_id", "desk_id", "submitted_at", "id"),
    Index("ix_articles_desk_id_status_submitted_at_id", "desk_id", "status", "submitted_at", "id"),
)
"""`submitted_at` and `status` are those of the current version, kept here to list by."""

article_versions = Table(
    "article_versions",
    metadata,
    Column("article_id", String(64), ForeignKey("articles.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("fingerprint", String(64), nullable=False),
    Column("given", Json, nullable=False),
    Column("text", Text),
    Column("html", Text),
    Column("title", Text),
    Column("url", Text),
    Column("outlet", Text),
    Column("outlet_folded", Text),
    Column("author", Text),
    Column("published_at", UtcDateTime),
    Column("published_at_source", String(8), nullable=False),
    Column("language", Text),
    Column("status", String(16), nullable=False),
    Column("error", Text),
    Column("submitted_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("extractor_name", String(64)),
    Column("extractor_version", String(64)),
    Column("claims_count", Integer, nullable=False),
    Column("diagnostics", Json),
    CheckConstraint("status IN ('queued', 'processing', 'done', 'failed', 'retracted')", name="status"),
    CheckConstraint("text IS NOT NULL OR html IS NOT NULL", name="body"),
    Index("ix_article_versions_extractor", "extractor_version", "status"),
)
"""`given` is the metadata as posted; title, outlet, published_at and language beside it are what
readers see, which extraction may have filled in. `text` is null for HTML not yet read."""

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("desk_id", String(64), ForeignKey("desks.id"), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("article_id", String(64), nullable=False),
    Column("accepted", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_idempotency_keys_created_at", "created_at"),
)
"""`key` and `request` are hashes: what a client called its request, and what it held."""

jobs = Table(
    "jobs",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=True),
    Column("article_id", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(8), nullable=False),
    Column("attempt", Integer, nullable=False, default=0),
    Column("deaths", Integer, nullable=False, default=0),
    Column("lease_until", UtcDateTime),
    Column("owner", String(128)),
    Column("alone", Boolean, nullable=False, default=False),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("reason", Text),
    Column("request_id", String(128)),
    Column("traceparent", String(64)),
    ForeignKeyConstraint(["article_id", "version"], ["article_versions.article_id", "article_versions.version"]),
    UniqueConstraint("article_id", "version"),
    CheckConstraint("state IN ('queued', 'leased', 'running', 'done', 'failed')", name="state"),
    Index("ix_jobs_state_queued_at_id", "state", "queued_at", "id"),
    Index("ix_jobs_state_lease_until", "state", "lease_until"),
    sqlite_autoincrement=True,
)
"""`request_id` and `traceparent` are those of the request that queued it last, where one did."""

tallies = Table(
    "tallies",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("label", String(32), primary_key=True),
    Column("value", Double, nullable=False),
)
"""See service/domain/tallies.py."""

claims = Table(
    "claims",
    metadata,
    Column("row_id", Key, primary_key=True, autoincrement=True),
    Column("desk_id", String(64), ForeignKey("desks.id"), nullable=False),
    Column("id", String(64), nullable=False),
    Column("article_id", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("outcome", String(24)),
    Column("status", String(16), nullable=False),
    Column("polarity", String(16), nullable=False),
    Column("force_country", String(8)),
    Column("force_group", Text),
    Column("force_group_folded", Text),
    Column("personnel", String(24)),
    Column("count_min", Key),
    Column("count_max", Key),
    Column("count_qualifier", String(16), nullable=False),
    Column("count_additional", Boolean, nullable=False),
    Column("basis", String(16), nullable=False),
    Column("time_start", Date),
    Column("time_end", Date),
    Column("origin_name", Text),
    Column("origin_name_folded", Text),
    Column("origin_region", String(16)),
    Column("origin_country", String(8)),
    Column("speaker", Text),
    Column("speaker_key", String(200), nullable=False),
    Column("speaker_name", Text),
    Column("speaker_named", Boolean, nullable=False, server_default=true()),
    Column("outlet", Text),
    Column("outlet_folded", Text),
    Column("confidence", Float, nullable=False),
    Column("reported_at", UtcDateTime, nullable=False),
    Column("reported_at_source", String(16), nullable=False),
    Column("part_of", String(64)),
    Column("body", Json, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("extractor_name", String(64), nullable=False),
    Column("extractor_version", String(64), nullable=False),
    Column("review", String(16), nullable=False),
    Column("review_stale", Boolean, nullable=False, server_default=false()),
    Column("review_thread", String(64)),
    Column("extracted", Json),
    Column("created_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("created_revision", Key, nullable=False),
    Column("ended_revision", Key, nullable=False),
    ForeignKeyConstraint(["article_id", "version"], ["article_versions.article_id", "article_versions.version"]),
    # One standing row to an id: a re-run can't store a claim twice.
    UniqueConstraint("desk_id", "id", "ended_revision"),
    Index("ix_claims_article", "article_id", "ordinal"),
    Index("ix_claims_reported_at", "desk_id", "reported_at", "id"),
    # Beyond its order, these hold all that estimates and aggregates ask of a claim, so that neither reads the table,
    # whose rows are ten times as wide. No name of any length is among them: Postgres takes none in an index.
    Index(
        "ix_claims_force",
        *("desk_id", "force_country", "reported_at", "id", "row_id", "created_revision", "ended_revision", "review"),
        *("article_id", "speaker_key", "kind", "outcome", "basis", "status", "polarity", "count_additional"),
        *("count_qualifier", "count_min", "count_max", "part_of", "speaker_named"),
    ),
    Index(
        "ix_claims_counted",
        *("desk_id", "reported_at", "row_id", "created_revision", "ended_revision", "article_id", "kind"),
        *("count_qualifier", "count_min", "count_max"),
    ),
    Index("ix_claims_group", "desk_id", "force_group_folded"),
    Index("ix_claims_time", "desk_id", "time_start", "time_end"),
    Index("ix_claims_outlet", "desk_id", "outlet_folded"),
    # Few claims are ever judged, so this one stays small.
    Index(
        "ix_claims_review",
        "desk_id",
        "review",
        "reported_at",
        "id",
        sqlite_where=text("review <> 'unreviewed'"),
        postgresql_where=text("review <> 'unreviewed'"),
    ),
    Index(
        "ix_claims_denied",
        "desk_id",
        "force_country",
        sqlite_where=text("polarity = 'denied'"),
        postgresql_where=text("polarity = 'denied'"),
    ),
    sqlite_autoincrement=True,
)
"""Filter columns beside the claim as JSON, as an editor corrected it. `extracted` holds the corrected fields as they
were extracted. `digest` is of all that extraction gives a reader to see, so that a re-run can tell what changed;
`count_*` of a vague figure are for filtering only. `*_folded` are names as they are compared. `speaker_key` and
`speaker_name` are the claim's origin (service.domain.origins): who said it first, under one key for all that count as
one speaker; `speaker_named` is whether `speaker` is there. `origin_*` is where the people set out from.
`review_thread` is the id under which the claim's reviews began; None where it never had one."""

# Repeats what a page of one region needs, so that its index alone finds and orders it.
# The `first_in_*` rows are one to a claim: a claim about two towns of a region is listed once.
claim_locations = Table(
    "claim_locations",
    metadata,
    Column("row_id", Key, ForeignKey("claims.row_id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("desk_id", String(64), nullable=False),
    Column("claim_id", String(64), nullable=False),
    Column("reported_at", UtcDateTime, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_folded", Text, nullable=False),
    Column("level", String(16), nullable=False),
    Column("region", String(16)),
    Column("country", String(8)),
    Column("first_in_region", Boolean, nullable=False),
    Column("first_in_country", Boolean, nullable=False),
    Index("ix_claim_locations_name", "desk_id", "name_folded", "region"),
    Index("ix_claim_locations_region", "desk_id", "region", "first_in_region", "reported_at", "claim_id", "row_id"),
    Index("ix_claim_locations_country", "desk_id", "country", "first_in_country", "reported_at", "claim_id", "row_id"),
)

claim_sources = Table(
    "claim_sources",
    metadata,
    Column("row_id", Key, ForeignKey("claims.row_id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("desk_id", String(64), nullable=False),
    Column("name_folded", Text),
    Column("organization_folded", Text),
    Index("ix_claim_sources_name", "desk_id", "name_folded"),
    Index("ix_claim_sources_organization", "desk_id", "organization_folded"),
)

# On SQLite a virtual table of FTS5, which has neither keys nor other indexes; its rowid is the claim's row_id.
claim_search = Table(
    "claim_search",
    metadata,
    Column("rowid", Key, ForeignKey("claims.row_id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("words", SearchedWords, nullable=False),
    Index("ix_claim_search_words", "words", postgresql_using="gin"),
)

signatures = Table(
    "signatures",
    metadata,
    Column("row_id", Key, primary_key=True, autoincrement=True),
    Column("desk_id", String(64), ForeignKey("desks.id"), nullable=False),
    Column("article_id", String(64), ForeignKey("articles.id"), nullable=False, unique=True),
    Column("outlet", Text),
    Column("published_at", UtcDateTime),
    Column("figures", Json, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("runs", Integer, nullable=False),
    Column("minima", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
"""Of the articles whose claims stand: what decides who copied whom (service.domain.likeness). `minima` are numbers of
32 bits, little end first."""

signature_bands = Table(
    "signature_bands",
    metadata,
    Column("band", Key, primary_key=True, autoincrement=False),
    Column("row_id", Key, ForeignKey("signatures.row_id"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""Texts that are alike share a band, of whatever desk they are."""

copies = Table(
    "copies",
    metadata,
    Column("article_id", String(64), primary_key=True),
    Column("ended_revision", Key, primary_key=True, autoincrement=False),
    Column("created_revision", Key, nullable=False),
    Column("desk_id", String(64), ForeignKey("desks.id"), nullable=False),
    Column("source_id", String(64), nullable=False),
    Column("original_id", String(64), nullable=False),
    Column("original_outlet", Text),
    Index("ix_copies_source_id", "source_id"),
    Index("ix_copies_original_id", "original_id"),
)
"""Articles that repeat another's text, at the revisions at which they did. `source_id` is the first article that the
text may be from, `original_id` where the chain of sources begins."""

change_log = Table(
    "change_log",
    metadata,
    Column("seq", Key, primary_key=True, autoincrement=True),
    Column("desk_id", String(64), nullable=False),
    Column("revision", Key, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("article_id", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("claim_id", String(64)),
    Index("ix_change_log_desk_id_seq", "desk_id", "seq"),
    Index("ix_change_log_desk_id_at_revision", "desk_id", "at", "revision"),
    Index("ix_change_log_article_id", "article_id"),
    sqlite_autoincrement=True,
)
"""What changed, in the order it became visible: every entry is written under its desk's revision lock."""

audit_log = Table(
    "audit_log",
    metadata,
    Column("seq", Key, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("desk_id", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("actor", String(100), nullable=False),
    Column("key_id", String(16)),
    Column("article_id", String(64)),
    Column("version", Integer),
    Column("claim_id", String(64)),
    Column("note", Text),
    Index("ix_audit_log_desk_id_seq", "desk_id", "seq"),
    Index("ix_audit_log_article_id_seq", "article_id", "seq"),
    sqlite_autoincrement=True,
)
"""Triggers, made by the migration, refuse to change or delete a row."""

reviews = Table(
    "reviews",
    metadata,
    Column("seq", Key, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("desk_id", String(64), nullable=False),
    Column("article_id", String(64), ForeignKey("articles.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("claim_id", String(64), nullable=False),
    Column("thread", String(64), nullable=False),
    Column("decision", String(16)),
    Column("changes", Json, nullable=False),
    Column("comment", Text),
    Column("actor", String(100), nullable=False),
    Column("key_id", String(16)),
    Index("ix_reviews_desk_id_thread_seq", "desk_id", "thread", "seq"),
    Index("ix_reviews_article_id", "article_id"),
    sqlite_autoincrement=True,
)
"""Who judged which claim, and how. A trigger refuses to change a row; only erasing the article deletes it. `thread`
joins what was said of a claim and of those that replaced it when its article was read anew."""

story_pins = Table(
    "story_pins",
    metadata,
    Column("seq", Key, primary_key=True, autoincrement=True),
    Column("desk_id", String(64), nullable=False),
    Column("article_id", String(64), ForeignKey("articles.id"), nullable=False),
    Column("claim_id", String(64), nullable=False),
    Column("place", String(16), nullable=False),
    Column("label", String(64), nullable=False),
    Column("created_revision", Key, nullable=False),
    Column("ended_revision", Key, nullable=False),
    UniqueConstraint("desk_id", "claim_id", "place", "ended_revision"),
    Index("ix_story_pins_article_id", "article_id"),
    sqlite_autoincrement=True,
)
"""What reviewers decided about stories: claims with one label are one story at that place, with two they are two."""

purged_articles = Table(
    "purged_articles",
    metadata,
    Column("article_id", String(64), primary_key=True),
    Column("desk_id", String(64), ForeignKey("desks.id"), nullable=False),
    Column("purged_at", UtcDateTime, nullable=False),
    Column("readmitted_at", UtcDateTime),
)

purged_keys = Table(
    "purged_keys",
    metadata,
    Column("desk_id", String(64), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("article_id", String(64), ForeignKey("purged_articles.article_id"), primary_key=True),
    Index("ix_purged_keys_article_id", "article_id"),
)
"""Hashes of what an erased article was known by, and of its words. None while it is readmitted."""
