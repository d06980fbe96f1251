"""Reads one number: "5,000", "10 000", "12K", "1.5 million", "twenty-five hundred", "half a dozen"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worker.extraction.tokens import TokenKind, Tokens

_THIN_SPACES = (" ", "\u00a0", "\u2009", "\u202f")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumeralWords:
    """`letters` are scales written against the digits ("12k"); a mapping gives each word its value."""

    articles: frozenset[str]
    and_: frozenset[str]
    half: frozenset[str]
    quarter: frozenset[str]
    ones: Mapping[str, int]
    tens: Mapping[str, int]
    scales: Mapping[str, int]
    letters: Mapping[str, int]
    months: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeral:
    """Tokens `start` to `end` (half-open) read as `value`.

    `plain` is a bare run of digits, which may be a year or a label; `scale` is the last multiplier
    said ("ten thousand": 1000), which a range may lend to its lower end.
    """

    start: int
    end: int
    value: float
    plain: bool = False
    scale: int = 1

    @property
    def whole(self) -> int | None:
        """The number as a count; None for a fraction such as 2.5."""
        nearest = round(self.value)
        return nearest if abs(self.value - nearest) < 1e-6 * max(1.0, abs(self.value)) else None


def read_numeral(tokens: Tokens, index: int, words: NumeralWords) -> Numeral | None:
    """The longest number that begins at token `index`, or None."""
    if tokens.kind(index) is TokenKind.DIGITS:
        return _from_digits(tokens, index, words)
    if tokens.kind(index) is TokenKind.WORD:
        return _fraction_of_scale(tokens, index, words) or _from_words(tokens, index, words)
    return None


def _from_digits(tokens: Tokens, index: int, words: NumeralWords) -> Numeral:
    value, end, plain = _literal(tokens, index, words)
    against = tokens.joined(end) and tokens.kind(end + 1) is not TokenKind.MARK
    if tokens.joined(end - 1) and tokens.low(end) in words.letters and not against:
        letter = words.letters[tokens.low(end)]
        return Numeral(start=index, end=end + 1, value=value * letter, scale=letter)
    if (half := _and_a_half(tokens, end, words)) is not None and tokens.low(half) in words.scales:
        value, end, plain = value + 0.5, half, False
    scale = 1
    while True:
        word = end + 1 if tokens.low(end) == "-" and tokens.low(end + 1) in words.scales else end
        step = words.scales.get(tokens.low(word), 0)
        if step <= 20 and not (step == 12 and scale == 1) or scale > 1_000_000:
            break
        value, end, scale, plain = value * step, word + 1, scale * step, False
    return Numeral(start=index, end=end, value=value, plain=plain, scale=scale)


def _literal(tokens: Tokens, index: int, words: NumeralWords) -> tuple[float, int, bool]:
    """Digits with their groups and decimals: value, end, whether they were a bare run."""
    digits, end = tokens[index].text, index + 1
    if len(digits) > 15:
        return float("1e15"), end, True
    separator = None
    if len(digits) <= 3 and digits[0] != "0":
        while len(digits) < 15:
            mark = _group_mark(tokens, end, words, first=separator is None and index > 0, start=index)
            if mark is None or (separator is not None and mark != separator):
                break
            separator = mark
            end += 1 if mark == " " else 2
            digits += tokens[end - 1].text
    if separator is not None:
        if separator == "." and tokens.low(end) in words.scales:
            return float(digits) / 1000 ** ((end - index) // 2), end, False
        return float(digits), end, False
    if tokens.low(end) in (".", ",") and tokens.joined(end - 1) and tokens.joined(end):
        after = tokens.at(end + 1)
        scaled = tokens.low(end + 2) in words.scales or tokens.low(end + 2) in words.letters
        if after is not None and after.kind is TokenKind.DIGITS and len(after.text) <= 6:
            if tokens.low(end) == "." or (scaled and len(after.text) <= 2):
                return float(f"{digits}.{after.text}"), end + 2, False
    return float(digits), end, True


def _group_mark(tokens: Tokens, at: int, words: NumeralWords, *, first: bool, start: int) -> str | None:
    """The separator before a further group of three digits, or None."""
    token = tokens.at(at)
    if token is None:
        return None
    if token.kind is TokenKind.DIGITS:
        lettered = tokens.kind(at + 1) is TokenKind.WORD and tokens.joined(at)
        dated = first and tokens.low(start - 1) in words.months
        spaced = tokens.gap(at - 1) in _THIN_SPACES
        return " " if spaced and len(token.text) == 3 and not lettered and not dated else None
    group = tokens.at(at + 1)
    if token.low in (",", ".", "'") and tokens.joined(at - 1) and tokens.joined(at) and group is not None:
        return token.low if group.kind is TokenKind.DIGITS and len(group.text) == 3 else None
    return None


def _and_a_half(tokens: Tokens, index: int, words: NumeralWords) -> int | None:
    """The end of "and a half" at `index`."""
    said = (
        tokens.low(index) in words.and_
        and tokens.low(index + 1) in words.articles
        and tokens.low(index + 2) in words.half
    )
    return index + 3 if said else None


def _fraction_of_scale(tokens: Tokens, index: int, words: NumeralWords) -> Numeral | None:
    """"half a million", "a half dozen", "half-dozen", "a quarter of a million"."""
    at = index + 1 if tokens.low(index) in words.articles else index
    part = 0.5 if tokens.low(at) in words.half else 0.25 if tokens.low(at) in words.quarter else None
    if part is None:
        return None
    at += 1
    for allowed in (("-",), ("of",), tuple(words.articles), ("-",)):
        if tokens.low(at) in allowed:
            at += 1
    scale = words.scales.get(tokens.low(at), 0)
    if scale < 12 or scale == 20:
        return None
    return Numeral(start=index, end=at + 1, value=part * scale, scale=scale)


def _begins_anew(tokens: Tokens, index: int, scale: int, words: NumeralWords) -> bool:
    """Whether what follows "and" is a figure of its own: "between two hundred and three hundred"."""
    at, first = index, words.tens.get(tokens.low(index)) or words.ones.get(tokens.low(index), 0)
    while at < index + 3 and (tokens.low(at) in words.ones or tokens.low(at) in words.tens or tokens.low(at) == "-"):
        at += 1
    following = words.scales.get(tokens.low(at), 0)
    return following == scale or (following == 100 and first >= 10)


def _from_words(tokens: Tokens, index: int, words: NumeralWords) -> Numeral | None:
    """Number words by the rules of English: "two hundred and fifty thousand", "twenty-five hundred"."""
    at = index
    total = 0.0
    current: float | None = None
    room = 0  # what `current` may still be added to: below this
    ceiling = 10**12
    scale = 1
    if tokens.low(at) in words.articles or tokens.low(at) not in {*words.ones, *words.tens}:
        word = at + 1 if tokens.low(at) in words.articles else at
        if words.scales.get(tokens.low(word), 20) == 20:
            return None
        current, at = 1.0, word
    while at < len(tokens):
        skipped = at
        if current is not None or total:
            if tokens.low(at) == "-" and tokens.joined(at - 1) and tokens.joined(at):
                skipped = at + 1
            elif (half := _and_a_half(tokens, at, words)) is not None:
                if tokens.low(half) in words.scales and current is not None:
                    current, at, room = current + 0.5, half, 0
                    continue
                if scale > 1 and current is None:
                    return Numeral(start=index, end=half, value=total + 0.5 * scale, scale=scale)
                if current is not None and room != 1000:
                    return Numeral(start=index, end=half, value=total + current + 0.5)
                break
            elif tokens.low(at) in words.and_ and scale >= 100 and not _begins_anew(tokens, at + 1, scale, words):
                skipped = at + 1
        word = tokens.low(skipped)
        small = words.ones.get(word) or words.tens.get(word)
        if small is not None:
            if current is None and (total == 0 or scale > 1):
                current, room = float(small), 10 if word in words.tens else 1
            elif current is not None and small < room:
                current, room = current + small, 10 if word in words.tens else 1
            else:
                break
            at = skipped + 1
            continue
        step = words.scales.get(word)
        if step is None or step == 20 or (skipped != at and tokens.low(at) in words.and_):
            break
        if step == 100 and current is not None and current < 100:
            current, room, scale = current * 100, 100, 100
        elif step != 100 and step < ceiling and current is not None:
            total, current, ceiling, scale, room = total + current * step, None, step, step, 0
        elif current is None and step > scale > 1:  # "a hundred million"
            total, scale, ceiling = total * step, step, step
        else:
            break
        at = skipped + 1
        if step == 12:
            break
    if at == index:
        return None
    return Numeral(start=index, end=at, value=total + (current or 0.0), scale=scale)
