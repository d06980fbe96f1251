"""One claim as the columns that are searched, and back as readers see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row

from service.domain.claims import Claim, Place, Review, Source
from service.domain.figures import basis_of
from service.domain.identity import claim_id, digest
from service.domain.origins import origin_of
from service.domain.places.folding import fold
from service.domain.register import ClaimView, Extractor
from service.domain.searching import searched_words
from service.storage.claim_codec import content, decode, encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the claims of one article share."""

    desk: str
    article_id: str
    version: int
    title: str | None
    outlet: str | None
    reported_at: datetime
    reported_at_source: str
    extractor_name: str
    extractor_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClaim:
    """Values by column: of claims, of claim_locations and of claim_sources, without what saving adds.

    `words` are what a search looks at.
    """

    id: str
    digest: str
    values: dict[str, Any]
    locations: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    words: str


def new_claims(claims: Sequence[Claim], context: Context) -> list[NewClaim]:
    """In order. Raises ValueError where a `part_of` points outside `claims`."""
    bodies = [encode(claim) for claim in claims]
    ids: list[str] = []
    seen: Counter[str] = Counter()
    for body in bodies:
        said = content(body)
        key = digest(said)
        ids.append(claim_id(context.article_id, context.version, said, ordinal=seen[key]))
        seen[key] += 1
    new = []
    for ordinal, (claim, body) in enumerate(zip(claims, bodies, strict=True)):
        if claim.part_of is not None and not 0 <= claim.part_of < len(ids):
            raise ValueError(f"Claim {ordinal} is part of claim {claim.part_of}, of {len(ids)}.")
        part_of = ids[claim.part_of] if claim.part_of is not None else None
        new.append(_new_claim(claim, body, context, id_=ids[ordinal], ordinal=ordinal, part_of=part_of))
    return new


def _new_claim(
    claim: Claim, body: dict[str, Any], context: Context, *, id_: str, ordinal: int, part_of: str | None
) -> NewClaim:
    force, origin = claim.force, claim.origin
    first = origin_of(claim.attribution, outlet=context.outlet, article_id=context.article_id)
    values = {
        "desk_id": context.desk,
        "id": id_,
        "article_id": context.article_id,
        "version": context.version,
        "ordinal": ordinal,
        "kind": claim.kind,
        "outcome": claim.outcome,
        "status": claim.status,
        "polarity": claim.polarity,
        "force_country": force.country if force else None,
        "force_group": force.group if force else None,
        "force_group_folded": _folded(force.group if force else None),
        "personnel": claim.personnel.type if claim.personnel else None,
        "count_min": _number(claim.count.min),
        "count_max": _number(claim.count.max),
        "count_qualifier": claim.count.qualifier,
        "count_additional": claim.count.additional,
        "basis": basis_of(claim.kind, claim.time),
        "time_start": claim.time.start,
        "time_end": claim.time.end,
        "origin_name": origin.name if origin else None,
        "origin_name_folded": _folded(origin.name if origin else None),
        "origin_region": origin.region if origin else None,
        "origin_country": origin.country if origin else None,
        "speaker": _speaker(claim.attribution),
        "speaker_key": first.key,
        "speaker_name": first.name,
        "outlet": context.outlet,
        "outlet_folded": _folded(context.outlet),
        "confidence": claim.confidence,
        "reported_at": context.reported_at,
        "reported_at_source": context.reported_at_source,
        "part_of": part_of,
        "body": body,
        "extractor_name": context.extractor_name,
        "extractor_version": context.extractor_version,
    }
    seen = digest(
        body,
        part_of,
        ordinal,
        context.outlet,
        context.reported_at.astimezone(UTC).isoformat(),
        context.reported_at_source,
    )
    return NewClaim(
        id=id_,
        digest=seen,
        values={**values, "digest": seen},
        locations=_locations(claim.locations, context, id_),
        sources=[
            {
                "ordinal": position,
                "desk_id": context.desk,
                "name_folded": _folded(source.name),
                "organization_folded": _folded(source.organization),
            }
            for position, source in enumerate(claim.attribution)
        ],
        words=searched_words(claim, title=context.title),
    )


def _locations(places: Sequence[Place], context: Context, id_: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    regions: set[str | None] = {None}
    countries: set[str | None] = {None}
    for ordinal, place in enumerate(places):
        rows.append(
            {
                "ordinal": ordinal,
                "desk_id": context.desk,
                "claim_id": id_,
                "reported_at": context.reported_at,
                "name": place.name,
                "name_folded": fold(place.name),
                "level": place.level,
                "region": place.region,
                "country": place.country,
                "first_in_region": place.region not in regions,
                "first_in_country": place.country not in countries,
            }
        )
        regions.add(place.region)
        countries.add(place.country)
    return rows


_LONGEST_KEY = 500
"""Code points of a folded name that are compared; an index on Postgres takes no longer ones."""

_LARGEST = 2**63 - 1


def _folded(name: str | None) -> str | None:
    return fold(name)[:_LONGEST_KEY] if name else None


def _number(count: int | None) -> int | None:
    """Nobody has so many people, but an article may say so; the claim itself keeps the figure."""
    return None if count is None else min(count, _LARGEST)


def _speaker(attribution: Sequence[Source]) -> str | None:
    """The original speaker, by the best name there is."""
    if not attribution:
        return None
    last = attribution[-1]
    return last.name or last.organization or last.role


def claim_view(row: Row[*tuple[Any, ...]]) -> ClaimView:
    claim = decode(row.body)
    return ClaimView(
        id=row.id,
        article_id=row.article_id,
        kind=claim.kind,
        outcome=claim.outcome,
        status=claim.status,
        polarity=claim.polarity,
        force=claim.force,
        personnel=claim.personnel,
        count=claim.count,
        locations=claim.locations,
        origin=claim.origin,
        transport=claim.transport,
        time=claim.time,
        attribution=claim.attribution,
        part_of=row.part_of,
        evidence=claim.evidence,
        confidence=claim.confidence,
        reasons=claim.reasons,
        review=Review(row.review),
        outlet=row.outlet,
        reported_at=row.reported_at,
        reported_at_source=row.reported_at_source,
        extractor=Extractor(name=row.extractor_name, version=row.extractor_version),
    )
