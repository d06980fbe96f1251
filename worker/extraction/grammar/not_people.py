"""Says why a number counts no people: it is a year, money, a measure, part of a name."""

from __future__ import annotations

import re

from worker.extraction.grammar.quantity_words import QuantityWords
from worker.extraction.grammar.tokens import TokenKind, Tokens

# Each alternative is a fixed shape with bounded repeats, or runs to the next space.
_OPAQUE = re.compile(
    r"""
      (?P<url> \b(?:https?://|www\.)\S+ )
    | (?P<handle> [@\#][\w.-]+ )
    | (?P<date> \b[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\b | \b[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{2,4})?\b(?!/)
        | \b[0-9]{1,2}\.[0-9]{1,2}\.(?:19|20)?[0-9]{2}\b | \b(?:19|20)[0-9]{2}/[0-9]{2,4}\b )
    | (?P<time> \b[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})? | \b[0-9]{1,2}\.[0-9]{2}\s?[apAP]\.?[mM]\b )
    | (?P<phone> \+[0-9][0-9 ()-]{8,18}[0-9] | \b[0-9]{3}-[0-9]{3}-[0-9]{4}\b | \([0-9]{3}\)\s?[0-9]{3}-[0-9]{4}\b )
    | (?P<designation> \b[0-9]+(?:\.[0-9]+){2,} )
    | (?P<numbering> ^\s{0,8}[0-9]{1,3}[.)](?=\s) | \[[0-9]{1,3}\] )
    """,
    re.VERBOSE,
)
_NUMBER_IN = re.compile(r"[0-9]")


def opaque_spans(text: str) -> tuple[tuple[int, int, str], ...]:
    """Stretches of text whose digits are never a figure, as half-open offsets with the reason."""
    if _NUMBER_IN.search(text) is None:
        return ()
    return tuple((m.start(), m.end(), str(m.lastgroup)) for m in _OPAQUE.finditer(text) if _NUMBER_IN.search(m.group()))


def why_not(
    tokens: Tokens, start: int, end: int, *, plain: bool, whole: int | None, floor: int, words: QuantityWords
) -> str | None:
    """The reason why the number in tokens `start` to `end` counts no people, or None.

    `plain` says that it is a bare run of digits, `whole` is its value when it is an integer.
    """
    return (
        _by_neighbors(tokens, start, end, words)
        or _by_right(tokens, end, words)
        or (_by_month(tokens, start, end, whole, words) if plain else None)
        or _by_left(tokens, start, floor, plain=plain, words=words)
        or (_by_year(tokens, start, end, whole, words) if plain else None)
        or ("decimal" if whole is None else None)
        or ("zero" if whole == 0 else None)
        or (_by_pronoun(tokens, start, end, words) if tokens.low(start) == "one" and end == start + 1 else None)
    )


def _by_neighbors(tokens: Tokens, start: int, end: int, words: QuantityWords) -> str | None:
    """What is written against the number: "Il-76", "2S19", "1980s", "three-pronged", "155mm"."""
    if tokens.joined(start - 1):
        before = tokens.kind(start - 1)
        if before is TokenKind.WORD and tokens.kind(start) is TokenKind.DIGITS:
            return "designation"
        if tokens.low(start - 1) == "_":
            return "designation"
        linked = tokens.low(start - 1) in ("-", "/") and start >= 2 and tokens.joined(start - 2)
        if linked and tokens.kind(start) is TokenKind.DIGITS and tokens.kind(start - 2) is not TokenKind.MARK:
            return "year" if tokens.low(start - 2) in {"mid", "pre", "post", "early", "late"} else "designation"
    if tokens.joined(end - 1) and tokens.kind(end) is TokenKind.WORD and tokens.kind(end - 1) is TokenKind.DIGITS:
        found = words.reject.right.at(tokens, end)
        if found is not None:
            return found[1]
        return "year" if tokens.low(end) == "s" and len(tokens[end - 1].text) >= 2 else "designation"
    hyphenated = tokens.low(end) == "-" and tokens.joined(end - 1) and tokens.joined(end)
    if hyphenated and tokens.kind(end + 1) is TokenKind.WORD and tokens.low(end + 1) not in words.compounds:
        found = words.reject.right.at(tokens, end) or words.reject.right.at(tokens, end + 1)
        if found is not None:
            return found[1]
        if words.echelons.names.at(tokens, end + 1) is None:
            return "compound"
    return None


def _by_right(tokens: Tokens, end: int, words: QuantityWords) -> str | None:
    """The unit after the number: "20 km", "5,000 dollars", "three more weeks", "23 years old"."""
    at = end + 1 if tokens.low(end) in {"of", "+"} else end
    for skip in (0, 1, 2):
        if skip and tuple(tokens.lows[at : at + skip]) not in words.reject.between:
            continue
        found = words.reject.right.at(tokens, at + skip)
        if found is not None and (not skip or found[1] == "duration"):
            return found[1]
    return None


def _by_month(tokens: Tokens, start: int, end: int, whole: int | None, words: QuantityWords) -> str | None:
    """A day of the month: "October 4", "4 October", "the 5th of July", "October 4 and 5"."""
    if whole is None or not 1 <= whole <= 31:
        return None
    at = end + 1 if tokens.low(end) == "of" else end
    if is_month(tokens, at, words):
        return "date"
    listed = tokens.low(end) in {"-", "and", "to", "or"} and tokens.kind(end + 1) is TokenKind.DIGITS
    if listed and is_month(tokens, end + 2, words):
        return "date"
    before = start - 1
    if tokens.low(before) == ".":
        before -= 1
    if tokens.low(before) in {"-", "and", "to", "or", ","} and tokens.kind(before - 1) is TokenKind.DIGITS:
        before -= 2
        if tokens.low(before) == ".":
            before -= 1
    if is_month(tokens, before, words) and not _people_follow(tokens, end, words):
        return "date"
    return None


def is_month(tokens: Tokens, index: int, words: QuantityWords) -> bool:
    low = tokens.low(index)
    return low in words.months and (low not in words.months_capital or tokens.capitalized(index))


def _by_left(tokens: Tokens, start: int, floor: int, *, plain: bool, words: QuantityWords) -> str | None:
    """A currency sign, an age or a label before the number: "$110", "aged 19", "Resolution 1701"."""
    at = start
    while at > floor and (step := words.before.before(tokens, at, floor)) is not None:
        at -= step[0]
    for begin in {at, start}:
        found = words.reject.left.before(tokens, begin, max(0, begin - 8))
        if found is not None and (
            found[1] in {"money", "ratio"} or (plain and not _is_numbering(tokens, begin, words))
        ):
            return found[1]
    return None


def _is_numbering(tokens: Tokens, start: int, words: QuantityWords) -> bool:
    """Whether the label is a verb: "the troops *number* 650", "who *number* 650", but not "bus *number* 650"."""
    before = tokens.low(start - 2)
    if tokens.low(start - 1) not in words.numbering or tokens.capitalized(start - 1):
        return False
    plural = before.endswith(words.numbering_plurals) and not before.endswith(words.numbering_singulars)
    return plural or before in words.numbering_after or (start > 2 and tokens.capitalized(start - 2))


def _by_year(tokens: Tokens, start: int, end: int, whole: int | None, words: QuantityWords) -> str | None:
    if whole is None or not words.year_first <= whole <= words.year_last or len(tokens[start].text) != 4:
        return None
    if words.year_left.before(tokens, start) is not None:
        return "year"
    if tokens.low(start - 1) == "," and tokens.kind(start - 2) is TokenKind.DIGITS:
        return "year"
    bound = words.before.before(tokens, start)
    if whole % 100 == 0 and bound is not None and bound[1] in {"at_least", "at_most"}:
        return None
    if tokens.low(end) == "of" and tokens.low(end + 1) in words.shares.determiners | words.shares.pronouns:
        return None
    return None if _people_follow(tokens, end, words) else "year"


def _people_follow(tokens: Tokens, end: int, words: QuantityWords) -> bool:
    """Whether a noun for people stands within the next few words of the phrase."""
    at = end + 2 if tokens.low(end) in {"to", "-", "and", "or"} else end
    for index in range(at, at + 4):
        if tokens.low(index) in words.people:
            return True
        if tokens.kind(index) is not TokenKind.WORD and tokens.low(index) not in {"-", "."}:
            return False
    return False


def _by_pronoun(tokens: Tokens, start: int, end: int, words: QuantityWords) -> str | None:
    qualifier = words.before.before(tokens, start)
    if qualifier is not None and qualifier[1] in {"at_least", "at_most", "more_than"}:
        return None
    follower = tokens.low(end)
    if follower in words.one_not_before or tokens.low(start - 1) in words.one_not_after:
        return "pronoun"
    return "pronoun" if tokens.kind(end) is not TokenKind.WORD else None
