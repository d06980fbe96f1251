"""Who copied whom, kept with every change of what stands.

All of it happens under the lock of the desk's revision, so that of two like articles saved at once the later sees the
earlier. What is written depends on the articles that stand, and not on the order in which they came; but of a text
found more than MOST_COMPARED times, only the first are compared with a new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from struct import calcsize, pack, unpack
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Row, and_, delete, insert, select, update

from service.domain.likeness import Signature, SignedArticle, bands, copied_from, is_copy, originals
from service.domain.origins import Original
from service.storage.tables import STANDING, copies, signature_bands, signatures

MOST_COMPARED: Final = 500
_MOST_FOUND: Final = 20_000
"""Entries of bands that are looked through."""
_AT_ONCE: Final = 500
"""Ids to a statement."""


def keep(connection: Connection, article: SignedArticle, *, desk: str, revision: int) -> None:
    """A new article, or what became of one that was read anew. The desk's revision is locked."""
    forsaken = _forget(connection, article.article_id)
    _remember(connection, article, desk=desk)
    beside = _beside(connection, article, desk=desk)
    source = copied_from(article, beside)
    changed: dict[str, str | None] = {article.article_id: source.article_id if source else None}
    later = [other.article_id for other in beside if is_copy(other, article)]
    present = {row.article_id: row.source_id for row in _standing(connection, copies.c.article_id, later)}
    ranks = {one.article_id: one.rank for one in _signed_of(connection, present.values())}
    for id_ in later:
        if id_ not in present or article.rank < ranks[present[id_]]:
            changed[id_] = article.article_id
    changed.update(_sources_anew(connection, forsaken, desk=desk))
    _settle(connection, changed, desk=desk, revision=revision)


def drop(connection: Connection, article_id: str, *, desk: str, revision: int) -> None:
    """An article whose claims stand no more: what was copied from it has another original, or is one."""
    forsaken = _forget(connection, article_id)
    changed: dict[str, str | None] = {article_id: None}
    changed.update(_sources_anew(connection, forsaken, desk=desk))
    _settle(connection, changed, desk=desk, revision=revision)


def erase(connection: Connection, article_id: str) -> None:
    """After drop: of what once was copied from it is kept that it was one article's, without its outlet."""
    connection.execute(delete(copies).where(copies.c.article_id == article_id))
    connection.execute(update(copies).where(copies.c.original_id == article_id).values(original_outlet=None))


def originals_of(
    connection: Connection, article_ids: Iterable[str], *, revision: int, desk: str
) -> dict[str, Original]:
    """By the id of each copy among them, as it was at `revision`."""
    asked = select(copies.c.article_id, copies.c.original_id, copies.c.original_outlet).where(held_at(revision, desk))
    return {
        row.article_id: Original(article_id=row.original_id, outlet=row.original_outlet)
        for ids in _batches(article_ids)
        for row in connection.execute(asked.where(copies.c.article_id.in_(ids)))
    }


def held_at(revision: int, desk: str) -> ColumnElement[bool]:
    return and_(copies.c.desk_id == desk, copies.c.created_revision <= revision, copies.c.ended_revision > revision)


def signature_values(article: SignedArticle, *, desk: str) -> dict[str, Any]:
    signature = article.signature
    return {
        "desk_id": desk,
        "article_id": article.article_id,
        "outlet": article.outlet,
        "published_at": article.published_at,
        "figures": sorted((list(one) for one in article.figures), key=repr),
        "digest": signature.digest,
        "runs": signature.runs,
        "minima": pack(f"<{len(signature.minima)}I", *signature.minima),
    }


def _signed(row: Row[*tuple[Any, ...]]) -> SignedArticle:
    minima = unpack(f"<{len(row.minima) // calcsize('<I')}I", row.minima)
    return SignedArticle(
        article_id=row.article_id,
        outlet=row.outlet,
        published_at=row.published_at,
        figures=frozenset((low, high) for low, high in row.figures),
        signature=Signature(digest=row.digest, runs=row.runs, minima=minima),
    )


def _remember(connection: Connection, article: SignedArticle, *, desk: str) -> None:
    added = insert(signatures).values(signature_values(article, desk=desk)).returning(signatures.c.row_id)
    row_id = connection.execute(added).scalar_one()
    rows = [{"band": band, "row_id": row_id} for band in sorted(set(bands(article.signature)))]
    connection.execute(insert(signature_bands), rows)


def _forget(connection: Connection, article_id: str) -> list[str]:
    """The ids of what was copied from it."""
    row = connection.execute(select(signatures).where(signatures.c.article_id == article_id)).one_or_none()
    if row is None:
        return []
    numbers = bands(_signed(row).signature)
    connection.execute(
        delete(signature_bands).where(signature_bands.c.band.in_(numbers), signature_bands.c.row_id == row.row_id)
    )
    connection.execute(delete(signatures).where(signatures.c.row_id == row.row_id))
    forsaken = select(copies.c.article_id).where(copies.c.source_id == article_id, copies.c.ended_revision == STANDING)
    return list(connection.scalars(forsaken.order_by(copies.c.article_id)))


def _beside(connection: Connection, article: SignedArticle, *, desk: str) -> list[SignedArticle]:
    """Others that share a band with it, the first by date."""
    found = select(signature_bands.c.row_id).where(signature_bands.c.band.in_(bands(article.signature)))
    query = (
        select(signatures)
        .where(signatures.c.row_id.in_(found.limit(_MOST_FOUND)))
        .where(signatures.c.desk_id == desk, signatures.c.article_id != article.article_id)
        .order_by(signatures.c.published_at.is_(None), signatures.c.published_at, signatures.c.article_id)
        .limit(MOST_COMPARED)
    )
    return [_signed(row) for row in connection.execute(query)]


def _sources_anew(connection: Connection, article_ids: Sequence[str], *, desk: str) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for article in _signed_of(connection, article_ids):
        source = copied_from(article, _beside(connection, article, desk=desk))
        found[article.article_id] = source.article_id if source else None
    return found


def _signed_of(connection: Connection, article_ids: Iterable[str]) -> list[SignedArticle]:
    return [
        _signed(row)
        for ids in _batches(article_ids)
        for row in connection.execute(select(signatures).where(signatures.c.article_id.in_(ids)))
    ]


def _standing(connection: Connection, column: Column[str], ids: Iterable[str]) -> list[Row[*tuple[Any, ...]]]:
    """Rows of copies that stand and have one of these ids there."""
    return [
        row
        for some in _batches(ids)
        for row in connection.execute(select(copies).where(column.in_(some), copies.c.ended_revision == STANDING))
    ]


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    every = sorted(set(ids))
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]


def _settle(connection: Connection, changed: Mapping[str, str | None], *, desk: str, revision: int) -> None:
    """Follows chains to their beginnings anew, wherever one of these sources is a link; the rest is as it was."""
    links = {*changed, *(source for source in changed.values() if source)}
    known = {row.article_id: row for row in _standing(connection, copies.c.article_id, links)}
    heads = {known[id_].original_id for id_ in changed if id_ in known} | changed.keys()
    held = {row.article_id: row for row in _standing(connection, copies.c.original_id, heads)}
    # Of other trees it is enough to know where they begin.
    beyond = {id_: row.original_id for id_, row in known.items() if id_ not in held}
    sources = beyond | {id_: row.source_id for id_, row in held.items()} | {id_: s for id_, s in changed.items() if s}
    for id_, source in changed.items():
        if source is None:
            sources.pop(id_, None)
    firsts = originals(sources)
    outlets = _outlets(connection, set(firsts.values()))
    new = {
        id_: {"source_id": sources[id_], "original_id": first, "original_outlet": outlets.get(first)}
        for id_, first in firsts.items()
        if id_ not in beyond
    }
    same = {id_ for id_, values in new.items() if id_ in held and _says(held[id_], values)}
    _end(connection, held.keys() - same, revision=revision)
    begun = [{**new[id_], "article_id": id_, "desk_id": desk} for id_ in sorted(new.keys() - same)]
    if begun:
        times = {"created_revision": revision, "ended_revision": STANDING}
        connection.execute(insert(copies), [{**values, **times} for values in begun])


def _says(row: Row[*tuple[Any, ...]], values: Mapping[str, object]) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())


def _outlets(connection: Connection, article_ids: Iterable[str]) -> dict[str, str | None]:
    asked = select(signatures.c.article_id, signatures.c.outlet)
    return {
        row.article_id: row.outlet
        for ids in _batches(article_ids)
        for row in connection.execute(asked.where(signatures.c.article_id.in_(ids)))
    }


def _end(connection: Connection, article_ids: Iterable[str], *, revision: int) -> None:
    for ids in _batches(article_ids):
        standing = and_(copies.c.article_id.in_(ids), copies.c.ended_revision == STANDING)
        connection.execute(update(copies).where(standing).values(ended_revision=revision))
