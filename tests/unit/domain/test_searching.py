"""How texts and searches are taken apart into words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.claims import Claim, Evidence, Force, Kind, Place, PlaceLevel, Source, SourceType, Status
from service.domain.searching import (
    BETWEEN,
    LONGEST_WORD,
    MOST_WORDS,
    Search,
    Term,
    read_search,
    searched_words,
    words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("North Korean soldiers", "north korean soldiers"),
        ("11,000 soldiers", "11000 soldiers"),
        ("1,234,567", "1234567"),
        ("11.000 Soldaten, 11\u00a0000 солдат, 11’000", "11000 soldaten 11000 солдат 11000"),
        ("2.5 million, 3.14159", "2 5 million 3 14159"),
        ("in 2024 300 men", "in 2024 300 men"),
        ("1,2345 and 12,34 and 1234,567", "1 2345 and 12 34 and 1234 567"),
        ("Il-76 planes", "il 76 planes"),
        ("U.S.-led, U.K. and the D.P.R.K.", "us led uk and the dprk"),
        ("J.Smith ended. Then", "j smith ended then"),
        ("Kyiv's and Kyiv’s", "kyiv s and kyiv s"),
        ("Łódź, Şırnak, São Paulo", "lodz sirnak sao paulo"),
        ("Курская ОБЛАСТЬ, Київ", "курская область киів"),
        ("북한군 1만", "북한군 1만"),
        ("朝鲜部队2000人", "朝 鲜 部 队 2000 人"),
        ("ＦＵＬＬ ２０ ﬁt ℂ", "full 20 fit c"),
        ("a_b\tc\nd\x00e", "a b c d e"),
        ("", ""),
        ("–…!?\ue000", ""),
        ("x" * 100, "x" * LONGEST_WORD),
    ],
)
def test_words_of_a_text(text: str, expected: str) -> None:
    assert " ".join(words(text)) == expected


def term(*said: str, begins: bool = False) -> Term:
    return Term(words=said, begins=begins)


@pytest.mark.parametrize(
    ("written", "wanted", "unwanted"),
    [
        ("Kursk", [term("kursk")], []),
        ("north  korean", [term("north"), term("korean")], []),
        ('"North Korean" -denied', [term("north", "korean")], [term("denied")]),
        ("“North Korean” «Курская область»", [term("north", "korean"), term("курская", "область")], []),
        ('-"special forces"', [], [term("special", "forces")]),
        ('kursk "north korean', [term("kursk"), term("north", "korean")], []),
        ('a"b c"d', [term("a"), term("b", "c"), term("d")], []),
        ("Il-76 non-combat", [term("il", "76"), term("non", "combat")], []),
        ("soldier* -troo*", [term("soldier", begins=True)], [term("troo", begins=True)]),
        ('"north kor*"', [term("north", "kor", begins=True)], []),
        ("so*dier", [term("so", "dier")], []),
        ("- kursk & ( *", [term("kursk")], []),
        ("--kursk", [], [term("kursk")]),
        ("AND NOT or", [term("and"), term("not"), term("or")], []),
        ("words: kursk ^2 {a}", [term("words"), term("kursk"), term("2"), term("a")], []),
        ("11,000", [term("11000")], []),
    ],
)
def test_read_search(written: str, wanted: list[Term], unwanted: list[Term]) -> None:
    assert read_search(written) == Search(wanted=tuple(wanted), unwanted=tuple(unwanted))


@pytest.mark.parametrize("written", ["", " ", "-", '""', "*", "...", "- & |", "a*", "б*", "w " * 33, "\ue000"])
def test_read_search_refuses(written: str) -> None:
    with pytest.raises(ValueError, match=r"Holds no word|Holds more than|Give at least"):
        read_search(written)


@given(st.text())
def test_words_hold_nothing_that_a_store_could_take_for_an_operator(text: str) -> None:
    for word in words(text):
        assert word.isalnum()
        assert word == word.lower()
        assert 0 < len(word) <= LONGEST_WORD


@pytest.mark.parametrize(
    "text", ["1," * 50_000, "111," * 50_000 + "x", "a." * 50_000 + "bc", '"' * 50_001, "1,111" * 20_000]
)
def test_words_and_searches_of_the_worst_texts_take_no_longer_than_their_length(text: str) -> None:
    words(text)
    with pytest.raises(ValueError, match="Holds"):
        read_search(text + " a b c" * 20 if any(map(str.isalnum, text)) else text)


def a_claim(exact: str, **fields: object) -> Claim:
    values: dict[str, object] = {
        "kind": Kind.PRESENCE,
        "status": Status.ONGOING,
        "evidence": (Evidence(exact=exact, prefix="before", suffix="after", start=0, end=len(exact)),),
        "confidence": 0.9,
        **fields,
    }
    return Claim(**values)  # type: ignore[arg-type]


def test_searched_words_are_those_of_title_evidence_and_names_each_once() -> None:
    claim = a_claim(
        "North Koreans in Kursk",
        force=Force(country="KP", group="Storm Corps", text="North Koreans"),
        locations=(Place(name="Kursk Oblast", level=PlaceLevel.REGION, text="Kursk"),),
        attribution=(Source(type=SourceType.OFFICIAL, name="Kim", role="spokesman", text="Kim, a spokesman"),),
    )
    parts = searched_words(claim, title="Front line").split(f" {BETWEEN} ")
    assert parts == [
        "front line",
        "north koreans in kursk",
        "storm corps",
        "kursk oblast",
        "kim",
        "spokesman",
        "kim a spokesman",
    ]


def test_searched_words_keep_what_is_only_part_of_a_word() -> None:
    claim = a_claim("Koreans", force=Force(text="Korea"))
    assert searched_words(claim, title=None) == f"koreans {BETWEEN} korea"


def test_searched_words_are_bounded() -> None:
    assert len(searched_words(a_claim("w " * 10_000), title="t").split()) == MOST_WORDS
