"""Who counts as one speaker, and who does not."""

from __future__ import annotations

import pytest

from service.domain.claims import Source, SourceType
from service.domain.origins import Origin, origin_of, parse_institutions
from service.domain.places.tables import DataError

YONHAP = Source(name="Yonhap", type=SourceType.AGENCY, country="KR")
HEADER = "# language: en\n# source: test\n# licence: none\ncountry\tcode\tname\tnames\n"


def institution(name: str, country: str | None = None) -> Source:
    return Source(name=name, type=SourceType.ORGANIZATION, organization=name, country=country)


def origin(*chain: Source, outlet: str | None = "Example Wire") -> Origin:
    return origin_of(chain, outlet=outlet, article_id="a_1")


@pytest.mark.parametrize(
    ("country", "names"),
    [
        ("KR", ("National Intelligence Service", "NIS", "South Korean intelligence", "South Korea's spy agency")),
        ("UA", ("Ukraine's General Staff", "the General Staff of the Armed Forces of Ukraine", "General Staff")),
        ("RU", ("The Russian defence ministry", "Ministry of Defense of Russia", "Moscow's defense ministry")),
        ("UA", ("HUR", "Main Intelligence Directorate", "Ukrainian military intelligence")),
        (None, ("United Nations", "the United Nations")),
    ],
)
def test_origin_is_one_under_all_names_of_an_institution(country: str | None, names: tuple[str, ...]) -> None:
    assert len({origin(institution(name, country)).key for name in names}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (institution("the defense ministry", "RU"), institution("the defense ministry", "UA")),
        (institution("HUR", "UA"), institution("General Staff", "UA")),
        (institution("intelligence", "KR"), institution("intelligence", None)),
        (institution("Security Service", "UA"), institution("Security Council", "UA")),
        (YONHAP, institution("Yonhap University", "KR")),
    ],
)
def test_origins_of_different_institutions_differ(one: Source, other: Source) -> None:
    assert origin(one).key != origin(other).key


def test_origin_is_the_end_of_the_chain_whoever_repeats_it() -> None:
    nis = institution("NIS", "KR")
    assert origin(YONHAP, nis) == origin(nis, outlet="Another Paper") == origin(nis, outlet=None)
    assert origin(YONHAP) != origin(YONHAP, nis)


def test_origin_of_an_official_is_the_institution_spoken_for() -> None:
    kirby = Source(name="John Kirby", type=SourceType.OFFICIAL, organization="White House", country="US")
    assert origin(kirby) == origin(institution("the White House", "US"))
    assert origin(kirby).name == "White House"


def test_origin_is_the_outlet_where_nobody_is_named() -> None:
    assert origin(outlet="Yonhap").key == origin(YONHAP).key
    assert origin().name == "Example Wire"
    assert origin(outlet=None) == Origin(key="article:a_1", name=None)


def test_unnamed_origins_are_one_only_where_they_spoke_to_the_same() -> None:
    official = Source(type=SourceType.OFFICIAL, role="a Ukrainian official", country="UA", anonymous=True)
    times = Source(name="The New York Times", type=SourceType.OUTLET, country="US")
    assert origin(times, official) == origin(times, official, outlet="Another Paper")
    assert origin(times, official).key != origin(official).key
    assert origin(times, official).name == "a Ukrainian official (The New York Times)"
    assert origin(official, outlet=None).key != origin_of((official,), outlet=None, article_id="a_2").key


def test_origin_of_a_person_without_an_institution_is_the_person() -> None:
    person = Source(name="Vadym Skibitskyi", type=SourceType.PERSON)
    assert origin(person) == Origin(key="name:vadym skibitskyi", name="Vadym Skibitskyi")


def test_origin_keys_of_endless_names_are_cut() -> None:
    assert len(origin(institution("x" * 5000)).key) == len(origin(outlet="y " * 900).key) == 200


def test_institutions_with_one_name_twice_are_refused() -> None:
    with pytest.raises(DataError, match="twice"):
        parse_institutions(HEADER + "UA\tone\tOne\tthe one|first\nUA\ttwo\tTwo\tfirst\n")
