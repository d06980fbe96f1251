"""The article in a page of HTML: its text, and what the page says about it."""

from __future__ import annotations

import logging
from configparser import ConfigParser
from dataclasses import dataclass
from datetime import date
from functools import cache

_log = logging.getLogger(__name__)

MAX_HTML_CHARS = 4 * 1024 * 1024
MAX_TAGS = 40_000
"""What lies beyond either is not read: trafilatura's time grows with the square of the tags inside one paragraph."""

# Below its own 250 characters trafilatura takes the page for unreadable and runs its paragraphs together.
_MIN_ARTICLE_CHARS = 60
# No clock: without an upper end htmldate would take today's date for it.
_DATE_PARAMS = {"extensive_search": False, "original_date": True, "min_date": "1990-01-01", "max_date": "2100-12-31"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlArticle:
    """What a page of HTML holds. `text` is "" where no article was found in it.

    `text` begins with the title, set off by a blank line; paragraphs and list items stand on lines of their own.
    """

    text: str
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published_on: date | None = None


def read_html(html: str, url: str | None = None) -> HtmlArticle:
    """The article in `html`; an empty one for a page without, and for what is no HTML. Raises nothing on any input."""
    import trafilatura

    try:
        document = trafilatura.bare_extraction(
            _bounded(html),
            url=url,
            include_comments=False,
            include_tables=True,
            include_images=False,
            with_metadata=True,
            date_extraction_params=dict(_DATE_PARAMS),
            config=_config(),
        )
    except Exception as error:  # noqa: BLE001  Whatever a page does to the library, an article is submitted once.
        _log.info("No article was read from the page: %s", type(error).__name__)
        return HtmlArticle(text="")
    if document is None or isinstance(document, dict):
        return HtmlArticle(text="")
    body = (document.text or "").strip()
    title = _clean(document.title)
    return HtmlArticle(
        text=_with_title(title, body),
        title=title,
        outlet=_clean(document.sitename),
        author=_clean(document.author),
        published_on=_date(document.date),
    )


@cache
def _config() -> ConfigParser:
    from trafilatura.settings import DEFAULT_CONFIG

    config = ConfigParser()
    config.read_dict({"DEFAULT": dict(DEFAULT_CONFIG["DEFAULT"])})
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = str(_MIN_ARTICLE_CHARS)
    return config


def _bounded(html: str) -> str:
    html = html[:MAX_HTML_CHARS]
    if html.count("<") <= MAX_TAGS:
        return html
    at = -1
    for _ in range(MAX_TAGS):
        at = html.find("<", at + 1)
    return html[:at]


def _with_title(title: str | None, body: str) -> str:
    if not title or not body or body.startswith(title):
        return body
    return f"{title}\n\n{body}"


def _clean(value: str | None) -> str | None:
    return " ".join(value.split()) or None if value else None


def _date(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if value else None
    except ValueError:
        return None
