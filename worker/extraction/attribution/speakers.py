"""Who speaks: turns the noun phrase of a speaker into one link of an attribution chain."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from spacy.tokens import Token

from service.domain.claims import Source, SourceType
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.phrasebook import Phrasebook
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.words import Table, expect_keys, strings, subtable

_LONGEST_TEXT = 160
_CLAUSES = frozenset({"relcl", "acl", "advcl", "ccomp", "parataxis", "conj", "cc"})


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSpeaker:
    """An agency, outlet or institution by its shown name."""

    name: str
    type: SourceType
    country: str | None


@dataclass(frozen=True, slots=True)
class SpeakerWords:
    """Source: lexicons/<language>/sources.toml."""

    known: Phrasebook[KnownSpeaker]
    verbs: frozenset[str]
    clausal: frozenset[str]
    phrases: tuple[str, ...]
    nouns: frozenset[str]
    announced: frozenset[str]
    credit: frozenset[str]
    roles: frozenset[str]
    officials: frozenset[str]
    organizations: frozenset[str]
    media: frozenset[str]


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

    @property
    def last(self) -> Source | None:
        return self.named[-1][1] if self.named else None


def parse_speakers(table: Table) -> SpeakerWords:
    where = "sources.toml"
    expect_keys(table, ("speech", "people", "outlets", "organizations"), where=where)
    speech, people = subtable(table, "speech", where=where), subtable(table, "people", where=where)
    outlets, known = subtable(table, "outlets", where=where), subtable(table, "organizations", where=where)
    expect_keys(speech, ("verbs", "clausal", "phrases", "nouns", "announced", "credit"), where=where)
    expect_keys(people, ("roles", "officials", "organizations", "media"), where=where)
    expect_keys(outlets, ("agencies", "outlets"), where=where)
    expect_keys(known, ("known",), where=where)
    entries: dict[str, KnownSpeaker] = {}
    for rows, kind in (
        (strings(outlets, "agencies", where=where), SourceType.AGENCY),
        (strings(outlets, "outlets", where=where), SourceType.OUTLET),
        (strings(known, "known", where=where), SourceType.ORGANIZATION),
    ):
        for row in rows:
            names, _, country = row.partition(":")
            shown, *others = names.split("|")
            for name in (shown, *others):
                if name in entries:
                    raise ValueError(f"{where}: {name!r} names two speakers.")
                entries[name] = KnownSpeaker(name=shown, type=kind, country=country or None)
    return SpeakerWords(
        known=Phrasebook(entries.items()),
        verbs=frozenset(strings(speech, "verbs", where=where)), clausal=frozenset(strings(speech, "clausal", where=where)),
        phrases=strings(speech, "phrases", where=where), nouns=frozenset(strings(speech, "nouns", where=where)),
        announced=frozenset(strings(speech, "announced", where=where)), credit=frozenset(strings(speech, "credit", where=where)), roles=frozenset(strings(people, "roles", where=where)),
        officials=frozenset(strings(people, "officials", where=where)),
        organizations=frozenset(strings(people, "organizations", where=where)), media=frozenset(strings(people, "media", where=where)),
    )  # fmt: skip


class SpeakerReader:
    def __init__(self, words: SpeakerWords, syntax: Syntax) -> None:
        self._words, self._syntax = words, syntax

    def read(self, marked: Marked, head: Token, memory: SpeakerMemory) -> Source | None:
        """The source that the noun phrase of `head` names, or None where it names no speaker."""
        if head.pos_ == "PRON":
            return self._pronoun(head, memory)
        start, end = self._extent(head)
        source = self._named(marked, head, start, end) or self._role(marked, head, start, end, memory)
        if source is not None and not (source.anonymous and source.type is SourceType.MEDIA):
            memory.remember(source, self._role_words(marked, start, end))
        return source

    def read_span(self, marked: Marked, start: int, end: int, memory: SpeakerMemory) -> Source | None:
        """The source that the words [start, end) name, whatever the parse made of them."""
        first = next((i for i in range(start, end) if marked.doc[i].text == ","), end)
        nouns = [t for t in marked.doc[start:first] if t.pos_ in ("NOUN", "PROPN", "PRON")]
        link = next((t.i for t in marked.doc[start:first] if t.pos_ == "ADP"), first)
        heads = [t for t in nouns if t.i < link]
        if not heads:
            return None
        head = heads[-1]
        if head.pos_ == "PRON":
            return self._pronoun(head, memory)
        source = self._named(marked, head, start, end) or self._role(marked, head, start, end, memory)
        if source is not None and not (source.anonymous and source.type is SourceType.MEDIA):
            memory.remember(source, self._role_words(marked, start, end))
        return source

    def _pronoun(self, head: Token, memory: SpeakerMemory) -> Source | None:
        if head.lower_ in ("he", "she", "him", "her"):
            return memory.person
        if head.lower_ == "it":
            return memory.organization
        if head.lower_ in ("they", "them"):
            return memory.organization or memory.person
        return None

    def _extent(self, head: Token) -> tuple[int, int]:
        """Tokens [start, end) of the phrase: modifiers, "of" phrases and appositions, no clauses."""
        doc = head.doc
        start = min((c.left_edge.i for c in head.children if c.i < head.i and c.dep_ not in _CLAUSES), default=head.i)
        end = head.i + 1
        for child in sorted(head.children, key=lambda c: c.i):
            if child.i < head.i:
                continue
            if child.dep_ in _CLAUSES:
                break
            if child.dep_ in self._syntax.preposition and child.lower_ in ("of", "for", "to", "at", "from", "in"):
                end = max(end, self._clipped(child))
            elif child.dep_ in self._syntax.apposition:
                end = max(end, self._clipped(child))
        while end - start > 1 and doc[end - 1].is_punct:
            end -= 1
        while end - start > 1 and (doc[start].is_punct or doc[start].dep_ == "cc"):
            start += 1
        return start, end

    def _clipped(self, token: Token) -> int:
        """The end of the token's phrase, cut before any clause in it."""
        end = token.right_edge.i + 1
        for inner in token.subtree:
            if inner.dep_ in ("relcl", "acl", "advcl", "ccomp") and inner.left_edge.i > token.i:
                end = min(end, inner.left_edge.i)
        return end

    def _named(self, marked: Marked, head: Token, start: int, end: int) -> Source | None:
        doc = marked.doc
        text = marked.words(start, end)[:_LONGEST_TEXT]
        words = [t.text for t in doc[start:end]]
        known = next((k for _, _, k in self._words.known.find_all(words)), None)
        country = self._country(marked, start, end) or (known.country if known else None)
        person = self._person(head, start, end)
        if person is not None:
            name, at = person
            role = self._role_text(marked, start, end, name, at)
            official = role is not None and any(w in self._words.officials for w in _lemmas(doc, start, end))
            organization = known.name if known else self._organization(marked, start, end)
            return Source(
                name=name, type=SourceType.OFFICIAL if official else SourceType.PERSON, organization=organization,
                role=role, country=country, text=text,
            )  # fmt: skip
        has_role = head.lemma_.casefold() in self._words.roles - self._words.organizations - self._words.media
        if known is not None and not has_role:
            return Source(
                name=known.name, type=known.type, organization=None, country=known.country or country, text=text
            )
        return None

    def _role(self, marked: Marked, head: Token, start: int, end: int, memory: SpeakerMemory) -> Source | None:
        doc, lemma = marked.doc, head.lemma_.casefold()
        text = marked.words(start, end)[:_LONGEST_TEXT]
        said = doc[start:end].text[:_LONGEST_TEXT]
        country = self._country(marked, start, end)
        definite = any(c.lower_ in ("the", "this", "that") for c in head.children)
        if lemma in self._words.roles:
            known_before = memory.recall(self._role_words(marked, start, end), country) if definite else None
            if known_before is not None:
                return known_before
            if lemma in self._words.media:
                plain = country is None and not any(t.pos_ == "PROPN" for t in doc[start:end])
                name = None if plain or lemma not in ("tv", "television", "radio") else said
                return Source(
                    name=name, type=SourceType.MEDIA, country=country, anonymous=name is None, role=said, text=text
                )
            if lemma in self._words.organizations:
                return Source(name=said, type=SourceType.ORGANIZATION, organization=said, country=country, text=text)
            return Source(
                type=SourceType.OFFICIAL if lemma in self._words.officials else SourceType.PERSON, role=said,
                organization=self._organization(marked, start, end), country=country, anonymous=True, text=text,
            )  # fmt: skip
        force = next((f for f in marked.forces if f.start <= head.i < f.end), None)
        if force is not None and (force.form in ("name", "capital", "group")):
            return Source(name=said, type=SourceType.ORGANIZATION, country=force.country, text=text)
        if head.pos_ == "PROPN" or (head.tag_ == "NN" and head.text[:1].isupper() and head.left_edge.i == head.i):
            kind = SourceType.PERSON if head.ent_type_ in ("PERSON", "") else SourceType.ORGANIZATION
            return Source(name=_proper_name(head), type=kind, country=country, text=text)
        return None

    def _person(self, head: Token, start: int, end: int) -> tuple[str, int] | None:
        """A person's name in the phrase and where it starts: one that the parser's names or an apposition give."""
        names = [e for e in head.doc.ents if e.label_ == "PERSON" and start <= e.start and e.end <= end]
        for entity in names:
            inside_organization = any(c.dep_ == "case" for c in entity.root.children)
            if not inside_organization and len(entity.text) > 2:
                return entity.text, entity.start
        return None

    def _role_text(self, marked: Marked, start: int, end: int, name: str, at: int) -> str | None:
        del name
        before = marked.doc[start:at]
        words = [t for t in before if not t.is_punct and t.lower_ not in ("the", "a", "an")]
        if words:
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


def with_role(source: Source, role: str) -> Source:
    return replace(source, role=role)


def _lemmas(doc: object, start: int, end: int) -> list[str]:
    return [t.lemma_.casefold() for t in doc[start:end]]  # type: ignore[index]


def _proper_name(head: Token) -> str:
    start = head.i
    while start > 0 and head.doc[start - 1].pos_ == "PROPN" and head.doc[start - 1].head.i in range(start, head.i + 1):
        start -= 1
    return str(head.doc[start : head.i + 1].text)
