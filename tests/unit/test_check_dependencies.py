"""Licenses and known vulnerabilities of the locked packages, with an OSV that answers or does not."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tools import check_dependencies

LOCK = "flask==3.1.0 \\\n    --hash=sha256:0\npsycopg==3.2.0 \\\n    --hash=sha256:0\n"


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What OSV answers, or the error it raises."""
    given: list[Any] = [{"results": [{}, {}]}]

    def post(url: str, **_: Any) -> requests.Response:
        if isinstance(given[0], Exception):
            raise given[0]
        response = requests.Response()
        response.status_code = 200
        response.json = lambda **_: given[0]  # type: ignore[method-assign]
        return response

    monkeypatch.setattr(requests, "post", post)
    return given


def test_clean_packages_pass(answers: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert check_dependencies.report(LOCK) == 0
    out, err = capsys.readouterr()
    assert "BSD-3-Clause" in out
    assert "LGPL" in out
    assert "OSV knows of 0 vulnerabilities in these 2 packages." in err


def test_no_network_is_no_failure(answers: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    answers[0] = requests.ConnectionError()
    assert check_dependencies.report(LOCK) == 0
    assert "were not looked up" in capsys.readouterr().err


def test_a_known_vulnerability_fails(
    answers: list[Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers[0] = {"results": [{"vulns": [{"id": "PYSEC-1"}]}, {}]}
    assert check_dependencies.report(LOCK) == 1
    assert "flask 3.1.0: PYSEC-1" in capsys.readouterr().err
    monkeypatch.setattr(check_dependencies, "IGNORED", {"PYSEC-1": "Not reached from here."})
    assert check_dependencies.report(LOCK) == 0


@pytest.mark.parametrize("license_", ["", "GPL-3.0-only", "MIT AND AGPL-3.0-only", "Proprietary"])
def test_another_license_fails(answers: list[Any], monkeypatch: pytest.MonkeyPatch, license_: str) -> None:
    monkeypatch.setattr(check_dependencies, "license_of", lambda name: license_ if name == "flask" else "MIT")
    assert check_dependencies.report(LOCK) == 1
