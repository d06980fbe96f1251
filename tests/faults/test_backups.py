"""The recipes of docs/operations.md, run as they stand there: a backup taken at work is restored, and goes on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.faults.checker import Tables
from tests.faults.extractors import article
from tests.faults.ledger import letters
from tests.faults.runs.outcome import outcome
from tests.faults.servers import Postgres, Redis
from tests.faults.site import Site, open_site, wait_for
from tests.integration.worker.register import ROOT

ARTICLES = 60
SECTION = re.compile(r"^## Back up and restore\n(.*?)^## ", re.MULTILINE | re.DOTALL)
RECIPE = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def recipes() -> list[str]:
    """In the order of the page: Postgres taken and restored, SQLite taken and restored."""
    section = SECTION.search((ROOT / "docs/operations.md").read_text(encoding="utf-8"))
    assert section
    return RECIPE.findall(section[1])


def run(recipe: str, folder: Path, *, path: str = "", **variables: str) -> None:
    searched = os.pathsep.join(filter(None, [path, str(Path(sys.executable).parent), os.environ["PATH"]]))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", recipe],
        cwd=folder,
        env={**kept, "PATH": searched, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def post_and_read_some(site: Site) -> None:
    """Leaves off with articles in the hands of a worker."""
    site.start_worker()
    site.newsroom.post(letters((article(number) for number in range(ARTICLES)), name="backup"))
    held = "SELECT count(*) FROM jobs WHERE state IN ('leased', 'running')"
    wait_for(lambda: site.tables.rows(held)[0][0] > 0 and site.tables.settled() > 0, why="some are read, some are held")


def go_down(site: Site) -> None:
    site.api.kill()
    for worker in site.workers:
        worker.kill()


def go_on(site: Site) -> None:
    site.api.start()
    site.start_worker()
    came = outcome(site, 1)
    assert came.verdict.problems == []
    assert came.verdict.done == came.verdict.accepted == ARTICLES


def test_backup_of_postgres_is_restored(
    postgres: Postgres, database_url: str, redis_server: Redis, tmp_path: Path
) -> None:
    take, restore, _, _ = recipes()
    tools = {"path": str(Path(postgres.tool("pg_dump")).parent), "MUSTER_DATABASE_URL": database_url}
    with open_site(tmp_path, database_url=database_url, broker_url=redis_server.url, extractor="slow") as site:
        post_and_read_some(site)
        run(take, tmp_path, **tools)
        go_down(site)
        site.tables.close()
        with postgres.database("restored") as restored:
            run(restore, tmp_path, **{**tools, "MUSTER_DATABASE_URL": restored})
            taken = Tables(restored)
            assert taken.open() > 0
            taken.close()
        # The other way: over what is there.
        run(restore, tmp_path, **tools)
        assert site.tables.open() > 0
        go_on(site)


def test_backup_of_sqlite_is_restored(tmp_path: Path) -> None:
    _, _, take, restore = recipes()
    data = tmp_path / "data"
    data.mkdir()
    with open_site(data, database_url=f"sqlite:///{data}/muster.db", extractor="slow") as site:
        post_and_read_some(site)
        run(take, tmp_path)
        go_down(site)
        run(restore, tmp_path)
        assert site.tables.open() > 0
        go_on(site)
