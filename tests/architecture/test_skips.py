"""MUSTER_TEST_NO_SKIPS=1, which CI sets, turns every skip into a failure."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

TESTS = Path(__file__).parents[1]
CASES = """
import pytest

def test_runs():
    pass

def test_skips():
    pytest.skip("no service")

@pytest.mark.skip(reason="later")
def test_is_marked():
    pass

@pytest.mark.xfail(strict=True)
def test_is_expected_to_fail():
    assert False
"""


@pytest.fixture(autouse=True)
def _our_conftest(pytester: pytest.Pytester) -> None:
    pytester.makeconftest((TESTS / "conftest.py").read_text(encoding="utf-8"))


def test_skips_are_skips_by_default(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MUSTER_TEST_NO_SKIPS", raising=False)
    pytester.makepyfile(CASES)
    pytester.runpytest_subprocess().assert_outcomes(passed=1, skipped=2, xfailed=1)


def test_skips_fail_where_none_may_be(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_TEST_NO_SKIPS", "1")
    pytester.makepyfile(CASES)
    result = pytester.runpytest_subprocess()
    # pytest counts what goes wrong before the call, as a mark's skip does, as an error.
    result.assert_outcomes(passed=1, failed=1, errors=1, xfailed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_files_that_skip_themselves_fail_where_none_may(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSTER_TEST_NO_SKIPS", "1")
    pytester.makepyfile("import pytest\npytest.importorskip('no_such_module')\n")
    assert pytester.runpytest_subprocess().ret != pytest.ExitCode.OK
