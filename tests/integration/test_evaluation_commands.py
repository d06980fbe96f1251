"""`muster eval` and `muster extract` on files, with an extractor that finds what it is told to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.domain.claims import Claim, Count, Evidence, Force, Kind, Qualifier, Status
from service.settings import Settings
from worker.commands import evaluation, extract
from worker.extraction.model import Document, Extraction, PublishedSource
from worker.process import UnbuildableError

ARTICLE = "Ruritania has 300 soldiers in Lviv."
GOLD = {"kind": "presence", "force": "RR", "count": [300, 300], "quote": "300 soldiers"}


class Parrot:
    """Finds the number 300 wherever it stands."""

    def extract(self, document: Document) -> Extraction:
        text = document.text or f"page: {document.html}"
        start = text.find("300")
        claim = Claim(
            kind=Kind.PRESENCE,
            status=Status.ONGOING,
            force=Force(country="RR"),
            count=Count(min=300, max=300, qualifier=Qualifier.EXACT),
            evidence=(Evidence(exact="300", prefix="", suffix="", start=start, end=start + 3),),
            confidence=0.5,
        )
        return Extraction(
            text=text,
            published_on=document.published_on,
            published_source=PublishedSource.GIVEN if document.published_on else PublishedSource.NONE,
            claims=(claim,) if start >= 0 else (),
        )


def build(settings: Settings) -> Parrot:
    return Parrot()


@pytest.fixture(autouse=True)
def _parrot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.process.build_extractor", build)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path, "one", ARTICLE)
    return tmp_path


def put(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    (folder / f"{name}.gold.json").write_text(json.dumps({"claims": [GOLD]}), encoding="utf-8")


def run_eval(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(evaluation, [str(folder), *options])


def test_eval_prints_its_scores(folder: Path) -> None:
    result = run_eval(folder)
    assert result.exit_code == 0
    assert "core         1.000    1.000    1.000" in result.stdout


def test_eval_writes_json(folder: Path) -> None:
    out = folder / "out.json"
    assert run_eval(folder, "--json", str(out)).exit_code == 0
    assert json.loads(out.read_text(encoding="utf-8"))["core"]["f1"] == 1


def test_eval_lists_errors_when_asked(folder: Path) -> None:
    put(folder, "two", "Not a word.")
    (folder / "two.gold.json").write_text(json.dumps({"claims": [{**GOLD, "quote": "Not"}]}), encoding="utf-8")
    assert "nothing was read here" in run_eval(folder, "--errors").stdout
    assert "nothing was read here" not in run_eval(folder).stdout


def test_eval_reads_web_pages(folder: Path) -> None:
    (folder / "one.txt").rename(folder / "one.html")
    assert "core         1.000    1.000    1.000" in run_eval(folder).stdout


def test_eval_pins_a_floor_and_holds_to_it(folder: Path) -> None:
    assert run_eval(folder, "--pin").exit_code == 0
    assert json.loads((folder / "baseline.json").read_text(encoding="utf-8")) == {
        "core": 1.0,
        "numeric": 1.0,
        "full": 1.0,
    }
    (folder / "one.txt").write_text("Nobody is there.", encoding="utf-8")
    fallen = run_eval(folder)
    assert fallen.exit_code == 3
    assert "core F1 is 0.000, below the floor of 1.000" in fallen.stderr


def test_eval_lowers_a_floor_only_with_a_reason(folder: Path) -> None:
    run_eval(folder, "--pin")
    (folder / "one.txt").write_text("Nobody is there.", encoding="utf-8")
    refused = run_eval(folder, "--pin")
    assert refused.exit_code == 1
    assert "say why: --because" in refused.stderr
    assert json.loads((folder / "baseline.json").read_text(encoding="utf-8"))["core"] == 1
    assert run_eval(folder, "--pin", "--because", "the article was rewritten").exit_code == 0
    assert json.loads((folder / "baseline.json").read_text(encoding="utf-8")) == {
        "core": 0,
        "numeric": 0,
        "full": 0,
        "because": "the article was rewritten",
    }


def test_eval_names_a_gold_file_that_is_no_gold(folder: Path) -> None:
    (folder / "one.gold.json").write_text('{"claims": [{"kind": "parade", "count": [1, 1]}]}', encoding="utf-8")
    result = run_eval(folder)
    assert result.exit_code == 1
    assert "one.gold.json: 'parade' is no kind" in result.stderr


def test_eval_names_a_gold_file_without_an_article(folder: Path) -> None:
    (folder / "one.txt").unlink()
    assert "neither one.txt nor one.html" in run_eval(folder).stderr


def test_eval_says_that_a_folder_holds_no_gold(tmp_path: Path) -> None:
    assert "holds no *.gold.json" in run_eval(tmp_path).stderr


def test_eval_names_a_floor_that_is_none(folder: Path) -> None:
    (folder / "baseline.json").write_text('{"core": "high"}', encoding="utf-8")
    result = run_eval(folder)
    assert result.exit_code == 1
    assert "baseline.json is no floor" in result.stderr


def test_extract_prints_claims_as_json() -> None:
    result = CliRunner().invoke(extract, ["-", "--published-at", "2024-05-01"], input=ARTICLE)
    shown = json.loads(result.stdout)
    assert result.exit_code == 0
    assert shown["published_on"] == "2024-05-01"
    assert shown["claims"][0]["count"]["min"] == 300
    assert shown["claims"][0]["kind"] == "presence"
    assert "diagnostics" not in shown
    assert "text" not in shown


@pytest.mark.parametrize(("name", "options"), [("page.html", []), ("page.HTM", []), ("page", ["--html"])])
def test_extract_prints_the_text_of_a_web_page_that_offsets_index(
    tmp_path: Path, name: str, options: list[str]
) -> None:
    page = tmp_path / name
    page.write_text(f"<p>{ARTICLE}</p>", encoding="utf-8")
    shown = json.loads(CliRunner().invoke(extract, [str(page), *options]).stdout)
    span = shown["claims"][0]["evidence"][0]
    assert shown["text"][span["start"] : span["end"]] == "300"


def test_extract_adds_diagnostics_when_asked() -> None:
    shown = json.loads(CliRunner().invoke(extract, ["-", "--diagnostics"], input=ARTICLE).stdout)
    assert shown["diagnostics"]["numbers"] == []


def test_extract_refuses_a_bad_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_PORT", "many")
    result = CliRunner().invoke(extract, ["-"], input=ARTICLE)
    assert result.exit_code == 1
    assert "MUSTER_PORT" in result.stderr


def test_eval_says_in_one_line_when_the_extractor_cannot_be_built(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(settings: Settings) -> Parrot:
        raise UnbuildableError(settings.extractor_factory, ValueError("a lexicon is broken"))

    monkeypatch.setattr("worker.process.build_extractor", fail)
    result = run_eval(folder)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: The extractor can't be built: ")
    assert result.stderr.endswith("raised ValueError: a lexicon is broken\n")
