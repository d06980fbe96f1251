"""Who may come in: keys, scopes and desks, asked of every route before its view is called.

A route says what it needs (`@blueprint.needs(Scope.READ)`, or `@for_everybody`); one that says nothing needs the
scope admin, so that a forgotten word shuts a door instead of opening one.

A service that keeps to its own machine is open there: it listens on loopback, has no other names, the request
comes from the machine itself and through no proxy, and nobody ever made a key. Otherwise a key is needed.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable
from typing import Any, Final, ParamSpec, TypeVar, cast

from flask import Flask, current_app, g, request

from service.api.context import Context, context
from service.api.problems import ProblemError, challenge, name_for_echo
from service.domain.access import DEFAULT_DESK, LOCAL, ApiKey, Caller, Scope
from service.domain.errors import KeyNeededError, NotFoundError, ScopeMissingError, StorageUnavailableError
from service.use_cases import keys

P = ParamSpec("P")
R = TypeVar("R")

log = logging.getLogger(__name__)

DESK_HEADER: Final = "Muster-Desk"
EVERYBODY: Final = "everybody"
_NEEDS: Final = "_muster_needs"
_WITHOUT_STORE: Final = "_muster_without_store"
_PROXIED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


def mark(view: Callable[P, R], needs: Scope | str, *, without_store: bool = False) -> Callable[P, R]:
    """Says what the view's route needs. Decorators that wrap the view carry it on."""
    setattr(view, _NEEDS, needs)
    setattr(view, _WITHOUT_STORE, without_store)
    return view


def for_everybody(view: Callable[P, R]) -> Callable[P, R]:
    """Lets the route be asked without a key: it tells nothing of what the register holds."""
    return mark(view, EVERYBODY)


def needed(view: Callable[..., Any]) -> Scope | str:
    return cast("Scope | str", getattr(view, _NEEDS, Scope.ADMIN))


def caller() -> Caller:
    """Who the present request comes from, and its desk. Not to be asked by routes for everybody."""
    return cast("Caller", g.caller)


def desk() -> str:
    """The desk that the present request is about."""
    return caller().desk


def register(app: Flask) -> None:
    """After the guard has been registered: a foreign page is not even asked for its key."""
    app.before_request(_let_in)


def _let_in() -> None:
    if request.endpoint is None:
        return
    view = current_app.view_functions[request.endpoint]
    scope = needed(view)
    if scope == EVERYBODY:
        return
    ctx = context()
    g.caller = _caller(ctx, without_store=getattr(view, _WITHOUT_STORE, False))
    if scope not in g.caller.scopes:
        raise ScopeMissingError(str(scope))


def _caller(ctx: Context, *, without_store: bool) -> Caller:
    written = _bearer(request.headers.get("Authorization"))
    if written is not None:
        return _holder(ctx, written)
    asked = request.headers.get(DESK_HEADER)
    if not (ctx.settings.keeps_to_itself and _from_this_machine()):
        raise KeyNeededError("A key is needed here: send it as `Authorization: Bearer muster_…`.")
    try:
        with ctx.reading() as work:
            if work.keys.any_made():
                raise KeyNeededError(
                    "Keys have been made for this register, so one is needed: `Authorization: Bearer muster_…`."
                )
            if asked is not None and not work.desks.exists(asked):
                raise NotFoundError("desk", name_for_echo(asked))
    except StorageUnavailableError:
        if not without_store:
            raise
    return Caller(key=None, name=LOCAL.name, scopes=frozenset(Scope), desk=asked or DEFAULT_DESK)


def _holder(ctx: Context, written: str) -> Caller:
    now = ctx.now()
    with ctx.reading() as work:
        key = keys.authenticate(work, written, now=now)
    if keys.use_is_due(key, now=now):
        _note_use(ctx, key)
    asked = request.headers.get(DESK_HEADER, key.desks[0])
    if asked not in key.desks:
        # As for a desk that there is not, so that nobody learns which there are.
        raise NotFoundError("desk", name_for_echo(asked))
    return Caller(key=key.id, name=key.name, scopes=frozenset(key.scopes), desk=asked)


def _note_use(ctx: Context, key: ApiKey) -> None:
    try:
        with ctx.writing() as work:
            keys.note_use(work, key, now=ctx.now())
    except StorageUnavailableError:
        log.warning("The use of key %s could not be noted.", key.id)


def _bearer(header: str | None) -> str | None:
    """The key in an Authorization header; None where there is no header. Raises ProblemError for other schemes."""
    if header is None:
        return None
    scheme, _, written = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not written.strip():
        raise ProblemError(
            "key-refused",
            "Authorization must be `Bearer` and a key, nothing else.",
            headers=challenge(),
        )
    return written.strip()


def _from_this_machine() -> bool:
    """A proxy on this machine speaks for others, so what it hands on does not count."""
    if any(name in request.headers for name in _PROXIED):
        return False
    try:
        peer = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return False
    mapped = getattr(peer, "ipv4_mapped", None)
    return (mapped or peer).is_loopback
