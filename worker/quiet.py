"""Keeps out of a worker's log what tells nobody anything, and what would quote. Errors of ours and of Celery's stay."""

from __future__ import annotations

import logging
from typing import Any, Final

from billiard.util import get_logger
from celery import bootsteps
from celery.apps.worker import install_worker_term_handler
from celery.exceptions import Reject

READERS_OF_PAGES: Final = frozenset({"trafilatura", "htmldate", "courlan", "readability"})
TASKS: Final = frozenset({"celery.app.trace", "celery.worker.request"})


def is_worth_telling(record: logging.LogRecord) -> bool:
    """A filter for handlers. What is wrong with a page its article's diagnostics tell, and no error of the worker's.

    Nor is a wake-up that goes round again, which Celery logs with a traceback. Levels of loggers would not do:
    trafilatura sets htmldate's when it is imported.
    """
    if record.name in TASKS and record.exc_info and isinstance(record.exc_info[1], Reject):
        return False
    return record.name.partition(".")[0] not in READERS_OF_PAGES or record.levelno >= logging.CRITICAL


def without_quotes(record: logging.LogRecord) -> bool:
    """A filter for handlers that lets all through: Celery's lines about a failed task quote the error's message."""
    if record.name in TASKS and record.exc_info:
        error = record.exc_info[1]
        # What comes from another process is wrapped.
        record.msg, record.args = "A wake-up failed: %s", (type(getattr(error, "exc", error)).__name__,)
    return True


def quieten(logger: logging.Logger) -> None:
    """Once the log has been set up. Billiard, which tells of processes that died, keeps its lines to itself else."""
    get_logger().propagate = True
    for handler in logger.handlers:
        handler.addFilter(is_worth_telling)
        handler.addFilter(without_quotes)


class QuietStop(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery ships no types
    """Celery writes "Warm shutdown" to standard output, however quiet it is told to be, unless its handler is put anew.

    A worker that is asked to stop says nothing then; SIGINT and SIGQUIT still tell what they do.
    """

    def start(self, parent: Any) -> None:
        install_worker_term_handler(parent, verbose=False)
