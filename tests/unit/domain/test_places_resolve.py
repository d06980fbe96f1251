"""Names to places, as a user of a filter types them."""

from __future__ import annotations

import pytest

from service.domain.claims import PlaceLevel
from service.domain.errors import AmbiguousPlaceError, UnknownPlaceError
from service.domain.places import Gazetteer, gazetteer


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return gazetteer()


KURSK = (
    "Kursk",
    "kursk",
    "KURSK",
    "Kursk region",
    "the Kursk region",
    "Kursk Oblast",
    "oblast of Kursk",
    "Kurshchyna",
    "Курщина",
    "Курская область",
    "Курська область",
    "Курск",
    "Курськ",
    "쿠르스크",
    "쿠르스크주",
    "RU-KRS",
    "ru-krs",
    " Kursk ",
    "Kursk, Russia",
)


@pytest.mark.parametrize("name", KURSK)
def test_resolve_takes_every_name_of_kursk_for_one_region(places: Gazetteer, name: str) -> None:
    assert places.resolve(name).code == "RU-KRS"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("UK", "GB"),
        ("Britain", "GB"),
        ("US", "US"),
        ("us", "US"),
        ("U.S.", "US"),
        ("America", "US"),
        ("the United States", "US"),
        ("DPRK", "KP"),
        ("North Korea", "KP"),
        ("북한", "KP"),
        ("КНДР", "KP"),
        ("Republic of Korea", "KR"),
        ("UAE", "AE"),
        ("DRC", "CD"),
        ("Zaire", "CD"),
        ("Republic of the Congo", "CG"),
        ("Ivory Coast", "CI"),
        ("Côte d'Ivoire", "CI"),
        ("Burma", "MM"),
        ("Turkey", "TR"),
        ("Turkiye", "TR"),
        ("Holland", "NL"),
        ("Swaziland", "SZ"),
        ("East Timor", "TL"),
        ("USSR", "SU"),
        ("Soviet Union", "SU"),
        ("Yugoslavia", "YU"),
        ("East Germany", "DD"),
        ("Czechoslovakia", "CS"),
        ("South Vietnam", "VN"),
        ("Kosovo", "XK"),
        ("Falklands", "FK"),
        ("Malvinas", "FK"),
        ("Palestine", "PS"),
        ("Vatican", "VA"),
        ("Guam", "GU"),
        ("Hong Kong", "HK"),
        ("Україна", "UA"),
        ("Россия", "RU"),
        ("러시아", "RU"),
        ("Luxembourg", "LU"),
        ("Mexico", "MX"),
        ("Niger", "NE"),
        ("Nigeria", "NG"),
        ("Guinea", "GN"),
        ("Guinea-Bissau", "GW"),
        ("Sudan", "SD"),
        ("South Sudan", "SS"),
        ("ua", "UA"),
        ("state of Israel", "IL"),
        ("republic of Georgia", "GE"),
    ],
)
def test_resolve_knows_countries(places: Gazetteer, name: str, code: str) -> None:
    found = places.resolve(name)
    assert (found.code, found.level) == (code, PlaceLevel.COUNTRY)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Belgorod", "RU-BEL"),
        ("Belhorodshchyna", "RU-BEL"),
        ("Bryansk Oblast", "RU-BRY"),
        ("Bryanshchyna", "RU-BRY"),
        ("Primorye", "RU-PRI"),
        ("Primorsky Krai", "RU-PRI"),
        ("Chechnya", "RU-CE"),
        ("Kuban", "RU-KDA"),
        ("Moscow", "RU-MOW"),
        ("Moscow Oblast", "RU-MOS"),
        ("St. Petersburg", "RU-SPE"),
        ("Leningrad", "RU-SPE"),
        ("Stalingrad", "RU-VGG"),
        ("Donetsk", "UA-14"),
        ("Donechchyna", "UA-14"),
        ("Донецкая область", "UA-14"),
        ("Luhanshchyna", "UA-09"),
        ("Lugansk", "UA-09"),
        ("Kharkiv region", "UA-63"),
        ("Kharkov", "UA-63"),
        ("Sumy", "UA-59"),
        ("Sumshchyna", "UA-59"),
        ("Zaporizhzhia", "UA-23"),
        ("Kherson Oblast", "UA-65"),
        ("Odessa", "UA-51"),
        ("Kyiv", "UA-30"),
        ("Kiev", "UA-30"),
        ("Київ", "UA-30"),
        ("Киев", "UA-30"),
        ("키이우", "UA-30"),
        ("Kyiv Oblast", "UA-32"),
        ("Kiev region", "UA-32"),
        ("Transnistria", "MD-SN"),
        ("Abkhazia", "GE-AB"),
        ("Anbar", "IQ-AN"),
        ("Al-Anbar", "IQ-AN"),
        ("Nineveh province", "IQ-NI"),
        ("Iraqi Kurdistan", "IQ-KR"),
        ("Aleppo", "SY-HL"),
        ("Deir ez-Zor", "SY-DY"),
        ("Helmand", "AF-HEL"),
        ("Kandahar Province", "AF-KAN"),
        ("Tigray", "ET-TI"),
        ("Cabo Delgado", "MZ-P"),
        ("Cabinda", "AO-CAB"),
        ("Xinjiang", "CN-XJ"),
        ("Tibet", "CN-XZ"),
        ("Okinawa", "JP-47"),
        ("Northern Ireland", "GB-NIR"),
        ("Texas", "US-TX"),
        ("state of Georgia", "US-GA"),
        ("Pampanga", "PH-PAM"),
        ("Pyongyang", "KP-01"),
        ("Birmingham", "GB-BIR"),
    ],
)
def test_resolve_knows_regions(places: Gazetteer, name: str, code: str) -> None:
    found = places.resolve(name)
    assert (found.code, found.level, found.region) == (code, PlaceLevel.REGION, code)


@pytest.mark.parametrize(
    ("name", "shown", "region"),
    [
        ("Sudzha", "Sudzha", "RU-KRS"),
        ("Суджа", "Sudzha", "RU-KRS"),
        ("Korenevo", "Korenevo", "RU-KRS"),
        ("Hlushkovo", "Glushkovo", "RU-KRS"),
        ("city of Kursk", "Kursk", "RU-KRS"),
        ("Kursk city", "Kursk", "RU-KRS"),
        ("Sudzha, Kursk Oblast", "Sudzha", "RU-KRS"),
        ("Vladivostok", "Vladivostok", "RU-PRI"),
        ("Bakhmut", "Bakhmut", "UA-14"),
        ("Artemivsk", "Bakhmut", "UA-14"),
        ("Dnipro", "Dnipro", "UA-12"),
        ("Pokrovsk", "Pokrovsk", "UA-14"),
        ("Chasov Yar", "Chasiv Yar", "UA-14"),
        ("Robotyne", "Robotyne", "UA-23"),
        ("Kropyvnytskyi", "Kropyvnytskyi", "UA-35"),
        ("Saigon", "Ho Chi Minh City", "VN-SG"),
        ("Bombay", "Mumbai", "IN-MH"),
        ("Paris, Texas", "Paris", "US-TX"),
        ("Falluja", "Al Fallūjah", "IQ-AN"),
        ("Mosul", "Mosul", "IQ-NI"),
        ("Nice", "Nice", "FR-PAC"),
        ("Of", "Of", "TR-61"),
        ("Split", "Split", "HR-17"),
        ("Mobile", "Mobile", "US-AL"),
    ],
)
def test_resolve_knows_cities(places: Gazetteer, name: str, shown: str, region: str) -> None:
    found = places.resolve(name)
    assert (found.name, found.region, found.level) == (shown, region, PlaceLevel.CITY)


@pytest.mark.parametrize(
    ("name", "shown", "country"),
    [
        ("Donbass", "Donbas", "UA"),
        ("Донбас", "Donbas", "UA"),
        ("Gaza", "Gaza Strip", "PS"),
        ("West Bank", "West Bank", "PS"),
        ("Nagorno-Karabakh", "Nagorno-Karabakh", "AZ"),
        ("South Ossetia", "South Ossetia", "GE"),
        ("Darfur", "Darfur", "SD"),
        ("the Sahel", "Sahel", None),
        ("the Baltics", "Baltic states", None),
        ("Europe", "Europe", None),
        ("Middle East", "Middle East", None),
        ("Persian Gulf", "Persian Gulf", None),
        ("South China Sea", "South China Sea", None),
        ("Arctic", "Arctic", None),
    ],
)
def test_resolve_knows_areas(places: Gazetteer, name: str, shown: str, country: str | None) -> None:
    found = places.resolve(name)
    assert (found.name, found.country, found.region, found.level) == (shown, country, None, PlaceLevel.AREA)


@pytest.mark.parametrize(
    ("name", "region", "country"),
    [
        ("Clark Air Base", "PH-PAM", "PH"),
        ("Subic Bay", "PH-ZMB", "PH"),
        ("Bagram", "AF-PAR", "AF"),
        ("Guantanamo Bay", "CU-14", "CU"),
        ("Ramstein", "DE-RP", "DE"),
        ("Diego Garcia", None, "IO"),
        ("Camp Lemonnier", None, "DJ"),
        ("al-Tanf", "SY-HI", "SY"),
        ("Snake Island", "UA-51", "UA"),
    ],
)
def test_resolve_knows_bases(places: Gazetteer, name: str, region: str | None, country: str) -> None:
    found = places.resolve(name)
    assert (found.region, found.country, found.level) == (region, country, PlaceLevel.POINT)


@pytest.mark.parametrize("name", ["Crimea", "Sevastopol", "Simferopol", "Крым", "Автономна Республіка Крим"])
def test_resolve_places_crimea_in_ukraine(places: Gazetteer, name: str) -> None:
    found = places.resolve(name)
    assert found.country == "UA"
    assert found.region in {"UA-43", "UA-40"}


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Georgia", {"GE", "US-GA"}),
        ("Korea", {"KP", "KR"}),
        ("Congo", {"CD", "CG"}),
        ("Punjab", {"PK-PB", "IN-PB"}),
        ("Washington", {"US-DC", "US-WA"}),
    ],
)
def test_resolve_refuses_names_of_two_places(places: Gazetteer, name: str, codes: set[str]) -> None:
    with pytest.raises(AmbiguousPlaceError) as caught:
        places.resolve(name)
    assert {code for code, _ in caught.value.candidates} == codes
    assert all(code in str(caught.value) for code in codes)


def test_resolve_takes_a_code_given_for_an_ambiguous_name(places: Gazetteer) -> None:
    with pytest.raises(AmbiguousPlaceError) as caught:
        places.resolve("Springfield")
    code = caught.value.candidates[0][0]
    assert places.resolve(code).code == code


@pytest.mark.parametrize("name", ["Atlantis", "Narnia", "xyzzyq", "", "   ", "-", "RU-XXX", "Kursk, France", "region"])
def test_resolve_refuses_names_that_nothing_bears(places: Gazetteer, name: str) -> None:
    with pytest.raises(UnknownPlaceError):
        places.resolve(name)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Krusk", "Kursk Oblast"),
        ("Kursq", "Kursk Oblast"),
        ("Krusk region", "Kursk Oblast"),
        ("Vladivostock", "Vladivostok"),
        ("Ukriane", "Ukraine"),
        ("Kharkeev", "Kharkiv Oblast"),
        ("Belgorad", "Belgorod Oblast"),
        ("Afganistan", "Afghanistan"),
        ("Phillipines", "Philippines"),
    ],
)
def test_unknown_place_suggests_the_name_meant(places: Gazetteer, typed: str, meant: str) -> None:
    with pytest.raises(UnknownPlaceError) as caught:
        places.resolve(typed)
    assert meant in caught.value.suggestions


def test_unknown_place_suggestions_are_few(places: Gazetteer) -> None:
    assert len(places.suggest("san antoniooo" * 20)) <= 5


def test_search_finds_exact_names_before_longer_ones(places: Gazetteer) -> None:
    found = [record.code for record in places.search("Kursk", 5)]
    assert found[:2] == ["RU-KRS", "geonames:538560"]


def test_search_finds_names_being_typed(places: Gazetteer) -> None:
    assert "RU-KRS" in [record.code for record in places.search("kurs", 10)]
    assert places.search("ukr", 3)[0].code == "UA"
    assert "GE" in [record.code for record in places.search("Georgia", 5)]


def test_search_for_nothing_finds_nothing(places: Gazetteer) -> None:
    assert places.search("", 5) == []
    assert places.search("qqqqq", 5) == []


@pytest.mark.parametrize("name", ["\ud800", "Kursk\udcff"])
def test_name_with_half_of_a_surrogate_pair_is_unknown(places: Gazetteer, name: str) -> None:
    with pytest.raises(UnknownPlaceError):
        places.resolve(name)
    assert places.search(name) == []
