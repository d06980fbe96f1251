"""The index of claims by their words: kept in the transaction that writes the claims, and rid of what is erased."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, delete, insert, select, text

from service.domain.searching import Search
from service.storage.search_types import Sought, matches
from service.storage.tables import claim_search, claims


def index(connection: Connection, words: Mapping[int, str]) -> None:
    """`words` by row of claims, as searched_words gives them."""
    if words:
        connection.execute(insert(claim_search), [{"rowid": row_id, "words": said} for row_id, said in words.items()])


def forget(connection: Connection, article_id: str) -> None:
    """Takes out an article's words; before its claims are deleted."""
    rows = select(claims.c.row_id).where(claims.c.article_id == article_id)
    connection.execute(delete(claim_search).where(claim_search.c.rowid.in_(rows)))
    if connection.dialect.name == "sqlite":
        # FTS5 only notes what is deleted, and keeps the words until it happens to merge what it noted.
        connection.execute(text("INSERT INTO claim_search (claim_search) VALUES ('optimize')"))


def found_by(search: Search) -> ColumnElement[bool]:
    """Over `claims`."""
    if search.wanted:
        return claims.c.row_id.in_(rows_with(search))
    # Neither store's index can tell what does not hold a word.
    return and_(*(claims.c.row_id.not_in(rows_with(Search(wanted=(term,)))) for term in search.unwanted))


def rows_with(search: Search) -> Select[tuple[int]]:
    """Rows of claims; `search` has something wanted."""
    sought = bindparam(None, search, type_=Sought(), unique=True)
    return select(claim_search.c.rowid).where(matches(claim_search.c.words, sought))
