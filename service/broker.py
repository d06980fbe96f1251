"""How Celery reaches the broker: what those who send wake-ups and those who take them must agree on.

Only the URL chooses the broker: Redis, RabbitMQ, or files in the data folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kombu.connection import Connection

from service.settings import Settings

QUEUE = "muster"
WORK = "muster.work"
"""The one task. Its message carries no work, only the news that there is some."""

DRAIN_S = 5.0
"""For so long one wake-up takes up new jobs; short, so that stopping a worker is quick."""

CONNECT_S = 3.0
ANSWER_S = 5.0
POLL_FILES_S = 0.02


def drain_s(settings: Settings) -> float:
    """For how long one wake-up takes up new jobs. A job begun last still ends within its lease."""
    return min(DRAIN_S, (settings.lease_s - settings.hard_limit_s) / 2)


def hard_limit_s(settings: Settings) -> float:
    """When the child process is killed: the job begun last has had its own hard limit then."""
    return settings.hard_limit_s + drain_s(settings)


def is_files(settings: Settings) -> bool:
    return settings.broker_url.startswith("filesystem://")


def shared_configuration(settings: Settings) -> dict[str, Any]:
    """Celery settings of both sides. For the files it also makes their folders."""
    configuration: dict[str, Any] = {
        "broker_url": settings.broker_url,
        "broker_connection_timeout": CONNECT_S,
        "broker_transport_options": _transport_options(settings),
        "task_default_queue": QUEUE,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "result_backend": None,
        "enable_utc": True,
    }
    if transport := _transport(settings):
        configuration["broker_transport"] = transport
    if is_files(settings):
        # Without a host kombu warns that it takes localhost.
        configuration["broker_url"] = "filesystem://localhost"
    return configuration


def connect_to_send(settings: Settings) -> Connection:
    """A connection to publish on; everything on it ends or fails within seconds. Connects to nothing yet."""
    options: Mapping[str, Any] = _transport_options(settings)
    if settings.broker_url.startswith(("amqp://", "amqps://")):
        options = {**options, "read_timeout": ANSWER_S}
    return Connection(
        settings.broker_url,
        transport=_transport(settings),
        transport_options=options,
        connect_timeout=CONNECT_S,
        heartbeat=0,
    )


def _transport(settings: Settings) -> str | None:
    """Ours where kombu's has a fault; rediss:// stays with kombu, which reads TLS options from the scheme."""
    if is_files(settings):
        return "service.broker_files:Transport"
    return "service.broker_redis:Transport" if settings.broker_url.startswith("redis://") else None


def _transport_options(settings: Settings) -> dict[str, Any]:
    scheme = settings.broker_url.partition("://")[0]
    if scheme == "filesystem":
        return _file_options(settings.broker_dir)
    if scheme in ("redis", "rediss", "sentinel", "unix"):
        return {
            # Above what a child may hold: the message it works on and one fetched ahead.
            "visibility_timeout": int(2 * hard_limit_s(settings)) + 30,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            "unacked_mutex_expire": 30,
            "socket_timeout": ANSWER_S,
            "socket_connect_timeout": CONNECT_S,
            "socket_keepalive": True,
            "health_check_interval": 25,
        }
    if scheme in ("amqp", "amqps"):
        return {"write_timeout": ANSWER_S}
    return {}


def _file_options(folder: Path) -> dict[str, Any]:
    waiting, control = folder / "waiting", folder / "control"
    for needed in (waiting, control):
        needed.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(waiting),
        "data_folder_out": str(waiting),
        "control_folder": str(control),
        "polling_interval": POLL_FILES_S,
    }
