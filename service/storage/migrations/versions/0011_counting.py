"""Indexes that answer aggregates and estimates by themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_FORCE = ("desk_id", "force_country", "reported_at", "id")
_TOLD = (
    *("row_id", "created_revision", "ended_revision", "review"),
    *("article_id", "speaker_key", "kind", "outcome", "basis", "status", "polarity", "count_additional"),
    *("count_qualifier", "count_min", "count_max", "part_of", "speaker_named"),
)
_COUNTED = (
    *("desk_id", "reported_at", "row_id", "created_revision", "ended_revision", "article_id", "kind"),
    *("count_qualifier", "count_min", "count_max"),
)
_DENIED = sa.text("polarity = 'denied'")


def upgrade() -> None:
    op.add_column("claims", sa.Column("speaker_named", sa.Boolean, nullable=False, server_default=sa.true()))
    op.execute("UPDATE claims SET speaker_named = false WHERE speaker IS NULL")
    op.drop_index("ix_claims_force", "claims")
    op.create_index("ix_claims_force", "claims", [*_FORCE, *_TOLD])
    op.create_index("ix_claims_counted", "claims", list(_COUNTED))
    op.create_index(
        "ix_claims_denied",
        "claims",
        ["desk_id", "force_country"],
        sqlite_where=_DENIED,
        postgresql_where=_DENIED,
    )


def downgrade() -> None:
    op.drop_index("ix_claims_denied", "claims")
    op.drop_index("ix_claims_counted", "claims")
    op.drop_index("ix_claims_force", "claims")
    op.create_index("ix_claims_force", "claims", list(_FORCE))
    op.drop_column("claims", "speaker_named")
