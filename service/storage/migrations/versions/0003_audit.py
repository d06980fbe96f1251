"""The audit, to which is only added, and what is left of an article that was erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.storage.types import Key, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

POSTGRES = (
    """
    CREATE FUNCTION audit_log_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'The audit is append-only.'; END $$
    """,
    """
    CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuse()
    """,
)
SQLITE = tuple(
    f"""
    CREATE TRIGGER audit_log_no_{verb.lower()} BEFORE {verb} ON audit_log
    BEGIN SELECT RAISE(ABORT, 'The audit is append-only.'); END
    """
    for verb in ("UPDATE", "DELETE")
)


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("seq", Key, autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("desk_id", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=True),
        sa.Column("article_id", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("claim_id", sa.String(length=64), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_log"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_log_desk_id_seq", "audit_log", ["desk_id", "seq"])
    op.create_index("ix_audit_log_article_id_seq", "audit_log", ["article_id", "seq"])
    op.create_table(
        "purged_articles",
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("desk_id", sa.String(length=64), nullable=False),
        sa.Column("purged_at", UtcDateTime(), nullable=False),
        sa.Column("readmitted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name="fk_purged_articles_desk_id"),
        sa.PrimaryKeyConstraint("article_id", name="pk_purged_articles"),
    )
    op.create_table(
        "purged_keys",
        sa.Column("desk_id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["purged_articles.article_id"], name="fk_purged_keys_article_id"),
        sa.PrimaryKeyConstraint("desk_id", "key", "article_id", name="pk_purged_keys"),
    )
    op.create_index("ix_purged_keys_article_id", "purged_keys", ["article_id"])
    for statement in POSTGRES if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("purged_keys")
    op.drop_table("purged_articles")
    op.drop_table("audit_log")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_log_refuse()")
