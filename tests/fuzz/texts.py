"""Texts and pages as nobody would write them, made of words that somebody did."""

from __future__ import annotations

from html import escape
from typing import Final

from hypothesis import strategies as st

from bench.varied import paragraphs, vocabulary

STRANGE: Final = (
    "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u0301" * 30, "\x00", "\x1b[31m", "\ud800", "\udfff",
    "\u2028", "\x85", "\r", "\x1c", "\t", "\u00a0", "\u3000", "İ", "ß", "ﬁ", "ǅ", "Ω\u0345", "👩\u200d👧", "𝟛𝟘𝟘",
    "٣٠٠", "三百", "½", "Ⅻ", "²", "1e400", "-0", "10^9", "0x1F", "9" * 5000, "9" * 25 + " soldiers",
    "0 soldiers", "a trillion trillion men", "one hundred " * 30 + "troops", "half of " * 30, "1,000," * 30,
    "1.2.3.4.5 ", "(" * 300, "[" * 50 + "]" * 50, "“" * 40, "'" * 41, "- " * 60, "—" * 30, "." * 200,
    "in 9999 ", "in 0000 ", "since 31 February ", "since 29 February 2023 ", "on 99/99/9999 ", "0 days ago ",
    "99999999 years ago ", "in the next 999999 centuries ", "last last last week ", "between and ", "from to ",
    "http://" + "a" * 300 + " ", "@" * 50, "%s%n{0}${x}", "<p>", "&#0;", "READ ALSO: ", "Updated ", "KYIV (Reuters) — ",
    "according to " * 20, "who said that " * 20, "of whom " * 20, "not " * 30, "more than up to about ",
)  # fmt: skip
_WORD: Final = st.sampled_from(vocabulary())
_PIECE: Final = st.one_of(_WORD, st.sampled_from(STRANGE), st.text(max_size=4), st.integers().map(str))
_JOINT: Final = st.sampled_from([" ", " ", " ", "", "\n", "\n\n", ". ", ", ", "; ", " – ", "\n- ", "\r\n"])


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Paragraphs of the seeds with pieces taken out, doubled, exchanged and put in; or words at random."""
    if draw(st.integers(0, 3)) == 0:
        return draw(st.one_of(st.text(max_size=200), _mixed()))
    text = "\n\n".join(draw(st.lists(st.sampled_from(paragraphs()), min_size=1, max_size=3)))
    for _ in range(draw(st.integers(0, 6))):
        text = draw(_edited(text))
    return text


@st.composite
def _mixed(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.tuples(_PIECE, _JOINT), max_size=40))
    return "".join(piece + joint for piece, joint in parts)


@st.composite
def _edited(draw: st.DrawFn, text: str) -> str:
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 40)))
    put_in = draw(st.one_of(_PIECE, st.just(""), st.just(text[start:end] * 2), st.just(text[start:end][::-1])))
    return text[:start] + put_in + text[end:]


DATES: Final = st.sampled_from(
    [
        "2024-10-25", "0000-00-00", "9999-99-99T99:99:99Z", "2024-10-25T08:00:00+99:00", "", "yesterday", "1e9", "-1",
        "0001-01-01", "9999-12-31T23:59:59-14:00", "25 October 2024", "2024-W10-1", "١٢-١٠-٢٠٢٤", "9999999999999999999",
    ]
)  # fmt: skip
_TAGS: Final = st.sampled_from(
    ["p", "div", "article", "span", "li", "ul", "table", "td", "h1", "blockquote", "script", "style", "noscript", "svg",
     "iframe", "template", "select", "a", "br", "time", "header", "footer", "main", "pre", "b", "x-y", "body", "html"]
)  # fmt: skip
_ODD_MARKUP: Final = st.sampled_from(
    [
        "<", ">", "</", "<!--", "-->", "<![CDATA[", "]]>", "<!doctype x>", "<?xml version='1.0' encoding='utf-16'?>",
        "&#0;", "&#xD800;", "&#99999999999;", "&nosuch;", "&amp", "<p id=" + "a" * 400 + ">", "<p " + "x=1 " * 99 + ">",
        "<div>" * 300, "</div>" * 50, "<table>" * 60, "<b><p>" * 60, "<ul><li>" * 100, "<!--" * 40, "<p\x00>", "\ufeff",
        '<base href="javascript:1">', '<meta charset="utf-7">', '<meta http-equiv="refresh" content="0;url=//x">',
        '<script type="application/ld+json">{"datePublished": 5, "author": [[]]}</script>',
        '<script type="application/ld+json">{"@graph": [' + "[" * 100 + "</script>",
        '<script type="application/ld+json">{"headline": {"a": null}, "@type": 7}</script>',
    ]
)  # fmt: skip


@st.composite
def pages(draw: st.DrawFn) -> str:
    """A page around such texts, whole or broken."""
    head = draw(
        st.lists(
            st.one_of(
                DATES.map(lambda day: f'<meta property="article:published_time" content="{day}">'),
                DATES.map(lambda day: f'<meta name="date" content="{day}"><time datetime="{day}">{day}</time>'),
                st.text(max_size=20).map(lambda title: f"<title>{escape(title)}</title>"),
                st.text(max_size=9).map(lambda name: f'<meta property="og:site_name" content="{escape(name)}">'),
                st.text(max_size=9).map(lambda lang: f'<html lang="{escape(lang)}">'),
                _ODD_MARKUP,
            ),
            max_size=4,
        )
    )
    body = draw(st.lists(st.one_of(_element(), _element(), _ODD_MARKUP, texts()), max_size=8))
    page = f"<html><head>{''.join(head)}</head><body>{''.join(body)}</body></html>"
    cut = draw(st.integers(0, 3))
    return page[: draw(st.integers(0, len(page)))] if cut == 0 else page


@st.composite
def _element(draw: st.DrawFn) -> str:
    tag, inside = draw(_TAGS), draw(texts())
    depth = draw(st.sampled_from([1, 1, 1, 2, 30]))
    shown = inside if draw(st.integers(0, 4)) == 0 else escape(inside)
    return f"<{tag}>" * depth + shown + (f"</{tag}>" * depth if draw(st.booleans()) else "")
