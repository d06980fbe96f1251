"""The log as a process writes it: each record formatted when it is made."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from service.logs import OURS, formatter
from service.settings import LogFormat, Settings

SQL = ("SELECT", "INSERT", "UPDATE ", "DELETE ", "FROM articles", "[SQL", "parameters")
"""What begins statements, and what libraries call those."""


class Lines(logging.Handler):
    def __init__(self, part: str) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(formatter(Settings(log_format=LogFormat.JSON), part=part))
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(self.format(record))


@contextmanager
def logged(part: str, *, level: int = logging.INFO) -> Iterator[Lines]:
    """Everything that is logged from `level` up, by libraries too."""
    loggers = [logging.getLogger(), *map(logging.getLogger, OURS)]
    levels, lines = [logger.level for logger in loggers], Lines(part)
    loggers[0].addHandler(lines)
    for logger in loggers:
        logger.setLevel(level)
    try:
        yield lines
    finally:
        loggers[0].removeHandler(lines)
        for logger, before in zip(loggers, levels, strict=True):
            logger.setLevel(before)
