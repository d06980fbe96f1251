"""The scorer of `muster eval`: matching rules, assignment, sums, tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.claims import (
    Claim,
    Count,
    Evidence,
    Force,
    Kind,
    Outcome,
    Personnel,
    PersonnelType,
    Place,
    PlaceLevel,
    Polarity,
    Qualifier,
    Source,
    SourceType,
    Status,
    Time,
)
from worker.evaluation import Pair, Report, evaluate
from worker.evaluation.assignment import best_matching
from worker.evaluation.floor import Floor, below, measured
from worker.evaluation.gold import GoldClaim, parse_claim
from worker.evaluation.matching import Field, differences, fields_right, match
from worker.evaluation.mistakes import render_errors
from worker.evaluation.table import as_json, render
from worker.extraction.model import Document, Extraction

TEXT = "Ruritania sent 500 marines to Kursk in May, a spokesman said. Two of them were killed there."
QUOTE = "sent 500 marines to Kursk"

KURSK = Place(name="Kursk Oblast", region="RU-KRS", country="RU", level=PlaceLevel.REGION)
LVIV = Place(name="Lviv Oblast", region="UA-46", country="UA", level=PlaceLevel.REGION)

GOLD: Mapping[str, Any] = {
    "kind": "deployment",
    "status": "occurred",
    "force": "RR",
    "personnel": "marines",
    "count": [500, 500],
    "regions": ["RU-KRS"],
    "time": ["2024-05-01", "2024-05-31"],
    "source": ["spokesman"],
    "qualifier": "exact",
    "additional": False,
    "part": False,
    "origin": None,
    "quote": QUOTE,
}


def spans(*words: str) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(exact=each, prefix="", suffix="", start=TEXT.index(each), end=TEXT.index(each) + len(each))
        for each in words
    )


CLAIM = Claim(
    kind=Kind.DEPLOYMENT,
    status=Status.OCCURRED,
    force=Force(country="RR"),
    personnel=Personnel(type=PersonnelType.MARINES),
    count=Count(min=500, max=500, qualifier=Qualifier.EXACT),
    locations=(KURSK,),
    time=Time(start=date(2024, 5, 1), end=date(2024, 5, 31)),
    attribution=(Source(type=SourceType.OFFICIAL, role="spokesman"),),
    evidence=spans(QUOTE),
    confidence=0.9,
    reasons=("figure", "verb of sending"),
)
KILLED = replace(
    CLAIM,
    kind=Kind.CASUALTIES,
    outcome=Outcome.KILLED,
    count=Count(min=2, max=2, qualifier=Qualifier.EXACT),
    evidence=spans("Two of them were killed"),
    part_of=0,
    confidence=0.3,
)
KILLED_GOLD: Mapping[str, Any] = {
    "kind": "casualties",
    "outcome": "killed",
    "status": "occurred",
    "force": "RR",
    "count": [2, 2],
    "regions": ["RU-KRS"],
    "part": True,
    "quote": "Two of them were killed",
}


def gold(**changes: object) -> GoldClaim:
    return parse_claim({**GOLD, **changes})


def reading(*claims: Claim) -> Callable[[Document], Extraction]:
    return lambda document: Extraction(text=document.text or "", claims=claims)


def pair(*golds: GoldClaim, name: str = "one") -> Pair:
    return Pair(id=name, document=Document(text=TEXT), claims=golds)


def report(golds: tuple[GoldClaim, ...], claims: tuple[Claim, ...]) -> Report:
    return evaluate([pair(*golds)], reading(*claims))


# ---- gold


def test_parse_claim_reads_one_value_and_many() -> None:
    parsed = gold(kind=["deployment", "presence"], count=[[500, 500], [None, 500]], time=[["2024-05-01", None], None])
    assert parsed.kinds == ("deployment", "presence")
    assert parsed.counts == ((500, 500), (None, 500))
    assert parsed.times == (("2024-05-01", None), (None, None))


def test_parse_claim_tells_empty_from_unannotated() -> None:
    assert gold(time=None).times == ((None, None),)
    assert parse_claim({"kind": "presence", "count": [None, None]}).times is None


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"colour": "red"}, "unknown field 'colour'"),
        ({"kind": "parade"}, "'parade' is no kind"),
        ({"status": ["occurred", "maybe"]}, "'maybe' is no status"),
        ({"kind": None}, "without 'kind'"),
        ({"count": None}, "without 'count'"),
        ({"count": ["few", 5]}, "'count' can't be"),
        ({"count": [5]}, "'count' can't be"),
        ({"count": [True, 5]}, "'count' can't be"),
        ({"time": [["a"]]}, "'time' can't be"),
        ({"force": [["KP"]]}, "'force' can't be"),
        ({"regions": "RU"}, "'regions' must be a list"),
        ({"regions": [[]]}, "a list of codes"),
        ({"source": "Kyiv"}, "'source' must be a list"),
        ({"quote": 5}, "'quote' can't be 5"),
    ],
)
def test_parse_claim_rejects_what_it_does_not_know(changes: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        gold(**changes)


@pytest.mark.parametrize("table", [None, 5, "claim", []])
def test_parse_claim_rejects_what_is_no_object(table: object) -> None:
    with pytest.raises(ValueError, match="a claim must be an object"):
        parse_claim(table)


# ---- the same claim or another


def test_differences_are_none_for_the_same_claim() -> None:
    assert differences(gold(), CLAIM) == ()


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        (replace(CLAIM, kind=Kind.PRESENCE), "kind"),
        (replace(CLAIM, polarity=Polarity.DENIED), "polarity"),
        (replace(CLAIM, force=Force(country="KP")), "force"),
        (replace(CLAIM, force=None), "force"),
        (replace(CLAIM, count=Count(min=500)), "count"),
        (replace(CLAIM, locations=(LVIV,)), "location"),
    ],
)
def test_differences_name_what_is_another_claim(changed: Claim, name: str) -> None:
    assert differences(gold(), changed) == (name,)


def test_differences_tell_outcomes_apart() -> None:
    assert differences(parse_claim(KILLED_GOLD), replace(KILLED, outcome=Outcome.WOUNDED)) == ("outcome",)


def test_differences_overlook_a_missing_place_where_there_is_a_figure() -> None:
    assert differences(gold(), replace(CLAIM, locations=())) == ()


def test_differences_need_the_place_where_there_is_no_figure() -> None:
    silent = replace(CLAIM, count=Count(), locations=())
    assert differences(gold(count=[None, None]), silent) == ("location",)
    assert differences(gold(count=[None, None], regions=None), silent) == ()


def test_differences_take_any_force_where_none_is_annotated() -> None:
    assert differences(gold(force=None), replace(CLAIM, force=None)) == ()


def test_differences_know_a_force_by_country_or_group() -> None:
    wagner = replace(CLAIM, force=Force(country="RU", group="Wagner Group"))
    assert differences(gold(force="Wagner Group"), wagner) == ()
    assert differences(gold(force=["RU", "SU"]), wagner) == ()


# ---- fields


def test_fields_right_are_all_right_for_the_gold_itself() -> None:
    assert fields_right(gold(), CLAIM, TEXT) == dict.fromkeys(
        [name for name in Field if name is not Field.OUTCOME], True
    )


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        (replace(CLAIM, locations=()), Field.LOCATION),
        (replace(CLAIM, locations=(KURSK, LVIV)), Field.LOCATION),
        (replace(CLAIM, status=Status.PLANNED), Field.STATUS),
        (replace(CLAIM, personnel=None), Field.PERSONNEL),
        (replace(CLAIM, count=replace(CLAIM.count, qualifier=Qualifier.APPROXIMATE)), Field.QUALIFIER),
        (replace(CLAIM, count=replace(CLAIM.count, additional=True)), Field.ADDITIONAL),
        (replace(CLAIM, part_of=0), Field.PART),
        (replace(CLAIM, origin=LVIV), Field.ORIGIN),
        (replace(CLAIM, time=Time(start=date(2024, 5, 1))), Field.TIME),
        (replace(CLAIM, attribution=()), Field.SOURCE),
        (replace(CLAIM, evidence=()), Field.EVIDENCE),
        (replace(CLAIM, evidence=spans("a spokesman said")), Field.EVIDENCE),
    ],
)
def test_fields_right_names_the_wrong_one(changed: Claim, name: Field) -> None:
    assert [field for field, right in fields_right(gold(), changed, TEXT).items() if not right] == [name]


def test_fields_right_judges_only_what_is_annotated() -> None:
    bare = parse_claim({"kind": "deployment", "count": [500, 500]})
    assert fields_right(bare, CLAIM, TEXT) == {Field.LOCATION: True, Field.EVIDENCE: True}


@pytest.mark.parametrize(
    ("link", "right"),
    [
        (Source(type=SourceType.PERSON, name="Ann Spokesman"), True),
        (Source(type=SourceType.ORGANIZATION, organization="Spokesman's office"), True),
        (Source(type=SourceType.OFFICIAL, text="a SPOKESMAN"), True),
        (Source(type=SourceType.OFFICIAL, role="bespokesman"), False),
        (Source(type=SourceType.OFFICIAL, text="a spokesman " + "of the ministry " * 12), False),
    ],
)
def test_fields_right_finds_a_source_at_the_start_of_a_word(link: Source, right: bool) -> None:
    assert fields_right(gold(), replace(CLAIM, attribution=(link,)), TEXT)[Field.SOURCE] is right


@pytest.mark.parametrize(("sources", "right"), [([], True), (["spokesman", None], True), (["spokesman"], False)])
def test_fields_right_takes_no_source_where_none_is_wanted(sources: list[str | None], right: bool) -> None:
    unsaid = replace(CLAIM, attribution=())
    assert fields_right(gold(source=sources), unsaid, TEXT)[Field.SOURCE] is right


def test_fields_right_wants_evidence_that_is_exact() -> None:
    shifted = replace(CLAIM, evidence=(replace(CLAIM.evidence[0], start=1),))
    assert not fields_right(gold(), shifted, TEXT)[Field.EVIDENCE]


def test_fields_right_wants_evidence_of_a_sentence_s_size() -> None:
    text = TEXT + " " * 2000
    whole = Evidence(exact=text, prefix="", suffix="", start=0, end=len(text))
    assert not fields_right(gold(), replace(CLAIM, evidence=(whole,)), text)[Field.EVIDENCE]


def test_fields_right_takes_either_place_of_an_alternative_and_all_of_a_list() -> None:
    assert fields_right(gold(regions=[["UA-46", "RU"]]), CLAIM, TEXT)[Field.LOCATION]
    assert not fields_right(gold(regions=["UA-46", "RU"]), CLAIM, TEXT)[Field.LOCATION]
    assert fields_right(gold(regions=["UA-46", "RU"]), replace(CLAIM, locations=(LVIV, KURSK)), TEXT)[Field.LOCATION]


# ---- assignment

cells = st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(100, 111), min_size=1, max_size=20)


@given(weights=cells)
def test_best_matching_is_as_heavy_as_the_heaviest(weights: dict[tuple[int, int], int]) -> None:
    found = best_matching(weights)
    heaviest = max(
        sum(weights.get((row, column), 0) for row, column in enumerate(order)) for order in permutations(range(5))
    )
    assert len(set(found.values())) == len(found)
    assert sum(weights[cell] for cell in found.items()) == heaviest


def test_best_matching_of_nothing_is_empty() -> None:
    assert best_matching({}) == {}


def test_best_matching_handles_fifty_claims_that_all_agree() -> None:
    weights = {(row, column): 100 for row in range(50) for column in range(50)}
    assert len(best_matching(weights)) == 50


# ---- matching


def test_match_prefers_the_claim_with_more_fields_right() -> None:
    worse = replace(CLAIM, status=Status.PLANNED)
    matching = match([gold()], [worse, CLAIM], TEXT)
    assert matching.matched == {0: 1}
    assert matching.spurious == (0,)


def test_match_prefers_more_pairs_to_better_pairs() -> None:
    # Only the second claim will do for the strict gold; the lax one would rather have it too.
    strict, lax = gold(), gold(count=[[500, 500], [400, 400]])
    other = replace(CLAIM, count=Count(min=400, max=400))
    assert match([lax, strict], [CLAIM, other], TEXT).matched == {0: 1, 1: 0}


def test_match_pardons_what_an_optional_claim_allows() -> None:
    matching = match([gold(optional=True)], [CLAIM, CLAIM], TEXT)
    assert (matching.matched, matching.pardoned, matching.spurious) == ({}, {0: 0}, (1,))


def test_match_does_not_miss_an_optional_claim() -> None:
    assert match([gold(optional=True)], [], TEXT).missed == ()


def test_match_gives_a_claim_to_firm_gold_before_optional() -> None:
    matching = match([gold(optional=True), gold()], [CLAIM], TEXT)
    assert (matching.matched, matching.pardoned) == ({1: 0}, {})


# ---- reports


def test_evaluate_scores_a_perfect_reading_one() -> None:
    perfect = report((gold(), parse_claim(KILLED_GOLD)), (CLAIM, KILLED))
    tally = perfect.tally()
    assert (tally.core.f1, tally.all_fields.f1, perfect.tally(numeric=True).core.f1) == (1, 1, 1)
    assert (perfect.core_interval.low, perfect.core_interval.high) == (1, 1)


def test_evaluate_scores_silence_nothing() -> None:
    silent = report((gold(),), ())
    assert silent.tally().core.f1 == 0
    assert silent.articles[0].missed == (gold(),)


def test_evaluate_of_nothing_scores_nothing() -> None:
    nothing = evaluate([], reading())
    assert nothing.tally().gold == 0
    assert nothing.core_interval.high == 0


def test_evaluate_counts_precision_and_recall() -> None:
    mixed = report((gold(), parse_claim(KILLED_GOLD)), (CLAIM, replace(CLAIM, count=Count(min=7)), CLAIM))
    core = mixed.tally().core
    assert core.precision == pytest.approx(1 / 3)
    assert core.recall == pytest.approx(1 / 2)


def test_evaluate_counts_full_only_with_every_field_right() -> None:
    assert report((gold(),), (replace(CLAIM, status=Status.PLANNED),)).tally().full == 0


def test_tally_of_numbers_leaves_claims_without_a_figure_out() -> None:
    silent = replace(CLAIM, count=Count())
    numeric = report((gold(), gold(count=[None, None], kind="withdrawal")), (CLAIM, silent)).tally(numeric=True)
    assert (numeric.gold, numeric.matched, numeric.spurious) == (1, 1, 0)


def test_fields_count_right_and_annotated() -> None:
    fields = report((gold(), parse_claim(KILLED_GOLD)), (CLAIM, replace(KILLED, part_of=None))).fields()
    assert fields[Field.PART] == (1, 2)
    assert fields[Field.TIME] == (1, 1)
    assert fields[Field.OUTCOME] == (1, 1)


def test_phenomena_count_gold_by_its_first_alternative_and_spurious_as_found() -> None:
    found = report((gold(kind=["presence", "deployment"]),), (CLAIM, replace(KILLED, part_of=None)))
    kinds = found.phenomena()["kind"]
    assert (kinds["presence"].gold, kinds["presence"].matched) == (1, 1)
    assert (kinds["casualties"].gold, kinds["casualties"].spurious) == (0, 1)


def test_calibration_bins_by_confidence() -> None:
    bins = report((gold(),), (CLAIM, KILLED)).calibration()
    assert [(each.claims, each.confidence, each.right) for each in bins] == [(1, 0.3, 0), (1, 0.9, 1)]


def test_calibration_takes_certainty_into_the_last_bin() -> None:
    certain = report((gold(),), (replace(CLAIM, confidence=1.0),))
    assert [each.high for each in certain.calibration()] == [1]
    assert certain.calibration_error() == 0


def test_intervals_are_the_same_on_every_run() -> None:
    pairs = [pair(gold(), name="good"), pair(gold(), parse_claim(KILLED_GOLD), name="half")]
    first, second = (evaluate(pairs, reading(CLAIM)) for _ in range(2))
    assert first.core_interval == second.core_interval
    assert first.core_interval.low < first.core_interval.high


# ---- what is shown


def test_render_aligns_its_columns() -> None:
    lines = render(report((gold(), parse_claim(KILLED_GOLD)), (CLAIM, KILLED))).splitlines()
    assert lines[0] == "1 article, 2 claims"
    assert lines[2:4] == [
        "         precision   recall       F1   90 % interval",
        "core         1.000    1.000    1.000   1.00 to 1.00",
    ]


def test_render_errors_says_nothing_of_a_perfect_reading() -> None:
    assert render_errors(report((gold(),), (CLAIM,))) == ""


def test_render_errors_tells_why_a_claim_was_missed() -> None:
    shown = render_errors(report((gold(),), (replace(CLAIM, kind=Kind.PRESENCE),)))
    assert "missed    deployment  RR  500  RU-KRS" in shown
    assert "nearest (spurious) differs in kind: presence  RR  500  RU-KRS" in shown
    assert "differs from the nearest in kind; read by figure, verb of sending" in shown


def test_render_errors_says_where_nothing_was_read() -> None:
    assert "nothing was read here" in render_errors(report((gold(),), ()))


def test_render_errors_names_a_repetition() -> None:
    assert "nothing: it says the same again" in render_errors(report((gold(),), (CLAIM, CLAIM)))


def test_render_errors_shows_wanted_and_found_values() -> None:
    shown = render_errors(report((gold(status=["planned", "possible"]),), (CLAIM,)))
    assert "status: planned or possible, not occurred" in shown


def test_as_json_holds_scores_fields_and_articles() -> None:
    plain = as_json(report((gold(),), (CLAIM,)))
    assert plain["core"] == {"precision": 1, "recall": 1, "f1": 1, "interval": [1, 1], "strict_precision": 1}
    assert plain["articles"] == [{"id": "one", "gold": 1, "matched": 1, "spurious": 0, "pardoned": 0, "full": 1}]


# ---- the floor


def test_measured_rounds_down() -> None:
    two_of_three = report((gold(), parse_claim(KILLED_GOLD), gold(kind="withdrawal")), (CLAIM, KILLED))
    # F1 is 2 · 1 · ⅔ / (1 + ⅔) = 0.8
    assert measured(two_of_three) == Floor(core=0.8, numeric=0.8, full=0.8)


def test_below_names_each_measure_that_fell() -> None:
    floor = Floor(core=0.8, numeric=0.8, full=0.5)
    assert below(Floor(core=0.8, numeric=0.79, full=0.6), floor) == ("numeric F1 is 0.790, below the floor of 0.800",)
