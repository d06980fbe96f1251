"""Reviews: what editors decided about claims. Entries are only ever added; erasing the article deletes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, insert, literal_column, or_, select

from service.domain.access import Actor
from service.domain.claims import Claim, Review
from service.domain.register import ChangeKind, ClaimView, FieldChange, ReviewEntry
from service.storage import changes, saving
from service.storage.claim_codec import encode
from service.storage.claim_rows import Judgement, claim_rows, context_of, extracted_claim
from service.storage.tables import STANDING, article_versions, claims, reviews


class Reviews:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def thread(self, claim_id: str, *, desk: str) -> str | None:
        """The id under which the reviews of this claim began, or begin with the next one; None for an unknown claim.

        A claim that was taken up again after it had ended may have been in several: the last counts.
        """
        query = select(claims.c.review_thread).where(claims.c.id == claim_id, claims.c.desk_id == desk)
        rows = self._connection.execute(query.order_by(claims.c.row_id.desc()).limit(1)).all()
        return (rows[0].review_thread or claim_id) if rows else None

    def bearer(self, thread: str, *, desk: str) -> str | None:
        """The standing claim that these reviews are about now."""
        # By way of the article, whose claims an index finds.
        of_article = select(claims.c.article_id).where(claims.c.desk_id == desk, claims.c.id == thread)
        query = select(claims.c.id).where(
            claims.c.article_id.in_(of_article),
            or_(claims.c.review_thread == thread, and_(claims.c.review_thread.is_(None), claims.c.id == thread)),
            claims.c.ended_revision == STANDING,
        )
        id_: str | None = self._connection.scalar(query.order_by(claims.c.row_id.desc()).limit(1))
        return id_

    def list(self, thread: str, *, after: int = 0, desk: str, limit: int) -> Sequence[ReviewEntry]:
        """Oldest first, those after the entry with id `after`."""
        columns = reviews.c
        query = select(reviews).where(columns.desk_id == desk, columns.thread == thread, columns.seq > after)
        return [
            ReviewEntry(
                id=row.seq,
                at=row.at,
                claim_id=row.claim_id,
                article_id=row.article_id,
                version=row.version,
                decision=Review(row.decision) if row.decision else None,
                changes=tuple(
                    FieldChange(field=change["field"], from_=change["from"], to=change["to"]) for change in row.changes
                ),
                comment=row.comment,
                actor=row.actor,
                key=row.key_id,
            )
            for row in self._connection.execute(query.order_by(columns.seq).limit(limit))
        ]

    def articles(self, *, desk: str) -> Sequence[tuple[str, int]]:
        """Ids and versions of the articles with claims that stand and were judged, by id."""
        columns = claims.c
        query = select(columns.article_id, columns.version).distinct()
        query = query.where(
            columns.desk_id == desk,
            columns.ended_revision == STANDING,
            columns.review != literal_column(f"'{Review.UNREVIEWED}'"),
        )
        return [(row.article_id, row.version) for row in self._connection.execute(query.order_by(columns.article_id))]

    def record(
        self,
        claim: ClaimView,
        *,
        decision: Review | None,
        changes: Sequence[FieldChange],
        comment: str | None,
        desk: str,
        by: Actor,
        now: datetime,
    ) -> None:
        """`claim` as it was judged."""
        self._connection.execute(
            insert(reviews).values(
                at=now,
                desk_id=desk,
                article_id=claim.article_id,
                version=self._standing(claim.id, desk=desk).version,
                claim_id=claim.id,
                thread=self.thread(claim.id, desk=desk) or claim.id,
                decision=decision.value if decision else None,
                changes=[{"field": change.field, "from": change.from_, "to": change.to} for change in changes],
                comment=comment,
                actor=by.name,
                key_id=by.key,
            )
        )

    def judge(
        self, claim_id: str, *, review: Review, shown: Claim | None, part_of: str | None, desk: str, now: datetime
    ) -> None:
        """Gives the standing claim a new row that says `shown`, which is a part of `part_of`.

        Without `shown` it says what was extracted. The caller has locked the article.
        """
        row = self._standing(claim_id, desk=desk)
        extracted = extracted_claim(row)
        corrected: Mapping[str, Any] = {**encode(shown), "part_of": part_of} if shown else {}
        judgement = Judgement(review=review, thread=row.review_thread or claim_id, corrected=corrected)
        rows = claim_rows(extracted, judgement, context_of(row, title=self._title(row)))
        revision = changes.next_revision(self._connection, desk)
        saving.end(self._connection, [row.row_id], revision=revision, now=now)
        saving.begin(self._connection, [rows], revision=revision, now=now)
        change = changes.Change(
            kind=ChangeKind.CLAIM_REVIEWED, article_id=row.article_id, version=row.version, claim_id=claim_id
        )
        changes.log(self._connection, [change], desk=desk, revision=revision, now=now)

    def _title(self, row: Any) -> str | None:
        of_version = and_(article_versions.c.article_id == row.article_id, article_versions.c.version == row.version)
        title: str | None = self._connection.scalar(select(article_versions.c.title).where(of_version))
        return title

    def _standing(self, claim_id: str, *, desk: str) -> Any:
        query = select(claims).where(
            claims.c.desk_id == desk, claims.c.id == claim_id, claims.c.ended_revision == STANDING
        )
        return self._connection.execute(query).one()
