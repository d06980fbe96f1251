"""What the locked packages come with: their licenses, and vulnerabilities that are known of them.

    python tools/check_dependencies.py

Prints a line to each package of requirements/telemetry.txt, which is all that an image may hold. Ends with 1 where a
license is none of those listed here, or where OSV knows a vulnerability that IGNORED does not answer. Where OSV can't
be reached it says so, and that is no failure: a machine without a network can check everything else.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Final

import requests

LOCK: Final = Path(__file__).parents[1] / "requirements" / "telemetry.txt"
OSV: Final = "https://api.osv.dev/v1/querybatch"
TIMEOUT_S: Final = (3, 20)
PIN: Final = re.compile(r"^([a-z0-9][a-z0-9.-]*)==([^ ;\\]+)", re.MULTILINE)

PERMISSIVE: Final = ("mit", "bsd", "apache", "isc", "psf", "0bsd", "zlib", "cc0", "cnri-python", "unlicense")
WEAK_COPYLEFT: Final[Mapping[str, str]] = {
    "psycopg": "LGPL: used as a library, unchanged",
    "psycopg-binary": "LGPL: used as a library, unchanged",
    "certifi": "MPL: a list of certificates, unchanged",
    "tld": "MPL, GPL or LGPL at choice: MPL, unchanged",
    "tqdm": "MPL in part: used as a library, unchanged",
}
"""Packages whose license asks for more than a notice, and why that is kept."""
ELSEWHERE: Final[Mapping[str, str]] = {"colorama": "BSD", "tzdata": "Apache-2.0", "async-timeout": "Apache-2.0"}
"""Of packages that only other systems or Pythons install."""
IGNORED: Final[Mapping[str, str]] = {}
"""Ids of vulnerabilities that don't concern Muster, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    name: str
    version: str
    license: str
    allowed: bool


def packages(lock: str) -> list[Package]:
    pinned = dict(PIN.findall(lock))
    return [_package(name, version) for name, version in sorted(pinned.items())]


def _package(name: str, version: str) -> Package:
    told = license_of(name)
    parts = [part for part in re.split(r"\s+(?:and|or|with)\s+|[();,]", told.lower()) if part.strip()]
    free = bool(parts) and all(any(word in part for word in PERMISSIVE) for part in parts)
    return Package(name=name, version=version, license=told or "none told", allowed=free or name in WEAK_COPYLEFT)


def license_of(name: str) -> str:
    """As the package itself says: its expression, else its classifiers, else the first line of its license field."""
    try:
        about = distribution(name).metadata
    except PackageNotFoundError:
        return ELSEWHERE.get(name, "")
    if "License-Expression" in about:
        return about["License-Expression"]
    classifiers = [
        str(line).rpartition(" :: ")[2] for line in about.get_all("Classifier") or () if str(line).startswith("License")
    ]
    if classifiers or "License" not in about:
        return ", ".join(classifiers)
    return about["License"].strip().partition("\n")[0]


def vulnerabilities(found: list[Package]) -> Iterator[tuple[Package, str]]:
    """Raises requests.RequestException where OSV does not answer."""
    queries = [{"package": {"ecosystem": "PyPI", "name": one.name}, "version": one.version} for one in found]
    answer = requests.post(OSV, json={"queries": queries}, timeout=TIMEOUT_S)
    answer.raise_for_status()
    results: list[dict[str, Any]] = answer.json()["results"]
    for one, result in zip(found, results, strict=True):
        for vulnerability in result.get("vulns") or ():
            if vulnerability["id"] not in IGNORED:
                yield one, vulnerability["id"]


def report(lock: str) -> int:
    """The exit code."""
    found = packages(lock)
    for one in found:
        why = WEAK_COPYLEFT.get(one.name)
        print(f"{one.name:24} {one.version:12} {one.license}" + (f"   ({why})" if why else ""))
    refused = [one for one in found if not one.allowed]
    for one in refused:
        print(f"{one.name}: its license, {one.license}, is none that Muster takes.", file=sys.stderr)
    try:
        known = list(vulnerabilities(found))
    except (requests.RequestException, ValueError, KeyError) as error:
        print(f"Vulnerabilities were not looked up: OSV does not answer ({type(error).__name__}).", file=sys.stderr)
        known = []
    else:
        print(f"OSV knows of {len(known)} vulnerabilities in these {len(found)} packages.", file=sys.stderr)
    for one, id_ in known:
        print(f"{one.name} {one.version}: {id_}, see https://osv.dev/vulnerability/{id_}", file=sys.stderr)
    return 1 if refused or known else 0


if __name__ == "__main__":
    sys.exit(report(LOCK.read_text(encoding="utf-8")))
