"""Who speaks: turns the noun phrase of a speaker into one link of an attribution chain."""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Doc, Span, Token

from service.domain.claims import Source, SourceType
from worker.extraction.attribution.speaker_words import SpeakerWords
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.syntax import Syntax

_LONGEST_TEXT = 160
_SHORTEST_NAME = 3


@dataclass(slots=True)
class SpeakerMemory:
    """The speakers named so far, for "he added" and "the official also said"."""

    person: Source | None = None
    organization: Source | None = None
    named: list[tuple[frozenset[str], Source]] = field(default_factory=list)

    def remember(self, source: Source, roles: frozenset[str]) -> None:
        """`roles` are the role words of the phrase that named the source."""
        if source.type in (SourceType.OFFICIAL, SourceType.PERSON):
            self.person = source
        else:
            self.organization = source
        self.named.append((roles, source))

    def recall(self, roles: frozenset[str], country: str | None) -> Source | None:
        """The last source that was named with all of these role words, and not as another country's."""
        for known, source in reversed(self.named):
            if roles and roles <= known and (country is None or source.country in (None, country)):
                return source
        return None

    def person_called(self, name: str) -> Source | None:
        """The last person of this name or surname."""
        for _, source in reversed(self.named):
            person = source.type in (SourceType.OFFICIAL, SourceType.PERSON) and source.name
            if person and name in (person, person.split()[-1]):
                return source
        return None

    @property
    def last(self) -> Source | None:
        return self.named[-1][1] if self.named else None


class SpeakerReader:
    def __init__(self, words: SpeakerWords, syntax: Syntax) -> None:
        self._words, self._syntax = words, syntax
        self._clauses = syntax.relative_clause | syntax.noun_clause | syntax.adverbial_clause | syntax.clause_complement
        self._not_in_phrase = self._clauses | syntax.parataxis | syntax.conjunct | syntax.coordinator

    def read(self, marked: Marked, head: Token, memory: SpeakerMemory) -> Source | None:
        """The source that the noun phrase of `head` names, or None where it names no speaker."""
        return self._phrase(marked, head, *self._extent(head), memory)

    def read_span(self, marked: Marked, start: int, end: int, memory: SpeakerMemory) -> Source | None:
        """The source that the words [start, end) name, whatever the parse made of them."""
        first = next((i for i in range(start, end) if marked.doc[i].text == ","), end)
        link = next((t.i for t in marked.doc[start:first] if t.pos_ == "ADP"), first)
        heads = [t for t in marked.doc[start:link] if t.pos_ in ("NOUN", "PROPN", "PRON")]
        return self._phrase(marked, heads[-1], start, end, memory) if heads else None

    def label(self, label: str, memory: SpeakerMemory) -> Source:
        """The speaker of a transcript's line; `label` as printed ("MR. KIRBY", "The Minister for Defence (Mr. Hale)").

        Who was labelled in full before is meant by the surname alone.
        """
        office, bracket, inner = label.partition(" (")
        printed = inner.rstrip(")") if bracket else label
        words = [w.title() if w.isupper() else w for w in printed.split()]
        titles = [i for i, w in enumerate(words) if w.casefold().strip(".") in self._words.titles]
        behind = titles[-1] + 1 if titles else 0
        name = " ".join(words[behind:]) or printed
        before = memory.person_called(name)
        if before is not None:
            return before
        role = office if bracket else " ".join(words[:behind]) if behind > 1 else None
        kind = SourceType.OFFICIAL if role else SourceType.PERSON
        source = Source(name=name, type=kind, role=role, text=label)
        memory.remember(source, frozenset())
        return source

    def owner(self, marked: Marked, noun: Token, memory: SpeakerMemory) -> Source | None:
        """Whose statement: "a report by X", "X's estimates", "South Korean intelligence estimates"."""
        for child in self._syntax.children(noun, self._syntax.preposition):
            if child.lower_ in self._words.owners:
                for head in self._syntax.children(child, self._syntax.prepositional_object):
                    return self.read(marked, head, memory)
        for child in self._syntax.children(noun, self._syntax.attributive):
            if child.pos_ in ("NOUN", "PROPN"):
                source = self.read(marked, child, memory)
                if source is not None:
                    return self._owning(marked, noun, source)
        return None

    def _owning(self, marked: Marked, noun: Token, source: Source) -> Source:
        start = noun.left_edge.i
        text = marked.words(start, noun.i + 1)
        country = next((f.country for f in marked.forces if start <= f.start < noun.i), source.country)
        return Source(
            name=source.name, type=source.type, organization=source.organization, role=source.role or text,
            country=country, anonymous=source.anonymous, text=text,
        )  # fmt: skip

    def _phrase(self, marked: Marked, head: Token, start: int, end: int, memory: SpeakerMemory) -> Source | None:
        if head.pos_ == "PRON":
            return self._pronoun(head, memory)
        if any(dated.start <= head.i < dated.end for dated in marked.times):
            return None
        source = self._named(marked, head, start, end) or self._role(marked, head, start, end, memory)
        if source is not None and not (source.anonymous and source.type is SourceType.MEDIA):
            memory.remember(source, self._role_words(marked, start, end))
        return source

    def _pronoun(self, head: Token, memory: SpeakerMemory) -> Source | None:
        if head.lower_ in self._words.personal:
            return memory.person
        if head.lower_ in self._words.impersonal:
            return memory.organization
        if head.lower_ in self._words.plural:
            return memory.organization or memory.person
        return None

    def _extent(self, head: Token) -> tuple[int, int]:
        """Tokens [start, end) of the phrase: modifiers, "of" phrases and appositions, no clauses."""
        doc = head.doc
        start = min(
            (c.left_edge.i for c in head.children if c.i < head.i and c.dep_ not in self._not_in_phrase), default=head.i
        )
        end = head.i + 1
        for child in head.rights:
            if child.dep_ in self._not_in_phrase or child.text == ":":
                break
            linked = child.dep_ in self._syntax.preposition and child.lower_ in self._words.links
            if linked or child.dep_ in self._syntax.apposition:
                end = max(end, self._clipped(child))
        while end - start > 1 and doc[end - 1].is_punct:
            end -= 1
        while end - start > 1 and (doc[start].is_punct or doc[start].dep_ in self._syntax.coordinator):
            start += 1
        return start, end

    def _clipped(self, token: Token) -> int:
        """The end of the token's phrase, cut before any clause in it."""
        end = token.right_edge.i + 1
        for inner in token.subtree:
            if inner.dep_ in self._clauses and inner.left_edge.i > token.i:
                end = min(end, inner.left_edge.i)
        return end

    def _named(self, marked: Marked, head: Token, start: int, end: int) -> Source | None:
        text = marked.words(start, end)[:_LONGEST_TEXT]
        phrase = [t.text for t in marked.doc[start:end]]
        # "A *Kremlin-affiliated* blogger" is not the Kremlin.
        known = next((k for _, at, k in self._words.known.find_all(phrase) if phrase[at : at + 1] != ["-"]), None)
        country = self._country(marked, start, end) or (known.country if known else None)
        person = self._person(head, start, end)
        if person is not None:
            name, at = person
            role = self._role_text(marked, start, end, at)
            official = role is not None and any(w in self._words.officials for w in _lemmas(marked.doc, start, end))
            organization = known.name if known else self._organization(marked, start, end)
            return Source(
                name=name, type=SourceType.OFFICIAL if official else SourceType.PERSON, organization=organization,
                role=role, country=country, text=text,
            )  # fmt: skip
        has_role = head.lemma_.casefold() in self._words.roles - self._words.organizations - self._words.media
        if known is not None and not has_role:
            return Source(name=known.name, type=known.type, country=known.country or country, text=text)
        return None

    def _role(self, marked: Marked, head: Token, start: int, end: int, memory: SpeakerMemory) -> Source | None:
        text = marked.words(start, end)[:_LONGEST_TEXT]
        said = marked.doc[start:end].text[:_LONGEST_TEXT]
        country = self._country(marked, start, end)
        if head.lemma_.casefold() in self._words.roles:
            definite = any(c.lower_ in self._words.definite for c in head.children)
            known_before = memory.recall(self._role_words(marked, start, end), country) if definite else None
            return known_before or self._unnamed(marked, head, start, end)
        force = next((f for f in marked.forces if f.start <= head.i < f.end), None)
        if force is not None and force.form in ("name", "capital", "group"):
            return Source(name=said, type=SourceType.ORGANIZATION, country=force.country, text=text)
        if head.pos_ == "PROPN" or (
            head.tag_ in self._syntax.tags.singular_noun and head.text[:1].isupper() and head.left_edge.i == head.i
        ):
            kind = (
                SourceType.PERSON
                if not head.ent_type_ or head.ent_type_ in self._syntax.person_name
                else SourceType.ORGANIZATION
            )
            return Source(name=_proper_name(head), type=kind, country=country, text=text)
        return None

    def _unnamed(self, marked: Marked, head: Token, start: int, end: int) -> Source:
        """A speaker by role only: "two officials", "the ministry", "state television"."""
        lemma = head.lemma_.casefold()
        text = marked.words(start, end)[:_LONGEST_TEXT]
        said = marked.doc[start:end].text[:_LONGEST_TEXT]
        country = self._country(marked, start, end)
        if lemma in self._words.media:
            plain = country is None and not any(t.pos_ == "PROPN" for t in marked.doc[start:end])
            name = None if plain or lemma not in self._words.stations else said
            return Source(
                name=name, type=SourceType.MEDIA, country=country, anonymous=name is None, role=said, text=text
            )
        if lemma in self._words.organizations:
            return Source(name=said, type=SourceType.ORGANIZATION, organization=said, country=country, text=text)
        return Source(
            type=SourceType.OFFICIAL if lemma in self._words.officials else SourceType.PERSON, role=said,
            organization=self._organization(marked, start, end), country=country, anonymous=True, text=text,
        )  # fmt: skip

    def _person(self, head: Token, start: int, end: int) -> tuple[str, int] | None:
        """The first name of a person in the phrase and where it starts; an organization may be named for one."""
        for entity in head.doc.ents:
            named = entity.label_ in self._syntax.person_name and start <= entity.start and entity.end <= end
            inside_organization = any(c.tag_ in self._syntax.tags.possessive_ending for c in entity.root.children)
            if named and not inside_organization and len(entity.text) >= _SHORTEST_NAME:
                return head.doc[entity.start : self._name_end(entity, end)].text, entity.start
        return None

    def _name_end(self, entity: Span, end: int) -> int:
        """Behind the surname, where the recognizer took the given name alone: "Oleksandr *Syrskyi*"."""
        doc, at = entity.doc, entity.end
        while at < end and doc[at].pos_ == "PROPN" and not doc[at].ent_type_ and doc[at - 1].head.i == at:
            at += 1
        return at

    def _role_text(self, marked: Marked, start: int, end: int, at: int) -> str | None:
        """The role that stands before the name at `at`, or after it behind a comma."""
        before = marked.doc[start:at]
        if any(not t.is_punct and t.lower_ not in self._words.articles for t in before):
            return before.text.rstrip(" ,-")
        if end > at and any(t.lemma_.casefold() in self._words.roles for t in marked.doc[at:end]):
            return marked.doc[at:end].text.split(",", 1)[-1].strip() or None
        return None

    def _organization(self, marked: Marked, start: int, end: int) -> str | None:
        for token in marked.doc[start:end]:
            if token.lemma_.casefold() in self._words.organizations and token.pos_ in ("NOUN", "PROPN"):
                left = min(max(start, token.left_edge.i), token.i)
                return marked.doc[left : token.i + 1].text
        return None

    def _country(self, marked: Marked, start: int, end: int) -> str | None:
        return next((f.country for f in marked.forces if start <= f.start and f.end <= end and f.country), None)

    def _role_words(self, marked: Marked, start: int, end: int) -> frozenset[str]:
        return frozenset(_lemmas(marked.doc, start, end)) & self._words.roles


def anonymous_media(text: str | None) -> Source:
    return Source(type=SourceType.MEDIA, anonymous=True, text=text)


def _lemmas(doc: Doc, start: int, end: int) -> list[str]:
    return [t.lemma_.casefold() for t in doc[start:end]]


def _proper_name(head: Token) -> str:
    start = head.i
    while start > 0 and head.doc[start - 1].pos_ == "PROPN" and head.doc[start - 1].head.i in range(start, head.i + 1):
        start -= 1
    return str(head.doc[start : head.i + 1].text)
