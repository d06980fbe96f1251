"""Keys: how they are made, told from others, replaced and ended."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.access import (
    ID_BYTES,
    OPERATOR,
    SECRET_BYTES,
    ApiKey,
    KeyState,
    Scope,
    Token,
    is_desk_name,
    make_token,
    read_token,
)
from service.domain.errors import ConflictError, InvalidInputError, KeyRefusedError, NotFoundError
from service.domain.register import Action
from service.storage.unit_of_work import UnitOfWork

USE_NOTED_EVERY = timedelta(minutes=1)
"""How exact `last_used_at` is: noting each use would make a write of every read."""
LONGEST_NAME = 100
_NO_HASH = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """`token` is told this once; the register keeps only its hash."""

    key: ApiKey
    token: Token


def create_key(
    work: UnitOfWork,
    name: str,
    *,
    scopes: Sequence[Scope],
    desks: Sequence[str],
    now: datetime,
    lifetime: timedelta | None = None,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> NewKey:
    """Raises InvalidInputError, also for a desk that there is not. Commits nothing."""
    errors: dict[str, list[str]] = {}
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        errors["name"] = [f"Must be 1 to {LONGEST_NAME} printable characters."]
    if not scopes:
        errors["scope"] = ["Name one scope at least."]
    if not desks:
        errors["desk"] = ["Name one desk at least."]
    unknown = [desk for desk in desks if not work.desks.exists(desk)]
    if unknown:
        errors["desk"] = [f"There is no desk {unknown[0]!r}; `muster desks create` makes one."]
    if lifetime is not None and lifetime <= timedelta(0):
        errors["expires"] = ["Must lie ahead."]
    if errors:
        raise InvalidInputError("The key can't be made.", errors=errors)
    token = make_token(random(ID_BYTES + SECRET_BYTES))
    key = ApiKey(
        id=token.id,
        name=name,
        scopes=tuple(scope for scope in Scope if scope in scopes),
        desks=tuple(dict.fromkeys(desks)),
        created_at=now,
        expires_at=now + lifetime if lifetime else None,
    )
    work.keys.add(key, secret_hash=token.fingerprint())
    _record(work, Action.KEY_CREATED, key, now=now)
    return NewKey(key=key, token=token)


def revoke_key(work: UnitOfWork, key_id: str, *, now: datetime) -> ApiKey:
    """Ends it at once. Revoking twice is revoking once. Raises NotFoundError. Commits nothing."""
    _held(work, key_id)
    work.keys.end(key_id, at=now)
    key = _held(work, key_id)
    _record(work, Action.KEY_REVOKED, key, now=now)
    return key


def rotate_key(
    work: UnitOfWork,
    key_id: str,
    *,
    now: datetime,
    overlap: timedelta = timedelta(0),
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> NewKey:
    """A new key that may do the same, for as long as the old one was made for; the old one ends after `overlap`.

    Raises NotFoundError, and ConflictError for a key that has ended. Commits nothing.
    """
    old = _held(work, key_id)
    if old.state(now) is not KeyState.ACTIVE:
        raise ConflictError(f"The key {key_id} is {old.state(now)}; make a new one.")
    lifetime = old.expires_at - old.created_at if old.expires_at else None
    new = create_key(work, old.name, scopes=old.scopes, desks=old.desks, now=now, lifetime=lifetime, random=random)
    work.keys.end(key_id, at=now + overlap)
    _record(work, Action.KEY_ROTATED, old, now=now)
    return new


def list_keys(work: UnitOfWork) -> Sequence[ApiKey]:
    """The oldest first, ended ones included."""
    return work.keys.list()


def usable_keys(work: UnitOfWork, *, now: datetime) -> int:
    return sum(key.state(now) is KeyState.ACTIVE for key in work.keys.list())


def authenticate(work: UnitOfWork, written: str, *, now: datetime) -> ApiKey:
    """The key that was sent. Raises KeyRefusedError.

    Whoever has no right key learns nothing but that: an unknown id and a wrong secret are answered alike, after
    the same comparison.
    """
    token = read_token(written)
    if token is None:
        raise KeyRefusedError("This is no key of Muster's; `muster keys create` makes one, beginning with muster_.")
    held = work.keys.find(token.id)
    same = hmac.compare_digest(token.fingerprint(), held.secret_hash if held else _NO_HASH)
    if held is None or not same:
        raise KeyRefusedError("This key is not known here.")
    state = held.key.state(now)
    if state is not KeyState.ACTIVE:
        raise KeyRefusedError(f"This key is {state}.")
    return held.key


def use_is_due(key: ApiKey, *, now: datetime) -> bool:
    """Whether this use is to be noted."""
    return key.last_used_at is None or key.last_used_at < now - USE_NOTED_EVERY


def note_use(work: UnitOfWork, key: ApiKey, *, now: datetime) -> None:
    work.keys.note_use(key.id, now=now, since=now - USE_NOTED_EVERY)
    work.commit()


def create_desk(work: UnitOfWork, name: str, *, now: datetime) -> None:
    """Raises InvalidInputError for a name that can't be one, ConflictError for one that is taken. Commits nothing."""
    if not is_desk_name(name):
        message = "Must be lower-case letters, digits and hyphens, 63 at most, and not begin with a hyphen."
        raise InvalidInputError("The desk can't be made.", errors={"name": [message]})
    if not work.desks.add(name):
        raise ConflictError(f"There is a desk {name!r} already.")
    work.audit.record(Action.DESK_CREATED, desk=name, by=OPERATOR, now=now)


def _record(work: UnitOfWork, action: Action, key: ApiKey, *, now: datetime) -> None:
    """On each of its desks, whose admins are concerned."""
    for desk in key.desks:
        note = f"{key.id} ({key.name}): {', '.join(key.scopes)}"
        work.audit.record(action, desk=desk, by=OPERATOR, now=now, note=note)


def _held(work: UnitOfWork, key_id: str) -> ApiKey:
    held = work.keys.find(key_id)
    if held is None:
        raise NotFoundError("key", key_id)
    return held.key
