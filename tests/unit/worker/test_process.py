"""Building the extractor that the settings name."""

from __future__ import annotations

import pytest

from service.settings import Settings
from tests.integration.worker.extractors import BROKEN, NAMES, Scripted
from worker.process import UnbuildableError, build_extractor


def test_build_extractor_calls_the_factory_that_the_settings_name() -> None:
    assert build_extractor(Settings(extractor_factory=f"{NAMES}:scripted")) == Scripted()


@pytest.mark.parametrize(
    ("factory", "reason"),
    [
        (f"{NAMES}:broken", BROKEN),
        (
            "no.such:thing",
            "The extractor can't be built: no.such:thing raised ModuleNotFoundError: No module named 'no'",
        ),
        (
            "json:thing",
            "The extractor can't be built: json:thing raised AttributeError: module 'json' has no attribute",
        ),
    ],
)
def test_build_extractor_says_in_one_line_which_factory_failed_of_what(factory: str, reason: str) -> None:
    with pytest.raises(UnbuildableError) as raised:
        build_extractor(Settings(extractor_factory=factory))
    assert str(raised.value).startswith(reason)
    assert "\n" not in str(raised.value)
