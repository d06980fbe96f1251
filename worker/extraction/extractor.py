"""Article text or HTML in, claims out: the stages in their order, for whichever language the article is in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from worker.extraction.model import Diagnostics, Document, Extraction, PublishedSource
from worker.extraction.page.html import read_html
from worker.extraction.page.language import detect
from worker.extraction.reader import ArticleReader, ReadArticle

_HALF_PAIR: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Language:
    """One language's readers: `find_published` finds the day that a text says it appeared."""

    reader: ArticleReader
    find_published: Callable[[str], date | None]


class Extractor:
    """Reads articles; holds no state between them. `name` and `version` are stored with every claim."""

    def __init__(self, languages: Mapping[str, Language], *, name: str, version: str) -> None:
        self.name, self.version = name, version
        self._languages = dict(languages)

    def extract(self, document: Document) -> Extraction:
        """The claims of one article. An article that can't be read gives none, and the diagnostics say why.

        Half of a surrogate pair, which is no character and which neither model nor database takes, is read as U+FFFD.
        """
        document = _of_characters(document)
        text, title, outlet, found_in_html = document.text or "", document.title, document.outlet, None
        if document.html is not None:
            page = read_html(document.html, document.url)
            text, title, outlet = page.text, title or page.title, outlet or page.outlet
            found_in_html = page.published_on
        empty = Extraction(text=text, title=title, outlet=outlet, published_on=document.published_on)
        if document.published_on is not None:
            empty = replace(empty, published_source=PublishedSource.GIVEN)
        elif found_in_html is not None:
            empty = replace(empty, published_on=found_in_html, published_source=PublishedSource.HTML)
        if not text.strip():
            return replace(empty, diagnostics=Diagnostics(reason="No article was found in the page."))
        code = document.language or self._detected(text)
        language = self._languages.get(code.split("-")[0].lower())
        if language is None:
            reason = f"Articles in {code!r} are not read yet; read so far: {', '.join(sorted(self._languages))}."
            return replace(empty, language=code, diagnostics=Diagnostics(reason=reason))
        published = empty.published_on
        if published is None:
            published = language.find_published(text)
            if published is not None:
                empty = replace(empty, published_on=published, published_source=PublishedSource.TEXT)
        article: ReadArticle = language.reader.read(text, title=document.title, published=published)
        return replace(empty, language=code, claims=article.claims, diagnostics=article.diagnostics)

    def _detected(self, text: str) -> str:
        """The text's language; one that can't be told is taken for the first that is read."""
        return detect(text) or next(iter(self._languages))


def _of_characters(document: Document) -> Document:
    return replace(
        document,
        text=_characters(document.text),
        html=_characters(document.html),
        title=_characters(document.title),
        url=_characters(document.url),
        outlet=_characters(document.outlet),
    )


def _characters(words: str | None) -> str | None:
    return _HALF_PAIR.sub("\N{REPLACEMENT CHARACTER}", words) if words else words
