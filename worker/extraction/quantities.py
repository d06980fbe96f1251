"""Finds the number phrases of a sentence that may count people, with the bounds they were said with."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from service.domain.claims import Qualifier, Unit
from worker.extraction.model import Quantity
from worker.extraction.not_people import is_month, opaque_spans, why_not
from worker.extraction.numerals import Numeral, read_numeral
from worker.extraction.quantity_words import QuantityWords, parse_quantities
from worker.extraction.tokens import TokenKind, Tokens

__all__ = ["NumberRejected", "QuantityWords", "find_numbers_seen", "find_quantities", "parse_quantities"]

_BOUNDS = (Qualifier.MORE_THAN, Qualifier.AT_LEAST, Qualifier.AT_MOST, Qualifier.LESS_THAN)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRejected:
    """A number that counts no people. Half-open code points; `reason` is a rule's code, such as "year"."""

    start: int
    end: int
    reason: str


def find_quantities(text: str, words: QuantityWords) -> tuple[Quantity, ...]:
    """The countable number phrases of `text`, in order, without overlap.

    The head noun is not judged: "200 missiles" is returned as "200". Nothing found is an empty tuple.
    """
    return tuple(found for found in _Reader(text, words).read() if isinstance(found, Quantity))


def find_numbers_seen(text: str, words: QuantityWords) -> tuple[NumberRejected, ...]:
    """The numbers that `find_quantities` leaves out, each with the reason code."""
    return tuple(found for found in _Reader(text, words).read() if isinstance(found, NumberRejected))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Core:
    """A number, range or vague word before its surroundings are read; tokens `start` to `end`."""

    start: int
    end: int
    low: Numeral | None = None
    high: Numeral | None = None
    floor: int | None = None  # of a vague word
    score: bool = False  # "3-1": two figures that are no range


class _Reader:
    """One pass over the tokens of a text. `taken` is the first token that nothing has used yet."""

    def __init__(self, text: str, words: QuantityWords) -> None:
        self.text = text
        self.words = words
        self.tokens = Tokens(text)
        self.opaque = opaque_spans(text)
        self.opaque_starts = [start for start, _, _ in self.opaque]
        self.taken = 0
        self.found: list[Quantity | NumberRejected] = []

    def read(self) -> list[Quantity | NumberRejected]:
        at = 0
        while at < len(self.tokens):
            at = max(at + 1, self._skip_opaque(at) or self._read_at(at))
        return self.found

    def _skip_opaque(self, at: int) -> int | None:
        """The token after an opaque stretch that holds token `at`; each is reported once."""
        position = self.tokens[at].start
        index = bisect_right(self.opaque_starts, position) - 1
        if index < 0 or position >= self.opaque[index][1]:
            return None
        start, end, reason = self.opaque[index]
        self.found.append(NumberRejected(start=max(start, position), end=end, reason=reason))
        while at < len(self.tokens) and self.tokens[at].start < end:
            at += 1
        self.taken = at
        return at

    def _read_at(self, at: int) -> int:
        """Reads what begins at token `at`; the token to go on with, or 0 when nothing begins there."""
        after = self._share(at)
        if after:
            return after
        core = self._vague(at) or self._range(at)
        if core is None:
            return self._formation(at)
        return self._finish(core)

    # ---- cores

    def _vague(self, at: int) -> _Core | None:
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
                return _Core(start=start, end=plural[0], floor=plural[1])
            if scale:
                end += 1 + (tokens.low(end) == "of")
                while (step := words.numerals.scales.get(tokens.low(end), 0)) > scale:
                    scale, end = scale * step, end + 1
                return _Core(start=start, end=end, floor=few[1] * scale)
            phrase = tuple(tokens.lows[at:end])
            if phrase in words.vague_alone_not and tokens.low(end) != "more":
                return None
            return _Core(start=start, end=end, floor=few[1])
        end, floor = plural
        joiner = words.vague_joiners.at(tokens, end)
        higher = self._plural(end + joiner[0]) if joiner else None
        if higher is not None:
            end = higher[0]
        return _Core(start=start, end=end, floor=floor)

    def _plural(self, at: int) -> tuple[int, int] | None:
        """ "hundreds", "tens of thousands": the end and the floor."""
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

    def _range(self, at: int) -> _Core | None:
        """A number, with the number that it reaches to where one follows."""
        low = read_numeral(self.tokens, at, self.words.numerals)
        if low is None:
            return None
        single = _Core(start=at, end=low.end, low=low)
        tokens, words = self.tokens, self.words
        link = low.end + 1 if tokens.low(low.end) == "-" and tokens.low(low.end + 2) == "-" else low.end
        joiner = tokens.low(link)
        opened = words.before.before(tokens, at, self.taken)
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
        if self._changes(at):
            return single
        low = _lifted(low, high)
        if low.value >= high.value:
            ratio = joiner == "-" and low.plain and high.plain and tokens.joined(low.end)
            return _Core(start=at, end=high.end, low=low, score=True) if ratio else single
        return _Core(start=at, end=high.end, low=low, high=high)

    def _changes(self, at: int) -> bool:
        """ "rose from 500 to 1,000": two figures and no range."""
        if self.tokens.low(at - 1) != "from":
            return False
        return any(self.tokens.low(index) in self.words.changes for index in range(max(self.taken, at - 6), at - 1))

    # ---- shares

    def _share(self, at: int) -> int:
        """ "half of them", "two thirds of the 11,000", "40 percent of": the token after it, or 0."""
        tokens, shares = self.tokens, self.words.shares
        end, part = self._fraction(at)
        if part is None:
            return 0
        if tokens.low(end) in shares.of:
            after = end + 1
        elif tokens.low(at) == "half" and tokens.low(end) in shares.determiners:
            after = end
        else:
            return 0
        if self._reads_unit(after):
            return 0
        whole_at = after
        while tokens.low(whole_at) in shares.determiners or tokens.low(whole_at) in {"estimated", "roughly", "about"}:
            whole_at += 1
        whole = read_numeral(tokens, whole_at, self.words.numerals) if whole_at < after + 4 else None
        value = None
        if whole is not None and whole.whole:
            if why_not(
                tokens, whole.start, whole.end, plain=whole.plain, whole=whole.whole, floor=after, words=self.words
            ):
                whole = None
            else:
                value = round(part * whole.whole)
        if tokens.low(after) in shares.pronouns and after > end:
            end = after + 1
        begin, qualifier, _ = self._before(at, ranged=False)
        if qualifier in (None, Qualifier.EXACT):
            qualifier = Qualifier.APPROXIMATE
        low, high = _bounds(value, value, qualifier)
        self._add(
            Quantity(
                start=tokens[begin].start, end=tokens[end - 1].end, min=low, max=high,
                qualifier=qualifier if value is not None else Qualifier.NONE, share_of=part,
            )
        )  # fmt: skip
        self.taken = end
        return end

    def _reads_unit(self, at: int) -> bool:
        """ "half of a million" is a number, "a third of 2024" no share of people."""
        return self.tokens.low(at) in self.words.numerals.articles or is_month(self.tokens, at, self.words)

    def _fraction(self, at: int) -> tuple[int, float | None]:
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

    # ---- formations

    def _formation(self, at: int) -> int:
        """ "a battalion", "another motor rifle brigade": a formation without a number word."""
        tokens = self.tokens
        lead = tokens.low(at)
        if lead not in self.words.numerals.articles and lead != "another":
            return 0
        end, echelon = self._echelon(at + 1)
        if echelon is None or tokens.low(end - 1).endswith("s") and tokens.low(end - 1) != "corps":
            return 0
        if self._figure_follows(end):
            return 0
        additional = any(self.tokens.low(i) in {"another", "additional", "further", "extra"} for i in range(at, end))
        start, _, more = self._before(at, ranged=False)
        self._add(
            Quantity(
                start=tokens[start].start, end=tokens[end - 1].end, min=None, max=None, qualifier=Qualifier.NONE,
                additional=additional or more, unit=Unit(echelon=echelon, number=1),
            )
        )  # fmt: skip
        self.taken = end
        return end

    def _echelon(self, at: int) -> tuple[int, str | None]:
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

    def _figure_follows(self, end: int) -> bool:
        """ "a brigade of about 5,000": the figure counts, not the formation."""
        if self.tokens.low(end) != "of":
            return False
        at = end + 1
        while (step := self.words.before.at(self.tokens, at)) is not None and at < end + 8:
            at += step[0]
        if self.words.vague_plural.at(self.tokens, at) or self.words.vague_few.at(self.tokens, at):
            return True
        number = read_numeral(self.tokens, at, self.words.numerals)
        return number is not None and number.value > 1

    # ---- surroundings

    def _finish(self, core: _Core) -> int:
        tokens = self.tokens
        reason = self._why_not(core)
        if reason is not None:
            self.found.append(
                NumberRejected(start=tokens[core.start].start, end=tokens[core.end - 1].end, reason=reason)
            )
            self.taken = core.end
            return core.end
        start, qualifier, additional = self._before(core.start, ranged=core.high is not None)
        end, qualifier, additional = self._after(core.end, qualifier, additional)
        unit_end, echelon = self._echelon(end)
        unit = None
        if echelon is not None and not (core.low and core.low.value > 999):
            if self._figure_follows(unit_end):
                self.found.append(
                    NumberRejected(start=tokens[core.start].start, end=tokens[core.end - 1].end, reason="formation")
                )
                self.taken = unit_end
                return unit_end
            additional = additional or any(
                tokens.low(i) in {"additional", "more", "further", "extra"} for i in range(end, unit_end)
            )
            number = core.low.whole if core.low is not None and core.high is None else None
            unit, end = Unit(echelon=echelon, number=number), unit_end
        elif tokens.low(end) == "-" and tokens.joined(end) and tokens.low(end + 1) == "strong":
            end += 2
        low, high, qualifier = self._values(core, qualifier) if unit is None else (None, None, Qualifier.NONE)
        self._add(
            Quantity(
                start=tokens[start].start, end=tokens[end - 1].end, min=low, max=high, qualifier=qualifier,
                additional=additional, unit=unit,
            )
        )  # fmt: skip
        self.taken = end
        return end

    def _why_not(self, core: _Core) -> str | None:
        number = core.high or core.low
        whole = number.whole if number is not None else core.floor
        plain = number is not None and number.plain
        low = core.low
        if core.high is not None and low is not None and low.whole is None:
            return "decimal"
        if core.score:
            return "score"
        return why_not(self.tokens, core.start, core.end, plain=plain, whole=whole, floor=self.taken, words=self.words)

    def _before(self, at: int, *, ranged: bool) -> tuple[int, Qualifier | None, bool]:
        """Qualifiers before token `at`: where they begin, the strongest one, whether they add."""
        tokens, words = self.tokens, self.words
        start, qualifier, additional = at, None, False
        for _ in range(4):
            step = words.before.before(tokens, start, self.taken)
            if step is None or (step[1] == "range" and not ranged):
                break
            start -= step[0]
            if step[1] == "additional":
                additional = True
            elif step[1] != "range":
                qualifier = _stronger(qualifier, Qualifier(step[1]))
                if qualifier in _BOUNDS:
                    while start > self.taken and tokens.low(start - 1) in words.intensifiers:
                        start -= 1
        return start, qualifier, additional

    def _after(self, end: int, qualifier: Qualifier | None, additional: bool) -> tuple[int, Qualifier | None, bool]:
        tokens, words = self.tokens, self.words
        for _ in range(2):
            step = words.after.at(tokens, end)
            if step is None:
                break
            if step[1] == "additional":
                if tokens.low(end + step[0]) in words.after_not or additional:
                    break
                additional = True
            else:
                qualifier = _stronger(qualifier, Qualifier(step[1]))
            end += step[0]
        return end, qualifier, additional

    def _values(self, core: _Core, qualifier: Qualifier | None) -> tuple[int | None, int | None, Qualifier]:
        if core.floor is not None:
            return core.floor, None, Qualifier.VAGUE
        low = core.low.whole if core.low is not None else None
        if core.high is None:
            qualifier = qualifier or Qualifier.EXACT
            return *_bounds(low, low, qualifier), qualifier
        if qualifier not in _BOUNDS:
            qualifier = Qualifier.RANGE
        return *_bounds(low, core.high.whole, qualifier), qualifier

    def _add(self, quantity: Quantity) -> None:
        self.found.append(quantity)


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


def _stronger(one: Qualifier | None, other: Qualifier) -> Qualifier:
    """A bound outweighs an approximation, and that outweighs "exactly"."""
    if one is None or one in _BOUNDS:
        return one or other
    return other if other in _BOUNDS or one is Qualifier.EXACT else one


def _bounds(low: int | None, high: int | None, qualifier: Qualifier) -> tuple[int | None, int | None]:
    if qualifier in (Qualifier.MORE_THAN, Qualifier.AT_LEAST):
        return low, None
    if qualifier in (Qualifier.LESS_THAN, Qualifier.AT_MOST):
        return None, high
    return low, high
