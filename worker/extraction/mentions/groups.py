"""Groups of people in a sentence: a noun or a bare figure, with its figure and the force it names."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from service.domain.claims import PersonnelType, Qualifier
from worker.extraction.mentions.forces import ForceMention
from worker.extraction.mentions.marking import Counted, Marked
from worker.extraction.mentions.personnel import People, PeopleSort, PersonnelWords
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.model import Quantity

_WIDEST_NOUN_PHRASE = 9
_INSIDE_PHRASE = frozenset({"ADJ", "NOUN", "PROPN", "DET", "ADV", "PART", "NUM", "PRON"})
_INSIDE_MARKS = frozenset({"-", '"', "'", "(", ")", "of", "or", "and", "more", ","})


@dataclass(slots=True, kw_only=True)
class Group:
    """People that one phrase names. Tokens [start, end) are the phrase from its figure or force to its noun.

    `top` is the token that stands for the phrase in the sentence: "hundreds" in "hundreds of men".
    `people` is None for a bare figure ("300 were killed") and for a force alone ("the North Koreans").
    `allies` are further forces joined to `force` ("from Nepal and India"); `single` is the "a" of "a soldier".
    `measured` tells that a verb gave the figure: "bringing the number of troops to 500".
    """

    head: Token
    top: Token
    start: int
    end: int
    people: People | None = None
    counted: Counted | None = None
    force: ForceMention | None = None
    definite: bool = False
    allies: tuple[ForceMention, ...] = ()
    single: Counted | None = None
    measured: bool = False

    @property
    def personnel(self) -> PersonnelType:
        """What people they are; a force or figure alone means troops."""
        kind = self.people.type if self.people is not None else None
        return kind if kind is not None else PersonnelType.TROOPS

    @property
    def is_toll(self) -> bool:
        return self.people is not None and self.people.sort is PeopleSort.TOLL

    def covers(self, token: Token) -> bool:
        return self.start <= token.i < self.end or token.i == self.top.i


def find_groups(
    marked: Marked, words: PersonnelWords, syntax: Syntax, *, leaving: frozenset[str], moving: frozenset[str]
) -> list[Group]:
    """All groups of the sentence in order, civilians left out.

    `leaving` are the lemmas of withdrawal, behind which "from X" is a place and no force; `moving` are verbs whose
    subject may be a country itself.
    """
    return _GroupFinder(marked, words, syntax, leaving, moving).find()


class _GroupFinder:
    def __init__(
        self, marked: Marked, words: PersonnelWords, syntax: Syntax, leaving: frozenset[str], moving: frozenset[str]
    ) -> None:
        self.leaving, self.moving = leaving, moving
        self.marked, self.words, self.syntax, self.doc = marked, words, syntax, marked.doc
        self.taken: set[int] = set()

    def find(self) -> list[Group]:
        groups: list[Group] = []
        by_head = {people.end - 1: people for people in self.marked.people}
        for people in self.marked.people:
            group = self._people_group(people, by_head)
            if group is not None:
                groups.append(group)
        groups = self._without_doubles(groups)
        groups += self._force_groups(groups)
        groups += self._bare_figures(groups)
        groups.sort(key=lambda group: group.head.i)
        return groups

    def _without_doubles(self, groups: list[Group]) -> list[Group]:
        """One group for "a contingent of 400 officers" and for "two soldiers, both sappers"."""
        kept: list[Group] = []
        for group in groups:
            inner = next((g for g in groups if g is not group and g.top.i == group.head.i), None)
            outer = next(
                (
                    g
                    for g in groups
                    if g is not group
                    and group.top.i == group.head.i
                    and group.head.dep_ in self.syntax.apposition
                    and group.head.head.i == g.head.i
                ),
                None,
            )
            if any(
                g is not group and g.force is not None and g.force.start <= group.head.i < g.force.end for g in groups
            ):
                continue
            told_again = next((g for g in groups if g is not group and self._is_aside(g, group)), None)
            if told_again is not None:
                told_again.top = group.top
            elif inner is not None:
                inner.force = inner.force or group.force
                if inner.counted is None or (group.counted is not None and group.counted.quantity.unit is None):
                    inner.counted = inner.counted or group.counted
                inner.definite = inner.definite or group.definite
                if inner.people is not None and inner.people.sort is PeopleSort.GENERIC and group.people is not None:
                    inner.people = group.people
                inner.start = min(inner.start, group.start) if group.counted is not None else inner.start
            elif outer is not None and (outer.counted is not None or group.counted is None):
                outer.force = outer.force or group.force
                if group.counted is not None and outer.counted is not None and outer.counted.quantity.unit is not None:
                    outer.counted = group.counted
            else:
                kept.append(group)
        return kept

    def _is_aside(self, first: Group, second: Group) -> bool:
        """ "two soldiers, both sappers": the second only says more of the first."""
        between = [t.lower_ for t in self.doc[first.end : second.start]]
        return second.counted is None and between in (
            [",", "both"],
            [",", "all"],
            [",", "mostly"],
            [",", "mainly"],
            [",", "largely"],
        )

    def _people_group(self, people: People, by_head: dict[int, People]) -> Group | None:
        head = self.doc[people.end - 1]
        if people.sort is PeopleSort.CIVILIAN or self._modifies_noun(head):
            return None
        counted = self._figure_before(people.start, by_head) or self._figure_after(people.end)
        if counted is None and people.sort is PeopleSort.FORMATION:
            counted = next((c for c in self.marked.counted if c.start < people.end and people.start < c.end), None)
        top = self._top(head)
        start = min(people.start, counted.start if counted and counted.start < people.start else people.start)
        left = head.left_edge.i if people.end - 1 - head.left_edge.i <= _WIDEST_NOUN_PHRASE else people.start
        force = self._force_of(head, left, people)
        if force is not None and force.end <= head.i:
            start = min(start, force.start)
        if counted is not None:
            self.taken.add(counted.start)
        return Group(
            head=head, top=top, start=start, end=people.end, people=people, counted=counted, force=force,
            measured=counted is not None and top.lemma_ in ("number", "total") and counted.start < top.i,
            definite=self._is_definite(head, top, counted), allies=self._allies(force, head), single=self._single(head, people) if force is not None else None,
        )  # fmt: skip

    def _modifies_noun(self, head: Token) -> bool:
        """Whether the noun only qualifies another: "troop carriers", "the soldiers' coffins"."""
        if head.dep_ in ("compound", "nmod", "amod") and head.head.i > head.i and head.head.pos_ in ("NOUN", "PROPN"):
            if head.head.lemma_.casefold() in ("part", "member"):
                return False
            return not any(p.start <= head.head.i < p.end for p in self.marked.people)
        return head.dep_ == "poss"

    def _is_definite(self, head: Token, top: Token, counted: Counted | None) -> bool:
        for token in {head, top}:
            for child in token.children:
                if child.lower_ in self.words.determiners and child.dep_ == "det":
                    return counted is None or child.i < counted.start
        return False

    def _top(self, head: Token) -> Token:
        """Climbs "of" out of containers and figures: hundreds *of* men, a group *of* soldiers."""
        top = head
        for _ in range(4):
            link = top.head
            if (
                top.dep_ in self.syntax.prepositional_object
                and link.lower_ in ("of", "among")
                and link.head.i != link.i
            ):
                upper = link.head
                is_figure = any(c.start <= upper.i < c.end for c in self.marked.counted)
                if upper.lemma_.casefold() in self.words.containers or is_figure:
                    top = upper
                    continue
            if top.dep_ in self.syntax.apposition and link.lemma_.casefold() in self.words.containers:
                top = link
                continue
            return top
        return top

    def _figure_before(self, start: int, by_head: dict[int, People]) -> Counted | None:
        """The figure that counts the noun at `start`, with only words of the same phrase between them."""
        at = start - 1
        while at >= 0 and start - at <= _WIDEST_NOUN_PHRASE:
            for counted in self.marked.counted:
                if counted.start <= at < counted.end:
                    counts_other = self._noun_counted(counted, start)
                    if counted.start in self.taken or counts_other:
                        return None
                    return self._share(counted) or counted
            token = self.doc[at]
            inside = token.pos_ in _INSIDE_PHRASE or token.lower_ in _INSIDE_MARKS or token.tag_ in ("VBN", "VBG")
            qualifies = token.dep_ in ("compound", "nmod", "amod")
            if not inside or (at in by_head and not qualifies and not self._of_between(at, start)):
                return None
            at -= 1
        return None

    def _share(self, whole: Counted) -> Counted | None:
        """ "Half of the 200": the share in front of a whole."""
        return next(
            (c for c in self.marked.counted if c.quantity.share_of is not None and 0 <= whole.start - c.end <= 3), None
        )

    def _noun_counted(self, counted: Counted, start: int) -> bool:
        """Whether the parse joins the figure to another noun that ends before `start`: "from five countries, soldiers"."""
        root = self.doc[counted.start : counted.end].root
        noun = root.head
        return (
            root.dep_ in self.syntax.number
            and noun.pos_ == "NOUN"
            and counted.end <= noun.i < start - 1
            and "," in [t.text for t in self.doc[noun.i : start]]
        )

    def _of_between(self, low: int, high: int) -> bool:
        return any(self.doc[i].lower_ in ("of", "and", "or") for i in range(low + 1, high)) or low + 1 == high

    def _figure_after(self, end: int) -> Counted | None:
        """The figure told after the noun: "a contingent of 500", "numbering between 1,000 and 3,000"."""
        for counted in self.marked.counted:
            if counted.start in self.taken or not end <= counted.start <= end + 5:
                continue
            between = [self.doc[i].lower_ for i in range(end, counted.start)]
            following = self.doc[counted.end] if counted.end < len(self.doc) else None
            counts_other = following is not None and following.pos_ in ("NOUN", "PROPN") and not any(
                p.start <= following.i < p.end for p in self.marked.people
            )  # fmt: skip
            of_people = "of" in between and any(counted.end <= p.end - 1 <= counted.end + 3 for p in self.marked.people)
            if of_people:
                continue
            joins = {
                "of",
                "numbering",
                "totaling",
                "totalling",
                "numbered",
                "strong",
                "some",
                "estimated",
                ",",
                "at",
                "typically",
                "around",
                "comprising",
                "(",
                "about",
                "usually",
                "an",
                "a",
                "up",
                "to",
                "-",
            }
            anchor = {"of", "numbering", "totaling", "totalling", "numbered", "comprising", "(", "estimated"}
            if between and set(between) <= joins and (anchor & set(between) or between == [","]) and not counts_other:
                return counted
        return None

    def _force_of(self, head: Token, left: int, people: People) -> ForceMention | None:
        before = [f for f in self.marked.forces if left <= f.start and f.end <= head.i and not self._is_led(f)]
        if before:
            near = before[-1]
            if self._joins_phrase(near.end, people.start):
                return near
        inside = next((f for f in self.marked.forces if f.start <= head.i < f.end), None)
        if inside is not None:
            return inside
        owned = any(c.dep_ == "poss" and c.pos_ == "PRON" for c in head.children)
        return None if owned else self._force_after(people.end)

    def _allies(self, force: ForceMention | None, head: Token) -> tuple[ForceMention, ...]:
        """Forces listed beside the first: "Russian and Belarusian troops", "men from Nepal, India"."""
        if force is None:
            return ()
        found: list[ForceMention] = []
        after = [f for f in self.marked.forces if f.start >= force.end]
        before = [f for f in reversed(self.marked.forces) if f.end <= force.start]
        edge = force.end
        for mention in after if force.start > head.i else []:
            if (
                all(t.lower_ in (",", "and", "or", "the") for t in self.doc[edge : mention.start])
                and mention.end != len(self.doc)
                and mention.form == force.form
            ):
                found.append(mention)
                edge = mention.end
        edge = force.start
        for mention in before if force.end <= head.i else []:
            between = [t.lower_ for t in self.doc[mention.end : edge]]
            if between and all(word in (",", "and", "or") for word in between) and mention.form == force.form:
                found.append(mention)
                edge = mention.start
        return tuple(found)

    def _single(self, head: Token, people: People) -> Counted | None:
        """ "A soldier": one, unnamed and counted."""
        if people.sort is not PeopleSort.TYPED or head.tag_ != "NN":
            return None
        article = next((c for c in head.children if c.lower_ in ("a", "an") and c.dep_ == "det"), None)
        if article is None or any(c.dep_ in self.syntax.apposition for c in head.children):
            return None
        one = Quantity(start=article.idx, end=article.idx + len(article), min=1, max=1, qualifier=Qualifier.EXACT)
        return Counted(start=article.i, end=article.i + 1, quantity=one)

    def _is_led(self, force: ForceMention) -> bool:
        """ "U.S.-led": the leader's name is not the force's."""
        follow = [t.lower_ for t in self.doc[force.end : force.end + 2]]
        if force.form == "group" and follow == ["-", "led"]:
            return False
        return follow[:2] in (
            ["-", "led"],
            ["-", "backed"],
            ["-", "trained"],
            ["-", "held"],
            ["-", "occupied"],
            ["-", "controlled"],
        )

    def _joins_phrase(self, low: int, high: int) -> bool:
        return all(
            t.pos_ in _INSIDE_PHRASE or t.lower_ in _INSIDE_MARKS or t.tag_ in ("VBN", "VBG", "POS")
            for t in self.doc[low:high]
        )

    def _force_after(self, end: int) -> ForceMention | None:
        """ "military personnel from the DPRK", "soldiers of the Korean People's Army"."""
        at = end
        seen_link = False
        while at < len(self.doc) and at - end <= 5:
            mention = next((f for f in self.marked.forces if f.start <= at < f.end), None)
            if mention is not None:
                onward = (
                    mention.end < len(self.doc)
                    and self.doc[mention.end].lower_ in ("to", "into")
                    and self.doc[end].lower_ == "from"
                )
                return mention if seen_link and not onward else None
            lower = self.doc[at].lower_
            if lower in ("from", "of", "belonging"):
                if lower == "from" and any(t.lemma_.casefold() in self.leaving for t in self.doc[max(0, end - 8) : at]):
                    return None
                seen_link = True
            elif lower not in ("the", "to", "both", "its", "'s"):
                described = seen_link and self.doc[end].lower_ == "of" and self.doc[at].pos_ in ("ADJ", "NOUN")
                if not described:
                    return None
            at += 1
        return None

    def _force_groups(self, groups: list[Group]) -> list[Group]:
        """Peoples and bodies named by their force alone: "the North Koreans", "Wagner", "NATO"."""
        found: list[Group] = []
        for force in self.marked.forces:
            head = self.doc[force.end - 1]
            plural = force.form == "adjective" and head.tag_ in ("NNS", "NNPS")
            collective = (
                force.form == "group"
                and head.dep_ not in ("compound", "amod", "poss", "nmod")
                and not self._is_led(force)
            )
            collective = collective or self._moves_itself(force, head)
            if plural and self._are_civilians(force.end):
                continue
            if not (plural or collective) or any(g.start <= head.i < g.end or g.force is force for g in groups):
                continue
            counted = self._figure_before(force.start, {})
            if counted is not None:
                self.taken.add(counted.start)
            start = min(force.start, counted.start) if counted else force.start
            found.append(
                Group(head=head, top=self._top(head), start=start, end=force.end, counted=counted, force=force)
            )
        return found

    def _moves_itself(self, force: ForceMention, head: Token) -> bool:
        """ "Germany is likely to deploy to Lithuania"."""
        if force.form not in ("name", "capital") or head.dep_ not in self.syntax.subject:
            return False
        if any(head.i < p.start <= head.i + _WIDEST_NOUN_PHRASE for p in self.marked.people):
            return False
        return any(
            t.lemma_.casefold() in self.moving
            and t.pos_ == "VERB"
            and head.i in [s.i for s in self.syntax.subjects(t)]
            and not self.syntax.objects(t)
            for t in self.doc
        )

    def _are_civilians(self, end: int) -> bool:
        """ "Some 1,100 Lebanese, most of them civilians"."""
        return any(p.sort is PeopleSort.CIVILIAN and end <= p.start <= end + 5 for p in self.marked.people)

    def _bare_figures(self, groups: list[Group]) -> list[Group]:
        """Figures with no noun of their own: "at least 300 were killed", "six of them"."""
        found: list[Group] = []
        for counted in self.marked.counted:
            if counted.start in self.taken or any(g.start < counted.end and counted.start < g.end for g in groups):
                continue
            root = self.doc[counted.start : counted.end].root
            if not self._counts_thing(root, counted):
                at = counted.end + (
                    2 if [t.lower_ for t in self.doc[counted.end : counted.end + 2]] == ["of", "them"] else 0
                )
                force = self._force_after(at) if at < len(self.doc) and self.doc[at].lower_ == "from" else None
                found.append(
                    Group(head=root, top=root, start=counted.start, end=counted.end, counted=counted, force=force)
                )
        return found

    def _counts_thing(self, root: Token, counted: Counted) -> bool:
        """Whether the figure counts what is no people: "five missiles"."""
        if root.dep_ in self.syntax.modifier | {"npadvmod"} and root.head.i >= counted.end:
            return True
        follow = self.doc[counted.end] if counted.end < len(self.doc) else None
        if follow is not None and follow.pos_ in ("NOUN", "PROPN", "SYM") and follow.lower_ not in ("more", "others"):
            return True
        return counted.quantity.unit is not None and not any(p.start <= root.i < p.end for p in self.marked.people)
