"""What of a worker's log is kept."""

from __future__ import annotations

import logging

import pytest
from billiard.einfo import ExceptionWithTraceback
from celery.exceptions import Reject

from worker.quiet import is_worth_telling, quieten, without_quotes


def record(name: str, level: int) -> logging.LogRecord:
    return logging.LogRecord(name, level, __file__, 1, "empty HTML tree", (), None)


@pytest.mark.parametrize("name", ["trafilatura.core", "trafilatura", "htmldate.core"])
def test_log_leaves_out_what_is_wrong_with_a_page(name: str) -> None:
    assert not is_worth_telling(record(name, logging.ERROR))


@pytest.mark.parametrize("name", ["worker.jobs", "celery.worker", "root", "trafilaturas"])
@pytest.mark.parametrize("level", [logging.WARNING, logging.ERROR])
def test_log_keeps_errors_and_warnings_of_everybody_else(name: str, level: int) -> None:
    assert is_worth_telling(record(name, level))


def test_log_leaves_out_a_wake_up_that_goes_round_again() -> None:
    again = record("celery.app.trace", logging.WARNING)
    again.exc_info = (Reject, Reject("More is queued."), None)
    assert not is_worth_telling(again)


def test_log_tells_of_a_failed_wake_up_without_its_error_s_words() -> None:
    failed = record("celery.app.trace", logging.ERROR)
    failed.exc_info = (ValueError, ValueError("words"), None)
    failed.msg, failed.args = "Task failed: %s", ("words",)
    assert is_worth_telling(failed)
    assert without_quotes(failed)
    assert failed.getMessage() == "A wake-up failed: ValueError"


def test_log_tells_how_a_process_ended_that_wraps_its_error() -> None:
    failed = record("celery.worker.request", logging.ERROR)
    wrapped = ExceptionWithTraceback(MemoryError("words"), "Traceback: words")
    failed.exc_info = (type(wrapped), wrapped, None)
    assert without_quotes(failed)
    assert failed.getMessage() == "A wake-up failed: MemoryError"


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.names.append(record.name)


def test_log_is_filtered_where_it_is_written_whatever_level_a_library_sets() -> None:
    logger, handler = logging.getLogger("tests.quiet"), Kept()
    logger.addHandler(handler)
    quieten(logger)
    for name in ("htmldate.core", "worker.jobs"):
        logger.handle(record(name, logging.ERROR))
    logger.removeHandler(handler)
    assert handler.names == ["worker.jobs"]
