"""What is searched and what is sought, as each store takes it: tsvector and tsquery on Postgres, FTS5 on SQLite.

Both get words that are told apart already (service/domain/searching.py), so neither store's own rules for words
apply. Words are letters and digits only; nothing in them can be an operator.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from service.domain.searching import BETWEEN, Search, Term


class SearchedWords(TypeDecorator[str]):
    """Words with spaces between them; on Postgres each with its place, and none where BETWEEN stands."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(postgresql.TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or dialect.name != "postgresql":
            return value
        placed = enumerate(value.split(), start=1)
        return " ".join(f"'{word}':{place}" for place, word in placed if word != BETWEEN)


class Sought(TypeDecorator[Search]):
    """A search with something wanted, as a query of either store."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(postgresql.TSQUERY() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Search | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return _tsquery(value) if dialect.name == "postgresql" else _fts5(value)


class matches(GenericFunction[Any]):  # noqa: N801 - read as an SQL function
    """matches(words, sought)."""

    # Where the type is Boolean, SQLAlchemy compares with 1 on SQLite, and MATCH may stand in no comparison.
    type = NullType()
    inherit_cache = True


@compiles(matches, "postgresql")
def _matches_on_postgres(element: matches, compiler: SQLCompiler, **kw: Any) -> str:
    column, sought = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({column} @@ CAST({sought} AS tsquery))"


@compiles(matches, "sqlite")
def _matches_on_sqlite(element: matches, compiler: SQLCompiler, **kw: Any) -> str:
    column, sought = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({column} MATCH {sought})"


def _tsquery(search: Search) -> str:
    def one(term: Term) -> str:
        phrase = " <-> ".join(f"'{word}'" for word in term.words)
        return f"({phrase}:*)" if term.begins else f"({phrase})"

    wanted = " & ".join(map(one, search.wanted))
    return f"{wanted} & !({' | '.join(map(one, search.unwanted))})" if search.unwanted else wanted


def _fts5(search: Search) -> str:
    def one(term: Term) -> str:
        return f'"{" ".join(term.words)}"' + (" *" if term.begins else "")

    wanted = " AND ".join(map(one, search.wanted))
    return f"({wanted}) NOT ({' OR '.join(map(one, search.unwanted))})" if search.unwanted else wanted
