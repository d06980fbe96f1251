"""The English extractor as a whole against the claims that a careful reader finds.

The cases are tests/specs/en/claims_*.json. Besides the keys of every spec a case may have `title`, `exactly` (false
where other claims may stand beside those expected) and `gap`: what the extractor misreads in it at present. A case with
a gap has to fail; as soon as it passes, its mark must go.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.domain.claims import Claim, Place
from service.settings import Settings
from worker.extraction.extractor import Extractor
from worker.extraction.model import DateSeen, Diagnostics, Document, Extraction, NumberSeen, PlaceSeen, SourceSeen
from worker.pipeline import build_extractor

Case = dict[str, Any]
Expected = Mapping[str, Any]

SPECS = Path(__file__).parents[2] / "specs" / "en"
FILES = sorted(SPECS.glob("claims_*.json"))
CASES: list[Case] = [case for path in FILES for case in json.loads(path.read_text(encoding="utf-8"))]
CASE_KEYS = {"id", "text", "title", "published", "expect", "exactly", "gap"}


def test_cases_have_ids_of_their_own() -> None:
    assert [id_ for id_, times in Counter(case["id"] for case in CASES).items() if times > 1] == []


def test_cases_have_texts_of_their_own() -> None:
    texts = Counter((case["text"], case.get("title"), case.get("published")) for case in CASES)

    assert [text for text, times in texts.items() if times > 1] == []


def test_cases_use_only_keys_that_are_compared() -> None:
    unknown = {key for case in CASES for key in case.keys() - CASE_KEYS}
    unknown |= {key for case in CASES for expected in case["expect"] for key in expected.keys() - FIELDS.keys()}

    assert unknown == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_case_files_set_near_misses_beside_hits(path: Path) -> None:
    cases = json.loads(path.read_text(encoding="utf-8"))

    assert any(case["expect"] for case in cases)
    assert any(not case["expect"] for case in cases)


# ---- the extractor, once


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    return build_extractor(Settings.from_env({}))


@pytest.fixture(scope="session")
def read(extractor: Extractor) -> Callable[[Case], Extraction]:
    """Reads a case once, however many tests ask for it."""
    done: dict[str, Extraction] = {}

    def reading(case: Case) -> Extraction:
        if case["id"] not in done:
            done[case["id"]] = extractor.extract(_document(case))
        return done[case["id"]]

    return reading


def _document(case: Case) -> Document:
    published = case.get("published")
    return Document(
        text=case["text"],
        title=case.get("title"),
        published_on=date.fromisoformat(published) if published else None,
        language="en",
    )


# ---- the cases


def _params() -> list[Any]:
    return [
        pytest.param(
            case,
            id=case["id"],
            marks=[pytest.mark.xfail(reason=case["gap"], raises=AssertionError, strict=True)] if "gap" in case else [],
        )
        for case in CASES
    ]


@pytest.mark.parametrize("case", _params())
def test_extractor_finds_the_claims_of(case: Case, read: Callable[[Case], Extraction]) -> None:
    """Where a case marked with a gap passes, the gap is closed: remove its mark."""
    claims = read(case).claims
    wrong = _compare(case["expect"], claims, exactly=case.get("exactly", True))

    assert not wrong, "\n".join([case["text"], *wrong])


def test_extractor_gives_exact_evidence_for_every_claim(read: Callable[[Case], Extraction]) -> None:
    for case in CASES:
        assert _inexact(read(case)) == [], case["id"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_extractor_gives_exact_evidence_in_a_long_text(path: Path, extractor: Extractor) -> None:
    """All cases of a file as one article, which makes no sense and still has to be read to its end."""
    texts = [case["text"] for case in json.loads(path.read_text(encoding="utf-8"))]
    extraction = extractor.extract(Document(text="\n\n".join(texts), language="en"))

    assert extraction.claims
    assert _inexact(extraction) == []


def _inexact(extraction: Extraction) -> list[Claim]:
    """Claims without evidence, and those whose evidence is not word for word where it is said to be."""
    text = extraction.text
    return [
        claim
        for claim in extraction.claims
        if not claim.evidence
        or any(
            not 0 <= found.start < found.end <= len(text)
            or text[found.start : found.end] != found.exact
            or not text[: found.start].endswith(found.prefix)
            or not text[found.end :].startswith(found.suffix)
            for found in claim.evidence
        )
    ]


def test_extractor_quotes_counts_word_for_word(read: Callable[[Case], Extraction]) -> None:
    for case in CASES:
        for claim in read(case).claims:
            assert claim.count.text is None or claim.count.text in case["text"], case["id"]


def test_extractor_gives_claims_within_bounds(read: Callable[[Case], Extraction]) -> None:
    for case in CASES:
        claims = read(case).claims
        for index, claim in enumerate(claims):
            count, time = claim.count, claim.time
            assert 0 <= claim.confidence <= 1, case["id"]
            assert claim.part_of is None or claim.part_of in set(range(len(claims))) - {index}, case["id"]
            assert count.min is None or count.max is None or count.min <= count.max, case["id"]
            assert time.start is None or time.end is None or time.start <= time.end, case["id"]
            assert (claim.outcome is not None) == (claim.kind.value == "casualties"), case["id"]


def _marks(seen: Diagnostics) -> list[NumberSeen | DateSeen | PlaceSeen | SourceSeen]:
    return [*seen.numbers, *seen.dates, *seen.places, *seen.sources]


def test_extractor_gives_diagnostics_that_lie_in_the_text(read: Callable[[Case], Extraction]) -> None:
    for case in CASES:
        extraction = read(case)
        seen = extraction.diagnostics
        for mark in _marks(seen):
            assert extraction.text[mark.start : mark.end] == mark.text, case["id"]
        for number in seen.numbers:
            assert number.used_by is None or 0 <= number.used_by < len(extraction.claims), case["id"]
            assert (number.used_by is None) == (number.reason is not None), case["id"]


def test_extractor_reads_a_text_the_same_way_twice(extractor: Extractor, read: Callable[[Case], Extraction]) -> None:
    for case in CASES[::8]:
        assert extractor.extract(_document(case)).claims == read(case).claims, case["id"]


# ---- comparing


def _force(claim: Claim) -> str | None:
    return (claim.force.group or claim.force.country) if claim.force else None


def _codes(places: Sequence[Place]) -> list[str]:
    return sorted(place.region or place.country or place.name for place in places)


def _links(claim: Claim) -> list[str]:
    return [
        " | ".join(part for part in (link.name, link.role, link.organization, link.text) if part) or "(anonymous)"
        for link in claim.attribution
    ]


def _unit(claim: Claim) -> dict[str, Any] | None:
    unit = claim.count.unit
    return None if unit is None else {"echelon": unit.echelon, "number": unit.number}


def _times(claim: Claim) -> list[str | None]:
    return [day.isoformat() if day else None for day in (claim.time.start, claim.time.end)]


def _total(claim: Claim, claims: Sequence[Claim]) -> list[int | None] | None:
    if claim.part_of is None:
        return None
    total = claims[claim.part_of].count
    return [total.min, total.max]


FIELDS: dict[str, Callable[[Claim, Sequence[Claim]], Any]] = {
    "kind": lambda c, _: c.kind.value,
    "outcome": lambda c, _: c.outcome and c.outcome.value,
    "status": lambda c, _: c.status.value,
    "polarity": lambda c, _: c.polarity.value,
    "force": lambda c, _: _force(c),
    "personnel": lambda c, _: c.personnel and c.personnel.type and c.personnel.type.value,
    "count": lambda c, _: [c.count.min, c.count.max],
    "qualifier": lambda c, _: c.count.qualifier.value,
    "additional": lambda c, _: c.count.additional,
    "unit": lambda c, _: _unit(c),
    "regions": lambda c, _: _codes(c.locations),
    "places": lambda c, _: [place.name for place in c.locations],
    "origin": lambda c, _: next(iter(_codes([c.origin])), None) if c.origin else None,
    "time": lambda c, _: _times(c),
    "source": lambda c, _: _links(c),
    "part_of_count": _total,
}


def _differences(expected: Expected, claim: Claim, claims: Sequence[Claim]) -> dict[str, tuple[Any, Any]]:
    """By field what was expected and what came. Every link of a chain must hold the name expected at its place."""
    found = {}
    for key, want in expected.items():
        got = FIELDS[key](claim, claims)
        if key == "source":
            same = len(want) == len(got) and all(w.casefold() in g.casefold() for w, g in zip(want, got, strict=True))
        else:
            same = got == (sorted(want) if key == "regions" else want)
        if not same:
            found[key] = (want, got)
    return found


def _compare(expect: Sequence[Expected], claims: Sequence[Claim], *, exactly: bool) -> list[str]:
    """One line for each expected claim that did not come and each claim that was not expected; empty if all is well."""
    pairs = _pair(expect, claims)
    lines = []
    for index, expected in enumerate(expect):
        if index not in pairs:
            lines.append(f"missing: {_shown(expected)}")
            continue
        differences = _differences(expected, claims[pairs[index]], claims)
        if differences:
            said = "; ".join(f"{key} {got!r} instead of {want!r}" for key, (want, got) in differences.items())
            lines.append(f"misread: {_shown(expected)}: {said}")
    if exactly:
        lines += [
            f"too many: {_shown({key: field(claim, claims) for key, field in FIELDS.items()})}"
            for index, claim in enumerate(claims)
            if index not in pairs.values()
        ]
    return lines


def _pair(expect: Sequence[Expected], claims: Sequence[Claim]) -> dict[int, int]:
    """Pairs expected claims with those found, each at most once: as many without a difference as can be.

    The rest are paired with what is nearest. Claims with another kind and another count are no pair.
    """
    cost = {
        (i, j): _differences(expected, claim, claims)
        for i, expected in enumerate(expect)
        for j, claim in enumerate(claims)
    }
    pairs = _equal(len(expect), len(claims), {pair for pair, differences in cost.items() if not differences})
    for (i, j), differences in sorted(cost.items(), key=lambda item: len(item[1])):
        if i not in pairs and j not in pairs.values() and not {"kind", "count"} <= differences.keys():
            pairs[i] = j
    return pairs


def _equal(rows: int, columns: int, allowed: set[tuple[int, int]]) -> dict[int, int]:
    """The largest one-to-one pairing of rows and columns within `allowed`."""
    holder: dict[int, int] = {}

    def place(row: int, tried: set[int]) -> bool:
        for column in range(columns):
            if (row, column) not in allowed or column in tried:
                continue
            tried.add(column)
            if column not in holder or place(holder[column], tried):
                holder[column] = row
                return True
        return False

    for row in range(rows):
        place(row, set())
    return {row: column for column, row in holder.items()}


def _shown(fields: Expected) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in fields.items() if value is not None) + "}"
