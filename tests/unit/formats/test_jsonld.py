"""JSON-LD: Claims with properties that schema.org has for their types."""

from __future__ import annotations

import json
from typing import Any

from service.formats.jsonld import as_claim, as_jsonld
from tests.unit.formats.claims import a_bare_claim, a_claim, a_count, a_link, a_place

# From the vocabulary of schema.org, release 29: the properties of each type that are used here, its own and inherited.
THING = {"@type", "@id", "name", "identifier", "description"}
WORK = THING | {"text", "author", "publisher", "datePublished", "about", "keywords", "isPartOf"}
WORK |= {"spatialCoverage", "temporalCoverage"}
PLACE = THING | {"geo"}
PROPERTIES = {
    "Claim": WORK | {"appearance", "firstAppearance", "claimInterpreter"},
    "NewsArticle": WORK,
    "CreativeWork": WORK,
    "Person": THING | {"jobTitle", "worksFor"},
    "Organization": THING,
    "NewsMediaOrganization": THING,
    "Place": PLACE,
    "Country": PLACE,
    "AdministrativeArea": PLACE,
    "City": PLACE,
    "GeoCoordinates": THING | {"latitude", "longitude"},
    "QuantitativeValue": THING | {"minValue", "maxValue", "unitText"},
}
AUTHORS = {"Person", "Organization", "NewsMediaOrganization"}

FULL = a_claim(
    count=a_count(min=5000, max=None, text="more than 5,000"),
    personnel={"type": "special_forces", "text": "commandos"},
    force={"country": "RU", "group": "Wagner Group", "text": "Wagner"},
    locations=[a_place(), a_place(level="city", name="Sudzha"), a_place(None, None, level="area", name="Donbas")],
    time={"start": "2024-10-01", "end": "2024-10-31", "precision": "month", "text": "October"},
    attribution=[
        a_link(name="The New York Times", type="outlet"),
        a_link(name="Kyrylo Budanov", role="head", organization="HUR", text="Budanov"),
    ],
    part_of="c_total",
    outlet="Front Wire",
)


def nodes(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [node for one in value for node in nodes(one)]
    if isinstance(value, dict):
        return [value, *(node for one in value.values() for node in nodes(one))]
    return []


def test_jsonld_uses_only_what_schema_org_has() -> None:
    document = json.loads("\n".join(as_jsonld([FULL, a_bare_claim()])))
    assert document["@context"] == "https://schema.org"
    used = nodes(document["@graph"])
    assert {node["@type"] for node in used} >= {"Claim", "NewsArticle", "Person", "City", "QuantitativeValue"}
    for node in used:
        assert node.keys() <= PROPERTIES[node["@type"]], node
        assert None not in node.values()


def test_jsonld_of_a_claim() -> None:
    claim = as_claim(FULL)
    assert claim["@id"] == "urn:muster:claim:c_1"
    assert claim["text"] == "5,000 troops"
    assert claim["author"] == {
        "@type": "Person",
        "name": "Kyrylo Budanov",
        "jobTitle": "head",
        "worksFor": {"@type": "Organization", "name": "HUR"},
    }
    assert claim["appearance"]["@id"] == "urn:muster:article:a_1"
    assert claim["appearance"]["publisher"]["name"] == "Front Wire"
    assert claim["appearance"]["datePublished"] == "2024-10-25T00:00:00Z"
    assert claim["firstAppearance"]["publisher"]["name"] == "The New York Times"
    assert claim["temporalCoverage"] == "2024-10-01/2024-10-31"
    assert claim["isPartOf"]["@id"] == "urn:muster:claim:c_total"
    assert claim["keywords"] == ["deployment", "occurred", "affirmed", "special forces"]
    assert [node["@type"] for node in claim["about"]] == ["Country", "Organization", "QuantitativeValue"]
    assert "maxValue" not in claim["about"][2]


def test_jsonld_leaves_out_what_is_not_known() -> None:
    assert as_claim(a_bare_claim()) == {
        "@type": "Claim",
        "@id": "urn:muster:claim:c_1",
        "identifier": "c_1",
        "text": "5,000 troops",
        # The time of submission is none of publication.
        "appearance": {"@type": "NewsArticle", "@id": "urn:muster:article:a_1"},
        "claimInterpreter": {"@type": "Organization", "name": "Muster (muster-en 1.0)"},
        "keywords": ["deployment", "occurred", "affirmed"],
    }


def test_jsonld_author_is_a_person_or_an_organization_and_a_document_is_where_it_appeared() -> None:
    for kind in ("outlet", "agency", "official", "person", "organization", "media"):
        author = as_claim(a_claim(attribution=[a_link(type=kind, name="X", text="x")]))["author"]
        assert author["@type"] in AUTHORS
    claim = as_claim(a_claim(attribution=[a_link(type="document", name="A report")]))
    assert "author" not in claim
    assert claim["firstAppearance"] == {"@type": "CreativeWork", "name": "A report"}


def test_jsonld_first_appearance_is_not_the_articles_own_outlet() -> None:
    own = a_claim(outlet="Front Wire", attribution=[a_link(type="outlet", name="Front Wire")])
    assert "firstAppearance" not in as_claim(own)


def test_jsonld_days_may_be_open() -> None:
    def interval(start: str | None, end: str | None) -> str:
        time = {"start": start, "end": end, "precision": "day", "text": None}
        return str(as_claim(a_claim(time=time))["temporalCoverage"])

    assert interval("2024-10-01", None) == "2024-10-01/.."
    assert interval(None, "2024-10-01") == "../2024-10-01"
    assert interval("2024-10-01", "2024-10-01") == "2024-10-01"
