"""Registers to be fuzzed: an SQLite file in a folder, and a Postgres database of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from service.storage.migrate import upgrade
from tests.fuzz.machine import Store, open_store, settings_for
from tests.integration.worker.register import postgres_database


@contextmanager
def register(folder: Path, *, keyed: bool, postgres_url: str | None = None) -> Iterator[Store]:
    """An empty one on Postgres where that is named, else on SQLite."""
    with ExitStack() as stack:
        url = stack.enter_context(postgres_database(postgres_url)) if postgres_url else f"sqlite:///{folder}/muster.db"
        settings = settings_for(folder, url)
        upgrade(settings)
        yield stack.enter_context(open_store(settings, keyed=keyed))
