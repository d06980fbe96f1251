"""What holds for every file: size, names, headers of language data, and no address that belongs to one machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, modules, tracked

MAX_LINES = 500
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
# Put together from pieces, so that this file does not name what it forbids.
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("deb", "debian", "org"),
        ("proxy", "golang", "org"),
    )
)
MACHINE_PATHS = re.compile(r"(?<![\w.~-])/(?:work|root|home|opt)/[\w.]+")
# In the worker's image there is a home and a root of its own.
IMAGE_FILES = {"Dockerfile", "docker-compose.yml"}
TEXT_SUFFIXES = {
    ".cfg", ".css", ".html", ".ini", ".js", ".json", ".mako", ".md",
    ".py", ".sh", ".toml", ".tsv", ".txt", ".yaml", ".yml", "",
}  # fmt: skip


def _text_files() -> list[Path]:
    return [path for path in tracked() if path.suffix in TEXT_SUFFIXES and path.name != "LICENSE"]


@pytest.mark.parametrize("path", modules(), ids=str)
def test_module_can_be_read_in_one_go(path: Path) -> None:
    lines = (ROOT / path).read_text(encoding="utf-8").count("\n")
    assert lines <= MAX_LINES, f"{lines} lines; {MAX_LINES} at most"


@pytest.mark.parametrize("path", modules(), ids=str)
def test_module_is_named_for_what_it_holds(path: Path) -> None:
    assert not VAGUE_NAMES & set(path.with_suffix("").parts)


def test_no_file_names_a_registry() -> None:
    found = {
        (str(path), host)
        for path in _text_files()
        for host in REGISTRY_HOSTS
        if host in (ROOT / path).read_text(encoding="utf-8")
    }
    assert not found


def test_no_file_names_a_path_of_one_machine() -> None:
    found = {
        (str(path), hit.group())
        for path in _text_files()
        if path.name not in IMAGE_FILES
        for hit in MACHINE_PATHS.finditer((ROOT / path).read_text(encoding="utf-8"))
    }
    assert not found


def _language_data() -> list[Path]:
    return [
        path
        for path in tracked()
        if (path.parts[:2] == ("worker", "lexicons") or path.parts[:3] == ("service", "domain", "data"))
        and path.suffix in {".toml", ".tsv"}
    ]


@pytest.mark.parametrize("path", _language_data(), ids=str)
def test_language_data_says_whence_it_came(path: Path) -> None:
    """A header of comment lines names the language, the source and the licence."""
    with (ROOT / path).open(encoding="utf-8") as lines:
        header = ""
        for line in lines:
            if not line.startswith("#"):
                break
            header += line.casefold()
    missing = [
        word
        for word, pattern in {"language": "language", "source": "source", "licence": "licen[cs]e"}.items()
        if not re.search(pattern, header)
    ]
    assert not missing, f"the header does not name: {', '.join(missing)}"
