"""`muster demo --once` from start to stop, with the real extractor and real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.worker.extractors import BROKEN, NAMES
from tests.integration.worker.register import ROOT

SEEDS = Path(__file__).parents[2] / "seeds"
MUSTER = Path(sys.executable).with_name("muster")


@pytest.mark.slow
def test_demo_shows_claims_and_stops(tmp_path: Path) -> None:
    seeds, data = tmp_path / "seeds", tmp_path / "data"
    seeds.mkdir()
    for name in ("nk_deminers_2025.txt", "nk_deminers_2025.gold.json"):
        (seeds / name).write_bytes((SEEDS / name).read_bytes())
    shown = subprocess.run(
        [str(MUSTER), "demo", "--once", "--port", "0", "--seeds", str(seeds), "--data", str(data)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    assert "/claims?region=Kursk" in shown.stdout
    assert "Kursk Oblast" in shown.stdout
    assert "Submitting 1 article" in shown.stderr
    assert "shutdown" not in shown.stdout + shown.stderr


@pytest.mark.slow
def test_demo_tells_nothing_but_its_own_lines_of_a_page_that_holds_no_article(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "empty.html").write_text("<html><body></body></html>", encoding="utf-8")
    shown = subprocess.run(
        [str(MUSTER), "demo", "--once", "--port", "0", "--seeds", str(seeds)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    begun, submitting, read, *rest = shown.stderr.splitlines()
    assert begun.startswith("Starting Muster")
    assert submitting == "Submitting 1 article"
    assert read.startswith("1 read within ")
    assert not any(rest)


@pytest.mark.slow
def test_demo_fails_when_an_article_is_refused(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "empty.txt").write_text(" \n", encoding="utf-8")
    shown = subprocess.run(
        [str(MUSTER), "demo", "--once", "--port", "0", "--seeds", str(tmp_path / "seeds")],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert shown.returncode == 1
    assert "empty.txt: text: Is empty." in shown.stderr


def test_demo_fails_with_the_reason_when_the_extractor_cannot_be_built(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Ten soldiers are in Kursk.", encoding="utf-8")
    shown = subprocess.run(
        [str(MUSTER), "demo", "--port", "0", "--seeds", str(tmp_path)],
        env={**os.environ, "MUSTER_EXTRACTOR_FACTORY": f"{NAMES}:broken", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert shown.returncode == 1
    assert shown.stderr.splitlines()[-1] == f"muster: {BROKEN}"
    assert "Traceback" not in shown.stderr


@pytest.mark.slow
def test_demo_that_is_stopped_twice_leaves_nothing_and_says_no_more(tmp_path: Path) -> None:
    seeds, folders = tmp_path / "seeds", tmp_path / "folders"
    seeds.mkdir()
    folders.mkdir()
    (seeds / "one.txt").write_text("Ten soldiers are in Kursk.", encoding="utf-8")
    with subprocess.Popen(
        [str(MUSTER), "demo", "--port", "0", "--seeds", str(seeds)],
        env={**os.environ, "TMPDIR": str(folders)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as demo:
        assert demo.stderr
        for line in demo.stderr:
            if line.startswith("Ctrl-C stops it"):
                break
        demo.send_signal(signal.SIGINT)
        assert demo.stderr.readline() == "Stopping\n"
        demo.send_signal(signal.SIGINT)
        assert demo.stderr.read() == ""
    assert demo.returncode == 0
    assert not list(folders.glob("muster-demo-*"))
