"""Reviews: who judged which claim, and the extraction beside what an editor made of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.storage.types import Json, Key, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_JUDGED = sa.text("review <> 'unreviewed'")
POSTGRES = (
    """
    CREATE FUNCTION reviews_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'Reviews are never changed.'; END $$
    """,
    """
    CREATE TRIGGER reviews_never_changed BEFORE UPDATE ON reviews
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_refuse()
    """,
)
SQLITE = (
    """
    CREATE TRIGGER reviews_never_changed BEFORE UPDATE ON reviews
    BEGIN SELECT RAISE(ABORT, 'Reviews are never changed.'); END
    """,
)


def upgrade() -> None:
    op.add_column("claims", sa.Column("review_stale", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("claims", sa.Column("review_thread", sa.String(length=64), nullable=True))
    op.add_column("claims", sa.Column("extracted", Json, nullable=True))
    op.create_index(
        "ix_claims_review",
        "claims",
        ["desk_id", "review", "reported_at", "id"],
        sqlite_where=_JUDGED,
        postgresql_where=_JUDGED,
    )
    op.create_table(
        "reviews",
        sa.Column("seq", Key, autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("desk_id", sa.String(length=64), nullable=False),
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.String(length=64), nullable=False),
        sa.Column("thread", sa.String(length=64), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=True),
        sa.Column("changes", Json, nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_reviews_article_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_reviews"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reviews_desk_id_thread_seq", "reviews", ["desk_id", "thread", "seq"])
    op.create_index("ix_reviews_article_id", "reviews", ["article_id"])
    for statement in POSTGRES if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    """Corrected claims stay as they are: what was extracted is lost with the reviews."""
    op.drop_table("reviews")
    op.drop_index("ix_claims_review", "claims")
    for column in ("extracted", "review_thread", "review_stale"):
        op.drop_column("claims", column)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION reviews_refuse()")
