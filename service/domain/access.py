"""Who may do what: keys with their scopes and desks, and how a key is written.

A key is `muster_<id>_<secret>`. The id finds it; of the secret only the SHA-256 is kept. That is enough,
since the secret is 256 random bits: there is nothing to guess that a slower hash would protect.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

DEFAULT_DESK = "default"
DESK_PATTERN = "[a-z0-9][a-z0-9-]{0,62}"
ID_BYTES, SECRET_BYTES = 8, 32
_TOKEN = re.compile(r"muster_([a-z2-7]{13})_([a-z2-7]{52})")


class Scope(StrEnum):
    """None of them holds another: a key has those that it was given.

    read: all that is asked with GET. submit: post articles, retract them, have them read again.
    review: judge claims. admin: the audit, and erasing articles for good.
    """

    READ = "read"
    SUBMIT = "submit"
    REVIEW = "review"
    ADMIN = "admin"


class KeyState(StrEnum):
    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key as it is listed, without its secret. `desks` has one at least; the first is taken where none is named."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    desks: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    def state(self, now: datetime) -> KeyState:
        if self.revoked_at is not None and self.revoked_at <= now:
            return KeyState.REVOKED
        if self.expires_at is not None and self.expires_at <= now:
            return KeyState.EXPIRED
        return KeyState.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something, for the audit. `key` is None where no key was asked for."""

    key: str | None
    name: str


LOCAL = Actor(key=None, name="local")
"""Whoever works on a machine that keeps to itself."""
OPERATOR = Actor(key=None, name="operator")
"""Whoever works in the shell, on the database itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whoever a request comes from, and the one desk that it is about.

    `key` is None where no key was asked for: on a machine that keeps to itself, and in its shell.
    """

    key: str | None
    name: str
    scopes: frozenset[Scope]
    desk: str

    @property
    def actor(self) -> Actor:
        return Actor(key=self.key, name=self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A key as its holder has it. Its representation tells no secret, so that none gets into a log."""

    id: str
    secret: str

    def __repr__(self) -> str:
        return f"Token(id={self.id!r})"

    def written(self) -> str:
        return f"muster_{self.id}_{self.secret}"

    def fingerprint(self) -> str:
        """What is kept: 64 hex digits."""
        return hashlib.sha256(self.secret.encode("ascii")).hexdigest()


def read_token(written: str) -> Token | None:
    """None for what can't be a key."""
    found = _TOKEN.fullmatch(written)
    return Token(id=found[1], secret=found[2]) if found else None


def make_token(random: bytes) -> Token:
    """From ID_BYTES + SECRET_BYTES random bytes."""
    if len(random) != ID_BYTES + SECRET_BYTES:
        raise ValueError(f"A key is made of {ID_BYTES + SECRET_BYTES} random bytes.")
    return Token(id=_base32(random[:ID_BYTES]), secret=_base32(random[ID_BYTES:]))


def is_desk_name(name: str) -> bool:
    return re.fullmatch(DESK_PATTERN, name) is not None


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()
