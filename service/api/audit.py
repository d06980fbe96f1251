"""/audit, and erasing articles for good: what only an admin may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import request

from service.api import links
from service.api.auth import caller, desk
from service.api.body import read_fields
from service.api.context import context
from service.api.parsing import Blueprint, as_tuples
from service.api.schemas.audit import AuditPageSchema, AuditQuery, ReasonBody, TombstoneSchema
from service.api.schemas.queries import NoQuery
from service.domain.access import Scope
from service.domain.register import AuditEntry, AuditFilters, Page, Tombstone
from service.use_cases import audit

blueprint = Blueprint("admin", __name__, description="See who did what, and erase articles for good.")

_REASON: Final = {
    "required": True,
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Reason"}}},
}


@blueprint.route("/audit", methods=["GET"])
@blueprint.needs(Scope.ADMIN)
@blueprint.query(AuditQuery)
@blueprint.answers(200, AuditPageSchema, description="Newest first")
@blueprint.problems()
def list_audit(query: dict[str, Any]) -> tuple[Page[AuditEntry], dict[str, str]]:
    """See who submitted, retracted, erased what and when.

    Nothing in the audit is ever changed or removed.
    """
    limit, cursor = query.pop("limit"), query.pop("cursor")
    filters = AuditFilters(**as_tuples(query))
    with context().reading() as work:
        page = audit.list_audit(work, filters, desk=desk(), limit=limit, cursor=cursor)
    return page, links.next_link(page.next_cursor)


@blueprint.route("/articles/<id:id>/purge", methods=["POST"])
@blueprint.needs(Scope.ADMIN)
@blueprint.query(NoQuery)
@blueprint.doc(requestBody=_REASON)
@blueprint.answers(200, TombstoneSchema, description="Erased; this is what is left")
@blueprint.problems(400, 404, 410, 413, 415)
def purge_article(_query: dict[str, Any], id: str) -> Tombstone:
    """Erase an article for legal reasons.

    Its words, page, title, metadata, evidence and claims of all versions are deleted and can't be brought back. A
    tombstone stays, and the reason in the audit. The same address, external_id or words are refused from then on.
    """
    return _for_a_reason(audit.purge_article, id)


@blueprint.route("/articles/<id:id>/readmit", methods=["POST"])
@blueprint.needs(Scope.ADMIN)
@blueprint.query(NoQuery)
@blueprint.doc(requestBody=_REASON)
@blueprint.answers(200, TombstoneSchema, description="It may be posted again")
@blueprint.problems(400, 404, 409, 413, 415)
def readmit_article(_query: dict[str, Any], id: str) -> Tombstone:
    """Let an erased article be posted again.

    Nothing comes back by itself.
    """
    return _for_a_reason(audit.readmit_article, id)


def _for_a_reason(decide: Callable[..., Tombstone], id_: str) -> Tombstone:
    fields = read_fields(request, ReasonBody())
    ctx = context()
    with ctx.writing() as work:
        return decide(work, id_, reason=fields["reason"], desk=desk(), now=ctx.now(), by=caller().actor)
