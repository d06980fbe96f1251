"""Keeps out of a worker's output what tells nobody anything. Errors of ours and of Celery's stay."""

from __future__ import annotations

import logging
from typing import Any, Final

from celery import bootsteps
from celery.apps.worker import install_worker_term_handler

READERS_OF_PAGES: Final = frozenset({"trafilatura", "htmldate", "courlan", "readability"})


def is_worth_telling(record: logging.LogRecord) -> bool:
    """A filter for handlers. What is wrong with a page its article's diagnostics tell, and no error of the worker's.

    Levels of loggers would not do: trafilatura sets htmldate's when it is imported.
    """
    return record.name.partition(".")[0] not in READERS_OF_PAGES or record.levelno >= logging.CRITICAL


def quieten(logger: logging.Logger, **_: Any) -> None:
    """Takes Celery's signal that the log has been set up."""
    for handler in logger.handlers:
        handler.addFilter(is_worth_telling)


class QuietStop(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery ships no types
    """Celery writes "Warm shutdown" to standard output, however quiet it is told to be, unless its handler is put anew.

    A worker that is asked to stop says nothing then; SIGINT and SIGQUIT still tell what they do.
    """

    def start(self, parent: Any) -> None:
        install_worker_term_handler(parent, verbose=False)
