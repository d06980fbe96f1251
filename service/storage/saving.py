"""Writing what was extracted: what is unchanged keeps its row, what changed ends and begins anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, insert, select, update

from service.domain.extracted import ExtractedArticle
from service.domain.likeness import SignedArticle, figures_of
from service.domain.places.folding import fold
from service.domain.register import ArticleStatus, ChangeKind
from service.storage import claim_search, copies
from service.storage.carrying import carried
from service.storage.changes import Change, log, next_revision
from service.storage.claim_rows import ClaimRows, Context, claim_rows, extracted_claims
from service.storage.tables import (
    STANDING,
    article_versions,
    articles,
    claim_locations,
    claim_sources,
    claims,
)

Held: TypeAlias = Row[*tuple[Any, ...]]


def save_extraction(
    connection: Connection,
    article_id: str,
    version: int,
    extraction: ExtractedArticle,
    *,
    extractor_name: str,
    extractor_version: str,
    now: datetime,
) -> bool:
    """Writes claims, the version and the change log in the caller's transaction.

    False, and nothing written, where the version was superseded or retracted meanwhile. Saving the
    same again changes nothing. A claim whose content is unchanged keeps its id and its review; if
    anything that a reader sees changed (its confidence, say), it gets a new row under the old id. See
    carrying.carried for what becomes of reviews of claims that changed.
    """
    held = _lock(connection, article_id, version)
    if held is None:
        return False
    seen = _seen(held, extraction)
    context = Context(
        desk=held.desk_id,
        article_id=article_id,
        version=version,
        title=seen["title"],
        outlet=seen["outlet"],
        reported_at=seen["published_at"] or held.submitted_at,
        reported_at_source="published" if seen["published_at"] else "submitted",
        extractor_name=extractor_name,
        extractor_version=extractor_version,
    )
    new = extracted_claims(extraction.claims, context)
    stood = _standing(connection, article_id)
    # A search looks at the title too, so under another title nothing is what it was.
    retitled = held.title != seen["title"]
    is_rerun = (
        held.status == ArticleStatus.DONE
        and not retitled
        and held.extractor_version == extractor_version
        and {claim.id: claim.digest for claim in new} == {row.id: row.digest for row in stood.values()}
    )
    if is_rerun:
        return True
    _save_version(connection, seen, extraction, context, now=now)
    revision = next_revision(connection, held.desk_id)
    _note_copies(connection, extraction, context, published_at=seen["published_at"], revision=revision)
    judgements = carried(connection, new, stood, article_id)
    rows = [claim_rows(claim, judgements[claim.id], context) for claim in new]
    made = _replace(connection, stood, rows, retitled=retitled, revision=revision, now=now)
    done = Change(kind=ChangeKind.ARTICLE_DONE, article_id=article_id, version=version)
    log(
        connection,
        [*(Change(kind=kind, article_id=article_id, version=version, claim_id=id_) for kind, id_ in made), done],
        desk=held.desk_id,
        revision=revision,
        now=now,
    )
    return True


def end_all(
    connection: Connection, article_id: str, version: int, *, reason: ChangeKind, desk: str, now: datetime
) -> None:
    revision = next_revision(connection, desk)
    ended = connection.scalars(
        update(claims)
        .where(claims.c.article_id == article_id, claims.c.ended_revision == STANDING)
        .values(ended_revision=revision, ended_at=now)
        .returning(claims.c.id)
    ).all()
    log(
        connection,
        [
            *(
                Change(kind=ChangeKind.CLAIM_RETRACTED, article_id=article_id, version=version, claim_id=id_)
                for id_ in sorted(ended)
            ),
            Change(kind=reason, article_id=article_id, version=version),
        ],
        desk=desk,
        revision=revision,
        now=now,
    )
    copies.drop(connection, article_id, desk=desk, revision=revision)


def _note_copies(
    connection: Connection,
    extraction: ExtractedArticle,
    context: Context,
    *,
    published_at: datetime | None,
    revision: int,
) -> None:
    if extraction.signature is None:
        copies.drop(connection, context.article_id, desk=context.desk, revision=revision)
        return
    signed = SignedArticle(
        article_id=context.article_id,
        outlet=context.outlet,
        published_at=published_at,
        figures=figures_of(extraction.claims),
        signature=extraction.signature,
    )
    copies.keep(connection, signed, desk=context.desk, revision=revision)


def _lock(connection: Connection, article_id: str, version: int) -> Held | None:
    """The version, if it is the current one and not retracted; the article stays locked."""
    locked = select(articles.c.desk_id, articles.c.current_version, articles.c.status)
    article = connection.execute(locked.where(articles.c.id == article_id).with_for_update()).one_or_none()
    if article is None or article.current_version != version or article.status == ArticleStatus.RETRACTED:
        return None
    columns = [column for column in article_versions.c if column.name not in ("text", "html", "diagnostics")]
    query = select(*columns, articles.c.desk_id).join(articles, articles.c.id == article_versions.c.article_id)
    query = query.where(article_versions.c.article_id == article_id, article_versions.c.version == version)
    return connection.execute(query).one()


def _seen(held: Held, extraction: ExtractedArticle) -> dict[str, Any]:
    """The metadata that readers see: as posted, else as found in the article."""
    given: Mapping[str, Any] = held.given
    if given["published_at"]:
        published_at, source = datetime.fromisoformat(given["published_at"]).astimezone(UTC), "given"
    elif extraction.published_on:
        published_at = datetime.combine(extraction.published_on, time(), tzinfo=UTC)
        source = extraction.published_source
    else:
        published_at, source = None, "none"
    return {
        "title": given["title"] or extraction.title,
        "outlet": given["outlet"] or extraction.outlet,
        "language": given["language"] or extraction.language,
        "published_at": published_at,
        "published_at_source": source,
    }


def _save_version(
    connection: Connection, seen: Mapping[str, Any], extraction: ExtractedArticle, context: Context, *, now: datetime
) -> None:
    version = article_versions.c
    connection.execute(
        update(article_versions)
        .where(version.article_id == context.article_id, version.version == context.version)
        .values(
            **seen,
            outlet_folded=fold(seen["outlet"]) if seen["outlet"] else None,
            text=extraction.text,
            diagnostics=dict(extraction.diagnostics),
            claims_count=len(extraction.claims),
            extractor_name=context.extractor_name,
            extractor_version=context.extractor_version,
            status=ArticleStatus.DONE,
            error=None,
            finished_at=now,
        )
    )
    connection.execute(update(articles).where(articles.c.id == context.article_id).values(status=ArticleStatus.DONE))


def _standing(connection: Connection, article_id: str) -> dict[str, Held]:
    columns = (claims.c.row_id, claims.c.id, claims.c.digest, claims.c.part_of, claims.c.review_stale)
    query = select(*columns).where(claims.c.article_id == article_id, claims.c.ended_revision == STANDING)
    return {row.id: row for row in connection.execute(query)}


def _replace(
    connection: Connection,
    stood: Mapping[str, Held],
    new: Sequence[ClaimRows],
    *,
    retitled: bool,
    revision: int,
    now: datetime,
) -> list[tuple[ChangeKind, str]]:
    """What was done, as (kind of change, claim id)."""
    still = {claim.values["id"] for claim in new}
    added = [claim for claim in new if retitled or not _stands(claim, stood)]
    kept = still - {claim.values["id"] for claim in added}
    end(connection, [row.row_id for id_, row in stood.items() if id_ not in kept], revision=revision, now=now)
    begin(connection, added, revision=revision, now=now)
    return [
        *((ChangeKind.CLAIM_RETRACTED, id_) for id_ in stood if id_ not in still),
        *(
            (ChangeKind.CLAIM_REVISED if id_ in stood else ChangeKind.CLAIM_CREATED, id_)
            for id_ in (claim.values["id"] for claim in added)
        ),
    ]


def _stands(claim: ClaimRows, stood: Mapping[str, Held]) -> bool:
    """Whether its standing row shows it as it is to be."""
    row = stood.get(claim.values["id"])
    return row is not None and all(
        getattr(row, column) == claim.values[column] for column in ("digest", "part_of", "review_stale")
    )


def end(connection: Connection, row_ids: Sequence[int], *, revision: int, now: datetime) -> None:
    if row_ids:
        ended = update(claims).where(claims.c.row_id.in_(row_ids)).values(ended_revision=revision, ended_at=now)
        connection.execute(ended)


def begin(connection: Connection, added: Sequence[ClaimRows], *, revision: int, now: datetime) -> None:
    """New rows, standing from this revision on."""
    if not added:
        return
    rows = [
        {**claim.values, "created_at": now, "created_revision": revision, "ended_revision": STANDING} for claim in added
    ]
    statement = insert(claims).returning(claims.c.row_id, sort_by_parameter_order=True)
    row_ids = connection.scalars(statement, rows).all()
    locations = [
        {**location, "row_id": row_id}
        for row_id, claim in zip(row_ids, added, strict=True)
        for location in claim.locations
    ]
    if locations:
        connection.execute(insert(claim_locations), locations)
    sources = [
        {**source, "row_id": row_id} for row_id, claim in zip(row_ids, added, strict=True) for source in claim.sources
    ]
    if sources:
        connection.execute(insert(claim_sources), sources)
    claim_search.index(connection, {row_id: claim.words for row_id, claim in zip(row_ids, added, strict=True)})
