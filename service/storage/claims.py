"""Claims: every query about them."""

from __future__ import annotations

from sqlalchemy import Connection


class Claims:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
