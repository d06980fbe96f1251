"""Servers that belong to the faults alone: on free ports, in folders of their own, to be killed at will."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import psycopg
import redis
from kombu.connection import Connection
from kombu.exceptions import OperationalError

from bench.processes import free_port

START_S = 60.0
RABBITMQ_PROGRAMS = ("/usr/lib/rabbitmq/bin/rabbitmq-server", "/usr/local/sbin/rabbitmq-server")
"""The scripts themselves; what lies in the PATH may change to another user and another folder."""
POSTGRES_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")
STOPS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
UNPRIVILEGED = ("postgres", "nobody")
"""As root Postgres does not start; these are who may own it instead, the first that there is."""


class ServerMissingError(RuntimeError):
    """The server's program is not on this machine."""


class Postgres:
    """A server with the settings it comes with. `url` stays the same when it is started again."""

    def __init__(self, folder: Path) -> None:
        self._bin = _postgres_folder()
        self._data, self._log = folder / "data", folder / "log"
        self._user = _owner()
        if self._user is not None:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)
        initdb = [str(self._bin / "initdb"), "--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8"]
        self._run([*initdb, "--locale=C", f"--pgdata={self._data}"])
        self.port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers, which after a crash is when it has recovered."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(str(self._bin / "postgres"), "-D", str(self._data), "-p", str(self.port)),
                    *("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=60"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self._user.pw_uid if self._user else None,
                group=self._user.pw_gid if self._user else None,
                start_new_session=True,
            )
        _await(lambda: psycopg.connect(self.url, connect_timeout=2).close(), (psycopg.Error,))

    def stop(self, mode: Literal["smart", "fast", "immediate"] = "fast") -> None:
        """`immediate` is a crash: what was committed is found again in the write-ahead log."""
        if self._process is not None:
            self._process.send_signal(STOPS[mode])
            self._process.wait(START_S)
            self._process = None

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """An empty database; dropped at the end, when the server still runs."""
        self._execute(f"CREATE DATABASE {name}")
        try:
            yield self.url.rpartition("/")[0] + f"/{name}"
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def tool(self, name: str) -> str:
        """A client program of the same version: pg_dump and its like."""
        return str(self._bin / name)

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode())

    def _run(self, command: list[str]) -> None:
        user = self._user.pw_uid if self._user else None
        done = subprocess.run(command, capture_output=True, text=True, user=user, cwd="/", check=False)
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {done.stderr}")


class Redis:
    """With `aof` it writes what it holds to an append-only file; without, a kill takes all."""

    def __init__(self, folder: Path, *, aof: bool) -> None:
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        if program is None:
            raise ServerMissingError("redis-server is not installed here")
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._log = folder / "redis.log"
        self._command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        self._command += ["--appendonly", "yes" if aof else "no"]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        _await(self._ping, (redis.RedisError,))

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def flush(self) -> None:
        """FLUSHALL."""
        with redis.Redis(port=self.port) as client:
            client.flushall()

    def waiting(self, queue: str) -> int:
        with redis.Redis(port=self.port) as client:
            return int(client.llen(queue))

    def _ping(self) -> None:
        with redis.Redis(port=self.port, socket_timeout=2) as client:
            client.ping()


class RabbitMq:
    """A node of its own name, which knows nothing of another on the machine. What it was told to keep it keeps."""

    def __init__(self, folder: Path) -> None:
        found = [path for path in RABBITMQ_PROGRAMS if Path(path).exists()]
        program = found[0] if found else shutil.which("rabbitmq-server")
        if program is None:
            raise ServerMissingError("rabbitmq-server is not installed here")
        self._program = program
        self.port = free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}//"
        self._log = folder / "rabbitmq.log"
        self._environment = {
            **os.environ,
            "HOME": str(folder),
            "RABBITMQ_NODENAME": f"muster-faults-{self.port}@localhost",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(folder / "none"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._program],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        _await(self._connect, (OSError, OperationalError))

    def kill(self) -> None:
        """SIGKILL to the node and to the scripts that started it."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _connect(self) -> None:
        with Connection(self.url, connect_timeout=2) as connection:
            connection.ensure_connection(max_retries=1, timeout=2)


@contextmanager
def small_disk(folder: Path, *, size_mb: int) -> Iterator[Path]:
    """A file system of its own that can be filled up. Raises ServerMissingError for those who may not mount one."""
    place = folder / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", str(place)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode:
        raise ServerMissingError(f"A small file system can't be mounted here: {mounted.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@contextmanager
def private_rabbitmq() -> Iterator[RabbitMq]:
    """Raises ServerMissingError."""
    with TemporaryDirectory(prefix="muster-faults-") as folder:
        server = RabbitMq(Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.kill()


@contextmanager
def private_postgres() -> Iterator[Postgres]:
    """Raises ServerMissingError."""
    with TemporaryDirectory(prefix="muster-faults-") as folder:
        server = Postgres(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")


@contextmanager
def private_redis(*, aof: bool = False) -> Iterator[Redis]:
    """Raises ServerMissingError."""
    with TemporaryDirectory(prefix="muster-faults-") as folder:
        server = Redis(Path(folder), aof=aof)
        server.start()
        try:
            yield server
        finally:
            server.kill()


def _postgres_folder() -> Path:
    """The newest version's folder of programs; what lies in the PATH may be a part of them only."""
    found = [path for pattern in POSTGRES_FOLDERS for path in Path("/").glob(pattern.lstrip("/"))]
    known = shutil.which("pg_config")
    if known:
        asked = subprocess.run([known, "--bindir"], capture_output=True, text=True, check=True)
        found.append(Path(asked.stdout.strip()))
    complete = [path for path in found if (path / "initdb").exists() and (path / "postgres").exists()]
    in_path = shutil.which("initdb")
    if not complete and in_path and Path(in_path).with_name("postgres").exists():
        complete = [Path(in_path).parent]
    if not complete:
        raise ServerMissingError("Postgres' initdb and postgres are not installed here")
    return max(complete, key=lambda path: [int(part) for part in path.parts if part.isdigit()])


def _owner() -> pwd.struct_passwd | None:
    """Who is to own the server; None for whoever runs this."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise ServerMissingError(f"Postgres does not run as root, and there is no user {' or '.join(UNPRIVILEGED)}")


def _await(answers: Callable[[], object], errors: tuple[type[Exception], ...]) -> None:
    until = time.monotonic() + START_S
    while True:
        try:
            answers()
        except errors:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
