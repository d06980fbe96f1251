"""Reads the core of a number phrase: a number, a range, a vague word, a fraction, a formation."""

from __future__ import annotations

from dataclasses import dataclass

from worker.extraction.grammar.numerals import Numeral, read_numeral
from worker.extraction.grammar.quantity_words import QuantityWords
from worker.extraction.grammar.tokens import Tokens

_CHANGE_TOKENS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """A number, range or vague word before its surroundings are read; tokens `start` to `end`."""

    start: int
    end: int
    low: Numeral | None = None
    high: Numeral | None = None
    floor: int | None = None  # of a vague word
    score: bool = False  # "3-1": two figures that are no range


class CoreReader:
    """Reads what begins at a token, and nothing of the words around it."""

    def __init__(self, tokens: Tokens, words: QuantityWords) -> None:
        self.tokens = tokens
        self.words = words

    def vague(self, at: int) -> Core | None:
        tokens, words = self.tokens, self.words
        many = words.vague_many.at(tokens, at)
        start, at = at, at + many[0] if many else at
        plural = self._plural(at)
        if plural is None:
            few = words.vague_few.at(tokens, at) if many is None else None
            if few is None:
                return None
            end = at + few[0]
            plural = self._plural(end)  # "several tens of thousands"
            scale = words.numerals.scales.get(tokens.low(end + (tokens.low(end) == "of")), 0)
            if plural is not None:
                return Core(start=start, end=plural[0], floor=plural[1])
            if scale:
                end += 1 + (tokens.low(end) == "of")
                while (step := words.numerals.scales.get(tokens.low(end), 0)) > scale:
                    scale, end = scale * step, end + 1
                return Core(start=start, end=end, floor=few[1] * scale)
            phrase = tuple(tokens.lows[at:end])
            if phrase in words.vague_alone_not and tokens.low(end) != "more":
                return None
            return Core(start=start, end=end, floor=few[1])
        end, floor = plural
        joiner = words.vague_joiners.at(tokens, end)
        higher = self._plural(end + joiner[0]) if joiner else None
        if higher is not None:
            end = higher[0]
        return Core(start=start, end=end, floor=floor)

    def _plural(self, at: int) -> tuple[int, int] | None:
        """Reads "hundreds", "tens of thousands": the end and the floor."""
        tokens, words = self.tokens, self.words
        lead = words.vague_plural_of.at(tokens, at)
        if lead is not None:
            scales = words.vague_plural.at(tokens, at + lead[0])
            if scales is not None and scales[1] > lead[1]:
                return at + lead[0] + scales[0], lead[1] * scales[1] // 2
        found = words.vague_plural.at(tokens, at)
        if found is None or (tokens.low(at) == "tens" and tokens.low(at + 1) != "of"):
            return None
        return at + found[0], found[1]

    def number(self, at: int, floor: int) -> Core | None:
        """A number, with the number that it reaches to where one follows."""
        low = read_numeral(self.tokens, at, self.words.numerals)
        if low is None:
            return None
        single = Core(start=at, end=low.end, low=low)
        tokens, words = self.tokens, self.words
        link = low.end + 1 if tokens.low(low.end) == "-" and tokens.low(low.end + 2) == "-" else low.end
        joiner = tokens.low(link)
        opened = words.before.before(tokens, at, floor)
        between = opened is not None and opened[1] == "range" and tokens.low(at - 1) in {"between", "of"}
        if not (joiner in words.joiners or (between and joiner in words.between)):
            return single
        if joiner == "-" and tokens.joined(low.end - 1) != tokens.joined(low.end):
            return single
        begin = 2 * link - low.end + 1
        while (again := words.before.before(tokens, begin + 1, begin)) is not None and again[1] == "approximate":
            begin += 1
        if tokens.low(begin) == "as" and tokens.low(begin + 2) == "as":
            return single
        high = read_numeral(tokens, begin, words.numerals)
        if high is None or (tokens.low(begin) in words.numerals.articles and joiner == "-"):
            return single
        if self._changes(at, floor):
            return single
        low = _lifted(low, high)
        if low.value >= high.value:
            ratio = joiner == "-" and low.plain and high.plain and tokens.joined(low.end)
            return Core(start=at, end=high.end, low=low, score=True) if ratio else single
        return Core(start=at, end=high.end, low=low, high=high)

    def _changes(self, at: int, floor: int) -> bool:
        """Reads "rose from 500 to 1,000": two figures and no range."""
        if self.tokens.low(at - 1) != "from":
            return False
        return any(
            self.tokens.low(index) in self.words.changes for index in range(max(floor, at - _CHANGE_TOKENS), at - 1)
        )

    def fraction(self, at: int) -> tuple[int, float | None]:
        tokens, shares = self.tokens, self.words.shares
        half = shares.halves.at(tokens, at)
        if half is not None:
            return at + half[0], half[1]
        number = read_numeral(tokens, at, self.words.numerals)
        if number is not None:
            percent = shares.percent.at(tokens, number.end)
            if percent is not None and 0 < number.value <= 100:
                return number.end + percent[0], number.value / 100
        if tokens.low(at) in shares.ones:
            over, end = 1, at + 1
        elif tokens.low(at) in self.words.numerals.ones:
            over, end = self.words.numerals.ones[tokens.low(at)], at + 1
        else:
            return at, None
        end += tokens.low(end) == "-"
        under = shares.parts.get(tokens.low(end))
        if under is None or over >= under or (over > 1) != tokens.low(end).endswith("s"):
            return at, None
        return end + 1, over / under

    def echelon(self, at: int) -> tuple[int, str | None]:
        """The formation named from token `at`, past a few modifiers: where it ends and what it is."""
        tokens, echelons = self.tokens, self.words.echelons
        modified = False
        for index in range(at, min(at + 7, len(tokens))):
            found = echelons.names.at(tokens, index)
            if found is not None and not (found[0] == 1 and self._leads_on(index)):
                end = index + found[0]
                if tokens.low(end) in echelons.not_before or tokens.low(end) == "-":
                    return at, None
                if tokens.low(index) in echelons.ambiguous and not modified:
                    military = tokens.low(end) == "of" and (
                        tokens.low(end + 1) in echelons.military_of or tokens.low(end + 2) in echelons.military_of
                    )
                    if not military:
                        return at, None
                return end, found[1]
            token = tokens[index]
            if token.low in echelons.modifiers:
                modified = modified or token.low not in {"-", "new", "additional", "more", "large", "small", "full"}
            elif not token.text[0].isupper() and not (token.low == "." and tokens.capitalized(index - 1)):
                return at, None
        return at, None

    def _leads_on(self, index: int) -> bool:
        """Whether an echelon word only describes the next one: "two army brigades"."""
        return self.words.echelons.names.at(self.tokens, index + 1) is not None

    def figure_follows(self, end: int) -> bool:
        """Reads "a brigade of about 5,000": the figure counts, not the formation."""
        if self.tokens.low(end) != "of":
            return False
        at = end + 1
        while (step := self.words.before.at(self.tokens, at)) is not None and at < end + 8:
            at += step[0]
        if self.words.vague_plural.at(self.tokens, at) or self.words.vague_few.at(self.tokens, at):
            return True
        number = read_numeral(self.tokens, at, self.words.numerals)
        return number is not None and number.value > 1


def _lifted(low: Numeral, high: Numeral) -> Numeral:
    """Lends the scale of the higher number to the lower: "10-12 thousand", "10 to 12,000"."""
    scale = high.scale
    if (
        scale == 1
        and low.plain
        and low.value < 1000
        and high.value >= 1000
        and high.value % 1000 == 0
        and not high.plain
    ):
        scale = 1000
    if low.scale == 1 and scale > 1 and low.value * scale < high.value:
        return Numeral(start=low.start, end=low.end, value=low.value * scale, scale=scale)
    return low
