"""The index of claims by their words, filled from the claims that are held."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from service.domain.searching import searched_words
from service.storage.claim_codec import decode
from service.storage.search_types import SearchedWords
from service.storage.types import Json, Key

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

AT_ONCE: Final = 1000
claims = sa.table(
    "claims",
    sa.column("row_id", Key),
    sa.column("article_id", sa.String),
    sa.column("version", sa.Integer),
    sa.column("body", Json),
)
versions = sa.table(
    "article_versions",
    sa.column("article_id", sa.String),
    sa.column("version", sa.Integer),
    sa.column("title", sa.Text),
)
claim_search = sa.table("claim_search", sa.column("rowid", Key), sa.column("words", SearchedWords))


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.create_table(
            "claim_search",
            sa.Column("rowid", Key, autoincrement=False, nullable=False),
            sa.Column("words", SearchedWords(), nullable=False),
            sa.ForeignKeyConstraint(["rowid"], ["claims.row_id"], name="fk_claim_search_rowid", ondelete="CASCADE"),
            sa.PrimaryKeyConstraint("rowid", name="pk_claim_search"),
        )
        _fill()
        op.create_index("ix_claim_search_words", "claim_search", ["words"], postgresql_using="gin")
    else:
        # The words come told apart by spaces; this tokenizer parts nothing else that they are made of.
        op.execute("CREATE VIRTUAL TABLE claim_search USING fts5(words, tokenize = 'ascii', columnsize = 0)")
        _fill()


def _fill() -> None:
    connection = op.get_bind()
    held = (
        sa.select(claims.c.row_id, claims.c.body, versions.c.title)
        .join(
            versions,
            sa.and_(versions.c.article_id == claims.c.article_id, versions.c.version == claims.c.version),
        )
        .order_by(claims.c.row_id)
        .limit(AT_ONCE)
    )
    last = -1
    while rows := connection.execute(held.where(claims.c.row_id > last)).all():
        words = [{"rowid": row.row_id, "words": searched_words(decode(row.body), title=row.title)} for row in rows]
        connection.execute(sa.insert(claim_search), words)
        last = rows[-1].row_id


def downgrade() -> None:
    op.drop_table("claim_search")
