"""Claims in the words of schema.org: https://schema.org/Claim and what it inherits from CreativeWork.

| schema.org | here |
|---|---|
| text | the evidence |
| author | the original speaker, where one is told of |
| appearance | the article |
| firstAppearance | what the article has it from: another outlet, an agency, a document |
| claimInterpreter | Muster, which read the claim out of the article |
| spatialCoverage, temporalCoverage | places and days |
| about | whose people, and how many |
| keywords | kind, outcome, status, polarity, personnel |
| isPartOf | the claim of the total |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from service.formats.flat import Claim
from service.formats.listed import listed

CONTEXT: Final = "https://schema.org"
_PLACES: Final = {"country": "Country", "region": "AdministrativeArea", "city": "City"}
_PUBLISHERS: Final = {"outlet": "NewsMediaOrganization", "agency": "NewsMediaOrganization", "media": "Organization"}
_PEOPLE: Final = ("official", "person")


def as_jsonld(claims: Iterable[Claim]) -> Iterator[str]:
    """One document with a graph of Claims. What is not known is left out."""
    opening = f'{{"@context":"{CONTEXT}","@graph":['
    yield from listed(map(as_claim, claims), opening=opening, closing="]}")


def as_claim(claim: Claim) -> dict[str, Any]:
    """Ids are URNs: the same claim has the same one from whichever address it was asked."""
    published = claim["reported_at"] if claim["reported_at_source"] == "published" else None
    chain = claim["attribution"]
    extractor = claim["extractor"]
    article = _known(
        {
            "@type": "NewsArticle",
            "@id": f"urn:muster:article:{claim['article_id']}",
            "publisher": _organization("NewsMediaOrganization", claim["outlet"]),
            "datePublished": published,
        }
    )
    return _known(
        {
            "@type": "Claim",
            "@id": _urn(claim["id"]),
            "identifier": claim["id"],
            "text": " … ".join(span["exact"] for span in claim["evidence"]),
            "author": _author(chain[-1]) if chain else None,
            "appearance": article,
            "firstAppearance": _first_appearance(claim),
            "claimInterpreter": _organization("Organization", f"Muster ({extractor['name']} {extractor['version']})"),
            "spatialCoverage": [_place(place) for place in claim["locations"]],
            "temporalCoverage": _interval(claim["time"]),
            "about": [*_force(claim["force"]), *_figure(claim)],
            "keywords": [
                word.replace("_", " ")
                for word in (
                    claim["kind"],
                    claim["outcome"],
                    claim["status"],
                    claim["polarity"],
                    (claim["personnel"] or {}).get("type"),
                )
                if word
            ],
            "isPartOf": {"@type": "Claim", "@id": _urn(claim["part_of"])} if claim["part_of"] else None,
        }
    )


def _urn(claim_id: str) -> str:
    return f"urn:muster:claim:{claim_id}"


def _known(node: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if value is not None and value != []}


def _organization(kind: str, name: str | None) -> dict[str, Any] | None:
    return {"@type": kind, "name": name} if name else None


def _author(link: Claim) -> dict[str, Any] | None:
    """A schema.org author is a person or an organization, so a document's is the organization behind it."""
    if link["type"] in _PEOPLE:
        return _known(
            {
                "@type": "Person",
                "name": link["name"],
                "jobTitle": link["role"],
                "worksFor": _organization("Organization", link["organization"]),
                "description": link["text"] if not link["name"] else None,
            }
        )
    if link["type"] == "document":
        return _organization("Organization", link["organization"])
    return _organization(_PUBLISHERS.get(link["type"], "Organization"), link["name"] or link["text"])


def _first_appearance(claim: Claim) -> dict[str, Any] | None:
    """The link nearest to the speaker that publishes things, but not the article's own outlet."""
    for link in reversed(claim["attribution"]):
        name = link["name"] or link["text"]
        if link["type"] == "document":
            return _known({"@type": "CreativeWork", "name": name})
        if link["type"] in _PUBLISHERS and name != claim["outlet"]:
            return _known({"@type": "CreativeWork", "publisher": _organization(_PUBLISHERS[link["type"]], name)})
    return None


def _place(place: Claim) -> dict[str, Any]:
    geo = None
    if place["lat"] is not None and place["lon"] is not None:
        geo = {"@type": "GeoCoordinates", "latitude": place["lat"], "longitude": place["lon"]}
    return _known(
        {
            "@type": _PLACES.get(place["level"], "Place"),
            "name": place["name"],
            "identifier": {"country": place["country"], "region": place["region"]}.get(place["level"]),
            "geo": geo,
        }
    )


def _interval(time: Claim) -> str | None:
    """ISO 8601, with `..` for an end that is open."""
    start, end = time["start"], time["end"]
    if not start and not end:
        return None
    return str(start) if start == end else f"{start or '..'}/{end or '..'}"


def _force(force: Claim | None) -> Iterator[dict[str, Any]]:
    if force and force["country"]:
        yield {"@type": "Country", "identifier": force["country"]}
    if force and force["group"]:
        yield {"@type": "Organization", "name": force["group"]}


def _figure(claim: Claim) -> Iterator[dict[str, Any]]:
    count = claim["count"]
    if count["min"] is not None or count["max"] is not None:
        unit = (claim["personnel"] or {}).get("text")
        yield _known(
            {
                "@type": "QuantitativeValue",
                "minValue": count["min"],
                "maxValue": count["max"],
                "unitText": unit,
                "description": count["text"],
            }
        )
