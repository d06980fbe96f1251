"""Finds the number phrases of a sentence that may count people, with the bounds they were said with."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from service.domain.claims import Qualifier, Unit
from worker.extraction.grammar.not_people import is_month, opaque_spans, why_not
from worker.extraction.grammar.numerals import Numeral, read_numeral
from worker.extraction.grammar.quantity_cores import Core, CoreReader
from worker.extraction.grammar.quantity_words import QuantityWords, parse_quantities
from worker.extraction.grammar.tokens import Tokens
from worker.extraction.model import Quantity

__all__ = [
    "NumberRejected",
    "QuantityWords",
    "find_numbers",
    "find_numbers_seen",
    "find_quantities",
    "parse_quantities",
]

_BOUNDS = (Qualifier.MORE_THAN, Qualifier.AT_LEAST, Qualifier.AT_MOST, Qualifier.LESS_THAN)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRejected:
    """A number that counts no people. Half-open code points; `reason` is a rule's code, such as "year"."""

    start: int
    end: int
    reason: str


def find_numbers(
    text: str, words: QuantityWords, *, tokens: Tokens | None = None
) -> tuple[Quantity | NumberRejected, ...]:
    """Both readings below in one pass, in order: what may count people, and what does not and why.

    `tokens` are the text's, where they are known.
    """
    return tuple(_Reader(text, words, tokens or Tokens(text)).read())


def find_quantities(text: str, words: QuantityWords) -> tuple[Quantity, ...]:
    """The countable number phrases of `text`, in order, without overlap.

    The head noun is not judged: "200 missiles" is returned as "200". Nothing found is an empty tuple.
    """
    return tuple(found for found in find_numbers(text, words) if isinstance(found, Quantity))


def find_numbers_seen(text: str, words: QuantityWords) -> tuple[NumberRejected, ...]:
    """The numbers that `find_quantities` leaves out, each with the reason code."""
    return tuple(found for found in find_numbers(text, words) if isinstance(found, NumberRejected))


class _Reader:
    """One pass over the tokens of a text. `taken` is the first token that nothing has used yet."""

    def __init__(self, text: str, words: QuantityWords, tokens: Tokens) -> None:
        self.text = text
        self.words = words
        self.tokens = tokens
        self.opaque = opaque_spans(text)
        self.opaque_starts = [start for start, _, _ in self.opaque]
        self.cores = CoreReader(self.tokens, words)
        self.taken = 0
        self.found: list[Quantity | NumberRejected] = []

    def read(self) -> list[Quantity | NumberRejected]:
        at = 0
        for begin in self._beginnings():
            if begin >= at:
                at = max(begin + 1, self._skip_opaque(begin) or self._read_at(begin))
        return self.found

    def _beginnings(self) -> list[int]:
        """Where something may begin: at digits and number words, and anywhere where a stretch is opaque."""
        if self.opaque:
            return list(range(len(self.tokens)))
        openers = self.words.openers
        return sorted({*self.tokens.digits(), *(at for at, low in enumerate(self.tokens.lows) if low in openers)})

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
        core = self.cores.vague(at) or self.cores.number(at, self.taken)
        if core is None:
            return self._formation(at)
        return self._finish(core)

    def _share(self, at: int) -> int:
        """Reads "half of them", "two thirds of the 11,000", "40 percent of": the token after it, or 0."""
        tokens, shares = self.tokens, self.words.shares
        end, part = self.cores.fraction(at)
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
        value = self._part_of(whole, part, after) if whole is not None else None
        if tokens.low(after) in shares.pronouns and after > end:
            end = after + 1
        begin, told, _ = self._before(at, ranged=False)
        qualifier = Qualifier.APPROXIMATE if told in (None, Qualifier.EXACT) else told
        low, high = _bounds(value, value, qualifier)
        if value is None and told in (None, Qualifier.EXACT):
            qualifier = Qualifier.NONE
        self._add(
            Quantity(
                start=tokens[begin].start,
                end=tokens[end - 1].end,
                min=low,
                max=high,
                qualifier=qualifier,
                share_of=part,
            )
        )
        self.taken = end
        return end

    def _part_of(self, whole: Numeral, part: float, floor: int) -> int | None:
        """So many of the whole as the share makes; None where the whole counts no people."""
        number = whole.whole
        if not number or why_not(
            self.tokens, whole.start, whole.end, plain=whole.plain, whole=number, floor=floor, words=self.words
        ):
            return None
        return round(part * number)

    def _reads_unit(self, at: int) -> bool:
        """Whether a share of time or of a number follows: "half of a million", "half of October"."""
        return self.tokens.low(at) in self.words.numerals.articles or is_month(self.tokens, at, self.words)

    def _formation(self, at: int) -> int:
        """Reads "a battalion", "another motor rifle brigade": a formation without a number word."""
        tokens = self.tokens
        lead = tokens.low(at)
        if (lead not in self.words.numerals.articles and lead != "another") or tokens.low(at - 1) == "half":
            return 0
        end, echelon = self.cores.echelon(at + 1)
        if echelon is None or (tokens.low(end - 1).endswith("s") and tokens.low(end - 1) != "corps"):
            return 0
        if self.cores.figure_follows(end):
            return 0
        additional = any(self.tokens.low(i) in {"another", "additional", "further", "extra"} for i in range(at, end))
        start, _, more = self._before(at, ranged=False)
        self._add(
            Quantity(
                start=tokens[start].start,
                end=tokens[end - 1].end,
                min=None,
                max=None,
                qualifier=Qualifier.NONE,
                additional=additional or more,
                unit=Unit(echelon=echelon, number=1),
            )
        )
        self.taken = end
        return end

    def _finish(self, core: Core) -> int:
        tokens = self.tokens
        reason = self._why_not(core)
        if reason is not None:
            self.found.append(
                NumberRejected(start=tokens[core.start].start, end=tokens[core.end - 1].end, reason=reason)
            )
            self.taken = core.end
            return core.end
        start, qualifier, additional = self._before(core.start, ranged=core.high is not None)
        end, qualifier, additional = self._after(core.end, qualifier, additional=additional)
        if core.floor is not None and tokens.low(end) == "of":  # "hundreds of additional troops"
            added = self.words.after.at(tokens, end + 1)
            additional = additional or (added is not None and added[1] == "additional")
        unit_end, echelon = self.cores.echelon(end)
        unit = None
        if echelon is not None and not (core.low and core.low.value > 999):
            if self.cores.figure_follows(unit_end):
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
                start=tokens[start].start,
                end=tokens[end - 1].end,
                min=low,
                max=high,
                qualifier=qualifier,
                additional=additional,
                unit=unit,
            )
        )
        self.taken = end
        return end

    def _why_not(self, core: Core) -> str | None:
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

    def _after(self, end: int, qualifier: Qualifier | None, *, additional: bool) -> tuple[int, Qualifier | None, bool]:
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

    def _values(self, core: Core, qualifier: Qualifier | None) -> tuple[int | None, int | None, Qualifier]:
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
