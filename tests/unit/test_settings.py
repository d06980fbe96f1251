"""Settings: read once, refused with a sentence that says which and why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from service.settings import Settings, SettingsError, traces_exporter


def test_from_env_of_nothing_is_the_embedded_default() -> None:
    settings = Settings.from_env({"LANG": "C"})
    assert settings == Settings()
    assert (settings.database_url, settings.broker_url) == ("sqlite:///data/muster.db", "filesystem://")


def test_from_env_keeps_the_database_in_the_data_folder() -> None:
    settings = Settings.from_env({"MUSTER_DATA_DIR": "/srv/muster"})
    assert settings.database_url == "sqlite:////srv/muster/muster.db"
    assert settings.broker_dir == Path("/srv/muster/broker")


def test_from_env_keeps_a_given_database_beside_a_given_data_folder() -> None:
    settings = Settings.from_env({"MUSTER_DATA_DIR": "/srv/muster", "MUSTER_DATABASE_URL": "sqlite:////x/y.db"})
    assert settings.database_url == "sqlite:////x/y.db"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_from_env_takes_postgres_to_mean_psycopg(scheme: str) -> None:
    settings = Settings.from_env({"MUSTER_DATABASE_URL": f"{scheme}://user@db/muster"})
    assert settings.database_url == "postgresql+psycopg://user@db/muster"


def test_from_env_reads_numbers_and_lists() -> None:
    settings = Settings.from_env(
        {"MUSTER_PORT": " 9000 ", "MUSTER_SWEEP_INTERVAL_S": "0.5", "MUSTER_ALLOWED_HOSTS": "News.example, b.example,"}
    )
    assert (settings.port, settings.sweep_interval_s) == (9000, 0.5)
    assert settings.allowed_hosts == ("news.example", "b.example")


def test_from_env_takes_an_empty_value_for_none() -> None:
    assert Settings.from_env({"MUSTER_DATABASE_URL": ""}) == Settings()


def test_from_env_leaves_the_addresses_of_tests_alone() -> None:
    assert Settings.from_env({"MUSTER_TEST_POSTGRES_URL": "postgresql://x/y"}) == Settings()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "http", "whole number"),
        ("PORT", "65536", "from 0 to 65535"),
        ("THREADS", "1", "from 2"),
        ("LEASE_S", "-1", "above 0"),
        ("LEASE_S", "nan", "above 0"),
        ("LEASE_S", "soon", "number of seconds"),
        ("DATABASE_URL", "mysql://x", "postgresql:// or sqlite"),
        ("DATABASE_URL", "sqlite://", "postgresql:// or sqlite"),
        ("DATABASE_URL", "postgresql://me@db:port/muster", "port must be a number"),
        ("DATABASE_URL", "postgresql://me:x@[::1]:5x/muster?a=b", "port must be a number"),
        ("DATA_DIR", "~nobody-of-this-name/data", "home"),
        ("BROKER_URL", "kafka://x", "redis://"),
        ("LIMITER_URL", "memcached://x", "redis://"),
        ("BACKLOG_LIMIT_S", "-1", "from 0"),
        ("RATE_PER_MINUTE", "-1", "from 0"),
        ("LOG_LEVEL", "LOUD", "DEBUG"),
        ("MODEL", "../model", "import name"),
    ],
)
def test_from_env_refuses_by_name(name: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError, match=f"MUSTER_{name} .*{re.escape(said)}"):
        Settings.from_env({f"MUSTER_{name}": value})


@pytest.mark.parametrize("name", ["DATABASE_URL", "BROKER_URL", "LIMITER_URL"])
def test_from_env_repeats_no_password(name: str) -> None:
    with pytest.raises(SettingsError, match=f"MUSTER_{name} can't be") as refused:
        Settings.from_env({f"MUSTER_{name}": "mysql://me:hunter2@db/muster"})
    assert "hunter2" not in str(refused.value)


def test_from_env_repeats_no_password_of_an_address_in_the_wrong_place() -> None:
    with pytest.raises(SettingsError, match="MUSTER_PORT can't be what it is") as refused:
        Settings.from_env({"MUSTER_PORT": "amqp://me:hunter2@mq//"})
    assert "hunter2" not in str(refused.value)


def test_from_env_takes_0_for_no_limit() -> None:
    settings = Settings.from_env({"MUSTER_RATE_PER_MINUTE": "0", "MUSTER_BACKLOG_LIMIT_S": "0"})
    assert (settings.rate_per_minute, settings.backlog_limit_s) == (0, 0)


def test_from_env_refuses_a_name_that_is_none() -> None:
    with pytest.raises(SettingsError, match="MUSTER_DATABSE_URL is no setting"):
        Settings.from_env({"MUSTER_DATABSE_URL": "sqlite:///x"})


def test_from_env_refuses_a_lease_shorter_than_the_hard_limit() -> None:
    with pytest.raises(SettingsError, match="MUSTER_LEASE_S"):
        Settings.from_env({"MUSTER_LEASE_S": "30"})


@pytest.mark.parametrize(
    ("env", "exporter"),
    [
        ({}, None),
        ({"OTEL_SERVICE_NAME": "muster"}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, "otlp"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://collector:4318/v1/traces"}, "otlp"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": " "}, None),
        ({"OTEL_TRACES_EXPORTER": "console"}, "console"),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, "otlp"),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, None),
        ({"OTEL_SDK_DISABLED": "true", "OTEL_TRACES_EXPORTER": "otlp"}, None),
    ],
)
def test_traces_are_made_where_the_standard_variables_ask_for_them(env: dict[str, str], exporter: str | None) -> None:
    assert traces_exporter(env) == exporter


def test_an_exporter_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="OTEL_TRACES_EXPORTER can't be 'zipkin'"):
        traces_exporter({"OTEL_TRACES_EXPORTER": "zipkin"})


@pytest.mark.parametrize("value", ["json", "JSON", "console", "auto"])
def test_log_format_is_one_of_three(value: str) -> None:
    assert Settings.from_env({"MUSTER_LOG_FORMAT": value}).log_format == value.lower()


def test_log_format_that_is_none_is_refused() -> None:
    with pytest.raises(SettingsError, match="MUSTER_LOG_FORMAT can't be 'xml': it must be auto, json or console"):
        Settings.from_env({"MUSTER_LOG_FORMAT": "xml"})
