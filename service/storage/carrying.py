"""What becomes of reviews when an article is read anew."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, select

from service.domain.claims import Review
from service.domain.succession import heirs
from service.storage.claim_codec import decode
from service.storage.claim_rows import ExtractedClaim, Judgement, extracted_claim, judgement_of
from service.storage.tables import claims

JudgedRow: TypeAlias = Row[*tuple[Any, ...]]


def carried(
    connection: Connection, new: Sequence[ExtractedClaim], stood: Container[str], article_id: str
) -> dict[str, Judgement]:
    """What holds for each of the new claims, by id.

    A claim of the same content keeps what was decided about it, even after it was missing for a while. Where the
    content changed, the claim that took the place of a judged one inherits: still rejected, still with what was
    corrected, but stale. Nobody confirmed the new content, so what was confirmed is unreviewed and stale.
    """
    rows = _judged(connection, article_id)
    last_of_id = {row.id: row for row in rows}
    found = {claim.id: judgement_of(last_of_id[claim.id]) for claim in new if claim.id in last_of_id}
    taken = {judgement.thread for judgement in found.values()}
    # Of each thread the last row: rows are in the order in which they were written.
    last_of_thread = {row.review_thread: row for row in rows if row.review_thread not in taken}
    gone = [row for row in last_of_thread.values() if row.review != Review.UNREVIEWED or row.review_stale]
    added = [claim for claim in new if claim.id not in found and claim.id not in stood]
    readings = [(extracted_claim(row).claim, decode(row.body)) for row in gone]
    moved: dict[str, str] = {}
    for old, heir in heirs(readings, [claim.claim for claim in added]).items():
        moved[gone[old].id] = added[heir].id
        found[added[heir].id] = _inherited(judgement_of(gone[old]))
    return {claim.id: _pointing(found.get(claim.id, Judgement()), new, moved) for claim in new}


def _judged(connection: Connection, article_id: str) -> Sequence[JudgedRow]:
    query = select(claims).where(claims.c.article_id == article_id, claims.c.review_thread.is_not(None))
    return connection.execute(query.order_by(claims.c.row_id)).all()


def _inherited(judgement: Judgement) -> Judgement:
    review = judgement.review
    if review == Review.CONFIRMED:
        review = Review.CORRECTED if judgement.corrected else Review.UNREVIEWED
    return replace(judgement, review=review, stale=True)


def _pointing(judgement: Judgement, new: Sequence[ExtractedClaim], moved: Mapping[str, str]) -> Judgement:
    """A total that an editor pointed at may be gone: then it is the one that took its place, or none is pointed at."""
    total = judgement.corrected.get("part_of")
    if total is None or any(claim.id == total for claim in new):
        return judgement
    others = {name: value for name, value in judgement.corrected.items() if name != "part_of"}
    corrected = {**others, "part_of": moved[total]} if total in moved else others
    return replace(judgement, stale=True, corrected=corrected)
