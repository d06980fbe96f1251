"""One claim as the columns that are searched, and back as readers see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row

from service.domain.claims import Claim, Kind, Place, Review, Source
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
class ExtractedClaim:
    """A claim as it was extracted, before any review, under the id that its content gives it.

    `part_of` is an id. `digest` is of all that extraction gives a reader to see.
    """

    id: str
    ordinal: int
    claim: Claim
    part_of: str | None
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What reviews have made of a claim. `thread` is the id under which they began; None where there was none.

    `corrected` holds fields as JSON has them, `part_of` among them.
    """

    review: Review = Review.UNREVIEWED
    stale: bool = False
    thread: str | None = None
    corrected: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRows:
    """Values by column: of claims, of claim_locations and of claim_sources, without what saving adds.

    `words` are what a search looks at.
    """

    values: dict[str, Any]
    locations: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    words: str


def extracted_claims(claims: Sequence[Claim], context: Context) -> list[ExtractedClaim]:
    """In order. Raises ValueError where a `part_of` points outside `claims`."""
    bodies = [encode(claim) for claim in claims]
    ids: list[str] = []
    seen: Counter[str] = Counter()
    for body in bodies:
        said = content(body)
        key = digest(said)
        ids.append(claim_id(context.article_id, context.version, said, ordinal=seen[key]))
        seen[key] += 1
    found = []
    for ordinal, (claim, body) in enumerate(zip(claims, bodies, strict=True)):
        if claim.part_of is not None and not 0 <= claim.part_of < len(ids):
            raise ValueError(f"Claim {ordinal} is part of claim {claim.part_of}, of {len(ids)}.")
        part_of = ids[claim.part_of] if claim.part_of is not None else None
        shown = digest(
            body,
            part_of,
            ordinal,
            context.outlet,
            context.reported_at.astimezone(UTC).isoformat(),
            context.reported_at_source,
        )
        found.append(ExtractedClaim(id=ids[ordinal], ordinal=ordinal, claim=claim, part_of=part_of, digest=shown))
    return found


def claim_rows(extracted: ExtractedClaim, judgement: Judgement, context: Context) -> ClaimRows:
    """The claim as readers get it: as extracted, but for what was corrected."""
    body, part_of, replaced = _correct(extracted, judgement.corrected)
    claim = decode(body)
    values = {
        **_searched(claim, context),
        "id": extracted.id,
        "article_id": context.article_id,
        "version": context.version,
        "ordinal": extracted.ordinal,
        "part_of": part_of,
        "body": body,
        "digest": extracted.digest,
        "extractor_name": context.extractor_name,
        "extractor_version": context.extractor_version,
        "review": judgement.review,
        "review_stale": judgement.stale,
        "review_thread": judgement.thread,
        "extracted": replaced or None,
    }
    return ClaimRows(
        values=values,
        locations=_locations(claim.locations, context, extracted.id),
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


def _correct(
    extracted: ExtractedClaim, corrected: Mapping[str, Any]
) -> tuple[dict[str, Any], str | None, dict[str, Any]]:
    """Body, part_of, and what was extracted in the place of what differs."""
    body = {**encode(extracted.claim), "part_of": extracted.part_of}
    shown = {**body, **corrected}
    if shown["kind"] != Kind.CASUALTIES:
        # The kind may have been read otherwise since its outcome was corrected.
        shown["outcome"] = None
    replaced = {name: value for name, value in body.items() if shown[name] != value}
    part_of = shown.pop("part_of")
    return shown, part_of, replaced


def _searched(claim: Claim, context: Context) -> dict[str, Any]:
    force, origin = claim.force, claim.origin
    first = origin_of(claim.attribution, outlet=context.outlet, article_id=context.article_id)
    return {
        "desk_id": context.desk,
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
        "speaker_named": _speaker(claim.attribution) is not None,
        "outlet": context.outlet,
        "outlet_folded": _folded(context.outlet),
        "confidence": claim.confidence,
        "reported_at": context.reported_at,
        "reported_at_source": context.reported_at_source,
    }


def _locations(places: Sequence[Place], context: Context, id_: str) -> list[dict[str, Any]]:
    """In the order of the text. A country's first row is one that names a region, where there is any.

    So "in Kursk, in Russia" counts for Kursk, whichever was named first.
    """
    named = list(enumerate(places))
    regions = _firsts((ordinal, place.region) for ordinal, place in named)
    named.sort(key=lambda one: one[1].region is None)
    countries = _firsts((ordinal, place.country) for ordinal, place in named)
    return [
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
            "first_in_region": ordinal in regions,
            "first_in_country": ordinal in countries,
        }
        for ordinal, place in enumerate(places)
    ]


def _firsts(codes: Iterable[tuple[int, str | None]]) -> set[int]:
    """The first ordinal of each code that is known."""
    firsts: dict[str, int] = {}
    for ordinal, code in codes:
        if code is not None:
            firsts.setdefault(code, ordinal)
    return set(firsts.values())


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


def judgement_of(row: Row[*tuple[Any, ...]]) -> Judgement:
    """Of a row of claims."""
    shown = {**row.body, "part_of": row.part_of}
    return Judgement(
        review=Review(row.review),
        stale=row.review_stale,
        thread=row.review_thread,
        corrected={name: shown[name] for name in row.extracted or ()},
    )


def extracted_claim(row: Row[*tuple[Any, ...]]) -> ExtractedClaim:
    """The claim of a row as it was extracted."""
    body = {**row.body, "part_of": row.part_of, **(row.extracted or {})}
    part_of = body.pop("part_of")
    return ExtractedClaim(id=row.id, ordinal=row.ordinal, claim=decode(body), part_of=part_of, digest=row.digest)


def context_of(row: Row[*tuple[Any, ...]], *, title: str | None) -> Context:
    """`title` is the article's."""
    return Context(
        title=title,
        desk=row.desk_id,
        article_id=row.article_id,
        version=row.version,
        outlet=row.outlet,
        reported_at=row.reported_at,
        reported_at_source=row.reported_at_source,
        extractor_name=row.extractor_name,
        extractor_version=row.extractor_version,
    )


def _replaced(row: Row[*tuple[Any, ...]]) -> dict[str, Any] | None:
    if not row.extracted:
        return None
    extracted = extracted_claim(row)
    return {name: extracted.part_of if name == "part_of" else getattr(extracted.claim, name) for name in row.extracted}


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
        review_stale=row.review_stale,
        extracted=_replaced(row),
        outlet=row.outlet,
        reported_at=row.reported_at,
        reported_at_source=row.reported_at_source,
        extractor=Extractor(name=row.extractor_name, version=row.extractor_version),
        revision=row.created_revision,
    )
