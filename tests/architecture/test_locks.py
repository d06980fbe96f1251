"""The lock files hold what pyproject.toml asks for. `make lock` makes them anew; this needs no index to tell."""

from __future__ import annotations

import re
import tomllib
from functools import cache

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.architecture.sources import ROOT

EXTRAS = {"runtime": (), "telemetry": ("telemetry",), "dev": ("dev", "telemetry", "parquet")}
LOCKS = {lock: ROOT / "requirements" / f"{lock}.txt" for lock in EXTRAS}
PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>[^ ;\\]+)(?P<rest>(?:.*\\\n)*.*)", re.MULTILINE)


@cache
def _pins(lock: str) -> dict[str, tuple[set[Version], int]]:
    """Versions and number of hashes by package; a package has several versions where markers tell them apart."""
    pins: dict[str, tuple[set[Version], int]] = {}
    for hit in PIN.finditer(LOCKS[lock].read_text(encoding="utf-8")):
        versions, hashes = pins.get(hit["name"], (set(), 0))
        pins[hit["name"]] = (versions | {Version(hit["version"])}, hashes + hit["rest"].count("--hash=sha256:"))
    return pins


@cache
def _asked(lock: str) -> tuple[str, ...]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    return (*project["dependencies"], *(text for extra in EXTRAS[lock] for text in optional[extra]))


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_every_dependency(lock: str) -> None:
    wrong = {}
    for text in _asked(lock):
        wanted = Requirement(text)
        versions, _ = _pins(lock).get(canonicalize_name(wanted.name), (set(), 0))
        if not any(wanted.specifier.contains(version, prereleases=True) for version in versions):
            wrong[text] = versions
    assert not wrong, "run `make lock`"


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_pins_every_package_by_hash(lock: str) -> None:
    assert _pins(lock)
    assert not [name for name, (_, hashes) in _pins(lock).items() if not hashes]


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_index(lock: str) -> None:
    text = LOCKS[lock].read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text


@pytest.mark.parametrize(("lock", "larger"), [("runtime", "telemetry"), ("runtime", "dev"), ("telemetry", "dev")])
def test_larger_lock_repeats_the_smaller(lock: str, larger: str) -> None:
    """What is tested is what runs."""
    differing = {name: pin for name, (pin, _) in _pins(lock).items() if _pins(larger).get(name, (set(), 0))[0] != pin}
    assert not differing


def test_locks_carry_the_build_backend() -> None:
    """The project is built without build isolation, so that nothing unpinned is fetched."""
    assert "setuptools" in _pins("runtime")
