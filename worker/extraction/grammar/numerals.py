"""Reads one number: "5,000", "10 000", "12K", "1.5 million", "twenty-five hundred", "half a dozen"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worker.extraction.grammar.tokens import TokenKind, Tokens

_THIN_SPACES = (" ", "\u00a0", "\u2009", "\u202f")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumeralWords:
    """A mapping gives each word its value. `letters` are scales written against the digits ("12k").

    A letter of `metric` may mean meters: it is a scale only before a word that is none of `metric_followers`.
    """

    articles: frozenset[str]
    and_: frozenset[str]
    half: frozenset[str]
    quarter: frozenset[str]
    ones: Mapping[str, int]
    tens: Mapping[str, int]
    scales: Mapping[str, int]
    letters: Mapping[str, int]
    metric: frozenset[str]
    metric_followers: frozenset[str]
    months: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeral:
    """Tokens `start` to `end` (half-open) read as `value`.

    `plain` is a bare run of digits, which may be a year or a label; `scale` is the last multiplier
    said ("ten thousand": 1000), which a range may lend to its lower end. `pointed`: written with decimals.
    """

    start: int
    end: int
    value: float
    plain: bool = False
    pointed: bool = False
    scale: int = 1

    @property
    def whole(self) -> int | None:
        """The number as a count; None for 2.5, and for 1.0 too, which counts nobody."""
        if self.pointed:
            return None
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
    if tokens.low(end) in words.metric:
        follower = tokens.low(end + 1)
        against = against or tokens.kind(end + 1) is not TokenKind.WORD or follower in words.metric_followers
    if tokens.joined(end - 1) and tokens.low(end) in words.letters and not against:
        letter = words.letters[tokens.low(end)]
        return Numeral(start=index, end=end + 1, value=value * letter, scale=letter)
    if (half := _and_a_half(tokens, end, words)) is not None and tokens.low(half) in words.scales:
        value, end, plain = value + 0.5, half, False
    scale = 1
    while True:
        word = end + 1 if tokens.low(end) == "-" and tokens.low(end + 1) in words.scales else end
        step = words.scales.get(tokens.low(word), 0)
        if (step <= 20 and not (step == 12 and scale == 1)) or scale > 1_000_000:
            break
        value, end, scale, plain = value * step, word + 1, scale * step, False
    pointed = end == index + 3 and scale == 1 and tokens.low(index + 1) == "." and len(tokens[index + 2].text) != 3
    return Numeral(start=index, end=end, value=value, plain=plain, pointed=pointed, scale=scale)


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
        decimal = after is not None and after.kind is TokenKind.DIGITS and len(after.text) <= 6
        if after is not None and decimal and (tokens.low(end) == "." or (scaled and len(after.text) <= 2)):
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
    """Reads "half a million", "a half dozen", "half-dozen", "a quarter of a million"."""
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


@dataclass(slots=True)
class _Sum:
    """A number being read word by word: what is settled, the part in hand, and what may still follow."""

    total: float = 0.0
    current: float | None = None
    room: int = 0  # a smaller number than this may still be added to `current`
    scale: int = 1
    ceiling: int = 10**12  # the next multiplier must be below this

    def add_small(self, value: int, *, tens: bool) -> bool:
        """Takes "twenty" or "five"; False where it can not follow."""
        if self.current is None and (self.total == 0 or self.scale > 1):
            self.current = float(value)
        elif self.current is not None and value < self.room:
            self.current += value
        else:
            return False
        self.room = 10 if tens else 1
        return True

    def multiply(self, step: int) -> bool:
        """Takes "hundred", "thousand", "dozen"; False where it can not follow."""
        if self.current is None:
            return False
        if step == 100 and self.current < 100:
            self.current, self.room, self.scale = self.current * 100, 100, 100
            return True
        if step == 100 or step >= self.ceiling:
            return False
        self.total += self.current * step
        self.current, self.room, self.scale, self.ceiling = None, 0, step, step
        return True

    def add_half(self, *, scaled: bool) -> bool:
        """Takes "and a half": of what is in hand where a multiplier follows or nothing was multiplied."""
        if self.current is not None and (scaled or self.scale == 1):
            self.current, self.room = self.current + 0.5, 0
        elif self.current is None and self.scale > 1 and not scaled:
            self.total += 0.5 * self.scale
        else:
            return False
        return True


def _from_words(tokens: Tokens, index: int, words: NumeralWords) -> Numeral | None:
    """Number words by the rules of English: "two hundred and fifty thousand", "twenty-five hundred"."""
    at, so_far = index, _Sum()
    if tokens.low(at) not in words.ones and tokens.low(at) not in words.tens:
        at += tokens.low(at) in words.articles
        if words.scales.get(tokens.low(at), 20) == 20:
            return None
        so_far.current = 1.0
    begin = at
    while at < len(tokens):
        half = _and_a_half(tokens, at, words)
        if half is not None:
            if so_far.add_half(scaled=tokens.low(half) in words.scales):
                at = half
            if tokens.low(at) not in words.scales:
                break
        word = _past_link(tokens, at, so_far.scale, words) if at > begin else at
        low = tokens.low(word)
        small = words.ones.get(low) or words.tens.get(low)
        step = words.scales.get(low, 20)
        if small is not None:
            taken = so_far.add_small(small, tens=low in words.tens)
        else:
            linked = word != at and tokens.low(at) in words.and_
            taken = step != 20 and not linked and so_far.multiply(step)
        if not taken:
            break
        at = word + 1
        if step == 12 and small is None:
            break
    if at == begin:
        return None
    return Numeral(start=index, end=at, value=so_far.total + (so_far.current or 0.0), scale=so_far.scale)


def _past_link(tokens: Tokens, at: int, scale: int, words: NumeralWords) -> int:
    """The token after a hyphen or "and" that holds one number together, else `at`."""
    if tokens.low(at) == "-" and tokens.joined(at - 1) and tokens.joined(at):
        return at + 1
    if tokens.low(at) in words.and_ and scale >= 100 and not _begins_anew(tokens, at + 1, scale, words):
        return at + 1
    return at
