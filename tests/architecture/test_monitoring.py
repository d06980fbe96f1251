"""Dashboard and alerts ask for metrics that there are, and each alert says what to do."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from service.api.metrics import Metrics
from service.storage.queue import WATCHED
from service.use_cases.queue import QueueState
from tests.architecture.sources import ROOT

DEPLOY = ROOT / "deploy"
NAME = re.compile(r"\b(?:muster_[a-z_]+|up)\b(?=[{\[)\s]|$)")
LABEL = re.compile(r'(\w+)\s*(?:=~|!~|!=|=)\s*"')
PROMETHEUS_OWN = {"up": {"job", "instance"}}


def _exported() -> dict[str, set[str]]:
    """Names of samples and the labels they bear, one of each made to be there."""
    state = QueueState(jobs={state.value: 0 for state in WATCHED}, oldest_queued_s=0.0, overdue=0, counts={})
    metrics = Metrics(lambda: state)
    metrics.requests.labels("/claims", "GET", "200").inc()
    metrics.seconds.labels("/claims").observe(0.1)
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(metrics.render().decode()):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found | PROMETHEUS_OWN


@cache
def _rules() -> tuple[dict[str, Any], ...]:
    groups = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    return tuple(rule for group in groups for rule in group["rules"])


@cache
def _panels() -> tuple[dict[str, Any], ...]:
    board = json.loads((DEPLOY / "grafana" / "dashboards" / "muster.json").read_text(encoding="utf-8"))
    return tuple(panel for panel in board["panels"] if panel["type"] != "row")


def _expressions() -> list[str]:
    return [rule["expr"] for rule in _rules()] + [target["expr"] for panel in _panels() for target in panel["targets"]]


@pytest.mark.parametrize("expression", _expressions())
def test_expression_asks_for_metrics_and_labels_that_there_are(expression: str) -> None:
    exported = _exported()
    names = set(NAME.findall(expression))
    assert names
    assert not names - exported.keys()
    labels = set(LABEL.findall(expression))
    assert not labels - set().union(*(exported[name] for name in names))


def test_every_metric_is_shown_or_watched() -> None:
    asked = {name for expression in _expressions() for name in NAME.findall(expression)}
    families = {re.sub(r"_(total|created|bucket|sum|count)$", "", name) for name in _exported()}
    unseen = families - {re.sub(r"_(total|bucket|sum|count)$", "", name) for name in asked}
    assert not unseen


def test_alerts_are_named_once() -> None:
    names = [rule["alert"] for rule in _rules()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("rule", _rules(), ids=lambda rule: rule["alert"])
def test_alert_is_complete_and_has_its_part_in_the_handbook(rule: dict[str, Any]) -> None:
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert re.fullmatch(r"\d+[smh]", rule.get("for", "0s"))
    assert rule["annotations"]["summary"].endswith(".")
    page, _, anchor = rule["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^#+ (.+)$", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    assert rule["alert"] in headings
    assert anchor == rule["alert"].lower()


def test_handbook_tells_every_metric() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(muster_\w+)` ", page, re.MULTILINE))
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in _exported()} - PROMETHEUS_OWN.keys()
    assert told == {name for name in families if not name.endswith("_created")}


def test_scrape_asks_with_a_key_for_a_host_that_compose_allows() -> None:
    scraped = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    (job,) = scraped["scrape_configs"]
    (target,) = job["static_configs"][0]["targets"]
    host, _, port = target.partition(":")
    api = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]["api"]
    assert host in api["environment"]["MUSTER_ALLOWED_HOSTS"].split(",")
    assert api["ports"] == [f"127.0.0.1:${{MUSTER_PORT:-8000}}:{port}"]
    assert (DEPLOY / "prometheus" / ".gitignore").read_text(encoding="utf-8").split() == [
        job["authorization"]["credentials_file"]
    ]
    assert scraped["rule_files"] == ["alerts.yml"]
