"""Talks to a running service, and says what went wrong the way a colleague would."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

import requests

DEFAULT_URL: Final = "http://127.0.0.1:8000"
LARGEST_PAGE: Final = 200
NO_KEY: Final = 401
_CONNECT_S: Final = 5
_ANSWER_S: Final = 60
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class RefusedError(Exception):
    """The service answered, and the answer was no. `problem` is its RFC 9457 body, as far as there was one."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(describe(status, problem))
        self.status = status
        self.problem = problem


class UnreachableError(Exception):
    """Nobody answered."""


def describe(status: int, problem: Mapping[str, Any]) -> str:
    """The problem in a few lines: what is wrong, where, and what may have been meant."""
    hint = " --key or MUSTER_KEY says which." if status == NO_KEY else ""
    lines = [str(problem.get("detail") or problem.get("title") or f"The service answered {status}.") + hint]
    for field, messages in dict(problem.get("errors") or {}).items():
        lines.extend(f"  {field}: {message}" for message in messages if f"{field}: {message}" not in lines[0])
    for written, meant in dict(problem.get("did_you_mean") or {}).items():
        if not all(name in lines[0] for name in meant):
            lines.append(f"  {written}: did you mean {' or '.join(meant)}?")
    return "\n".join(lines)


class _Bearer(requests.auth.AuthBase):
    """As an auth object and no plain header, since requests would put a password from .netrc in that one's place."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request


class Client:
    """One service. Raises RefusedError and UnreachableError."""

    def __init__(self, url: str, *, key: str | None = None, desk: str | None = None) -> None:
        self.url = url.rstrip("/")
        self.desk = desk
        self._session = requests.Session()
        if key is not None:
            self._session.auth = _Bearer(key)
        if desk is not None:
            self._session.headers["Muster-Desk"] = desk
        # A proxy has no business between this machine and itself.
        self._session.trust_env = urlsplit(url).hostname not in _LOOPBACK

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._session.close()

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return self._json("GET", path, params=params)

    def post(
        self, path: str, article: Mapping[str, Any] | None = None, *, if_match: str | None = None
    ) -> dict[str, Any]:
        return self._json("POST", path, json=article, headers={"If-Match": if_match} if if_match else None)

    def tag(self, path: str) -> str:
        """The ETag of what is there, which says in which state it is."""
        return str(self._ask("GET", path).headers.get("ETag", ""))

    def rows(self, path: str, params: Mapping[str, Any], *, limit: int | None) -> Iterator[dict[str, Any]]:
        """Rows of a list page by page, `limit` at most; all of them without one."""
        asked = {**params, "limit": min(limit or LARGEST_PAGE, LARGEST_PAGE)}
        left = limit
        while True:
            page = self.get(path, asked)
            for row in page["data"]:
                if left == 0:
                    return
                yield row
                left = None if left is None else left - 1
            if page["next_cursor"] is None or left == 0:
                return
            asked["cursor"] = page["next_cursor"]

    def _json(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        return _body(self._ask(method, path, **options))

    def _ask(self, method: str, path: str, **options: Any) -> requests.Response:
        try:
            response = self._session.request(method, self.url + path, timeout=(_CONNECT_S, _ANSWER_S), **options)
        except requests.exceptions.InvalidURL as error:
            raise UnreachableError(f"{self.url} is no web address.") from error
        except requests.exceptions.RequestException as error:
            raise UnreachableError(
                f"Nobody answers at {self.url}. Is the service up? `muster up` starts it."
            ) from error
        if not response.ok:
            raise RefusedError(response.status_code, _body(response))
        return response


def _body(response: requests.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except requests.exceptions.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}
