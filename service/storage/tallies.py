"""What was counted of the work, added up in the transactions that did it."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from service.domain.tallies import Counts, Tally
from service.storage.tables import tallies


class Tallies:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, counts: Counts) -> None:
        """Call it last: others who count the same wait from here until the transaction ends.

        All take the rows in one order, so that nobody waits in a circle.
        """
        rows = [
            {"name": name.value, "label": label, "value": float(number)}
            for (name, label), number in sorted(counts.items())
            if number
        ]
        if not rows:
            return
        insert = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        added = insert(tallies).values(rows)
        self._connection.execute(
            added.on_conflict_do_update(
                index_elements=["name", "label"], set_={"value": tallies.c.value + added.excluded.value}
            )
        )

    def read(self) -> Counts:
        """What was never counted is left out."""
        rows = self._connection.execute(select(tallies.c.name, tallies.c.label, tallies.c.value))
        known = {tally.value for tally in Tally}
        return {(Tally(row.name), row.label): row.value for row in rows if row.name in known}
