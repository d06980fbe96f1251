"""Groups of people in a sentence: a noun or a bare figure, with its figure and the force it names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from service.domain.claims import PersonnelType, Qualifier
from worker.extraction.mentions.belonging import ForceJoiner
from worker.extraction.mentions.constructions import Constructions, GroupWords, length_at_start
from worker.extraction.mentions.counting import WIDEST_NOUN_PHRASE, FigureFinder
from worker.extraction.mentions.forces import ForceMention
from worker.extraction.mentions.marking import Counted, Marked
from worker.extraction.mentions.personnel import People, PeopleSort, PersonnelWords
from worker.extraction.mentions.phrases import PhraseExtent
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.model import Quantity
from worker.extraction.parsing.tree import Token

_CLIMBS = 4
_LONGEST_TURN = 4
_MOST_FORMATIONS = 150
_REST_TOKENS = 2
_ASIDE_MARKS = frozenset({",", "(", "–", "—"})


@dataclass(slots=True, kw_only=True)
class Group:
    """People that one phrase names. Tokens [start, end) are the phrase from its figure or force to its noun.

    `top` is the token that stands for the phrase in the sentence: "hundreds" in "hundreds of men".
    `people` is None for a bare figure ("300 were killed") and for a force alone ("the North Koreans").
    `allies` are further forces joined to `force` ("from Nepal and India"); `single` is the "a" of "a soldier".
    `definite` people were told of before, `pointed` ones too, though their figure is new: "300 of *the* men".
    `measured` tells that a verb gave the figure: "bringing the number of troops to 500"; `measure` is the verb where
    its tense is the figure's, and `strength` the noun that says how many there are where it names no people: "its
    *presence* rose to 500". `whole` are those that these are a part of: "400 of *its 1,100 soldiers*".
    `rest` are those left of people told before: "the *remaining* 700", "the rest, about 9,000".
    """

    head: Token
    top: Token
    start: int
    end: int
    people: People | None = None
    counted: Counted | None = None
    force: ForceMention | None = None
    definite: bool = False
    pointed: bool = False
    allies: tuple[ForceMention, ...] = ()
    single: Counted | None = None
    measured: bool = False
    measure: Token | None = None
    strength: Token | None = None
    whole: Group | None = None
    rest: bool = False

    @property
    def personnel(self) -> PersonnelType:
        """What people they are; a force or figure alone means troops."""
        kind = self.people.type if self.people is not None else None
        return kind if kind is not None else PersonnelType.TROOPS

    @property
    def is_toll(self) -> bool:
        return self.people is not None and self.people.sort is PeopleSort.TOLL

    @property
    def is_gapped(self) -> bool:
        """ "..., and *Guatemala 150 soldiers*": a country and its figure with no verb between."""
        if self.counted is None or self.force is None or self.people is None:
            return False
        return self.force.form in ("name", "capital") and self.force.end == self.counted.start

    def covers(self, token: Token) -> bool:
        return self.start <= token.i < self.end or token.i == self.top.i

    def covers_any(self, tokens: Iterable[Token]) -> bool:
        return any(self.covers(token) for token in tokens)


def find_groups(
    marked: Marked,
    words: PersonnelWords,
    turns: Constructions,
    syntax: Syntax,
    *,
    extent: PhraseExtent,
    forces: ForceJoiner,
) -> list[Group]:
    """All groups of the sentence in order, civilians left out."""
    figures = FigureFinder(marked, turns.counting, syntax, extent)
    return _GroupFinder(marked, words, turns.groups, syntax, figures=figures, forces=forces).find()


class _GroupFinder:
    def __init__(
        self,
        marked: Marked,
        words: PersonnelWords,
        turns: GroupWords,
        syntax: Syntax,
        *,
        figures: FigureFinder,
        forces: ForceJoiner,
    ) -> None:
        self._marked, self._doc, self._words, self._turns, self._syntax = marked, marked.doc, words, turns, syntax
        self._figures, self._forces = figures, forces

    def find(self) -> list[Group]:
        groups: list[Group] = []
        heads = frozenset(people.end - 1 for people in self._marked.people)
        for people in self._marked.people:
            group = self._people_group(people, heads)
            if group is not None:
                groups.append(group)
        groups = self._without_doubles(groups)
        groups = self._with_strengths(groups)
        groups += self._force_groups(groups)
        groups += self._bare_figures(groups)
        _part_wholes(groups)
        self._share_nouns(groups)
        groups.sort(key=lambda group: group.head.i)
        return groups

    def _without_doubles(self, groups: list[Group]) -> list[Group]:
        """One group for "a contingent of 400 officers" and for "two soldiers, both sappers"."""
        kept: list[Group] = []
        groups = [g for g in groups if not self._is_in_name(g, groups)]
        for group in groups:
            others = [g for g in groups if g is not group]
            told_again = next((g for g in others if self._is_aside(g, group)), None)
            inner = next((g for g in others if g.top.i == group.head.i), None)
            outer = next((g for g in others if self._is_apposed(group, g)), None)
            if told_again is not None:
                told_again.top = group.top
            elif inner is not None:
                _join_inner(inner, group)
            elif outer is not None and (outer.counted is not None or group.counted is None):
                outer.force = outer.force or group.force
                if group.counted is not None and outer.counted is not None and outer.counted.quantity.unit is not None:
                    outer.counted = group.counted
            else:
                kept.append(group)
        return kept

    def _is_in_name(self, group: Group, groups: list[Group]) -> bool:
        """ "300 members of the Royal *Marines*": a word of the name of others' force."""
        names = [g.force for g in groups if g is not group and g.force is not None]
        return any(force.start <= group.head.i < force.end for force in names)

    def _with_strengths(self, groups: list[Group]) -> list[Group]:
        """ "Two battalions, *about 1,600 men in all*", "a battalion, *800 men strong*": how many these are."""
        kept: list[Group] = []
        for group in groups:
            outer = kept[-1] if kept else None
            if outer is not None and self._is_strength_of(group, outer):
                outer.counted = group.counted
            else:
                kept.append(group)
        return kept

    def _is_strength_of(self, group: Group, outer: Group) -> bool:
        if group.counted is None or group.force is not None or group.people is None or group.start == 0:
            return False
        numbered = outer.counted is not None and outer.counted.quantity.bounded
        formed = outer.people is not None and outer.people.sort in (PeopleSort.FORMATION, PeopleSort.BODY)
        between = self._doc[outer.end : group.start]
        if numbered or not formed or not len(between) or between[-1].text not in _ASIDE_MARKS:
            return False
        if any(t.pos_ in ("VERB", "AUX") or t.dep_ in self._syntax.coordinator for t in between):
            return False
        behind = tuple(t.lower_ for t in self._doc[group.end : group.end + _LONGEST_TURN])
        return length_at_start(behind, self._turns.in_all) > 0

    def _is_apposed(self, group: Group, other: Group) -> bool:
        head, counted = group.head, group.counted
        if counted is not None and (self._points_back(counted) or self._behind_pronoun(counted.end) > counted.end):
            return False
        if group.is_gapped or _is_fewer(group, other):
            return False
        return group.top.i == head.i and head.dep_ in self._syntax.apposition and head.head.i == other.head.i

    def _is_aside(self, first: Group, second: Group) -> bool:
        """ "two soldiers, both sappers": the second only says more of the first."""
        if second.counted is not None or second.start - first.end != 2:
            return False
        comma, word = self._doc[first.end : second.start]
        return comma.lower_ == "," and word.lower_ in self._turns.aside

    def _people_group(self, people: People, heads: frozenset[int]) -> Group | None:
        head = self._doc[people.end - 1]
        if people.sort is PeopleSort.CIVILIAN or self._modifies_noun(head) or self._is_civil_body(people, head):
            return None
        people = self._with_kind(people)
        counted = self._figures.before(people.start, heads) or self._figures.behind(people.end)
        if counted is None and people.sort is PeopleSort.FORMATION:
            counted = next((c for c in self._marked.counted if c.start < people.end and people.start < c.end), None)
        if counted is not None and people.sort is PeopleSort.FORMATION:
            counted = self._in_formations(counted, head)
        top = self._top(head)
        if counted is not None and counted.end <= top.i < people.start and top.lemma_.casefold() in self._turns.loads:
            counted = None
        if counted is not None and top.lower_ in self._turns.shares and self._is_definite(head, head, counted):
            counted = None
        start = min(people.start, counted.start) if counted else people.start
        left = head.left_edge.i if people.end - 1 - head.left_edge.i <= WIDEST_NOUN_PHRASE else people.start
        force = self._forces.of(head, left, people)
        if force is not None and force.end <= head.i:
            start = min(start, force.start)
        if counted is not None:
            self._figures.taken.add(counted.start)
        return Group(
            head=head, top=top, start=start, end=people.end, people=people, counted=counted, force=force,
            measured=counted is not None and top.lemma_ in self._turns.counters and counted.start < top.i,
            definite=self._is_definite(head, top, counted), pointed=self._is_definite(head, head, None),
            allies=self._forces.allies(force, head),
            single=self._single(head, people) if force is not None else None,
        )  # fmt: skip

    def _is_civil_body(self, people: People, head: Token) -> bool:
        """ "A *fact-finding mission*", "a *diplomatic* mission": officials on a journey."""
        if people.sort is not PeopleSort.BODY:
            return False
        before = self._doc[max(0, head.left_edge.i) : head.i]
        return any(token.lower_ in self._turns.civil for token in before)

    def _with_kind(self, people: People) -> People:
        """ "*Police* troops", "*commando* units": the noun before tells what people they are, and where they begin."""
        before = next((p for p in self._marked.people if p.end == people.start), None)
        if before is None or before.sort is not PeopleSort.TYPED or people.sort is PeopleSort.CIVILIAN:
            return people
        kind = before.type if people.type in (None, PersonnelType.TROOPS) else people.type
        return replace(people, start=before.start, sort=PeopleSort.TYPED, type=kind)

    def _modifies_noun(self, head: Token) -> bool:
        """Whether the noun only qualifies another: "troop carriers", "the soldiers' coffins"."""
        if self._counts_behind(head):
            return True
        if head.dep_ in self._syntax.qualifier and head.head.i > head.i and head.head.pos_ in ("NOUN", "PROPN"):
            if head.head.lemma_.casefold() in self._turns.memberships:
                return False
            return not any(p.start <= head.head.i < p.end and p.start != head.i + 1 for p in self._marked.people)
        return head.dep_ in self._syntax.owner

    def _in_formations(self, counted: Counted, head: Token) -> Counted:
        """ "20 Eritrean *divisions*": so many formations, and not people; "a 2,000-strong *division*" are people."""
        number = counted.quantity.min
        alone = self._doc[counted.end - 1].pos_ == "NUM" and self._doc[counted.end].lower_ != "-"
        few = number is not None and number <= _MOST_FORMATIONS
        plural = head.tag_ in self._syntax.tags.plural_noun and counted.end <= head.i
        return counted.in_formations(head.lemma_.casefold()) if alone and few and plural else counted

    def _counts_behind(self, head: Token) -> bool:
        """ "A 2,000-*man* regiment": the noun belongs to the figure of the one behind it."""
        if head.i < 2 or head.i + 1 >= len(self._doc) or self._doc[head.i - 1].lower_ != "-":
            return False
        figured = any(c.end == head.i - 1 for c in self._marked.counted)
        return figured and self._doc[head.i + 1].pos_ in ("ADJ", "NOUN", "PROPN", "VERB")

    def _is_definite(self, head: Token, top: Token, counted: Counted | None) -> bool:
        for token in {head, top}:
            for child in self._syntax.children(token, self._syntax.determiner):
                if child.lower_ in self._words.determiners:
                    return counted is None or child.i < counted.start
        return False

    def _top(self, head: Token) -> Token:
        """Climbs "of" out of containers and figures: hundreds *of* men, a group *of* soldiers."""
        top = head
        for _ in range(_CLIMBS):
            upper = self._holder(top)
            if upper is None:
                return top
            top = upper
        return top

    def _holder(self, token: Token) -> Token | None:
        """The container or figure right above the token."""
        link = token.head
        if token.dep_ in self._syntax.prepositional_object and link.lower_ in self._turns.holding:
            upper = link.head
            is_figure = any(c.start <= upper.i < c.end for c in self._marked.counted)
            container = upper.lemma_.casefold() in self._words.containers and not self._is_of_others(upper)
            if upper.i != link.i and (container or is_figure):
                return upper
        if token.dep_ in self._syntax.apposition and link.lemma_.casefold() in self._words.containers:
            return None if self._syntax.children(link, self._syntax.number) else link
        return None

    def _is_of_others(self, part: Token) -> bool:
        """ "Kenyan forces *part* of the mission": people stand right before it, and the mission is not who moves."""
        return any(p.end == part.i and part.i - 1 in [c.i for c in part.children] for p in self._marked.people)

    def _single(self, head: Token, people: People) -> Counted | None:
        """ "A soldier": one, unnamed and counted."""
        if people.sort is not PeopleSort.TYPED or head.tag_ not in self._syntax.tags.singular_noun:
            return None
        determiners = self._syntax.children(head, self._syntax.determiner)
        article = next((c for c in determiners if c.lower_ in self._turns.one), None)
        if article is None or self._syntax.children(head, self._syntax.apposition):
            return None
        one = Quantity(start=article.idx, end=article.idx + len(article), min=1, max=1, qualifier=Qualifier.EXACT)
        return Counted(start=article.i, end=article.i + 1, quantity=one)

    def _force_groups(self, groups: list[Group]) -> list[Group]:
        """Peoples and bodies named by their force alone: "the North Koreans", "Wagner", "NATO"."""
        found: list[Group] = []
        for force in self._marked.forces:
            head = self._doc[force.end - 1]
            if not self._forces.stands_for_people(force):
                continue
            if any(g.start <= head.i < g.end or g.force is force for g in groups):
                continue
            counted = self._figures.before(force.start, ())
            between = self._doc[counted.end : force.start] if counted is not None else ()
            if any(t.is_punct or t.dep_ in self._syntax.coordinator for t in between):
                counted = None
            if counted is not None:
                self._figures.taken.add(counted.start)
            start = min(force.start, counted.start) if counted else force.start
            found.append(
                Group(head=head, top=self._top(head), start=start, end=force.end, counted=counted, force=force)
            )
        return found

    def _bare_figures(self, groups: list[Group]) -> list[Group]:
        """Figures with no noun of their own: "at least 300 were killed", "six of them"."""
        found: list[Group] = []
        for counted in self._marked.counted:
            if counted.start in self._figures.taken or any(
                g.start < counted.end and counted.start < g.end for g in groups
            ):
                continue
            root = self._doc[counted.start : counted.end].root
            if self._figures.counts_civilians(counted):
                continue
            beside = self._force_beside(counted)
            if beside is not None or not self._figures.counts_thing(root, counted):
                behind = self._behind_pronoun(counted.end)
                force = beside or self._forces.source_behind(behind) or self._forces.told_of(root)
                top = root.head if self._figures.stands_alone(root, counted) else self._top(root)
                found.append(
                    Group(
                        head=root, top=top, start=counted.start, end=counted.end, counted=counted, force=force,
                        rest=self._is_rest(counted),
                    )
                )  # fmt: skip
        return found

    def _share_nouns(self, groups: list[Group]) -> None:
        """ "*800* and 650 peacekeepers": the noun is that of both figures."""
        for group in [g for g in groups if g.people is not None and g.counted is not None]:
            start = group.counted.start if group.counted is not None else 0
            if start < 2 or self._doc[start - 1].dep_ not in self._syntax.coordinator:
                continue
            named = next((f for f in self._marked.forces if f.end == start - 1 and f.form == "adjective"), None)
            first = next((c for c in self._marked.counted if c.end == (named.start if named else start - 1)), None)
            if first is None or first.start in self._figures.taken or first.quantity.unit is not None:
                continue
            bare = next((g for g in groups if g.counted is first and g.people is None and g.force is None), None)
            if bare is not None:
                bare.people, bare.force = group.people, named or group.force
            elif not any(g.start < first.end and first.start < g.end for g in groups):
                root = self._doc[first.start : first.end].root
                force = named or group.force
                shared = replace(group, head=root, start=first.start, end=first.end, counted=first, force=force)
                groups.append(shared)

    def _is_rest(self, counted: Counted) -> bool:
        """ "The *remaining* 700", "the *other* 300", "the *rest*, about 9,000,"."""
        if counted.start < _REST_TOKENS:
            return False
        before, near = (t.lower_ for t in self._doc[counted.start - _REST_TOKENS : counted.start])
        if near in self._turns.remaining:
            return before in self._turns.the
        return near == "," and before in self._turns.rests

    def _force_beside(self, counted: Counted) -> ForceMention | None:
        """ "Half of them *German*", "800 of them *Chadian*"."""
        behind = self._behind_pronoun(counted.end)
        if behind == counted.end and not self._points_back(counted):
            return None
        force = next((f for f in self._marked.forces if f.start == behind and f.form == "adjective"), None)
        return None if force is not None and self._forces.allies(force, self._doc[counted.start]) else force

    def _points_back(self, counted: Counted) -> bool:
        """ "A third *of them*": the share ends with the word for those told before."""
        share = counted.quantity.share_of is not None
        return share and self._doc[counted.end - 1].lower_ in self._turns.them

    def _behind_pronoun(self, end: int) -> int:
        """The end of "six *of them*"."""
        behind = (t.lower_ for t in self._doc[end : end + _LONGEST_TURN])
        return end + length_at_start(tuple(behind), self._turns.of_them)


def _part_wholes(groups: list[Group]) -> None:
    """ "400 of its 1,100 soldiers left": the 400 are soldiers, and what is told of them is not told of all."""
    for whole in groups:
        if whole.counted is None or whole.people is None or whole.top.i == whole.head.i:
            continue
        part = next((g for g in groups if g.people is None and g.head.i == whole.top.i), None)
        if part is None or part.counted is None or part.counted.quantity.share_of is not None:
            continue
        part.whole, part.people, part.force = whole, whole.people, part.force or whole.force
        whole.top = whole.head


def _is_fewer(part: Group, whole: Group) -> bool:
    """ "Thirteen soldiers - *11 marines* and ...": a figure of its own that the other holds."""
    if part.counted is None or whole.counted is None:
        return False
    least, most = part.counted.quantity.min, whole.counted.quantity.max
    return least is not None and most is not None and least < most


def _join_inner(inner: Group, container: Group) -> None:
    """Gives the people that a container holds what the container tells of them."""
    inner.force = inner.force or container.force
    if inner.counted is None or (container.counted is not None and container.counted.quantity.unit is None):
        inner.counted = inner.counted or container.counted
    inner.definite = inner.definite or container.definite
    if inner.people is not None and inner.people.sort is PeopleSort.GENERIC and container.people is not None:
        inner.people = container.people
    if container.counted is not None:
        inner.start = min(inner.start, container.start)
