"""Runs specs/en/html.json, and pages that are none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from worker.extraction.page.html import MAX_TAGS, HtmlArticle, read_html

_SPEC = Path(__file__).parents[2] / "specs" / "en" / "html.json"


@pytest.mark.parametrize("case", json.loads(_SPEC.read_text(encoding="utf-8")), ids=lambda case: case["id"])
def test_read_html_reads_the_article_of_the_case(case: dict[str, Any]) -> None:
    article = read_html("".join(case["text"]), case.get("url"))
    expect = case["expect"]
    assert article.text.split("\n") == expect["lines"]
    assert article.title == expect.get("title")
    assert article.outlet == expect.get("outlet")
    assert (article.published_on.isoformat() if article.published_on else None) == expect.get("published_on")


@pytest.mark.parametrize(
    "html",
    [
        "",
        "junk",
        "<",
        "\x00\x00",
        "<html></html>",
        "<p><p>",
        '{"a": 1}',
        "<html><body><script>x</script></body></html>",
    ],
)
def test_read_html_finds_no_article_in_what_is_none(html: str) -> None:
    assert read_html(html) == HtmlArticle(text="")


@pytest.mark.parametrize(
    "unit", ["<div>", "<div>a", "<b>x", "<ul><li>", "<table>", "<", "&lt;", "<!--", '<a href="x">']
)
def test_read_html_comes_through_two_megabytes_of_nesting(unit: str) -> None:
    assert isinstance(read_html("<html><body>" + unit * (2_000_000 // len(unit))), HtmlArticle)


def test_read_html_reads_no_more_than_so_many_tags() -> None:
    article = read_html("<html><body><article><p>" + "<span>w </span>" * MAX_TAGS)
    assert 0 < article.text.count("w") <= MAX_TAGS // 2
