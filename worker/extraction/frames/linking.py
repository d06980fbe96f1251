"""Links that need no verb, and the choice among all links of a sentence."""

from __future__ import annotations

from dataclasses import replace

from service.domain.claims import Kind, Outcome
from worker.extraction.frames.event_words import EventWords, Trigger
from worker.extraction.frames.events import Event, Link
from worker.extraction.frames.judging import stands_somewhere
from worker.extraction.frames.outcomes import toll_outcome
from worker.extraction.frames.placing import PlaceRole, PlaceUse
from worker.extraction.mentions.constructions import Constructions, LinkWords, OutcomeWords, begins_with
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.personnel import PeopleSort
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Token

_BEHIND_TOKENS = 10
_LONGEST_TURN = 4
_THERE = Trigger(id="there", kind=Kind.PRESENCE, outcome=None, whose="near", strong=False, noun=True)
_TOTAL = Trigger(id="total", kind=Kind.PRESENCE, outcome=None, whose="near", strong=False, noun=True, measures=True)
_CHANGE = replace(_TOTAL, noun=False)
_ORDER = {"object": 0, "subject": 0, "toll": 0, "clause": 1, "noun": 2, "near": 4}


def best_links(links: list[Link], syntax: Syntax) -> list[Link]:
    """One link for each group and kind of event: a strong word before a weak one, arguments before nearness."""
    chosen: dict[tuple[int, str], Link] = {}
    aside = syntax.relative_clause | syntax.noun_clause

    moves = (link.event.token for link in links if not link.event.trigger.counted)
    governing = {upper.i for token in moves for upper in _governors_as_complement(token, syntax)}

    def rank(link: Link) -> tuple[bool, int, bool, int]:
        trigger, token = link.event.trigger, link.event.token
        beside = trigger.kind is Kind.PRESENCE and token.dep_ in aside
        going = not trigger.strong and trigger.kind is Kind.DEPLOYMENT and _goes_somewhere(token, syntax)
        return (not (trigger.strong or going) or beside, _ORDER.get(link.how, 3), token.i in governing, token.i)

    for link in sorted(links, key=rank):
        who = link.group.head.i if link.group else -1 - (link.pronoun.i if link.pronoun else 0)
        trigger = link.event.trigger
        key = (who, f"{trigger.kind}:{trigger.outcome}")
        weak_beside_other = not trigger.strong and any(w == who for w, _ in chosen)
        if key not in chosen and not weak_beside_other:
            chosen[key] = link
    told = _without_homes(_without_carried(list(chosen.values()), aside), aside)
    return sorted(told, key=lambda k: k.event.token.i)


def _without_carried(links: list[Link], aside: frozenset[str]) -> list[Link]:
    """Of the hurt, that they were carried: "soldiers *wounded in Kabul* were flown to Germany"."""
    hurt = {
        link.group.head.i
        for link in links
        if link.group is not None
        and link.event.trigger.kind is Kind.CASUALTIES
        and link.event.trigger.outcome is not Outcome.CAPTURED
        and (link.event.token.dep_ in aside or link.how == "toll")
    }
    return [
        link
        for link in links
        if link.group is None
        or link.group.head.i not in hurt
        or link.event.trigger.kind is not Kind.DEPLOYMENT
        or link.event.trigger.whose != "object"
    ]


def _goes_somewhere(verb: Token, syntax: Syntax) -> bool:
    return bool(syntax.objects_behind(verb, syntax.prepositions["destination"]))


def _without_homes(links: list[Link], aside: frozenset[str]) -> list[Link]:
    """Of people who go elsewhere, where they had been: "soldiers *based in Italy* landed in Kirkuk"."""
    going = {
        link.group.head.i
        for link in links
        if link.group is not None and link.event.trigger.kind is Kind.DEPLOYMENT and link.event.token.dep_ not in aside
    }
    return [
        link
        for link in links
        if link.group is None
        or link.group.head.i not in going
        or link.event.trigger.kind is not Kind.PRESENCE
        or link.event.token.dep_ not in aside
    ]


def _governors_as_complement(token: Token, syntax: Syntax) -> list[Token]:
    """The words that only lead to an infinitive: "*are* *due* to leave"."""
    found: list[Token] = []
    while token.dep_ in syntax.open_complement | syntax.predicate and token.head.i < token.i:
        token = token.head
        found.append(token)
    return found


def toll_links(groups: list[Group], events: EventWords, words: OutcomeWords, syntax: Syntax) -> list[Link]:
    """Tolls are their own events: "600 dead", "70 wounded soldiers"."""
    found = []
    for group in groups:
        outcome = toll_outcome(group, words) if group.is_toll else _befallen(group, events, syntax)
        if group.is_toll or outcome is not None:
            trigger = Trigger(id="toll", kind=Kind.CASUALTIES, outcome=outcome, whose="toll", strong=True, noun=True)
            found.append(Link(event=Event(token=group.head, trigger=trigger), group=group, pronoun=None, how="toll"))
        if group.is_toll and group.counted is None and outcome is not None:
            found += _among_the_lost(group, groups, outcome, words, syntax)
    return found


def _among_the_lost(
    toll: Group, groups: list[Group], outcome: Outcome, words: OutcomeWords, syntax: Syntax
) -> list[Link]:
    """ "The dead *include* 12 South Africans and two Malawians"."""
    verb = toll.top.head
    if toll.top.dep_ not in syntax.subject or verb.lemma_.casefold() not in words.including:
        return []
    trigger = Trigger(id="among_lost", kind=Kind.CASUALTIES, outcome=outcome, whose="toll", strong=True, noun=True)
    told = {t.i for t in syntax.objects(verb)}
    return [
        Link(event=Event(token=toll.head, trigger=trigger), group=group, pronoun=None, how="toll")
        for group in groups
        if group.counted is not None and group.top.i in told
    ]


def _befallen(group: Group, events: EventWords, syntax: Syntax) -> Outcome | None:
    """What an adjective says befell counted people; held ones may be talked of for an exchange only."""
    if group.counted is None or group.people is None:
        return None
    for child in syntax.children(group.head, syntax.qualifier):
        outcome = events.tolls.get(child.lower_)
        if outcome is None and syntax.is_past_participle(child):
            triggers = events.verbs.get(child.lemma_.casefold(), ())
            outcome = next((t.outcome for t in triggers if _is_plain_loss(t)), None)
        if outcome is not None and outcome is not Outcome.CAPTURED and child.i < group.head.i:
            return outcome
    return None


def standing_links(
    marked: Marked,
    groups: list[Group],
    links: list[Link],
    uses: list[PlaceUse],
    *,
    turns: Constructions,
    syntax: Syntax,
) -> list[Link]:
    """People with a place right behind them and no event of their own: "about 12,000 troops in Kursk"."""
    linked = {link.group.head.i for link in links if link.group is not None}
    for link in links:
        if link.group is not None and link.group.whole is not None and link.event.trigger.kind is Kind.PRESENCE:
            linked.add(link.group.whole.head.i)
    found = [
        Link(event=Event(token=group.top, trigger=_THERE), group=group, pronoun=None, how="near")
        for group in groups
        if group.head.i not in linked
        and _may_stand(marked, group, turns.linking)
        and (_has_place_behind(marked, group, uses) or _is_told_somewhere(group, turns, syntax))
    ]
    found += [
        Link(event=_measuring(group), group=group, pronoun=None, how="noun")
        for group in groups
        if group.measured and not group.is_toll and group.head.i not in linked
    ]
    return found


def _measuring(group: Group) -> Event:
    """What tells how many they are: the verb where its tense is the figure's, else the noun itself."""
    if group.measure is not None:
        return Event(token=group.measure, trigger=_CHANGE)
    return Event(token=group.strength or group.top, trigger=_TOTAL)


def _may_stand(marked: Marked, group: Group, words: LinkWords) -> bool:
    if group.is_gapped:
        return False
    if group.is_toll or (group.counted is None and group.top.head.lower_ in words.beside):
        return False
    if group.top.head.pos_ == "ADP" and group.top.head.head.lemma_.casefold() in words.monuments:
        return False
    if group.people is None:
        if group.force is not None and group.force.form == "adjective":
            return group.counted is not None
        behind = [t.lower_ for t in marked.doc[group.end : group.end + _LONGEST_TURN]]
        return group.counted is not None and begins_with(behind, words.of_them)
    return group.counted is not None or (group.people.sort is PeopleSort.TYPED and group.force is not None)


def _is_told_somewhere(group: Group, turns: Constructions, syntax: Syntax) -> bool:
    return group.counted is not None and any(
        stands_somewhere(head, syntax.prepositions["location"], turns.judging, syntax)
        for head in {group.top, group.head}
    )


def _has_place_behind(marked: Marked, group: Group, uses: list[PlaceUse]) -> bool:
    for use in uses:
        between = marked.doc[group.end : use.start]
        near = use.role is PlaceRole.LOCATION and 0 < len(between) <= _BEHIND_TOKENS
        if near and not any(t.pos_ in ("VERB", "AUX") for t in between):
            return True
    return False


def _is_plain_loss(trigger: Trigger) -> bool:
    """Whether the word means a loss whatever stands beside it; "fallen soldiers" may be spoken of long after."""
    return trigger.kind is Kind.CASUALTIES and not trigger.companions and not trigger.unless
