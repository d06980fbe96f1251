"""The compose file, the image and the operations page agree with the settings that the code reads."""

from __future__ import annotations

import dataclasses
import re
from importlib.util import find_spec
from typing import Any

import pytest
import yaml

from service.settings import PREFIX, Settings
from tests.architecture.sources import ROOT

VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
OURS = ("api", "worker", "migrate")
LEFT_OUT = {
    "MUSTER_HOST": "the image listens on all its interfaces, and compose publishes on loopback",
    "MUSTER_PORT": "8000 inside; compose reads it for the port that is published",
    "MUSTER_DATA_DIR": "nothing is kept there when database and broker are servers",
    "MUSTER_MODEL": "the model is part of the image",
    "MUSTER_EXTRACTOR_FACTORY": "so is the extractor",
    "MUSTER_WAKEUPS_OUTSTANDING": "it matters to the broker of files only",
}
"""Settings that compose passes to no service, and why."""


def _compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return loaded


def _interpolated(value: object) -> str:
    """A value as compose passes it on when only what is required is set."""
    return VARIABLE.sub(lambda hit: (hit[3] or "") if hit[2] == "-" else "secret123", str(value))


@pytest.mark.parametrize("service", OURS)
def test_compose_sets_only_what_settings_take(service: str) -> None:
    environment = _compose()["services"][service]["environment"]
    settings = Settings.from_env({name: _interpolated(value) for name, value in environment.items()})
    assert settings.database_url == "postgresql+psycopg://muster:secret123@postgres:5432/muster"
    assert settings.broker_url == "redis://redis:6379/0"


def test_compose_passes_every_setting_that_is_not_left_out() -> None:
    services = _compose()["services"]
    passed = {name for service in OURS for name in services[service]["environment"]}
    settings = {PREFIX + field.name.upper() for field in dataclasses.fields(Settings)}
    passed = {name for name in passed if not name.startswith("OTEL_")}
    assert passed | LEFT_OUT.keys() == settings
    assert not passed & LEFT_OUT.keys()


@pytest.mark.parametrize("service", OURS)
def test_compose_lets_what_is_passed_be_chosen(service: str) -> None:
    environment = _compose()["services"][service]["environment"]
    fixed = {"MUSTER_DATABASE_URL", "MUSTER_BROKER_URL"}
    assert not [name for name, value in environment.items() if name not in fixed and f"${{{name}:-" not in value]


def test_compose_holds_no_secret() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    literals = [
        line.strip()
        for line in text.splitlines()
        if re.search(r"(PASSWORD|SECRET|TOKEN|KEY)\w*:\s*\S", line) and "${" not in line
    ]
    assert not literals
    assert re.findall(r"://\w+:([^@]*)@", text) == ["${POSTGRES_PASSWORD:?set it to a password of letters and digits}"]


def test_compose_publishes_on_loopback_only() -> None:
    ports = [port for service in _compose()["services"].values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_compose_checks_the_health_of_its_servers() -> None:
    services = _compose()["services"]
    assert all("healthcheck" in services[name] for name in ("postgres", "redis"))
    # Those of api and worker are in their image.
    assert (ROOT / "Dockerfile").read_text(encoding="utf-8").count("\nHEALTHCHECK ") == len({"api", "worker"})


@pytest.mark.parametrize("page", ["Dockerfile", "docs/operations.md"])
def test_commands_name_modules_that_exist(page: str) -> None:
    named = set(re.findall(r"\b(?:service|worker)\.[a-z_]+", (ROOT / page).read_text(encoding="utf-8")))
    assert named >= {"service.wsgi", "worker.celery_main"}
    assert not [name for name in named if find_spec(name) is None]


def test_operations_page_tells_every_setting() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(MUSTER_\w+)` \| (?:`([^`]*)`|none) \|", page, re.MULTILINE)
    defaults = {PREFIX + field.name.upper(): field.default for field in dataclasses.fields(Settings)}
    assert {name for name, _ in told} == set(defaults)
    for name, default in told:
        if name == "MUSTER_DATABASE_URL":
            continue  # It stands in the data folder, whichever that is.
        expected = Settings.from_env({name: default}) if default else Settings()
        assert getattr(expected, name.removeprefix(PREFIX).lower()) == defaults[name], name
