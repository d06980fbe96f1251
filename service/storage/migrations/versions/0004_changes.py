"""The change log is found by time, and its words are those of the change feed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_RENAMED = {"claim_added": "claim_created", "claim_changed": "claim_revised", "claim_ended": "claim_retracted"}


def upgrade() -> None:
    _rename(_RENAMED)
    op.create_index("ix_change_log_desk_id_at_revision", "change_log", ["desk_id", "at", "revision"])


def downgrade() -> None:
    op.drop_index("ix_change_log_desk_id_at_revision", "change_log")
    _rename({new: old for old, new in _RENAMED.items()})


def _rename(kinds: dict[str, str]) -> None:
    log = sa.table("change_log", sa.column("kind", sa.String))
    for old, new in kinds.items():
        op.execute(log.update().where(log.c.kind == old).values(kind=new))
