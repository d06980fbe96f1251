"""Frames: who, how many, where and when of each event of a sentence, as drafts of claims."""

from __future__ import annotations

from dataclasses import dataclass, replace

from spacy.tokens import Token

from service.domain.claims import Force, Kind, Outcome, PersonnelType, Place, Polarity, Source, Status
from worker.extraction.attribution.speeches import SourceReader, Speech
from worker.extraction.claims.context import refine_places
from worker.extraction.claims.drafts import Draft, Told
from worker.extraction.frames.events import Event, EventWords, Link, Trigger, find_events, link_events
from worker.extraction.frames.owners import belongs_to, mention_at
from worker.extraction.frames.parts import find_parts, is_cued, total_for
from worker.extraction.frames.placing import PlaceReader, PlaceRole, PlaceUse, places_for
from worker.extraction.frames.status import StatusReader, StatusReading
from worker.extraction.frames.timing import time_for
from worker.extraction.mentions.figures import join_predicated_figures
from worker.extraction.mentions.forces import ForceMention
from worker.extraction.mentions.groups import Group, find_groups
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.personnel import PeopleSort, PersonnelWords
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.model import LineKind

_BEHIND_TOKENS = 10
_GAPPED_TOKENS = 3
_OF_THEM = (["of", "them"], ["of", "these"], ["of", "those"])
_THERE = Trigger(
    id="there", kind=Kind.PRESENCE, outcome=None, whose="near", strong=False, companions=frozenset(), noun=True
)


@dataclass(frozen=True, slots=True)
class Stages:
    """The readers that framing asks; another language brings its own words to the same ones."""

    syntax: Syntax
    personnel: PersonnelWords
    events: EventWords
    places: PlaceReader
    status: StatusReader
    sources: SourceReader
    speech_verbs: frozenset[str]
    carriers: frozenset[str]


class Framer:
    """Drafts the claims of one sentence after another; `told` carries what later sentences lean on."""

    def __init__(self, stages: Stages, told: Told, home: frozenset[str]) -> None:
        self._stages, self._told, self._home = stages, told, home
        self._here: list[Force] = []
        self._uses: list[PlaceUse] = []

    def frame(self, marked: Marked) -> list[Draft]:
        stages = self._stages
        self._here = []
        groups = find_groups(
            marked, stages.personnel, stages.syntax, leaving=stages.events.leaving, moving=stages.events.countries
        )
        join_predicated_figures(marked, groups, stages.syntax)
        events = find_events(marked, stages.events)
        links = link_events(marked, events, groups, stages.syntax)
        uses = stages.places.uses(marked, self._home)
        links += self._tolls(groups) + self._standing(marked, groups, links, uses)
        self._uses = uses
        self._told.places += [use.place for use in uses if use.role in (PlaceRole.LOCATION, PlaceRole.DESTINATION)]
        speeches = stages.sources.speeches(marked, self._told.speakers)
        pairs: list[tuple[Draft, Group | None]] = []
        for link in self._best_links(links):
            if link.group is not None and (self._shares_figure(link.group, groups) or self._is_part_only(marked, link)):
                continue
            draft = self._draft(marked, link, groups, events, uses, speeches)
            if draft is None:
                continue
            if draft.force is not None:
                self._here.append(draft.force)
            pairs.append((draft, link.group))
            if link.group is not None and draft.quantity is None:
                pairs += [
                    (replace(draft, force=self._as_force(marked, ally), spans=list(draft.spans)), None)
                    for ally in link.group.allies
                ]
            pairs += [
                (replace(draft, force=self._as_force(marked, other), spans=list(draft.spans)), None)
                for other in self._each(marked, link, draft)
            ]
        pairs += self._told_with_another(marked, groups, pairs)
        pairs += self._gapped(marked, pairs)
        find_parts(marked, pairs, self._told)
        drafts = [draft for draft, _ in pairs]
        self._remember(marked, groups, drafts, speeches)
        return drafts

    def _shares_figure(self, group: Group, groups: list[Group]) -> bool:
        """ "200 soldiers and police": the second noun stands under the first one's figure."""
        if group.counted is not None or group.force is not None or group.head.dep_ not in self._stages.syntax.conjunct:
            return False
        return any(g.head.i == group.head.head.i and g.counted is not None for g in groups)

    def _is_part_only(self, marked: Marked, link: Link) -> bool:
        """ "Among them were six ...": what befell them is told with the total."""
        group = link.group
        if group is None or group.counted is None or link.event.trigger.strong or not is_cued(marked, group):
            return False
        return total_for(group.counted.quantity, marked.index, [], self._told) is not None

    def _gapped(self, marked: Marked, pairs: list[tuple[Draft, Group | None]]) -> list[tuple[Draft, Group | None]]:
        """ "..., the United States to Poland and Britain to Estonia": forces and places that share the verb before."""
        model = next(
            (d for d, g in pairs if g is not None and g.people is None and d.quantity is None and d.locations), None
        )
        found: list[tuple[Draft, Group | None]] = []
        for use in self._uses if model is not None else ():
            owner = next((f for f in marked.forces if f.end == use.start - 1 and f.form in ("name", "capital")), None)
            joined = owner is not None and owner.start > 0 and marked.doc[owner.start - 1].lower_ in (",", "and", "the")
            if model is not None and owner is not None and joined and use.role is PlaceRole.DESTINATION:
                mine = replace(
                    model,
                    force=self._as_force(marked, owner),
                    locations=(use.place,),
                    reasons=["clause:shared"],
                    spans=list(model.spans),
                )
                found.append((mine, None))
        return found

    def _place_behind(self, marked: Marked, group: Group) -> Place | None:
        """ "and 400 in Ouallam": the place that a bare figure has of its own."""
        for use in self._uses:
            if (
                use.role is PlaceRole.LOCATION
                and 1 <= use.start - group.end <= _GAPPED_TOKENS
                and marked.doc[group.end].pos_ == "ADP"
            ):
                return use.place
        return None

    def _each(self, marked: Marked, link: Link, draft: Draft) -> list[ForceMention]:
        """ "Niger and Togo have each sent over 500": a claim for every sender but the first."""
        if draft.quantity is None or not any(t.lower_ == "each" for t in marked.doc):
            return []
        senders = [
            f for s in self._stages.syntax.subjects(link.event.token) for f in marked.forces if f.start <= s.i < f.end
        ]
        return [f for f in senders if draft.force is not None and f.country != draft.force.country]

    def _told_with_another(
        self, marked: Marked, groups: list[Group], pairs: list[tuple[Draft, Group | None]]
    ) -> list[tuple[Draft, Group | None]]:
        """Figures without an event of their own that share another's: parts of a total, and "France 7,000"."""
        framed = {id(group) for _, group in pairs}
        found: list[tuple[Draft, Group | None]] = []
        for group in groups:
            if group.counted is None or id(group) in framed or group.counted.quantity.min is None:
                continue
            before = [
                f
                for f in marked.forces
                if f.end == group.start
                or (f.end + 1 == group.start and marked.doc[f.end].lower_ in (",", ":", "-", "with", "some"))
            ]
            model: Draft | None = None
            force = self._as_force(marked, group.force) if group.force is not None else None
            if is_cued(marked, group):
                model = total_for(group.counted.quantity, marked.index, [d for d, _ in pairs], self._told)
            elif group.people is None and (place := self._place_behind(marked, group)) is not None:
                model = next((d for d, g in reversed(pairs) if g is not None and d.numbered and d.locations), None)
                model = replace(model, locations=(place,)) if model is not None else None
            elif before and group.people is None:
                model = next(
                    (d for d, g in reversed(pairs) if g is not None and g.head.i < group.head.i and d.numbered), None
                )
                force = self._as_force(marked, before[-1])
            if model is None:
                continue
            span = marked.article_span(group.counted.start, group.counted.end)
            draft = replace(
                model, quantity=group.counted.quantity, count_span=span, counted_spans=[span], force=force or model.force, part_of=None,
                personnel=self._personnel(group) if group.people is not None else model.personnel, sentence=marked.index,
                personnel_text=self._personnel_text(marked, group), line=marked.sentence.line, line_kind=marked.line.kind,
                spans=[marked.reading.span(0, len(marked.reading.text))], reasons=["clause:shared"],
            )  # fmt: skip
            found.append((draft, group))
        return found

    # ---- which event of which group

    def _best_links(self, links: list[Link]) -> list[Link]:
        """One link for each group and kind of event: a strong word before a weak one, arguments before nearness."""
        order = {"object": 0, "subject": 0, "toll": 0, "clause": 1, "noun": 2, "near": 4}
        chosen: dict[tuple[int, str], Link] = {}
        aside = self._stages.syntax.relative_clause | self._stages.syntax.noun_clause

        def rank(link: Link) -> tuple[bool, int, int]:
            trigger, token = link.event.trigger, link.event.token
            beside = trigger.kind is Kind.PRESENCE and token.dep_ in aside
            return (not trigger.strong or beside, order.get(link.how, 3), token.i)

        for link in sorted(links, key=rank):
            who = link.group.head.i if link.group else -1 - (link.pronoun.i if link.pronoun else 0)
            trigger = link.event.trigger
            key = (who, f"{trigger.kind}:{trigger.outcome}")
            weak_beside_other = not trigger.strong and any(w == who for w, _ in chosen)
            if key not in chosen and not weak_beside_other:
                chosen[key] = link
        return sorted(chosen.values(), key=lambda k: k.event.token.i)

    def _tolls(self, groups: list[Group]) -> list[Link]:
        found = []
        for group in groups:
            if group.is_toll and group.people is not None:
                trigger = Trigger(
                    id="toll", kind=Kind.CASUALTIES, outcome=_toll_outcome(group), whose="toll", strong=True,
                    companions=frozenset(), noun=True,
                )  # fmt: skip
                found.append(
                    Link(event=Event(token=group.head, trigger=trigger), group=group, pronoun=None, how="toll")
                )
        return found

    def _standing(self, marked: Marked, groups: list[Group], links: list[Link], uses: list[PlaceUse]) -> list[Link]:
        """People with a place right behind them and no event of their own: "about 12,000 troops in Kursk"."""
        linked = {link.group.head.i for link in links if link.group is not None}
        found = []
        for group in groups:
            typed = group.people is not None and group.people.sort is PeopleSort.TYPED and group.force is not None
            of_them = [t.lower_ for t in marked.doc[group.end : group.end + 2]] in _OF_THEM
            if group.head.i in linked or group.is_toll or not (group.counted or typed):
                continue
            if group.people is None and not of_them:
                continue
            for use in uses:
                between = marked.doc[group.end : use.start]
                if (
                    use.role is PlaceRole.LOCATION
                    and 0 < len(between) <= _BEHIND_TOKENS
                    and not any(t.pos_ in ("VERB", "AUX") for t in between)
                ):
                    found.append(
                        Link(event=Event(token=group.top, trigger=_THERE), group=group, pronoun=None, how="near")
                    )
                    break
        return found

    # ---- the fields of one draft

    def _draft(
        self,
        marked: Marked,
        link: Link,
        groups: list[Group],
        events: list[Event],
        uses: list[PlaceUse],
        speeches: list[Speech],
    ) -> Draft | None:
        group, event = link.group, link.event
        trigger = event.trigger
        reading = self._stages.status.read(event, group, marked.line.kind)
        if not reading.claimed:
            return None
        force, how_force = self._force(marked, link, groups, speeches)
        if group is not None and group.counted is None and trigger.kind is Kind.CASUALTIES:
            group.counted = group.single
        counted = group is not None and group.counted is not None
        if not self._is_people(group, force, counted, trigger, denied=reading.polarity is Polarity.DENIED):
            return None
        others = {e.token.i for e in events if e.token.i != event.token.i and not e.trigger.noun}
        chosen, origin = places_for(event, group, uses, others, syntax=self._stages.syntax)
        if not chosen and trigger.id.startswith("standby"):
            chosen = [use for use in uses if use.role is not PlaceRole.OTHER][:1]
        locations = tuple(use.place for use in chosen)
        if group is None and not trigger.strong and locations and force is not None:
            refine_places(self._told.drafts, locations, force, marked.index)
        if not self._is_event(trigger, link, counted, force, how_force, chosen, group):
            return None
        if force is None and origin is not None and origin.place.country and trigger.kind is Kind.DEPLOYMENT:
            force, how_force = Force(country=origin.place.country, text=origin.place.text), "from origin"
        time = time_for(marked, event.token, self._stages.syntax, self._stages.speech_verbs, future=reading.future)
        outcome = self._outcome(event, group)
        kind = self._kind(event, reading, chosen)
        reasons = [f"{link.how}:{trigger.id}"]
        if how_force != "named":
            reasons.append(f"force {how_force}")
        if not trigger.strong:
            reasons.append("weak event")
        quantity = group.counted.quantity if group is not None and group.counted is not None else None
        count_span = marked.article_span(group.counted.start, group.counted.end) if group and group.counted else None
        return Draft(
            kind=kind, outcome=outcome, status=reading.status, polarity=reading.polarity, force=force,
            personnel=self._personnel(group), personnel_text=self._personnel_text(marked, group), quantity=quantity,
            count_text=None, count_span=count_span, locations=locations, origin=origin.place if origin else None,
            transport=self._transport(event.token), time=time,
            chain=self._chain(marked, event, reading, speeches), spans=[marked.reading.span(0, len(marked.reading.text))],
            counted_spans=[count_span] if count_span else [], sentence=marked.index, line=marked.sentence.line,
            line_kind=marked.line.kind, reasons=reasons,
        )  # fmt: skip

    def _is_people(
        self, group: Group | None, force: Force | None, counted: bool, trigger: Trigger, *, denied: bool
    ) -> bool:
        if group is None:
            return force is not None
        if group.is_toll:
            return force is not None and (counted or denied)
        if group.people is None:
            return force is not None or (counted and trigger.strong)
        sort = group.people.sort
        if sort in (PeopleSort.BODY, PeopleSort.FORMATION):
            return force is not None
        if sort is PeopleSort.GENERIC:
            return force is not None and (counted or group.force is not None)
        return force is not None or counted

    def _is_event(
        self,
        trigger: Trigger,
        link: Link,
        counted: bool,
        force: Force | None,
        how_force: str,
        chosen: list[PlaceUse],
        group: Group | None,
    ) -> bool:
        """Whether people, event and place together make a claim rather than talk."""
        if trigger.strong and counted:
            return True
        if trigger.id == "total":
            return counted and group is not None and group.people is not None
        if trigger.strong:
            if trigger.kind is Kind.CASUALTIES:
                return force is not None and link.how != "noun"
            return force is not None
        if link.how == "near":
            return bool(chosen)
        typed = group is not None and (group.people is None or group.people.sort is not PeopleSort.GENERIC)
        holds = trigger.kind is Kind.DEPLOYMENT or (typed and trigger.id in ("keep", "take_part", "total"))
        if counted and how_force == "named" and holds:
            return True
        return bool(chosen) and (counted or (force is not None and how_force == "named" and group is not None))

    def _kind(self, event: Event, reading: StatusReading, chosen: list[PlaceUse]) -> Kind:
        """ "Deployed in" a place is presence there; "deployed to" it is the movement."""
        settled = reading.status in (Status.OCCURRED, Status.ONGOING)
        if (
            event.trigger.id in ("deploy", "deployment")
            and settled
            and chosen
            and chosen[0].preposition in ("in", "at", "on", "along")
        ):
            if event.trigger.noun or self._stages.syntax.is_passive(event.token):
                return Kind.PRESENCE
        return event.trigger.kind

    def _outcome(self, event: Event, group: Group | None) -> Outcome | None:
        if event.trigger.kind is not Kind.CASUALTIES:
            return None
        outcome = event.trigger.outcome
        joined = {t.lower_ for t in event.token.doc[max(0, event.token.i - 2) : event.token.i + 4]}
        if outcome is Outcome.KILLED and joined & {"wounded", "injured"} and joined & {"or", "and"}:
            same_subject = not any(
                c.dep_ in ("nsubj", "nsubjpass") and c.i > event.token.i
                for t in event.token.children
                if t.dep_ == "conj"
                for c in t.children
            )
            if same_subject:
                return Outcome.KILLED_OR_WOUNDED
        if outcome is Outcome.KILLED_OR_WOUNDED and joined & {"dead", "killed"} and not joined & {"wounded", "injured"}:
            return Outcome.KILLED
        del group
        return outcome

    def _personnel(self, group: Group | None) -> PersonnelType | None:
        if group is None or group.people is None or group.people.type is None:
            return PersonnelType.TROOPS
        return group.people.type

    def _personnel_text(self, marked: Marked, group: Group | None) -> str | None:
        if group is None or group.people is None:
            return None
        return marked.doc[group.people.start : group.people.end].text

    def _transport(self, event: Token) -> str | None:
        for token in event.subtree:
            if (
                token.lemma_.casefold() in self._stages.carriers
                and token.dep_ in self._stages.syntax.prepositional_object | self._stages.syntax.object
            ):
                link = token.head.lower_
                if link in ("aboard", "by", "via", "on", "in", "using", "with"):
                    return str(token.doc[token.left_edge.i : token.i + 1].text)
        return None

    def _chain(
        self, marked: Marked, event: Event, reading: StatusReading, speeches: list[Speech]
    ) -> tuple[Source, ...]:
        chain = self._stages.sources.chain(marked, event.token, speeches)
        if reading.denier is not None:
            denying = [s for s in speeches if s.verb is not None and s.verb.i == reading.denier.i]
            for speech in denying:
                chain = (*[c for c in chain if c not in speech.chain], *speech.chain)
        if not chain and self._told.label is not None:
            return (self._told.label,)
        if not chain and self._told.quoted_by and marked.reading.text.startswith('"'):
            return self._told.quoted_by
        return chain

    # ---- whose people

    def _force(
        self, marked: Marked, link: Link, groups: list[Group], speeches: list[Speech]
    ) -> tuple[Force | None, str]:
        group, event = link.group, link.event
        if group is not None and group.force is not None:
            return self._as_force(marked, group.force), "named"
        if group is not None and group.people is None and event.trigger.whose == "object":
            before = [g for g in groups if g.force is not None and g.people is not None and g.end <= group.start]
            if before and before[-1].force is not None:
                return self._as_force(marked, before[-1].force), "carried"
        if event.trigger.id == "total":
            for subject in self._stages.syntax.subjects(event.token):
                body = event.token.head if subject.tag_ in ("WDT", "WP") else subject
                body = (
                    next((u for u in self._stages.syntax.governors(event.token) if u.pos_ == "NOUN"), body)
                    if subject.tag_ in ("WDT", "WP")
                    else body
                )
                known = self._told.force_of_noun(body.lemma_.casefold())
                if known is not None and mention_at(marked, body) is None:
                    return known, "carried"
        owner = belongs_to(marked, group, event.token, self._stages.syntax, kind=event.trigger.kind)
        if owner == "speaker":
            chain = self._stages.sources.chain(marked, event.token, speeches)
            country = next((s.country for s in reversed(chain) if s.country), None)
            return (Force(country=country, text="our"), "speaker") if country else (None, "unknown")
        if isinstance(owner, ForceMention):
            return self._as_force(marked, owner), "named"
        pointing = group is None or group.definite or group.people is None or group.is_toll
        earlier = [g for g in groups if g.force is not None and g.end <= event.token.i and g is not group]
        if earlier and (pointing or (group is not None and group.counted is not None)):
            near = earlier[-1].force
            if near is not None:
                return self._as_force(marked, near), "carried"
        if self._here and (pointing or (group is not None and group.counted is not None)):
            return self._here[-1], "carried"
        if group is not None and group.definite:
            same = self._told.force_of_noun(group.head.lemma_.casefold())
            if same is not None:
                return same, "carried"
        if pointing or (group is not None and group.counted is not None and group.counted.quantity.additional):
            last = self._told.last_people() if not self._sent_by_unknown(marked, link) else None
            if last is not None and (
                group is None or group.definite or (self._told.forces and marked.index - self._told.forces[-1][0] <= 2)
            ):
                return last, "carried"
        if group is not None and group.counted is not None and self._told.forces:
            sentence, last, _ = self._told.forces[-1]
            if marked.index - sentence <= 1 and not self._sent_by_unknown(marked, link):
                return last, "carried"
        if (
            event.trigger.kind is Kind.DEPLOYMENT
            and group is not None
            and group.people is not None
            and link.how == "object"
        ):
            chain = self._stages.sources.chain(marked, event.token, speeches)
            country = next((s.country for s in reversed(chain) if s.country), None)
            if country:
                return Force(country=country, text=None), "speaker"
        return None, "unknown"

    def _sent_by_unknown(self, marked: Marked, link: Link) -> bool:
        """Whether somebody who is no known force sends them, so that no force told before is theirs."""
        if link.how != "object":
            return False
        subjects = self._stages.syntax.subjects(link.event.token)
        return any(s.pos_ == "PROPN" or (s.pos_ == "NOUN" and s.ent_type_) for s in subjects)

    def _as_force(self, marked: Marked, mention: ForceMention) -> Force:
        start, end = marked.article_span(mention.start, mention.end)
        del start, end
        return mention.force(marked.doc[mention.start : mention.end].text)

    # ---- what later sentences lean on

    def _actors(self, marked: Marked) -> list[ForceMention]:
        """Countries that move their own: subjects of the sentence's events of movement."""
        found = []
        for token in marked.doc:
            if token.pos_ == "VERB" and any(
                t.kind is not Kind.CASUALTIES and t.strong
                for t in self._stages.events.verbs.get(token.lemma_.casefold(), ())
            ):
                found += [
                    f for s in self._stages.syntax.subjects(token) for f in marked.forces if f.start <= s.i < f.end
                ]
            elif token.lemma_.casefold() in self._stages.events.nouns and token.pos_ == "NOUN":
                found += [
                    f for s in self._stages.syntax.subjects(token.head) for f in marked.forces if f.start <= s.i < f.end
                ]
        return found

    def _remember(self, marked: Marked, groups: list[Group], drafts: list[Draft], speeches: list[Speech]) -> None:
        for force in self._actors(marked):
            self._told.forces.append((marked.index, self._as_force(marked, force), None))
        for group in groups:
            if group.force is not None and group.people is not None and not group.is_toll:
                self._told.forces.append((marked.index, self._as_force(marked, group.force), group))
        for draft in drafts:
            if draft.force is not None and "force named" not in draft.reasons:
                self._told.forces.append((marked.index, draft.force, None))
        self._told.drafts += drafts
        spoken = [s for s in speeches if s.verb is not None and s.chain and not s.points_back]
        if spoken:
            self._told.quoted_by = spoken[-1].chain
        for speech in speeches:
            if speech.points_back:
                for draft in self._told.drafts:
                    if (
                        not draft.chain
                        and draft.line_kind is not LineKind.PROSE
                        or (not draft.chain and marked.index - draft.sentence <= 3)
                    ):
                        draft.chain = speech.chain
                        draft.reasons.append("source announced after")


def _toll_outcome(group: Group) -> Outcome | None:
    """ "4,500 killed and wounded" counts both."""
    assert group.people is not None  # noqa: S101 - tolls have a noun
    doc, at = group.head.doc, group.head.i
    words = {t.lower_ for t in doc[max(0, at - 3) : at + 4]}
    if words & {"killed", "dead"} and words & {"wounded", "injured"} and words & {"and", "or"}:
        neighbors = {t.lower_ for t in doc[max(0, at - 2) : at + 3]}
        if not any(t.pos_ == "NUM" for t in doc[max(0, at - 1) : at + 3] if t.i != at) and neighbors & {"and", "or"}:
            return Outcome.KILLED_OR_WOUNDED
    return group.people.outcome
