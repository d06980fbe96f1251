"""Signatures of the texts held, and which articles are copies of which.

What is found now was not known before: `as_of` an earlier moment there are no copies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from struct import pack
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from service.domain.likeness import Figure, SignedArticle, bands, originals, sources_among
from service.storage.types import Json, Key, UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_STANDING: Final = 2**63 - 1
_AT_ONCE: Final = 200


def upgrade() -> None:
    signatures = op.create_table(
        "signatures",
        sa.Column("row_id", Key, autoincrement=True, nullable=False),
        sa.Column("desk_id", sa.String(length=64), nullable=False),
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("figures", Json, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("minima", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name="fk_signatures_desk_id"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_signatures_article_id"),
        sa.PrimaryKeyConstraint("row_id", name="pk_signatures"),
        sa.UniqueConstraint("article_id", name="uq_signatures_article_id"),
        sqlite_autoincrement=True,
    )
    signature_bands = op.create_table(
        "signature_bands",
        sa.Column("band", Key, autoincrement=False, nullable=False),
        sa.Column("row_id", Key, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["row_id"], ["signatures.row_id"], name="fk_signature_bands_row_id"),
        sa.PrimaryKeyConstraint("band", "row_id", name="pk_signature_bands"),
        sqlite_with_rowid=False,
    )
    copies = op.create_table(
        "copies",
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("ended_revision", Key, autoincrement=False, nullable=False),
        sa.Column("created_revision", Key, nullable=False),
        sa.Column("desk_id", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("original_id", sa.String(length=64), nullable=False),
        sa.Column("original_outlet", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name="fk_copies_desk_id"),
        sa.PrimaryKeyConstraint("article_id", "ended_revision", name="pk_copies"),
    )
    op.create_index("ix_copies_source_id", "copies", ["source_id"])
    op.create_index("ix_copies_original_id", "copies", ["original_id"])
    held = _signed(signatures, signature_bands)
    for desk, articles in held.items():
        _keep_copies(copies, articles, desk=desk)


def downgrade() -> None:
    for table in ("copies", "signature_bands", "signatures"):
        op.drop_table(table)


def _signed(signatures: sa.Table, signature_bands: sa.Table) -> dict[str, list[SignedArticle]]:
    """By desk. Memory: about 5 KB to an article held."""
    held: dict[str, list[SignedArticle]] = defaultdict(list)
    for number, (desk, article) in enumerate(_articles(), 1):
        signature = article.signature
        values = {
            "row_id": number,
            "desk_id": desk,
            "article_id": article.article_id,
            "outlet": article.outlet,
            "published_at": article.published_at,
            "figures": sorted((list(one) for one in article.figures), key=repr),
            "digest": signature.digest,
            "runs": signature.runs,
            "minima": pack(f"<{len(signature.minima)}I", *signature.minima),
        }
        op.bulk_insert(signatures, [values])
        op.bulk_insert(signature_bands, [{"band": one, "row_id": number} for one in sorted(set(bands(signature)))])
        held[desk].append(article)
    if held and op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval('signatures_row_id_seq', (SELECT max(row_id) FROM signatures))")
    return held


def _articles() -> Iterator[tuple[str, SignedArticle]]:
    # Here, since every process reads the list of migrations, and only this one needs to sign.
    from service.domain.signing import sign

    last = ""
    while rows := op.get_bind().execute(_ARTICLES, {"last": last, "most": _AT_ONCE}).all():
        figures = _figures([row.id for row in rows])
        for row in rows:
            ignored = [(line["start"], line["end"]) for line in (row.diagnostics or {}).get("ignored", ())]
            signature = sign(row.text, ignored)
            if signature is not None:
                yield (
                    row.desk_id,
                    SignedArticle(
                        article_id=row.id,
                        outlet=row.outlet,
                        published_at=row.published_at,
                        figures=frozenset(figures[row.id]),
                        signature=signature,
                    ),
                )
        last = rows[-1].id


_ARTICLES: Final = sa.text(
    """
    SELECT articles.id, articles.desk_id, held.text, held.outlet, held.published_at, held.diagnostics
    FROM articles JOIN article_versions AS held
    ON held.article_id = articles.id AND held.version = articles.current_version
    WHERE held.extractor_version IS NOT NULL AND articles.status <> 'retracted'
    AND held.text IS NOT NULL AND articles.id > :last
    ORDER BY articles.id LIMIT :most
    """
).columns(
    sa.column("id", sa.String),
    sa.column("desk_id", sa.String),
    sa.column("text", sa.Text),
    sa.column("outlet", sa.Text),
    sa.column("published_at", UtcDateTime),
    sa.column("diagnostics", Json),
)
_CLAIMS: Final = sa.table(
    "claims",
    sa.column("article_id", sa.String),
    sa.column("ended_revision", Key),
    sa.column("body", Json),
    sa.column("extracted", Json),
)


def _figures(article_ids: list[str]) -> dict[str, set[Figure]]:
    """As they were extracted, whatever an editor made of them."""
    found: dict[str, set[Figure]] = defaultdict(set)
    claims = _CLAIMS.c
    query = sa.select(claims.article_id, claims.body, claims.extracted).where(
        claims.article_id.in_(article_ids), claims.ended_revision == _STANDING
    )
    for row in op.get_bind().execute(query):
        count: dict[str, Any] = (row.extracted or {}).get("count", row.body["count"])
        if count["min"] is not None or count["max"] is not None:
            found[row.article_id].add((count["min"], count["max"]))
    return found


def _keep_copies(copies: sa.Table, articles: list[SignedArticle], *, desk: str) -> None:
    sources = sources_among(articles)
    outlets = {article.article_id: article.outlet for article in articles}
    now = op.get_bind().scalar(sa.text("SELECT revision FROM desks WHERE id = :desk"), {"desk": desk})
    op.bulk_insert(
        copies,
        [
            {
                "article_id": id_,
                "ended_revision": _STANDING,
                "created_revision": now,
                "desk_id": desk,
                "source_id": sources[id_],
                "original_id": first,
                "original_outlet": outlets[first],
            }
            for id_, first in originals(sources).items()
        ],
    )
