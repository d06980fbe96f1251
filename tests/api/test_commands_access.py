"""`muster keys` and `muster desks` from the shell, and the client commands' key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner, Result

from service.app import create_app
from service.cli import main
from service.commands.client import Client
from service.domain.access import read_token
from service.settings import Settings
from tests.api.doubles import CountingWaker


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_DATA_DIR", str(tmp_path))
    run("db", "upgrade")


def run(*arguments: str, **options: Any) -> Result:
    return CliRunner().invoke(main, arguments, **options)


def asked(tmp_path: Path, key: str, path: str = "/claims") -> int:
    settings = Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/muster.db")
    client = create_app(settings, waker=CountingWaker()).test_client()
    return client.get(path, headers={"Authorization": f"Bearer {key}"}).status_code


def test_create_prints_the_key_alone_on_stdout(tmp_path: Path) -> None:
    result = run("keys", "create", "wire")
    key = result.stdout.removesuffix("\n")
    assert result.exit_code == 0
    assert read_token(key)
    assert "wire: read on default. Keep this key; it is shown this once:" in result.stderr
    assert asked(tmp_path, key) == 200


def test_list_shows_keys_without_their_secrets(tmp_path: Path) -> None:
    key = run("keys", "create", "wire", "--scope", "read", "--scope", "submit", "--expires", "90d").stdout.strip()
    token = read_token(key)
    assert token
    table = run("keys", "list").stdout
    (row,) = json.loads(run("keys", "list", "--format", "json").stdout)
    assert token.id in table
    assert token.secret not in table + str(row)
    assert (row["id"], row["state"], row["scopes"], row["last_used_at"]) == (
        token.id,
        "active",
        ["read", "submit"],
        None,
    )
    assert row["expires_at"]
    asked(tmp_path, key)
    assert json.loads(run("keys", "list", "--format", "json").stdout)[0]["last_used_at"]


def test_list_of_no_keys_says_so_on_stderr() -> None:
    result = run("keys", "list")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "There are no keys.\n")


def test_revoke_ends_a_key(tmp_path: Path) -> None:
    key = run("keys", "create", "wire").stdout.strip()
    token = read_token(key)
    assert token
    assert run("keys", "revoke", token.id).stdout == f"The key {token.id} (wire) is revoked.\n"
    assert asked(tmp_path, key) == 401
    assert run("keys", "revoke", "nobody").exit_code == 1


@pytest.mark.parametrize(("overlap", "old_status"), [((), 401), (("--overlap", "2h"), 200)])
def test_rotate_prints_a_key_in_the_olds_place(tmp_path: Path, overlap: tuple[str, ...], old_status: int) -> None:
    old = run("keys", "create", "wire", "--scope", "read").stdout.strip()
    token = read_token(old)
    assert token
    new = run("keys", "rotate", token.id, *overlap).stdout.strip()
    assert (asked(tmp_path, old), asked(tmp_path, new)) == (old_status, 200)


def test_create_refuses_what_can_not_be(tmp_path: Path) -> None:
    assert run("keys", "create", "wire", "--scope", "everything").exit_code == 2
    assert run("keys", "create", "wire", "--expires", "soon").exit_code == 2
    result = run("keys", "create", "wire", "--desk", "asia")
    assert result.exit_code == 1
    assert "muster desks create" in result.stderr
    assert run("keys", "list").stdout == ""


def test_desks_are_made_and_listed(tmp_path: Path) -> None:
    assert run("desks", "create", "asia").exit_code == 0
    assert run("desks", "create", "asia").exit_code == 1
    assert run("desks", "create", "Asia").exit_code == 1
    assert [line.split() for line in run("desks", "list").stdout.splitlines()[2:]] == [["asia", "0"], ["default", "0"]]


def test_clients_send_key_and_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[requests.PreparedRequest] = []

    def send(self: requests.Session, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        sent.append(request)
        response = requests.Response()
        response.status_code, response._content = 200, b'{"data": [], "next_cursor": null}'
        return response

    monkeypatch.setattr(requests.Session, "send", send)
    monkeypatch.setenv("MUSTER_KEY", "muster_a_b")
    assert run("claims", "--desk", "asia").exit_code == 0
    assert run("claims", "--key", "muster_c_d").exit_code == 0
    monkeypatch.delenv("MUSTER_KEY")
    assert run("claims").exit_code == 0
    headers = [(request.headers.get("Authorization"), request.headers.get("Muster-Desk")) for request in sent]
    assert headers == [("Bearer muster_a_b", "asia"), ("Bearer muster_c_d", None), (None, None)]


def test_a_password_in_netrc_does_not_take_the_keys_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine muster.example login me password other\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    session = Client("https://muster.example", key="muster_a_b")._session
    prepared = session.prepare_request(requests.Request("GET", "https://muster.example/claims"))
    assert prepared.headers["Authorization"] == "Bearer muster_a_b"


def test_a_client_that_is_refused_exits_with_1_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def send(self: requests.Session, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        response = requests.Response()
        response.status_code, response._content = 401, b'{"detail": "A key is needed here."}'
        return response

    monkeypatch.setattr(requests.Session, "send", send)
    result = run("claims")
    assert result.exit_code == 1
    assert "A key is needed here." in result.stderr
    assert "MUSTER_KEY" in result.stderr
