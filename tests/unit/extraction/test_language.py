from __future__ import annotations

import pytest

from worker.extraction.page.language import detect, identify


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Two hundred marines landed at the harbor on Monday, and the defense ministry said nothing of it.", "en"),
        ("Двісті морських піхотинців висадилися в гавані в понеділок, повідомило міністерство оборони.", "uk"),
        ("Двести морских пехотинцев высадились в гавани в понедельник, сообщило министерство обороны.", "ru"),
        ("Deux cents soldats ont débarqué lundi dans le port, selon le ministère de la Défense.", "fr"),
        ("해병대 200명이 월요일 항구에 상륙했다고 국방부가 밝혔다. 주민들은 네 척의 배를 보았다.", "ko"),
    ],
)
def test_detect_tells_the_language(text: str, code: str) -> None:
    assert detect(text) == code


@pytest.mark.parametrize(
    "text", ["", "300", "Kursk", "Zelenskyy Kursk Sumy Pyongyang Kim Jong", "x" * 10_000, "\x00" * 50]
)
def test_detect_tells_nothing_of_short_and_odd_texts(text: str) -> None:
    assert detect(text) is None


def test_identify_gives_a_probability() -> None:
    guess = identify("Two hundred marines landed at the harbor on Monday, and the ministry said nothing of it.")
    assert guess is not None
    assert 0.7 < guess.confidence <= 1


def test_identify_reads_the_beginning_only() -> None:
    english = "Two hundred marines landed at the harbor on Monday, the ministry said. " * 100
    assert identify(english) == identify(english + "Двести морских пехотинцев высадились в гавани. " * 100)
