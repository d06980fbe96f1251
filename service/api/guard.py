"""Keeps web pages of other sites from posting into or reading from a newsroom's machine.

A foreign Host header means DNS rebinding; a foreign Origin, or a browser's own word that the request
comes from another site, means a page elsewhere. Both are refused before anything else is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Flask, request

from service.api.problems import ProblemError, name_for_echo
from service.settings import LOOPBACK_NAMES

__all__ = ["LOOPBACK_NAMES", "allowed_names", "refuse_foreign", "register", "split_host"]

_ANY_ADDRESS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - compared with, never bound


def allowed_names(host: str, allowed_hosts: Iterable[str]) -> frozenset[str]:
    """Host names this service answers to, without ports, lower-case."""
    named = {host.lower().strip("[]"), *(name.lower().strip("[]") for name in allowed_hosts)}
    return LOOPBACK_NAMES | (named - _ANY_ADDRESS)


def split_host(value: str, *, scheme: str) -> tuple[str, int] | None:
    """(name, port) of a Host header's value, or None when it is malformed."""
    if not value or any(character in value for character in "/\\?#@ \t,"):
        return None
    try:
        parts = urlsplit(f"//{value}")
        port = parts.port
    except ValueError:
        return None
    name = (parts.hostname or "").removesuffix(".")
    if not name:
        return None
    return name, port or (443 if scheme == "https" else 80)


def refuse_foreign(names: frozenset[str]) -> None:
    """Raises ProblemError for a Host that is not ours and for requests from other sites."""
    given = request.headers.get("Host", "")
    host = split_host(given, scheme=request.scheme)
    if host is None or host[0] not in names:
        raise ProblemError(
            "foreign-host",
            f"The Host header says {name_for_echo(given)!r}. If that name is meant to reach this service, "
            "add it to MUSTER_ALLOWED_HOSTS.",
        )
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise ProblemError("cross-site", "The browser says that another site sent this request.")
    origin = request.headers.get("Origin")
    if origin is not None and not _same_origin(origin, given):
        raise ProblemError("cross-site", f"The request comes from {name_for_echo(origin)!r}, not from this service.")


def _same_origin(origin: str, host: str) -> bool:
    """Whether the page's origin is this host; the scheme may differ, as behind a proxy that ends TLS."""
    scheme, separator, rest = origin.partition("://")
    if not separator or scheme not in {"http", "https"}:
        return False
    return split_host(rest, scheme=scheme) == split_host(host, scheme=scheme)


def register(app: Flask, names: frozenset[str]) -> None:
    app.before_request(lambda: refuse_foreign(names))
