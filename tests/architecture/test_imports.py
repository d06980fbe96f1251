"""Who may import whom: closed lists for direct imports, import-linter's contracts for what follows from them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, imported, module_name, modules

# For each part, all it may import directly besides the standard library and itself. The longest prefix decides.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "service.domain": (),
    # Only who signs texts loads it, and the numbers that come with it.
    "service.domain.signing": ("service.domain", "datasketch"),
    "service.settings": ("service.domain",),
    "service.faults": (),
    "service.telemetry": ("opentelemetry",),
    "service.logs": ("service.faults", "service.settings", "structlog"),
    "service.analysis": ("service.domain",),
    "service.storage": ("service.domain", "service.settings", "sqlalchemy", "alembic", "psycopg"),
    "service.broker": ("service.settings", "kombu"),
    "service.broker_files": ("kombu",),
    "service.broker_redis": ("kombu",),
    "service.enqueue": ("service.broker", "service.domain", "service.settings", "celery", "kombu"),
    "service.formats": ("service.domain", "pyarrow"),
    "service.use_cases": ("service.domain", "service.storage", "service.analysis", "service.enqueue"),
    "service.api": (
        "service.domain",
        "service.formats",
        "service.settings",
        "service.use_cases",
        "flask",
        "flask_limiter",
        "flask_smorest",
        "marshmallow",
        "apispec",
        "webargs",
        "werkzeug",
        "prometheus_client",
        "service.faults",
        "service.telemetry",
        "structlog",
        "yaml",
    ),
    "service.web": ("service.domain", "service.settings", "service.use_cases", "flask", "markupsafe", "werkzeug"),
    "worker.extraction": (
        "service.domain",
        "spacy",
        "thinc",
        "numpy",
        "trafilatura",
        "htmldate",
        "lxml",
        "py3langid",
    ),
    "worker.lexicons": ("service.domain", "worker.extraction"),
    "worker.evaluation": ("service.domain", "worker.extraction", "worker.plain"),
    "worker.jobs": (
        "service.domain",
        "service.storage",
        "service.settings",
        "worker.extraction",
        "worker.lexicons",
        "worker.plain",
        "celery.exceptions",
        "service.faults",
        "service.telemetry",
        "structlog",
    ),
}


def _within(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


def _part(name: str) -> str | None:
    return max((part for part in MAY_IMPORT if _within(name, part)), key=len, default=None)


@pytest.mark.parametrize("path", modules(), ids=str)
def test_module_imports_only_what_its_part_may(path: Path) -> None:
    part = _part(module_name(path))
    if part is None:
        return
    allowed = (part, *MAY_IMPORT[part])
    strangers = {
        name
        for name in imported(path)
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not any(_within(name, prefix) for prefix in allowed)
    }
    assert not strangers, f"{part} may import {', '.join(MAY_IMPORT[part]) or 'only the standard library'}"


@pytest.mark.parametrize("path", [path for path in modules() if path.parts[0] in {"service", "worker"}], ids=str)
def test_only_settings_reads_the_environment(path: Path) -> None:
    """Entry points hand the environment over whole, and look at nothing in it themselves."""
    source = re.sub(
        r"(Settings\.from_env|traces_exporter)\(.*os\.environ.*\)", "", (ROOT / path).read_text(encoding="utf-8")
    )
    # The command line also heeds NO_COLOR and the address that its clients ask; `muster up` hands down the rest.
    if str(path) not in {"service/settings.py", "service/cli.py", "service/embedded.py"}:
        assert "os.environ" not in source
        assert "getenv" not in source


def test_import_contracts_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [str(linter), "--no-cache"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
