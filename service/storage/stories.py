"""What reviewers decided about stories. Stories themselves are computed from the claims that stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from service.domain.register import ChangeKind, ClaimView
from service.storage import changes
from service.storage.tables import STANDING, articles, desks, story_pins


class Stories:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def pins(self, *, revision: int, desk: str) -> dict[tuple[str, str], str]:
        """Label by claim id and place, as they stood at `revision`. Reviewers make them one by one: they are few."""
        pin = story_pins.c
        query = select(pin.claim_id, pin.place, pin.label).where(
            pin.desk_id == desk, pin.created_revision <= revision, pin.ended_revision > revision
        )
        return {(row.claim_id, row.place): row.label for row in self._connection.execute(query)}

    def lock(self, *, desk: str) -> None:
        """Until the transaction ends no claim of the desk changes. SQLite's writers take turns anyway."""
        self._connection.execute(select(desks.c.revision).where(desks.c.id == desk).with_for_update())

    def pin(
        self,
        labels: Sequence[tuple[ClaimView, str]],
        place: str,
        *,
        kind: ChangeKind,
        desk: str,
        now: datetime,
    ) -> None:
        """Gives claims their labels, in place of those that they had; the first of them stands in the change log."""
        revision = changes.next_revision(self._connection, desk)
        pin = story_pins.c
        held = update(story_pins).where(pin.desk_id == desk, pin.place == place, pin.ended_revision == STANDING)
        ids = [claim.id for claim, _ in labels]
        self._connection.execute(held.where(pin.claim_id.in_(ids)).values(ended_revision=revision))
        rows = [
            {
                "desk_id": desk,
                "article_id": claim.article_id,
                "claim_id": claim.id,
                "place": place,
                "label": label,
                "created_revision": revision,
                "ended_revision": STANDING,
            }
            for claim, label in labels
        ]
        self._connection.execute(insert(story_pins), rows)
        first = labels[0][0]
        version = select(articles.c.current_version).where(articles.c.id == first.article_id)
        change = changes.Change(
            kind=kind,
            article_id=first.article_id,
            version=self._connection.execute(version).scalar_one(),
            claim_id=first.id,
        )
        changes.log(self._connection, [change], desk=desk, revision=revision, now=now)
