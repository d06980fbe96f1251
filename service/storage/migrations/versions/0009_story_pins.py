"""What reviewers decided about stories: which claims are one, and which are not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.storage.types import Key

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "story_pins",
        sa.Column("seq", Key, autoincrement=True, nullable=False),
        sa.Column("desk_id", sa.String(length=64), nullable=False),
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("claim_id", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=16), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("created_revision", Key, nullable=False),
        sa.Column("ended_revision", Key, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_story_pins_article_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_story_pins"),
        sa.UniqueConstraint(
            "desk_id", "claim_id", "place", "ended_revision", name="uq_story_pins_desk_id_claim_id_place_ended_revision"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_story_pins_article_id", "story_pins", ["article_id"])


def downgrade() -> None:
    op.drop_table("story_pins")
