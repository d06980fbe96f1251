"""Links from one page to the next."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import request


def next_link(cursor: str | None) -> dict[str, str]:
    """The Link header to the page that `cursor` begins, with the same filters; nothing on the last page."""
    if cursor is None:
        return {}
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    return {"Link": f'<{request.path}?{urlencode([*kept, ("cursor", cursor)])}>; rel="next"'}
