"""How the log looks: a line to an event on standard error, as JSON or for a person's eyes.

Everybody logs through the standard library, so that the lines of Celery, granian and other libraries look like
ours. What a line may tell besides its sentence is a closed list, and of an error it tells kinds and lines of code:
so no key, no word of an article and no statement gets into the log through a field or a message that quotes.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import structlog
from structlog.stdlib import ExtraAdder, ProcessorFormatter

from service.faults import told
from service.settings import LogFormat, Settings

FIELDS: Final = (
    *("request_id", "trace_id", "method", "route", "status", "duration_ms", "key_id", "desk"),
    *("article_id", "version", "attempt", "claims", "seconds", "reason", "fault"),
    *("requeued", "deaths", "failed", "wait_s"),
)
"""All that `extra` may add to a line, in this order. None of them is written by those who post articles."""

LOG_OF_SERVERS: Final = Path(__file__).with_name("server_logs.json")
"""What granian and gunicorn are told to log like."""

OURS: Final = ("service", "worker")


def configure(settings: Settings, *, part: str) -> None:
    """Sends this process's log to standard error. `part` is who logs: "api" or "worker".

    Our own lines come from MUSTER_LOG_LEVEL up. Those of libraries from WARNING up, at DEBUG too: some of them would
    tell statements and what was posted.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(settings, part=part))
    root = logging.getLogger()
    root.handlers = [handler]
    level = logging.getLevelNamesMapping()[settings.log_level]
    root.setLevel(max(logging.WARNING, level))
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(capture=True)
    # Where a line can't be put together, the library would print what it was made of.
    logging.raiseExceptions = False
    sys.excepthook = _log_end
    threading.excepthook = _log_end_of_thread


def formatter(settings: Settings, *, part: str) -> logging.Formatter:
    """Of MUSTER_LOG_FORMAT; "auto" is for a person where standard error is a terminal, and JSON elsewhere."""
    readable = settings.log_format == LogFormat.CONSOLE or (
        settings.log_format == LogFormat.AUTO and sys.stderr.isatty()
    )

    def lay_out(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        record: logging.LogRecord = event["_record"]
        first = {name: event.pop(name) for name in ("timestamp", "level", "event", "logger")}
        who = {} if readable else {"part": part, "process": record.process}
        fields = {name: event.pop(name) for name in FIELDS if name in event}
        return {**first, **who, **fields, **event}

    return ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            ExtraAdder(allow=FIELDS),
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            lay_out,
            _tell_fault,
            ProcessorFormatter.remove_processors_meta,
            structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
            if readable
            else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def server_formatter() -> logging.Formatter:
    """For server_logs.json, by which granian and gunicorn log the same way."""
    return formatter(Settings.from_env(os.environ), part="api")


def _tell_fault(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """In place of a traceback, which ends with the error's message."""
    error = event.pop("exc_info", None)
    if isinstance(error, tuple):
        error = error[1]
    event.pop("stack_info", None)
    if isinstance(error, BaseException):
        event["fault"] = told(error)
    return event


def _log_end(_kind: type[BaseException], error: BaseException, _traceback: TracebackType | None) -> None:
    if not isinstance(error, KeyboardInterrupt):
        logging.getLogger("service").critical("The process ends by an error", extra={"fault": told(error)})


def _log_end_of_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None and not isinstance(ended.exc_value, SystemExit):
        logging.getLogger("service").error("A thread ended by an error", extra={"fault": told(ended.exc_value)})
