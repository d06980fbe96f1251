"""Events told once for several groups: shared figures, gapped clauses, "each"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.domain.claims import Force, Place
from worker.extraction.claims.drafts import Draft, Told
from worker.extraction.frames.events import Link
from worker.extraction.frames.judging import people_text
from worker.extraction.frames.owners import is_place
from worker.extraction.frames.parts import is_cued, join_part, total_for
from worker.extraction.frames.placing import PlaceRole
from worker.extraction.frames.scene import Scene
from worker.extraction.frames.whose import as_force
from worker.extraction.mentions.constructions import Constructions, PartWords, SharingWords
from worker.extraction.mentions.forces import ForceMention
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.syntax import Syntax

_GAPPED_TOKENS = 3
_MARKS_BETWEEN = frozenset({",", ":", "-"})

Pair = tuple[Draft, Group | None]
"""A draft and the group that it is about."""


def shares_figure(group: Group, groups: list[Group], syntax: Syntax) -> bool:
    """ "200 soldiers and police": the second noun stands under the first one's figure."""
    if group.counted is not None or group.force is not None or group.head.dep_ not in syntax.conjunct:
        return False
    return any(g.head.i == group.head.head.i and g.counted is not None for g in groups)


def is_part_only(scene: Scene, link: Link, told: Told, words: PartWords) -> bool:
    """ "Among them were six ...": what befell them is told with the total."""
    group = link.group
    if group is None or group.counted is None or link.event.trigger.strong:
        return False
    if not is_cued(scene.marked, group, words):
        return False
    return total_for(group.counted.quantity, scene.marked.index, [], told) is not None


def with_allies(scene: Scene, link: Link, draft: Draft, turns: Constructions, syntax: Syntax) -> list[Pair]:
    """The same claim for forces joined to the first: "from Nepal and India", "Niger and Togo have each sent 500"."""
    others: list[ForceMention] = []
    if link.group is not None and draft.quantity is None:
        others += link.group.allies or _joint_owners(scene, link, draft, turns, syntax)
    if (
        draft.quantity is not None
        and draft.force is not None
        and any(t.lower_ in turns.sharing.each for t in scene.marked.doc)
    ):
        senders = scene.subject_forces(link.event, syntax)
        others += [f for f in senders if f.country != draft.force.country]
    return [(replace(draft, force=as_force(scene.marked, other), spans=list(draft.spans)), None) for other in others]


def _joint_owners(scene: Scene, link: Link, draft: Draft, turns: Constructions, syntax: Syntax) -> list[ForceMention]:
    """ "*Chad, Niger and Togo* withdrew *their* soldiers": the owners beside the one that was read."""
    group = link.group
    if group is None or link.how != "object" or draft.force is None or group.force is not None:
        return []
    if not any(c.lower_ in turns.owners.theirs for c in group.head.children):
        return []
    owners = scene.subject_forces(link.event, syntax)
    known = {f.country for f in owners}
    return [f for f in owners if f.country not in (None, draft.force.country)] if draft.force.country in known else []


def paired(scene: Scene, links: Sequence[Link], pairs: list[Pair], words: SharingWords, syntax: Syntax) -> None:
    """ "Ghana and Togo sent 300 and 100 soldiers, *respectively*": each force, and each place, has its own figure."""
    if not any(t.lower_ in words.respectively for t in scene.marked.doc):
        return
    for event in {link.event.token.i: link.event for link in links}.values():
        own = {id(k.group) for k in links if k.event.token.i == event.token.i}
        drafts = [d for d, g in pairs if g is not None and g.counted is not None and id(g) in own]
        forces = scene.subject_forces(event, syntax)
        if len(drafts) > 1 and len(forces) == len(drafts):
            for draft, force in zip(drafts, forces, strict=True):
                draft.force = as_force(scene.marked, force)
        for at, draft in enumerate(drafts):
            if len(draft.locations) == len(drafts) > 1:
                draft.locations = (draft.locations[at],)


def gapped(scene: Scene, pairs: list[Pair], words: SharingWords) -> list[Pair]:
    """ "..., the United States to Poland and Britain to Estonia": forces and places that share the verb before."""
    countries = (d for d, g in pairs if g is not None and g.people is None and d.quantity is None and d.locations)
    model = next(countries, None)
    if model is None:
        return []
    found: list[Pair] = []
    for use in scene.uses:
        owner = next((f for f in scene.marked.forces if f.end == use.start - 1 and f.form in ("name", "capital")), None)
        if owner is None or owner.start == 0 or use.role is not PlaceRole.DESTINATION:
            continue
        before = scene.marked.doc[owner.start - 1].lower_
        if before == "," or before in words.before_force:
            force = as_force(scene.marked, owner)
            found.append((_like(model, force=force, locations=(use.place,)), None))
    return found


def sharing_figures(scene: Scene, pairs: list[Pair], told: Told, turns: Constructions, syntax: Syntax) -> list[Pair]:
    """Figures without an event of their own that share another's: parts, "France 7,000", "400 in Ouallam"."""
    framed = {id(group) for _, group in pairs}
    found: list[Pair] = []
    for group in scene.groups:
        if group.counted is None or id(group) in framed or group.counted.quantity.min is None:
            continue
        if any(g.whole is group for g in scene.groups) or _is_denied(group, turns):
            continue
        total = _shared_out(scene, group, pairs, turns.sharing)
        if total is not None:
            model: Draft | None = total
        elif is_cued(scene.marked, group, turns.parts):
            model = total_for(group.counted.quantity, scene.marked.index, [d for d, _ in pairs], told)
        else:
            model = _model(scene, group, pairs, turns.sharing, syntax)
        if model is None:
            continue
        marked = scene.marked
        span = marked.article_span(group.counted.start, group.counted.end)
        draft = _like(model, force=as_force(marked, group.force) if group.force is not None else model.force)
        draft.quantity, draft.count_span, draft.counted_spans = group.counted.quantity, span, [span]
        if group.people is not None:
            draft.personnel = group.personnel
        draft.personnel_text = people_text(marked, group)
        draft.sentence, draft.line, draft.line_kind = marked.index, marked.sentence.line, marked.line.kind
        draft.spans = [marked.reading.span(0, len(marked.reading.text))]
        if total is not None:
            join_part(draft, total)
        found.append((draft, group))
    return found


def _shared_out(scene: Scene, group: Group, pairs: list[Pair], words: SharingWords) -> Draft | None:
    """ "Twelve peacekeepers died, *nine from Uruguay*": the total of many countries' people that the figure parts."""
    counted, force = group.counted, group.force
    if counted is None or force is None or force.country is None or group.people is not None or group.start == 0:
        return None
    before = scene.marked.doc[min(group.start, counted.start) - 1]
    if not before.is_punct and before.lower_ not in words.before_part:
        return None
    for draft, whole in reversed(pairs):
        if whole is None or whole.counted is None or whole.counted.end > counted.start or draft.part_of is not None:
            continue
        ceiling = whole.counted.quantity.max
        own = draft.force is not None and draft.force.country is not None
        fits = draft.numbered and (ceiling is None or (counted.quantity.min or 0) <= ceiling)
        return draft if fits and not own else None
    return None


def _model(scene: Scene, group: Group, pairs: list[Pair], words: SharingWords, syntax: Syntax) -> Draft | None:
    """The draft whose event the figure shares, with the force and place that the figure has of its own."""
    if group.people is not None and not group.is_gapped:
        return None
    numbered = [(draft, told_of) for draft, told_of in pairs if told_of is not None and draft.numbered]
    place = _place_behind(scene, group)
    named = as_force(scene.marked, group.force) if group.force is not None and group.people is not None else None
    added = group.force is not None and group.people is None and scene.marked.doc[group.start - 1].lower_ in words.added
    if added and group.force is not None:
        named = as_force(scene.marked, group.force)
    owner = named or _force_before(scene, group, words, syntax)
    if owner is None:
        placed = (d for d, _ in reversed(numbered) if d.locations)
        return next((replace(d, locations=(place,)) for d in placed), None) if place is not None else None
    model = next((d for d, g in reversed(numbered) if g.head.i < group.head.i), None)
    if model is None:
        return None
    elsewhere = place is not None and model.locations and place not in model.locations
    return replace(model, force=owner, locations=(place,) if elsewhere and place is not None else model.locations)


def _is_denied(group: Group, turns: Constructions) -> bool:
    """ "71 of them *did not* come back": what the others did is not told of these."""
    verb = group.top.head
    return verb.pos_ in ("VERB", "AUX") and any(c.lower_ in turns.negation.not_ for c in verb.children)


def _force_before(scene: Scene, group: Group, words: SharingWords, syntax: Syntax) -> Force | None:
    doc = scene.marked.doc
    for force in reversed(scene.marked.forces):
        if is_place(scene.marked, force, syntax):
            continue
        between = doc[force.end].lower_ if force.end + 1 == group.start else None
        if force.end == group.start or between in _MARKS_BETWEEN or between in words.between:
            return as_force(scene.marked, force)
    return None


def _place_behind(scene: Scene, group: Group) -> Place | None:
    """ "and 400 in Ouallam": the place that a bare figure has of its own."""
    for use in scene.uses:
        near = use.role in (PlaceRole.LOCATION, PlaceRole.DESTINATION) and 1 <= use.start - group.end <= _GAPPED_TOKENS
        if near and scene.marked.doc[group.end].pos_ == "ADP":
            return use.place
    return None


def _like(model: Draft, *, force: Force | None, locations: tuple[Place, ...] | None = None) -> Draft:
    return replace(
        model,
        force=force,
        locations=model.locations if locations is None else locations,
        part_of=None,
        reasons=["clause:shared"],
        spans=list(model.spans),
        counted_spans=list(model.counted_spans),
    )
