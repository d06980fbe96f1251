"""Whether what a sentence tells is a claim: people, an event of theirs, and a place, told surely enough."""

from __future__ import annotations

from service.domain.claims import Force, Kind, Outcome, PersonnelType, Status
from worker.extraction.frames.events import Event, Link
from worker.extraction.frames.placing import PlaceUse
from worker.extraction.frames.status import StatusReading
from worker.extraction.mentions.constructions import JudgingWords
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.personnel import PeopleSort
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Token

_CIVIL_TOO = frozenset(
    {
        PersonnelType.ENGINEERS,
        PersonnelType.BUILDERS,
        PersonnelType.PILOTS,
        PersonnelType.MEDICS,
        PersonnelType.WORKERS,
        PersonnelType.VOLUNTEERS,
        PersonnelType.OFFICERS,
        PersonnelType.POLICE,
        PersonnelType.INSTRUCTORS,
        PersonnelType.SAILORS,
    }
)
"""People whom a company may send as well: without a force they are nobody's troops."""


# People that only all the forces of a country together are.
_WHOLE_ARMY = 500_000


def is_civil_too(personnel: PersonnelType | None) -> bool:
    return personnel is None or personnel in _CIVIL_TOO


def is_people(link: Link, force: Force | None, how_force: str, words: JudgingWords, *, denied: bool) -> bool:
    """Whether the link's group means somebody's military people."""
    group = link.group
    if group is None:
        return force is not None
    counted = group.counted is not None
    if group.is_toll:
        return force is not None and (counted or denied)
    if group.people is None:
        return force is not None or (counted and link.event.trigger.strong)
    if group.people.sort in (PeopleSort.BODY, PeopleSort.FORMATION):
        return force is not None
    if group.people.sort is PeopleSort.GENERIC:
        if force is not None and link.event.trigger.strong and (group.pointed or _are_men(group, words)):
            return counted or group.force is not None
        if force is not None and link.event.trigger.strong and _are_last(group, words):
            return True
        return how_force in {"named", "speaker"} and (counted or group.force is not None)
    return force is not None or denied or (counted and group.personnel not in _CIVIL_TOO)


def _are_last(group: Group, words: JudgingWords) -> bool:
    """ "Its *last men*"."""
    return group.head.lemma_ in words.men and any(c.lower_ in words.last for c in group.head.children)


def _are_men(group: Group, words: JudgingWords) -> bool:
    """ "115 *men*", of whom nothing else is told, as "14 young men" would; "two of *their* men"."""
    if group.counted is None or group.head.lemma_ not in words.men:
        return False
    return group.counted.end == group.head.i or any(c.lower_ in words.owners for c in group.head.children)


def is_event(
    link: Link,
    force: Force | None,
    how_force: str,
    chosen: list[PlaceUse],
    syntax: Syntax,
    *,
    somewhere: bool,
    denied: bool,
) -> bool:
    """Whether people, event and place together make a claim rather than talk.

    What is denied may be nobody's: "there are no mercenaries in Libya".
    """
    trigger, group = link.event.trigger, link.group
    counted = group is not None and group.counted is not None
    if trigger.kind is Kind.CASUALTIES and not counted and _loses_nobody(link, syntax):
        return False
    if link.how == "by place":
        return force is not None
    if trigger.measures:
        return counted and group is not None and (group.people is not None or group.measured)
    ours = link.pronoun is not None and link.pronoun.i < link.event.token.i and force is not None and not chosen
    if _is_only_travel(link, chosen) or (trigger.counted and not counted) or (ours and how_force == "speaker"):
        return False
    if trigger.strong:
        commentary = trigger.kind is Kind.CASUALTIES and link.how == "noun"
        return counted or (force is not None and not commentary)
    told = counted and group is not None and (group.people is not None or group.rest or _are_more(link))
    left = group is not None and (group.rest or _are_more(link))
    if told and force is not None and (somewhere or left):
        return True
    if link.how == "near":
        them = somewhere and group is not None and group.people is None and force is not None
        return them or (bool(chosen) and (force is not None or told))
    named = how_force == "named" and group is not None
    generic = group is not None and group.people is not None and group.people.sort is PeopleSort.GENERIC
    holds = trigger.kind is Kind.DEPLOYMENT or (trigger.holds and not generic)
    typed = group is not None and group.people is not None and group.people.sort is PeopleSort.TYPED
    told_of = named or (typed and how_force == "speaker")
    sure = counted or (force is not None and told_of) or (denied and typed)
    leaves = typed and trigger.kind is Kind.WITHDRAWAL and not (trigger.particles or syntax.objects(link.event.token))
    return (counted and named and (holds or leaves)) or (bool(chosen) and sure)


def _are_more(link: Link) -> bool:
    """ "*Another 100* are to follow": as many more of the people told before."""
    group = link.group
    if group is None or group.people is not None or group.counted is None:
        return False
    return group.counted.quantity.additional and (link.how == "subject" or link.event.trigger.active)


def is_whole_army(link: Link, words: JudgingWords, syntax: Syntax) -> bool:
    """ "Ukraine has an *army* of 900,000", and any figure that only a whole army has: it is nowhere in particular."""
    group = link.group
    if group is None or group.counted is None or not link.event.trigger.holds:
        return False
    held = (group.top, group.head, group.top.head.head, *syntax.subjects(link.event.token))
    named = any(token.lemma_.casefold() in words.armies for token in held)
    return named or (group.counted.quantity.min or 0) >= _WHOLE_ARMY


def _is_only_travel(link: Link, chosen: list[PlaceUse]) -> bool:
    """Whether a country or its nationals do what need not be an army's doing: "Germany pulled out of the talks"."""
    group = link.group
    if group is None or group.people is not None or group.force is None:
        return False
    if group.force.form in ("name", "capital"):
        return not any(use.anchor is not None and use.anchor.i == link.event.token.i for use in chosen)
    return group.force.form == "adjective" and link.event.trigger.kind is Kind.DEPLOYMENT and not chosen


def is_somewhere(link: Link, words: JudgingWords, syntax: Syntax) -> bool:
    """Whether the event or its people are said to be anywhere, though no gazetteer knows it: "on the beach"."""
    token = link.event.token
    heads = [token, *syntax.children(token, syntax.predicate)]
    if link.group is not None:
        heads += [link.group.top, link.group.head]
    leaves = link.event.trigger.kind in (Kind.WITHDRAWAL, Kind.DEPLOYMENT) and link.event.trigger.whose == "subject"
    if leaves and any(_is_place(o, words) for o in syntax.children(token, syntax.object)):
        return True
    prepositions = syntax.prepositions
    known = prepositions["location"] | prepositions["destination"] | prepositions["origin"]
    return any(stands_somewhere(head, known, words, syntax) for head in heads)


def stands_somewhere(head: Token, prepositions: frozenset[str], words: JudgingWords, syntax: Syntax) -> bool:
    """Whether a phrase of place hangs on the word by one of the prepositions: "*troops* on the beach"."""
    for child in head.children:
        if child.pos_ == "ADV" and child.lower_ in words.somewhere:
            return True
        linked = child.dep_ in syntax.preposition and child.lower_ in prepositions and child.i > head.i
        if linked and any(_is_place(inner, words) for inner in child.children):
            return True
    return False


def _is_place(token: Token, words: JudgingWords) -> bool:
    named = token.pos_ == "PROPN" and token.ent_type_ in words.place_entities
    return named or token.lemma_.casefold() in words.somewhere


def _loses_nobody(link: Link, syntax: Syntax) -> bool:
    """Whether a word of loss names no people: "to die is easy", "Chad lost"."""
    if link.group is None and link.event.token.tag_ in syntax.tags.plain_form:
        return True
    people = link.group is not None and link.group.people is not None
    return link.event.trigger.outcome is Outcome.KILLED_OR_WOUNDED and not people


def kind_of(event: Event, reading: StatusReading, chosen: list[PlaceUse], words: JudgingWords, syntax: Syntax) -> Kind:
    """ "Deployed in" a place is presence there; "deployed to" it is the movement."""
    trigger = event.trigger
    settled = reading.status in (Status.OCCURRED, Status.ONGOING)
    static = bool(chosen) and chosen[0].preposition in words.static
    if trigger.stays and settled and static and (trigger.noun or syntax.is_passive(event.token)):
        return Kind.PRESENCE
    return trigger.kind


def people_text(marked: Marked, group: Group | None) -> str | None:
    """The noun of the people as it stands."""
    if group is None or group.people is None:
        return None
    return marked.words(group.people.start, group.people.end)
