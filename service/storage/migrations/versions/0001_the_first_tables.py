"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.storage.types import Json, Key, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change_log",
        sa.Column("seq", Key, autoincrement=True, nullable=False),
        sa.Column("desk_id", sa.String(length=64), nullable=False),
        sa.Column("revision", Key, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_change_log"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_change_log_article_id", "change_log", ["article_id"])
    op.create_index("ix_change_log_desk_id_seq", "change_log", ["desk_id", "seq"])

    op.create_table(
        "desks",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("revision", Key, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desks"),
    )
    op.create_table(
        "articles",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("desk_id", sa.String(length=64), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("external_key", sa.String(length=64), nullable=True),
        sa.Column("url_key", sa.String(length=64), nullable=True),
        sa.Column("text_key", sa.String(length=64), nullable=True),
        sa.Column("current_version", sa.Integer(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name="fk_articles_desk_id"),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("desk_id", "external_key", name="uq_articles_desk_id_external_key"),
        sa.UniqueConstraint("desk_id", "text_key", name="uq_articles_desk_id_text_key"),
        sa.UniqueConstraint("desk_id", "url_key", name="uq_articles_desk_id_url_key"),
    )
    op.create_index(
        "ix_articles_desk_id_status_submitted_at_id", "articles", ["desk_id", "status", "submitted_at", "id"]
    )
    op.create_index("ix_articles_desk_id_submitted_at_id", "articles", ["desk_id", "submitted_at", "id"])

    op.create_table(
        "idempotency_keys",
        sa.Column("desk_id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name="fk_idempotency_keys_desk_id"),
        sa.PrimaryKeyConstraint("desk_id", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])

    op.create_table(
        "article_versions",
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("given", Json, nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("outlet_folded", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("published_at_source", sa.String(length=8), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("submitted_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("extractor_name", sa.String(length=64), nullable=True),
        sa.Column("extractor_version", sa.String(length=64), nullable=True),
        sa.Column("claims_count", sa.Integer(), nullable=False),
        sa.Column("diagnostics", Json, nullable=True),
        sa.CheckConstraint(
            "status IN ('queued', 'processing', 'done', 'failed', 'retracted')", name="ck_article_versions_status"
        ),
        sa.CheckConstraint("text IS NOT NULL OR html IS NOT NULL", name="ck_article_versions_body"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_article_versions_article_id"),
        sa.PrimaryKeyConstraint("article_id", "version", name="pk_article_versions"),
    )
    op.create_index("ix_article_versions_extractor", "article_versions", ["extractor_version", "status"])

    op.create_table(
        "claims",
        sa.Column("row_id", Key, autoincrement=True, nullable=False),
        sa.Column("desk_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("polarity", sa.String(length=16), nullable=False),
        sa.Column("force_country", sa.String(length=8), nullable=True),
        sa.Column("force_group", sa.Text(), nullable=True),
        sa.Column("force_group_folded", sa.Text(), nullable=True),
        sa.Column("personnel", sa.String(length=24), nullable=True),
        sa.Column("count_min", Key, nullable=True),
        sa.Column("count_max", Key, nullable=True),
        sa.Column("count_qualifier", sa.String(length=16), nullable=False),
        sa.Column("time_start", sa.Date(), nullable=True),
        sa.Column("time_end", sa.Date(), nullable=True),
        sa.Column("origin_name", sa.Text(), nullable=True),
        sa.Column("origin_name_folded", sa.Text(), nullable=True),
        sa.Column("origin_region", sa.String(length=16), nullable=True),
        sa.Column("origin_country", sa.String(length=8), nullable=True),
        sa.Column("speaker", sa.Text(), nullable=True),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("outlet_folded", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("reported_at", UtcDateTime(), nullable=False),
        sa.Column("reported_at_source", sa.String(length=16), nullable=False),
        sa.Column("part_of", sa.String(length=64), nullable=True),
        sa.Column("body", Json, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("extractor_name", sa.String(length=64), nullable=False),
        sa.Column("extractor_version", sa.String(length=64), nullable=False),
        sa.Column("review", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("created_revision", Key, nullable=False),
        sa.Column("ended_revision", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id", "version"],
            ["article_versions.article_id", "article_versions.version"],
            name="fk_claims_article_id_version",
        ),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name="fk_claims_desk_id"),
        sa.PrimaryKeyConstraint("row_id", name="pk_claims"),
        sa.UniqueConstraint("desk_id", "id", "ended_revision", name="uq_claims_desk_id_id_ended_revision"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_claims_article", "claims", ["article_id", "ordinal"])
    op.create_index("ix_claims_force", "claims", ["desk_id", "force_country", "reported_at", "id"])
    op.create_index("ix_claims_group", "claims", ["desk_id", "force_group_folded"])
    op.create_index("ix_claims_outlet", "claims", ["desk_id", "outlet_folded"])
    op.create_index("ix_claims_reported_at", "claims", ["desk_id", "reported_at", "id"])
    op.create_index("ix_claims_time", "claims", ["desk_id", "time_start", "time_end"])

    op.create_table(
        "jobs",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("deaths", sa.Integer(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("owner", sa.String(length=128), nullable=True),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('queued', 'leased', 'running', 'done', 'failed')", name="ck_jobs_state"),
        sa.ForeignKeyConstraint(
            ["article_id", "version"],
            ["article_versions.article_id", "article_versions.version"],
            name="fk_jobs_article_id_version",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("article_id", "version", name="uq_jobs_article_id_version"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_jobs_state_lease_until", "jobs", ["state", "lease_until"])
    op.create_index("ix_jobs_state_queued_at_id", "jobs", ["state", "queued_at", "id"])

    op.create_table(
        "claim_locations",
        sa.Column("row_id", Key, autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("desk_id", sa.String(length=64), nullable=False),
        sa.Column("claim_id", sa.String(length=64), nullable=False),
        sa.Column("reported_at", UtcDateTime(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("region", sa.String(length=16), nullable=True),
        sa.Column("country", sa.String(length=8), nullable=True),
        sa.Column("first_in_region", sa.Boolean(), nullable=False),
        sa.Column("first_in_country", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["row_id"], ["claims.row_id"], name="fk_claim_locations_row_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("row_id", "ordinal", name="pk_claim_locations"),
    )
    op.create_index(
        "ix_claim_locations_country",
        "claim_locations",
        ["desk_id", "country", "first_in_country", "reported_at", "claim_id", "row_id"],
    )
    op.create_index("ix_claim_locations_name", "claim_locations", ["desk_id", "name_folded", "region"])
    op.create_index(
        "ix_claim_locations_region",
        "claim_locations",
        ["desk_id", "region", "first_in_region", "reported_at", "claim_id", "row_id"],
    )

    op.create_table(
        "claim_sources",
        sa.Column("row_id", Key, autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("desk_id", sa.String(length=64), nullable=False),
        sa.Column("name_folded", sa.Text(), nullable=True),
        sa.Column("organization_folded", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["row_id"], ["claims.row_id"], name="fk_claim_sources_row_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("row_id", "ordinal", name="pk_claim_sources"),
    )
    op.create_index("ix_claim_sources_name", "claim_sources", ["desk_id", "name_folded"])
    op.create_index("ix_claim_sources_organization", "claim_sources", ["desk_id", "organization_folded"])
    op.execute("INSERT INTO desks (id, revision) VALUES ('default', 0)")


def downgrade() -> None:
    op.drop_table("claim_sources")
    op.drop_table("claim_locations")
    op.drop_table("jobs")
    op.drop_table("claims")
    op.drop_table("article_versions")
    op.drop_table("idempotency_keys")
    op.drop_table("articles")
    op.drop_table("desks")
    op.drop_table("change_log")
