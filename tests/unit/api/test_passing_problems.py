"""What passes by itself is told so: when to ask again, and under a name of its own."""

from __future__ import annotations

import pytest

from service.api.problems import problem_of
from service.domain.errors import (
    InProgressError,
    MusterError,
    NotReadyError,
    StorageInDoubtError,
    StorageUnavailableError,
)


@pytest.mark.parametrize(
    ("error", "name", "status"),
    [
        (NotReadyError("not yet"), "not-ready", 409),
        (InProgressError("just now"), "in-progress", 409),
        (StorageUnavailableError("away"), "storage-unavailable", 503),
        (StorageInDoubtError("who knows"), "storage-in-doubt", 503),
    ],
)
def test_problem_that_passes_says_when_to_ask_again(error: MusterError, name: str, status: int) -> None:
    problem = problem_of(error)
    assert (problem.kind.name, problem.kind.status) == (name, status)
    assert int(problem.headers["Retry-After"]) > 0
