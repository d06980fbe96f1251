"""What every test shares: hypothesis settings, service addresses, and the rule that CI skips nothing."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from hypothesis import settings

# Time says nothing about correctness on a shared machine, and a failure must be the same one on the next run.
settings.register_profile("muster", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("muster")


def _service_url(variable: str) -> str:
    url = os.environ.get(variable)
    if not url:
        pytest.skip(f"{variable} is not set")
    return url


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """Address of a Postgres database that tests may empty; skips without one."""
    return _service_url("MUSTER_TEST_POSTGRES_URL")


@pytest.fixture(scope="session")
def redis_url() -> str:
    """Address of a Redis database that tests may empty; skips without one."""
    return _service_url("MUSTER_TEST_REDIS_URL")


@pytest.fixture(scope="session")
def amqp_url() -> str:
    """Address of a RabbitMQ virtual host that tests may use; skips without one."""
    return _service_url("MUSTER_TEST_AMQP_URL")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With MUSTER_TEST_NO_SKIPS=1 a skipped test is a failed one. Expected failures stay what they are."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("MUSTER_TEST_NO_SKIPS") == "1":
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and here no test may be: {call.excinfo and call.excinfo.value}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same rule for a file that skips itself whole, such as by importorskip."""
    report = yield
    if report.skipped and os.environ.get("MUSTER_TEST_NO_SKIPS") == "1":
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped whole, and here no test may be"
    return report
