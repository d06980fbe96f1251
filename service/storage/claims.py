"""Claims: every query about them, and how those of an article are saved and ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select, tuple_

from service.domain.claims import Polarity
from service.domain.estimates import Telling
from service.domain.extracted import ExtractedArticle
from service.domain.origins import Original
from service.domain.register import ChangeKind, ClaimConditions, ClaimView, Group, GroupKey
from service.storage import changes, claim_groups, copies, saving, tellings
from service.storage.claim_conditions import about_all_of, clauses, sole_place, standing
from service.storage.claim_order import After, ClaimOrder, SortValue, following, order_by, sort_value
from service.storage.claim_rows import claim_view
from service.storage.few import few
from service.storage.tables import claim_locations, claims

__all__ = ["After", "ClaimOrder", "Claims", "FoundClaim", "SortValue"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundClaim:
    """`sort_value` is what the order went by; None where the claim has no value."""

    claim: ClaimView
    sort_value: SortValue | None


class Claims:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # ---- reading

    def revision(self, *, desk: str, before: datetime | None = None) -> int:
        """The moment at which a reader begins: now, or as the register stood just before a time.

        Raises NotFoundError for an unknown desk.
        """
        if before is not None:
            return changes.revision_before(self._connection, desk, before)
        return changes.current_revision(self._connection, desk)

    def find(
        self,
        conditions: ClaimConditions,
        order: ClaimOrder,
        *,
        revision: int,
        after: After | None = None,
        desk: str,
        limit: int,
    ) -> list[FoundClaim]:
        """Of the claims that stood at `revision`, the next `limit` after `after`."""
        found_few = few(self._connection, conditions, desk)
        sole = sole_place(conditions) if order.key == "reported_at" and found_few is None else None
        if sole is not None:
            return self._find_in(*sole, order, revision=revision, after=after, desk=desk, limit=limit)
        query = select(claims, sort_value(order)).where(standing(desk, revision))
        if found_few is None:
            query = query.where(*clauses(conditions, desk))
        else:
            row_ids, left = found_few
            query = query.where(claims.c.row_id.in_(row_ids), *clauses(left, desk))
        if after is not None:
            query = query.where(following(order, after))
        query = query.order_by(*order_by(order)).limit(limit)
        return [FoundClaim(claim=claim_view(row), sort_value=row.sort_value) for row in self._connection.execute(query)]

    def _find_in(
        self,
        inside: ColumnElement[bool],
        conditions: ClaimConditions,
        order: ClaimOrder,
        *,
        revision: int,
        after: After | None,
        desk: str,
        limit: int,
    ) -> list[FoundClaim]:
        """The same, by way of the places."""
        place = tuple_(claim_locations.c.reported_at, claim_locations.c.claim_id)
        query = (
            select(claims, claim_locations.c.reported_at.label("sort_value"))
            .join_from(claim_locations, claims, claims.c.row_id == claim_locations.c.row_id)
            .where(claim_locations.c.desk_id == desk, inside, standing(desk, revision), *clauses(conditions, desk))
        )
        # The time is beside the place too, and there it bounds what of the index is read.
        if conditions.reported_from is not None:
            query = query.where(claim_locations.c.reported_at >= conditions.reported_from)
        if conditions.reported_before is not None:
            query = query.where(claim_locations.c.reported_at < conditions.reported_before)
        if after is not None:
            last = tuple_(after.value, after.id)
            query = query.where(place < last if order.descending else place > last)
        columns = (claim_locations.c.reported_at, claim_locations.c.claim_id)
        query = query.order_by(*(column.desc() if order.descending else column.asc() for column in columns))
        return [
            FoundClaim(claim=claim_view(row), sort_value=row.sort_value)
            for row in self._connection.execute(query.limit(limit))
        ]

    def get(self, claim_id: str, *, desk: str, revision: int) -> ClaimView | None:
        """None where nothing stood under this id."""
        query = select(claims).where(claims.c.id == claim_id, standing(desk, revision))
        row = self._connection.execute(query).one_or_none()
        return claim_view(row) if row else None

    def groups(
        self,
        conditions: ClaimConditions,
        keys: Sequence[GroupKey],
        *,
        revision: int,
        desk: str,
        limit: int,
        largest_first: bool = False,
    ) -> list[Group]:
        """Over the claims that stood at `revision`; at most `limit` groups, in no order unless `largest_first`."""
        return claim_groups.groups(
            self._connection,
            conditions,
            keys,
            desk=desk,
            revision=revision,
            limit=limit,
            largest_first=largest_first,
        )

    def denials_above(
        self, conditions: ClaimConditions, countries: Sequence[str], *, revision: int, desk: str, limit: int
    ) -> list[ClaimView]:
        """What was denied of all of these countries, or of no place in particular, newest first."""
        denied = replace(conditions, region=(), country=(), polarity=(Polarity.DENIED,))
        query = (
            select(claims)
            .where(standing(desk, revision), *clauses(denied, desk), about_all_of(countries))
            .order_by(claims.c.reported_at.desc(), claims.c.id)
            .limit(limit)
        )
        return [claim_view(row) for row in self._connection.execute(query)]

    def originals(self, found: Iterable[ClaimView], *, revision: int, desk: str) -> dict[str, Original]:
        """By the id of each article among theirs that is a copy."""
        ids = {claim.article_id for claim in found}
        return copies.originals_of(self._connection, ids, revision=revision, desk=desk)

    def tellings(
        self, conditions: ClaimConditions, *, denied_above: Sequence[str] = (), revision: int, desk: str, limit: int
    ) -> list[Telling]:
        """See tellings.tellings."""
        return tellings.tellings(
            self._connection, conditions, denied_above=denied_above, revision=revision, desk=desk, limit=limit
        )

    # ---- writing

    def save_extraction(
        self,
        article_id: str,
        version: int,
        extraction: ExtractedArticle,
        *,
        extractor_name: str,
        extractor_version: str,
        now: datetime,
    ) -> bool:
        """See saving.save_extraction."""
        return saving.save_extraction(
            self._connection,
            article_id,
            version,
            extraction,
            extractor_name=extractor_name,
            extractor_version=extractor_version,
            now=now,
        )

    def end_all(self, article_id: str, version: int, *, reason: ChangeKind, desk: str, now: datetime) -> None:
        """Ends what stands of an article; `reason` is logged as the kind of change to that version."""
        saving.end_all(self._connection, article_id, version, reason=reason, desk=desk, now=now)
