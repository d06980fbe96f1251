"""Which of a sentence's places an event goes to, comes from or happens at."""

from __future__ import annotations

from service.domain.claims import Kind, Place, PlaceLevel
from worker.extraction.frames.events import Event
from worker.extraction.frames.placing import OBJECT, PlaceRole, PlaceUse
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Token

_DETAIL_TOKENS = 8
_JOINED_TOKENS = 6
_LOWEST_SCORE = 0.5
_ASIDE_SCORE = -3.0
_SETTLED = (Kind.PRESENCE, Kind.CASUALTIES)


def places_for(
    event: Event, group: Group | None, uses: list[PlaceUse], others: set[int], *, syntax: Syntax
) -> tuple[list[PlaceUse], PlaceUse | None]:
    """The event's places, best first and with what is joined to them, and its place of origin.

    `others` are the tokens of the sentence's other events, whose places are not this one's.
    """
    near = _Nearness(event, group, others, syntax)
    leaving = event.trigger.kind is Kind.WITHDRAWAL
    scored: list[tuple[float, PlaceUse]] = []
    origin: PlaceUse | None = None
    for use in uses:
        if use.role is PlaceRole.OTHER and not _is_reached(use, event):
            continue
        if leaving and use.role is PlaceRole.DESTINATION:
            continue
        if near.is_where_they_were(use):
            continue
        if use.role is PlaceRole.ORIGIN and not leaving:
            origin = origin or (use if near.is_own(use) else None)
            continue
        score = near.score(use) + _fitness(event.trigger.kind, use.role)
        scored.append((score - min(2.0, abs(use.start - event.token.i) / 15), use))
    scored.sort(key=lambda pair: (-pair[0], pair[1].start))
    if not scored or scored[0][0] <= _LOWEST_SCORE:
        return [], origin
    best = scored[0][1]
    rest = sorted((use for _, use in scored[1:] if not near.is_elsewhere(use)), key=lambda use: use.start)
    return most_specific(on_one_side([best, *(use for use in rest if _goes_with(best, use))])), origin


def _is_reached(use: PlaceUse, event: Event) -> bool:
    """ "Entered *Kursk*": a place that is the object of a verb whose people are its subject."""
    direct = use.preposition == OBJECT and use.anchor is not None and use.anchor.i == event.token.i
    return direct and event.trigger.whose != "object"


class _Nearness:
    """How near a sentence's places stand to one event and its people, by the parse."""

    def __init__(self, event: Event, group: Group | None, others: set[int], syntax: Syntax) -> None:
        self._token, self._others, self._syntax = event.token, others, syntax
        self._people = {group.head.i, group.top.i} if group is not None else set()
        self._phrase = {t.i for t in group.top.subtree} if group is not None else set()
        self._moves = event.trigger.kind is Kind.DEPLOYMENT and not (event.trigger.noun or event.trigger.stays)
        # Who "joined the 200 soldiers" there went nowhere else.
        self._moves = self._moves and not (event.trigger.whose == "subject" and syntax.objects(event.token))
        self._is_noun = event.trigger.noun and event.trigger.whose == "of"
        self._subtree = {t.i for t in event.token.subtree}
        self._own = {event.token.i} | self._people

    def is_own(self, use: PlaceUse) -> bool:
        if use.anchor is None or self.is_elsewhere(use):
            return False
        return use.anchor.i in self._own or use.start in self._subtree

    def is_where_they_were(self, use: PlaceUse) -> bool:
        """ "*Troops in Iraq* are being sent to Helmand", but not "sent *troops in Iraq*"."""
        return self._moves and use.role is PlaceRole.LOCATION and use.end <= self._token.i and use.start in self._phrase

    def is_elsewhere(self, use: PlaceUse) -> bool:
        """Whether the place is another event's: "lost 300 in the Kursk region, and 11 *surrendered near Sudzha*"."""
        return use.anchor is not None and use.anchor.i in self._others

    def score(self, use: PlaceUse) -> float:
        anchor = use.anchor.i if use.anchor is not None else None
        if anchor == self._token.i:
            return 10.0
        if anchor in self._own:
            return 8.0
        if use.anchor is not None and anchor in self._others:
            aside = self._is_noun or (self._moves and self._tells_apart(use.anchor))
            return _ASIDE_SCORE if aside else 1.0 if self._tells_apart(use.anchor) else 2.5
        if use.start in self._subtree:
            return _ASIDE_SCORE if use.anchor is not None and self._is_by_the_way(use.anchor) else 6.0
        return 4.0 if _same_clause(use, self._token, self._syntax) else 1.5

    def _is_by_the_way(self, anchor: Token) -> bool:
        """ "Britain, *stretched in Iraq*, will send": in a clause about who sends or what, and not about the people."""
        aside = self._syntax.relative_clause | self._syntax.noun_clause
        for token in (anchor, *self._syntax.governors(anchor)):
            if token.i == self._token.i:
                return False
            if token.pos_ in ("VERB", "AUX") and token.dep_ in aside:
                return token.head.i not in self._own
        return False

    def _tells_apart(self, verb: Token) -> bool:
        """ "Troops *who had served in Bosnia* drove to Pristina": a clause that only says which people."""
        aside = self._syntax.relative_clause | self._syntax.noun_clause
        return verb.dep_ in aside and verb.head.i in self._own


def _fitness(kind: Kind, role: PlaceRole) -> float:
    """What speaks for or against a place of this role for an event of this kind."""
    if kind is Kind.WITHDRAWAL:
        return 4.0 if role is PlaceRole.ORIGIN else 0.0
    if kind is Kind.DEPLOYMENT and role is PlaceRole.DESTINATION:
        return 3.0
    return 1.5 if kind in _SETTLED and role is PlaceRole.LOCATION else 0.0


def _goes_with(best: PlaceUse, use: PlaceUse) -> bool:
    """Whether a further place is a detail of the best one or listed beside it."""
    if _holds(best.place, use.place) and use.role is best.role and 0 < use.start - best.end <= _DETAIL_TOKENS:
        return True
    near = use.anchor is not None and best.anchor is not None and use.anchor.i == best.anchor.i
    return near and use.preposition == best.preposition and abs(use.start - best.end) <= _JOINED_TOKENS


def _same_clause(use: PlaceUse, event: Token, syntax: Syntax) -> bool:
    """Whether the verb over a place is also over the event, or the event itself."""
    if use.anchor is None:
        return True
    above = {upper.i for upper in syntax.governors(event)} | {event.i}
    holder = use.anchor
    while holder.pos_ not in ("VERB", "AUX") and holder.head.i != holder.i:
        holder = holder.head
    return holder.i in above or holder.pos_ not in ("VERB", "AUX")


def on_one_side(uses: list[PlaceUse]) -> list[PlaceUse]:
    """ "In Jordan, near the border with Syria" is in Jordan; on the border of two others is with the first of them."""
    inside = [use for use in uses if use.border is None]
    return inside or uses[:1]


def most_specific(uses: list[PlaceUse]) -> list[PlaceUse]:
    """Without the places that hold another of the list: "Sudzha in the Kursk region" is Sudzha."""
    kept: list[PlaceUse] = []
    for use in uses:
        holds_other = any(other is not use and _holds(use.place, other.place) for other in uses)
        if not holds_other and all(use.place != k.place for k in kept):
            kept.append(use)
    return kept


def _holds(outer: Place, inner: Place) -> bool:
    if outer.level is PlaceLevel.COUNTRY:
        return inner.country == outer.country and inner.level is not PlaceLevel.COUNTRY
    if outer.level is PlaceLevel.REGION:
        return inner.region == outer.region and inner.level in (PlaceLevel.CITY, PlaceLevel.POINT)
    return False
