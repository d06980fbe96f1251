"""Keys and the desks they open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.storage.types import Json, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
    )
    op.create_table(
        "api_key_desks",
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("desk_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name="fk_api_key_desks_desk_id"),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"], name="fk_api_key_desks_key_id"),
        sa.PrimaryKeyConstraint("key_id", "ordinal", name="pk_api_key_desks"),
        sa.UniqueConstraint("key_id", "desk_id", name="uq_api_key_desks_key_id_desk_id"),
    )


def downgrade() -> None:
    op.drop_table("api_key_desks")
    op.drop_table("api_keys")
