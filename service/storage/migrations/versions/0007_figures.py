"""What estimates group by: whose figure it is, of which kind, and whether it comes on top."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from service.domain.figures import basis_of
from service.domain.origins import origin_of
from service.storage.claim_codec import decode
from service.storage.types import Json, Key

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_AT_ONCE = 1000
_claims = sa.table(
    "claims",
    sa.column("row_id", Key),
    sa.column("article_id", sa.String),
    sa.column("outlet", sa.Text),
    sa.column("body", Json),
    sa.column("count_additional", sa.Boolean),
    sa.column("basis", sa.String),
    sa.column("speaker_key", sa.String),
    sa.column("speaker_name", sa.Text),
)


def upgrade() -> None:
    # Neither store adds a column without a default to rows that are there; they get their values below.
    op.add_column("claims", sa.Column("count_additional", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("claims", sa.Column("basis", sa.String(16), nullable=False, server_default=""))
    op.add_column("claims", sa.Column("speaker_key", sa.String(200), nullable=False, server_default=""))
    op.add_column("claims", sa.Column("speaker_name", sa.Text))
    for rows in _batches():
        given = sa.update(_claims).where(_claims.c.row_id == sa.bindparam("of_row"))
        op.get_bind().execute(given, [_values(row) for row in rows])


def downgrade() -> None:
    for name in ("speaker_name", "speaker_key", "basis", "count_additional"):
        op.drop_column("claims", name)


def _batches() -> Iterator[list[Any]]:
    last = 0
    read = sa.select(_claims.c.row_id, _claims.c.article_id, _claims.c.outlet, _claims.c.body)
    while (
        rows := op.get_bind()
        .execute(read.where(_claims.c.row_id > last).order_by(_claims.c.row_id).limit(_AT_ONCE))
        .fetchall()
    ):
        yield list(rows)
        last = rows[-1].row_id


def _values(row: Any) -> dict[str, Any]:
    claim = decode(row.body)
    first = origin_of(claim.attribution, outlet=row.outlet, article_id=row.article_id)
    return {
        "of_row": row.row_id,
        "count_additional": claim.count.additional,
        "basis": basis_of(claim.kind, claim.time).value,
        "speaker_key": first.key,
        "speaker_name": first.name,
    }
