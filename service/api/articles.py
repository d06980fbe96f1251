"""/articles: post them, follow their reading, take them back."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from flask import Response, jsonify, request

from service.api import body, links
from service.api.auth import caller, desk
from service.api.context import Context, context
from service.api.parsing import Blueprint, as_tuples
from service.api.preferences import wait_until, wanted_wait_s
from service.api.problems import ProblemError
from service.api.schemas.articles import (
    ArticleMetadata,
    ArticlePageSchema,
    ArticleSchema,
    ArticleWithClaimsSchema,
    DiagnosticsSchema,
)
from service.api.schemas.claims import ClaimPageSchema, ClaimSchema
from service.api.schemas.queries import ArticleClaimsQuery, ArticleListQuery, AsOfQuery, NoQuery
from service.domain.access import Scope
from service.domain.register import ArticleFilters, ArticleStatus, ArticleView, ClaimView, Page, Submission
from service.use_cases import articles
from service.use_cases.submit import Submitted, submit_article

log = logging.getLogger(__name__)

blueprint = Blueprint("articles", __name__, description="Post articles, follow their reading, take them back.")

_FINISHED: Final = frozenset({ArticleStatus.DONE, ArticleStatus.FAILED, ArticleStatus.RETRACTED})
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_LOCATION: Final = {"Location": {"schema": {"type": "string"}, "description": "The article."}}
_APPLIED: Final = {
    "Preference-Applied": {"schema": {"type": "string"}, "description": "The wait that was granted."},
}
_REQUEST_BODY: Final = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"$ref": "#/components/schemas/ArticleBody"},
            "example": {"text": "Up to 12,000 North Korean soldiers are in Kursk, Kyiv says.", "title": "Kursk"},
        },
        "text/plain": {"schema": {"type": "string"}},
        "text/html": {"schema": {"type": "string"}},
    },
}
_SUBMISSION_HEADERS: Final = (
    {
        "name": "Prefer",
        "schema": {"type": "string"},
        "example": "wait=10",
        "description": "`wait=N` waits up to N seconds (20 at most) for the article to be read; anything else is "
        "passed over.",
    },
    {
        "name": "Idempotency-Key",
        "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
        "description": "A key of your own; the same request under it is taken once, another one is refused.",
    },
)


@blueprint.route("/articles", methods=["POST"])
@blueprint.needs(Scope.SUBMIT)
@blueprint.query(ArticleMetadata)
@blueprint.doc(requestBody=_REQUEST_BODY)
@blueprint.headers(*_SUBMISSION_HEADERS)
@blueprint.answers(
    200,
    ArticleWithClaimsSchema,
    description="Held already; or read within the wait asked for, and then with its claims",
    headers={**_LOCATION, **_APPLIED},
)
@blueprint.also(202, ArticleSchema, description="Accepted, to be read", headers={**_LOCATION, **_APPLIED})
@blueprint.problems(400, 409, 413, 415)
def post_article(metadata: dict[str, Any]) -> Response:
    """Post an article.

    As JSON, or as `text/plain` or `text/html` with the rest as query parameters. The words may be 2 MiB in UTF-8.
    An article is known by its external_id, else by its url, else by its text: the same one posted again is held
    (200), changed text makes a new version (202).
    """
    ctx = context()
    fields = body.read_article(request, metadata, max_text_bytes=ctx.settings.max_text_bytes)
    submitted = _submit(ctx, Submission(**fields))
    ctx.metrics.submissions.labels("accepted" if submitted.accepted else "held").inc()
    _log("Article accepted" if submitted.accepted else "Article held already", submitted.article)
    if submitted.accepted:
        ctx.wake()
    wait_s = wanted_wait_s(request.headers.get("Prefer"))
    if wait_s is None:
        status = HTTPStatus.ACCEPTED if submitted.accepted else HTTPStatus.OK
        return _answer(_shown(submitted.article), status, _location(submitted.article))
    return _after_wait(ctx, submitted, wait_s)


def _log(event: str, article: ArticleView) -> None:
    """The line that ties a request's name to the article by which the workers' lines can be found."""
    log.info(event, extra={"article_id": article.id, "version": article.version})


def _submit(ctx: Context, submission: Submission) -> Submitted:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise ProblemError("bad-request", "Idempotency-Key must be 1 to 255 visible ASCII characters.")
    with ctx.tracing.span("submit"), ctx.writing() as work:
        return submit_article(
            work,
            submission,
            desk=desk(),
            now=ctx.now(),
            idempotency_key=key,
            by=caller().actor,
            backlog_limit_s=ctx.settings.backlog_limit_s,
        )


def _after_wait(ctx: Context, submitted: Submitted, wait_s: int) -> Response:
    """The finished article with its claims; or as it stands when there was no place to wait or it took too long."""
    article = submitted.article
    headers = _location(article)
    with ctx.waiting_room.place() as placed:
        if placed:
            headers["Preference-Applied"] = f"wait={wait_s}"
        wait_until(lambda: _finished(ctx, article.id), wait_s=wait_s if placed else 0)
    with ctx.reading() as work:
        article = articles.get_article(work, article.id, desk=desk())
        if article.status in _FINISHED:
            shown = {
                **_shown(article),
                "claims": ClaimSchema(many=True).dump(articles.all_claims(work, article.id, desk=desk())),
            }
            return _answer(shown, HTTPStatus.OK, headers)
    return _answer(_shown(article), HTTPStatus.ACCEPTED if submitted.accepted else HTTPStatus.OK, headers)


def _finished(ctx: Context, article_id: str) -> bool:
    with ctx.reading() as work:
        return articles.get_article(work, article_id, desk=desk()).status in _FINISHED


def _shown(article: ArticleView) -> dict[str, Any]:
    shown: dict[str, Any] = ArticleSchema().dump(article)
    return shown


def _answer(shown: dict[str, Any], status: HTTPStatus, headers: dict[str, str]) -> Response:
    response = jsonify(shown)
    response.status_code = status
    response.headers.update(headers)
    return response


def _location(article: ArticleView) -> dict[str, str]:
    return {"Location": f"/articles/{article.id}"}


@blueprint.route("/articles", methods=["GET"])
@blueprint.needs(Scope.READ)
@blueprint.query(ArticleListQuery)
@blueprint.answers(200, ArticlePageSchema, description="Last submitted first")
@blueprint.problems()
def list_articles(query: dict[str, Any]) -> tuple[Page[ArticleView], dict[str, str]]:
    """List articles."""
    limit, cursor = query.pop("limit"), query.pop("cursor")
    filters = ArticleFilters(**as_tuples(query))
    with context().reading() as work:
        page = articles.list_articles(work, filters, desk=desk(), limit=limit, cursor=cursor)
    return page, links.next_link(page.next_cursor)


@blueprint.route("/articles/<id:id>", methods=["GET"])
@blueprint.needs(Scope.READ)
@blueprint.query(NoQuery)
@blueprint.answers(200, ArticleSchema, description="The article")
@blueprint.problems(404, 410)
def get_article(_query: dict[str, Any], id: str) -> ArticleView:
    """Show an article and how far it has been read."""
    with context().reading() as work:
        return articles.get_article(work, id, desk=desk())


@blueprint.route("/articles/<id:id>", methods=["DELETE"])
@blueprint.needs(Scope.SUBMIT)
@blueprint.query(NoQuery)
@blueprint.answers(200, ArticleSchema, description="Retracted; its claims have ended")
@blueprint.problems(404, 409, 410)
def delete_article(_query: dict[str, Any], id: str) -> ArticleView:
    """Retract an article.

    Its claims end and are found no more. Posting it again takes it up as a new version.
    """
    ctx = context()
    with ctx.writing() as work:
        article = articles.retract_article(work, id, desk=desk(), now=ctx.now(), by=caller().actor)
        work.commit()
    return article


@blueprint.route("/articles/<id:id>/claims", methods=["GET"])
@blueprint.needs(Scope.READ)
@blueprint.query(ArticleClaimsQuery)
@blueprint.answers(200, ClaimPageSchema, description="In the order of the text")
@blueprint.problems(404, 410)
def get_article_claims(query: dict[str, Any], id: str) -> tuple[Page[ClaimView], dict[str, str]]:
    """List the claims of an article."""
    with context().reading() as work:
        page = articles.article_claims(work, id, desk=desk(), **query)
    return page, links.next_link(page.next_cursor)


@blueprint.route("/articles/<id:id>/text", methods=["GET"])
@blueprint.needs(Scope.READ)
@blueprint.query(AsOfQuery)
@blueprint.answers(200, {"type": "string"}, content_type="text/plain", description="The text that offsets index")
@blueprint.problems(404, 409, 410)
def get_article_text(query: dict[str, Any], id: str) -> Response:
    """Read the stored text.

    Code point for code point what was posted; of HTML, the article found in it. `as_of` reads the version of that
    time, which the offsets of the claims of that time index.
    """
    with context().reading() as work:
        text = articles.article_text(work, id, desk=desk(), **query)
    return Response(text.encode("utf-8"), content_type="text/plain; charset=utf-8")


@blueprint.route("/articles/<id:id>/diagnostics", methods=["GET"])
@blueprint.needs(Scope.READ)
@blueprint.query(NoQuery)
@blueprint.answers(200, DiagnosticsSchema, description="What was seen, and what became of it")
@blueprint.problems(404, 409, 410)
def get_article_diagnostics(_query: dict[str, Any], id: str) -> dict[str, object]:
    """Ask why a line, number, date, place or source became no claim."""
    with context().reading() as work:
        return articles.article_diagnostics(work, id, desk=desk())


@blueprint.route("/articles/<id:id>/reprocess", methods=["POST"])
@blueprint.needs(Scope.SUBMIT)
@blueprint.query(NoQuery)
@blueprint.answers(202, ArticleSchema, description="To be read again")
@blueprint.problems(404, 409, 410)
def reprocess_article(_query: dict[str, Any], id: str) -> ArticleView:
    """Read an article again with the present extractor."""
    return _queue_again(articles.reprocess_article, id)


@blueprint.route("/articles/<id:id>/retry", methods=["POST"])
@blueprint.needs(Scope.SUBMIT)
@blueprint.query(NoQuery)
@blueprint.answers(202, ArticleSchema, description="To be tried again")
@blueprint.problems(404, 409, 410)
def retry_article(_query: dict[str, Any], id: str) -> ArticleView:
    """Try a failed article again."""
    return _queue_again(articles.retry_article, id)


def _queue_again(queue: Callable[..., ArticleView], id_: str) -> ArticleView:
    ctx = context()
    with ctx.writing() as work:
        article = queue(work, id_, desk=desk(), now=ctx.now(), by=caller().actor)
        work.commit()
    _log("Article queued again", article)
    ctx.wake()
    return article
