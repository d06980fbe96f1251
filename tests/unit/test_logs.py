"""What a line of the log looks like, and what can't get into one."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest
from structlog.contextvars import bound_contextvars

from service.logs import formatter
from service.settings import LogFormat, Settings

WORDS = "Zwölfhundert Quixotic soldiers"


def line(form: LogFormat = LogFormat.JSON, *, error: Exception | None = None, **extra: object) -> str:
    record = logging.getLogger("worker.jobs").makeRecord(
        "worker.jobs", logging.INFO, __file__, 1, "Article %s", ("read",), _raised(error), extra=extra
    )
    return formatter(Settings(log_format=form), part="worker").format(record)


def _raised(error: Exception | None) -> Any:
    if error is None:
        return None
    try:
        raise error  # noqa: TRY301 - it gets its traceback so
    except Exception:  # noqa: BLE001 - the one just raised
        return sys.exc_info()


def test_a_line_is_one_object_of_json() -> None:
    told = json.loads(line(article_id="a_1", version=2, attempt=1, claims=0))
    assert told.pop("timestamp").endswith("Z")
    assert told.pop("process") > 0
    assert told == {
        "event": "Article read",
        "level": "info",
        "logger": "worker.jobs",
        "part": "worker",
        "article_id": "a_1",
        "version": 2,
        "attempt": 1,
        "claims": 0,
    }


def test_a_line_tells_what_was_bound_around_it() -> None:
    with bound_contextvars(request_id="r1"):
        assert json.loads(line())["request_id"] == "r1"
    assert "request_id" not in json.loads(line())


def test_a_line_for_people_holds_the_same_in_one_line() -> None:
    told = line(LogFormat.CONSOLE, article_id="a_1")
    assert told.count("\n") == 0
    for part in ("Article read", "info", "article_id=a_1"):
        assert part in told


@pytest.mark.parametrize("form", [LogFormat.JSON, LogFormat.CONSOLE])
def test_fields_that_are_not_listed_are_left_out(form: LogFormat) -> None:
    told = line(form, text=WORDS, data={"args": WORDS}, evidence=WORDS, authorization=WORDS)
    assert "Quixotic" not in told


@pytest.mark.parametrize("form", [LogFormat.JSON, LogFormat.CONSOLE])
def test_an_error_is_told_by_kind_and_place_and_never_by_its_words(form: LogFormat) -> None:
    told = line(form, error=ValueError(WORDS))
    assert "Quixotic" not in told
    assert "ValueError at " in told
    assert "test_logs.py" in told
    assert "Traceback" not in told


def test_line_breaks_begin_no_line_of_their_own() -> None:
    assert line(reason='x\n{"level": "info"}').count("\n") == 0
    assert line(LogFormat.CONSOLE, reason="x\ny").count("\n") == 0


@pytest.mark.parametrize(("terminal", "is_json"), [(True, False), (False, True)])
def test_auto_is_readable_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch, terminal: bool, is_json: bool) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    assert line(LogFormat.AUTO).startswith("{") is is_json
