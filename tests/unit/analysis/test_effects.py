"""What a change does to stories."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from service.analysis.effects import effects
from service.analysis.stories import stories
from service.domain.claims import Polarity
from service.domain.register import ClaimView
from tests.unit.analysis.claims import claimed

NIS = claimed("1", "NIS", 10_000)
HIGHER = claimed("2", "HUR", 10_900, day=2)
LOWER = claimed("3", "Kyiv", 9200, day=3)
FAR = claimed("4", "Seoul", 300, day=4)
SILENT = claimed("5", "Seoul", day=5)
DENIAL = claimed("6", "Moscow", day=6, polarity=Polarity.DENIED)
STORY = "s_1-RU-KRS"


def told(before: Sequence[ClaimView], after: Sequence[ClaimView]) -> list[tuple[object, ...]]:
    found = effects(stories(before), stories(after))
    return [(one.effect.value, one.story, one.before, one.after, one.by) for one in found]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([], [NIS], [("story_created", STORY, None, (10_000, 10_000), ())]),
        ([NIS], [NIS, HIGHER], [("figure_raised", STORY, (10_000, 10_000), (10_000, 10_900), ())]),
        ([NIS], [NIS, LOWER], [("figure_lowered", STORY, (10_000, 10_000), (9200, 10_000), ())]),
        ([NIS], [NIS, DENIAL], [("newly_denied", STORY, (10_000, 10_000), (10_000, 10_000), ("Moscow",))]),
        ([NIS], [], [("story_ended", STORY, (10_000, 10_000), None, ())]),
        ([], [SILENT], [("story_created", "s_5-RU-KRS", None, None, ())]),
        ([NIS], [NIS, FAR], [("story_created", "s_4-RU-KRS", None, (300, 300), ())]),
        ([NIS, HIGHER], [NIS], []),
        ([NIS], [NIS], []),
        ([NIS, DENIAL], [NIS, DENIAL, claimed("7", "Moscow", day=8, polarity=Polarity.DENIED)], []),
    ],
)
def test_effects(before: list[ClaimView], after: list[ClaimView], expected: list[tuple[object, ...]]) -> None:
    assert told(before, after) == expected


def test_effect_of_a_claim_that_joins_two_stories_ends_none() -> None:
    assert {one[0] for one in told([HIGHER, LOWER], [HIGHER, LOWER, NIS])} == set()
