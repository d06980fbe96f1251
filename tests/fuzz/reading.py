"""The extractor and its grammars: whatever an article holds, it is read, to the same end, in words of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any, Final, cast

from hypothesis import strategies as st

from service.domain.claims import Claim, Qualifier
from service.settings import Settings
from service.storage.claim_codec import decode, encode
from tests.fuzz.target import Target
from tests.fuzz.texts import STRANGE, pages, texts
from worker.extraction.extractor import Extractor
from worker.extraction.grammar.date_words import DateWords, parse_dates
from worker.extraction.grammar.dates import Tense, find_times
from worker.extraction.grammar.quantities import find_numbers_seen, find_quantities
from worker.extraction.grammar.quantity_words import QuantityWords, parse_quantities
from worker.extraction.model import Document, Extraction
from worker.lexicons import load
from worker.pipeline import build_extractor
from worker.plain import to_plain

DAYS: Final = st.one_of(st.none(), st.dates(), st.sampled_from([date.min, date.max, date(2024, 2, 29)]))
_SHORT: Final = st.one_of(st.none(), st.text(max_size=30))
_PLACES: Final = "region", "country"


@cache
def extractor() -> Extractor:
    return build_extractor(Settings.from_env({}))


@cache
def quantity_words() -> QuantityWords:
    return parse_quantities(load("en")["quantities"])


@cache
def date_words() -> DateWords:
    return parse_dates(load("en")["dates"])


def _documents(**body: st.SearchStrategy[str]) -> st.SearchStrategy[Document]:
    return st.builds(
        Document,
        **body,
        title=_SHORT,
        outlet=_SHORT,
        url=st.one_of(st.none(), st.just("https://example.org/2024/10/25/x"), st.text(max_size=20)),
        published_on=DAYS,
        language=st.sampled_from(["en", "en", "en-GB", None, None, "xx", ""]),
    )


def article_is_read(document: Document) -> None:
    first = extractor().extract(document)
    assert first == extractor().extract(document)
    if document.text is not None:
        assert first.text == re.sub("[\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", document.text)
    for claim in first.claims:
        _claim_holds(claim, first)
    for place in _places_seen(first):
        assert first.text[place.start : place.end] == place.text
    for line in first.diagnostics.ignored:
        assert 0 <= line.start < line.end <= len(first.text)
    # As it is stored.
    json.dumps(to_plain(first.diagnostics))


def _claim_holds(claim: Claim, extraction: Extraction) -> None:
    text = extraction.text
    assert claim.evidence
    for span in claim.evidence:
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.exact
        assert text[: span.start].endswith(span.prefix)
        assert text[span.end :].startswith(span.suffix)
    for words in _words(claim):
        assert words in text or words in (extraction.title or ""), f"{words!r} stands nowhere"
    count, time = claim.count, claim.time
    assert count.min is None or count.max is None or 0 <= count.min <= count.max
    assert time.start is None or time.end is None or time.start <= time.end
    assert 0 <= claim.confidence <= 1
    if claim.part_of is not None:
        assert claim != extraction.claims[claim.part_of]
    stored = json.loads(json.dumps(encode(claim)))
    assert encode(decode(stored)) == stored


def _words(claim: Claim) -> Iterator[str]:
    """Every `text` of the claim."""
    held = [claim.force, claim.personnel, claim.count, claim.origin, claim.time, *claim.locations, *claim.attribution]
    yield from (words for one in held if one is not None and (words := one.text) is not None)


def _places_seen(extraction: Extraction) -> list[Any]:
    seen = extraction.diagnostics
    for number in seen.numbers:
        assert number.used_by is None or 0 <= number.used_by < len(extraction.claims)
    return [*seen.numbers, *seen.dates, *seen.places, *seen.sources]


# ---- the grammars by themselves

NUMBER_PIECES: Final = (
    "5,000", "10", "12K", "1.5", "thousand", "hundred", "a", "half", "and", "two", "twenty", "-", "to", "or", "more",
    "than", "about", "several", "hundreds", "of", "thousands", "between", "from", "battalions", "brigade", "%", "$",
    "percent", "October", "2014", "in", "km", "men", "troops", ",", ".", "the", "third", "another", "–", "+", "1:30",
    "one", "at least", "up to", "\n", "\u00a0", "Il", "76", "/", "(", "[12]", "dozen", "K", "—", "’",
)  # fmt: skip
DATE_PIECES: Final = (
    "October", "Oct.", "May", "4", "31", "2024", "1990s", ",", "-", "–", "to", "and", "or", "between", "from", "since",
    "until", "by", "the", "end of", "early", "mid", "late", "last", "this", "next", "week", "month", "year", "Tuesday",
    "winter", "the past", "two", "days", "ago", "in", "within", "Q3", "first", "quarter", "half", "of", "tomorrow",
    "yesterday", "night", "14/06", "/", "2024-10-25", "a month later", "9999", "0", "1900", "decade", "weekend", "999",
    "years", "before", "after", "overnight", "earlier", "later", "summer", "th",
)  # fmt: skip


def _pieces(*pieces: str) -> st.SearchStrategy[str]:
    drawn = st.lists(
        st.one_of(st.sampled_from(pieces), st.sampled_from(pieces), st.sampled_from(STRANGE), st.text(max_size=3)),
        max_size=25,
    )
    return st.builds(lambda joint, parts: joint.join(parts), st.sampled_from([" ", " ", ""]), drawn)


def quantities_are_sane(text: str) -> None:
    quantities, seen = find_quantities(text, quantity_words()), find_numbers_seen(text, quantity_words())
    assert quantities == find_quantities(text, quantity_words())
    spans = sorted([(q.start, q.end) for q in quantities] + [(n.start, n.end) for n in seen])
    assert all(0 <= start < end <= len(text) and text[start:end].strip() for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert [q.start for q in quantities] == sorted(q.start for q in quantities)
    for quantity in quantities:
        assert quantity.min is None or quantity.max is None or quantity.min <= quantity.max
        if not quantity.bounded:
            assert quantity.qualifier is Qualifier.NONE
        # A figure that can't be written down again can't be stored.
        json.dumps([quantity.min, quantity.max])


def dates_are_verbatim(given: tuple[str, date | None, str | None]) -> None:
    text, published, tense = given
    mentions = find_times(text, published=published, words=date_words(), tense=cast("Tense | None", tense))
    assert mentions == find_times(text, published=published, words=date_words(), tense=cast("Tense | None", tense))
    assert all(text[m.start : m.end] == m.time.text for m in mentions)
    assert all(one.end <= other.start for one, other in pairwise(mentions))
    for mention in mentions:
        time = mention.time
        assert time.start is None or time.end is None or time.start <= time.end
        assert (time.precision is None) == (time.start is None and time.end is None)


TARGETS: Final = (
    Target(name="texts", inputs=_documents(text=texts()), holds=article_is_read, examples=25),
    Target(name="pages", inputs=_documents(html=pages()), holds=article_is_read, examples=20),
    Target(
        name="quantities",
        inputs=st.one_of(_pieces(*NUMBER_PIECES), texts()),
        holds=quantities_are_sane,
        examples=200,
    ),
    Target(
        name="dates",
        inputs=st.tuples(st.one_of(_pieces(*DATE_PIECES), texts()), DAYS, st.sampled_from([None, "past", "future"])),
        holds=dates_are_verbatim,
        examples=200,
    ),
)
