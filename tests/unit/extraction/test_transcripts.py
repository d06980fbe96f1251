"""Labels and datelines in front of a paragraph's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from worker.extraction.page.transcripts import Label, Sure, TranscriptReader, parse_transcripts
from worker.lexicons import load

TABLE: Mapping[str, Any] = load("en")["transcripts"]
READER = TranscriptReader(parse_transcripts(TABLE))


@pytest.mark.parametrize(
    ("line", "label", "rest"),
    [
        ("MR. KIRBY:  Thank you.", "MR. KIRBY", " Thank you."),
        ("GEN. BROWN (via interpreter): We are here.", "GEN. BROWN", "We are here."),
        ("Q Good afternoon.", "", "Good afternoon."),
        ("Mr. Hale: We are here.", "Mr. Hale", "We are here."),
        ("Lt. Gen. Hale, commander of the force: We are here.", "Lt. Gen. Hale", "We are here."),
        ("Dr. Leo Foxley (Marsh) (Con): We are here.", "Dr. Leo Foxley", "We are here."),
        ("Lord Hale of Hever: We are here.", "Lord Hale of Hever", "We are here."),
        ("The Minister for Defence (Mr. Hale): We are here.", "The Minister for Defence (Mr. Hale)", "We are here."),
        ("QUESTION: Who is here?", "", "Who is here?"),
        ('A: "We are."', "", '"We are."'),
    ],
)
def test_label_of_finds_who_speaks(line: str, label: str, rest: str) -> None:
    found = READER.label_of(line)

    assert found is not None
    assert (found.name, line[found.end :]) == (label, rest)


@pytest.mark.parametrize(
    ("lines", "speakers"),
    [
        (["MR. HALE: Yes.", "We are there."], ["MR. HALE", "MR. HALE"]),
        (["President Mora: We go.", "The troops left."], ["President Mora", None]),
        (["Anna Hale: Are you there?", "Olga Mora: Yes."], ["Anna Hale", "Olga Mora"]),
        (["Anna Hale: Yes.", "Olga Mora: No.", "Anna Hale: Well."], ["Anna Hale", "Olga Mora", "Anna Hale"]),
        (["United States: 300 soldiers", "United Kingdom: 200 soldiers"], [None, None]),
        (["KYIV: The army left.", "It went home."], [None, None]),
    ],
)
def test_turns_last_in_a_transcript_only(lines: list[str], speakers: list[str | None]) -> None:
    assert [turn.speaker for turn in READER.turns(lines)] == speakers


@pytest.mark.parametrize(
    "line", ["A soldier died.", "A French soldier died.", "NATO troops: where are they?", "Quebec sent 300.", ""]
)
def test_label_of_leaves_a_sentence(line: str) -> None:
    assert READER.label_of(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "SEOUL, May 3 (Agency) -- Troops left.",
        "PARIS — Troops left.",
        "SEOUL, South Korea, Oct. 18, 2024 - Troops left.",
    ],
)
def test_dateline_end_is_where_the_words_begin(line: str) -> None:
    assert line[READER.dateline_end(line) :] == "Troops left."


@pytest.mark.parametrize("line", ["Troops left Paris - and stayed away.", "NATO sent 300 soldiers - again.", ""])
def test_dateline_end_is_0_without_one(line: str) -> None:
    assert READER.dateline_end(line) == 0


def test_patterns_read_another_alphabet() -> None:
    words = parse_transcripts(
        {
            "turns": ["О"],
            "bare_turns": ["В"],
            "titles": ["Г"],
            "links": ["де"],
            "capitals": "АБВГДИКЛМНОРСТУЯ",
            "small": "абвгдеиклмнорстуя",
        }
    )
    reader = TranscriptReader(words)

    assert reader.label_of("СМИРНОВ: Да.") == Label("СМИРНОВ", 9, Sure.BY_CAPITALS)
    assert reader.label_of("В Вот вопрос.") == Label("", 2, Sure.BY_FORM)


@pytest.mark.parametrize("letters", ["AAB", "A]", "A-Z"])
def test_parse_transcripts_refuses_what_is_no_alphabet(letters: str) -> None:
    with pytest.raises(ValueError, match="letters"):
        parse_transcripts({**TABLE, "capitals": letters})


@pytest.mark.parametrize("worst", ["A " * 100_000, "A" * 200_000, "AB, " * 50_000, "A'.-" * 50_000])
def test_patterns_give_up_on_a_long_line(worst: str) -> None:
    assert READER.label_of(worst) in (None, Label("", 2, Sure.BY_FORM))
    assert READER.dateline_end(worst) == 0
