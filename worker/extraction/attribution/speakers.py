"""Who speaks: turns the noun phrase of a speaker into one link of an attribution chain."""

from __future__ import annotations

from service.domain.claims import Source, SourceType
from worker.extraction.attribution.person_names import PersonNames
from worker.extraction.attribution.speaker_memory import SpeakerMemory
from worker.extraction.attribution.speaker_words import SpeakerWords
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Span, Token, Tree

_LONGEST_TEXT = 160
_MOST_SPEAKERS = 50


class SpeakerReader:
    def __init__(self, words: SpeakerWords, syntax: Syntax) -> None:
        self._words, self._syntax, self._names = words, syntax, PersonNames(words, syntax)
        self._clauses = syntax.relative_clause | syntax.noun_clause | syntax.adverbial_clause | syntax.clause_complement
        self._human = words.roles - words.organizations - words.media
        self._not_in_phrase = self._clauses | syntax.parataxis | syntax.conjunct | syntax.coordinator

    def read(self, marked: Marked, head: Token, memory: SpeakerMemory) -> Source | None:
        """The source that the noun phrase of `head` names, or None where it names no speaker."""
        return self._phrase(marked, head, *self._extent(head), memory)

    def read_span(self, marked: Marked, start: int, end: int, memory: SpeakerMemory) -> Source | None:
        """The source that the words [start, end) name, whatever the parse made of them."""
        head = _head(marked.doc[start:end])
        return self._phrase(marked, head, start, end, memory) if head is not None else None

    def unknown(self, marked: Marked, head: Token) -> Source | None:
        """Someone called by a noun that is no known role, who is sure to speak: "the *shopkeeper* said"."""
        start, end = self._extent(head)
        dated = any(d.start <= head.i < d.end for d in marked.times)
        if head.pos_ != "NOUN" or dated or self._is_counted(marked, start, end):
            return None
        text = marked.words(start, end)[:_LONGEST_TEXT]
        country = self._country(marked, start, end)
        return Source(type=SourceType.PERSON, role=text, country=country, anonymous=True, text=text)

    def label(self, label: str, memory: SpeakerMemory) -> Source:
        """The speaker of a transcript's line; `label` as printed ("MR. KIRBY", "The Minister for Defence (Mr. Hale)").

        Who was labelled in full before is meant by the surname alone.
        """
        known = self._words.known.find_all(label.split())
        if known:
            body = known[0][2]
            return Source(name=body.name, type=body.type, country=body.country, text=label)
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

    def is_sure(self, marked: Marked, start: int, end: int) -> bool:
        """Whether the words [start, end) can name a speaker by themselves, with no parse to say so."""
        doc = marked.doc
        if start >= end or doc[start:end].root.pos_ == "NUM":
            return False
        phrase = doc[start:end]
        if any(t.like_num for t in phrase):
            return False
        head = _head(phrase)
        if head is None:
            return False
        role = head.lemma_.casefold() in self._words.roles
        person = self._names.find(marked, start, end) is not None
        known = bool(self._words.known.find_all([t.text for t in phrase]))
        force = any(
            f.start <= head.i < f.end and f.form in ("name", "capital", "group") and not f.candidates
            for f in marked.forces
        )
        return role or person or known or force or head.lower_ in self._words.personal

    def is_body(self, marked: Marked, head: Token) -> bool:
        """Whether a noun is a speaker by its own word or name, and not by belonging to a country or an army."""
        phrase = [t.text for t in marked.doc[slice(*self._extent(head))]]
        return head.lemma_.casefold() in self._words.roles or bool(self._words.known.find_all(phrase))

    def see(self, marked: Marked, memory: SpeakerMemory) -> None:
        """Keeps whom the sentence is about, for the words that point back at them."""
        for head in marked.doc:
            if head.dep_ not in self._syntax.subject or head.pos_ not in ("NOUN", "PROPN"):
                continue
            start, end = self._extent(head)
            if self._is_counted(marked, start, end):
                continue
            source = self._named(marked, head, start, end)
            about = head.head.head.i == head.head.i
            if source is None and about:
                source = self._role(marked, head, start, end, memory)
            if source is not None:
                several = source.anonymous and head.tag_ in self._syntax.tags.plural_noun
                memory.see(source, self._role_words(marked, start, end), several=several, about=about)

    def _phrase(self, marked: Marked, head: Token, start: int, end: int, memory: SpeakerMemory) -> Source | None:
        if head.pos_ == "PRON":
            return self._pronoun(head, memory)
        start = next((f.start for f in marked.forces if f.end == start), start)
        if any(dated.start <= head.i < dated.end for dated in marked.times) or self._is_counted(marked, start, end):
            return None
        source = self._called(marked, head, start, end, memory) or self._role(marked, head, start, end, memory)
        if source is not None and not (source.anonymous and source.type is SourceType.MEDIA):
            several = source.anonymous and head.tag_ in self._syntax.tags.plural_noun
            memory.remember(source, self._role_words(marked, start, end), several=several)
        return source

    def _is_counted(self, marked: Marked, start: int, end: int) -> bool:
        """Whether a phrase counts more people than speak at once: "1,200 fighters said to have been sent"."""
        counts = [c.quantity.min or c.quantity.max or 0 for c in marked.counted if start <= c.start < end]
        return any(count >= _MOST_SPEAKERS for count in counts)

    def _pronoun(self, head: Token, memory: SpeakerMemory) -> Source | None:
        said = self._syntax.clause_complement | self._syntax.open_complement | self._syntax.object
        opening = any(c.dep_ in said and c.i > head.head.i for c in head.head.children)
        source, several = None, False
        if head.lower_ in self._words.personal:
            source = memory.he(opening=opening)
        elif head.lower_ in self._words.impersonal:
            source = memory.it(opening=opening)
        elif head.lower_ in self._words.plural:
            source, several = memory.they(opening=opening), True
        if source is not None:
            memory.again(source, several=several)
        return source

    def _extent(self, head: Token) -> tuple[int, int]:
        """Tokens [start, end) of the phrase: modifiers, "of" phrases and appositions, no clauses."""
        doc = head.doc
        start = min(
            (c.left_edge.i for c in head.children if c.i < head.i and c.dep_ not in self._not_in_phrase), default=head.i
        )
        end = head.i + 1
        for child in head.rights:
            if child.lower_ in self._words.qualities:
                end = max(end, child.right_edge.i + 1)
                continue
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

    def _called(self, marked: Marked, head: Token, start: int, end: int, memory: SpeakerMemory) -> Source | None:
        """As _named; who is called by the surname alone is the one who was named in full before."""
        source = self._named(marked, head, start, end)
        alone = end - start == 1 and head.pos_ == "PROPN"
        if alone and (source is None or source.type is SourceType.PERSON):
            return memory.person_called(head.text) or source
        return source

    def _named(self, marked: Marked, head: Token, start: int, end: int) -> Source | None:
        text = marked.words(start, end)[:_LONGEST_TEXT]
        phrase = [t.text for t in marked.doc[start:end]]
        # "A *Kremlin-affiliated* blogger" is not the Kremlin.
        known = next((k for _, at, k in self._words.known.find_all(phrase) if phrase[at : at + 1] != ["-"]), None)
        country = self._country(marked, start, end) or (known.country if known else None)
        person = self._names.find(marked, start, end)
        if person is not None:
            at, past = person
            name = marked.doc[at:past].text
            role = self._role_text(marked, start, end, at)
            official = role is not None and any(w in self._words.officials for w in _lemmas(marked.doc, start, end))
            organization = known.name if known else self._organization(marked, start, end)
            return Source(
                name=name, type=SourceType.OFFICIAL if official else SourceType.PERSON, organization=organization,
                role=role, country=country, text=text,
            )  # fmt: skip
        has_role = head.lemma_.casefold() in self._human
        titled = self._titled(marked, head, start, end) if known is None else None
        if titled is not None:
            return titled
        if known is not None and not has_role:
            return Source(name=known.name, type=known.type, country=known.country or country, text=text)
        return None

    def _titled(self, marked: Marked, head: Token, start: int, end: int) -> Source | None:
        """Someone whose name the recognizer missed, by the role beside it: "army spokesman *Hari Thapa*"."""
        doc = marked.doc
        if head.pos_ != "PROPN" or head.lemma_.casefold() in self._words.roles:
            return None
        at = next((i + 1 for i in range(head.i - 1, start - 1, -1) if doc[i].lemma_.casefold() in self._human), None)
        aside = range(head.i + 2, end) if head.i + 1 < end and doc[head.i + 1].text == "," else range(0)
        if at is None and any(doc[i].lemma_.casefold() in self._human for i in aside):
            at = start
        if at is None or any(t.pos_ != "PROPN" and not t.is_punct for t in doc[at : head.i]):
            return None
        official = any(w in self._words.officials for w in _lemmas(doc, start, end))
        return Source(
            name=doc[at : head.i + 1].text, type=SourceType.OFFICIAL if official else SourceType.PERSON,
            organization=self._organization(marked, start, end), role=self._role_text(marked, start, end, at),
            country=self._country(marked, start, end), text=marked.words(start, end)[:_LONGEST_TEXT],
        )  # fmt: skip

    def _role(self, marked: Marked, head: Token, start: int, end: int, memory: SpeakerMemory) -> Source | None:
        text = marked.words(start, end)[:_LONGEST_TEXT]
        said = marked.doc[start:end].text[:_LONGEST_TEXT]
        country = self._country(marked, start, end)
        if head.lemma_.casefold() in self._words.roles:
            definite = any(c.lower_ in self._words.definite for c in head.children)
            known_before = memory.recall(self._role_words(marked, start, end), country) if definite else None
            if definite and known_before is None and head.lemma_.casefold() in self._words.generic and end - start <= 2:
                known_before = memory.he()
            return known_before or self._unnamed(marked, head, start, end)
        force = next((f for f in marked.forces if f.start <= head.i < f.end), None)
        if force is not None and force.form in ("name", "capital", "group"):
            return Source(name=said, type=SourceType.ORGANIZATION, country=force.country, text=text)
        if head.pos_ == "PROPN" or (
            head.tag_ in self._syntax.tags.singular_noun and head.text[:1].isupper() and head.left_edge.i == head.i
        ):
            kind = SourceType.ORGANIZATION if self._is_body(marked, head) else SourceType.PERSON
            return Source(name=_proper_name(head), type=kind, country=country, text=text)
        return None

    def _is_body(self, marked: Marked, head: Token) -> bool:
        """Whether a name that is no person's as it stands is that of a body: "the Guards", "UNICEF"."""
        placed = any(place.start <= head.i < place.end for place in marked.places)
        return placed or head.text.isupper() or any(c.lower_ in self._words.articles for c in head.children)

    def _unnamed(self, marked: Marked, head: Token, start: int, end: int) -> Source:
        """A speaker by role only: "two officials", "the ministry", "state television"."""
        lemma = head.lemma_.casefold()
        text = marked.words(start, end)[:_LONGEST_TEXT]
        said = marked.doc[start:end].text[:_LONGEST_TEXT]
        country = self._country(marked, start, end)
        if lemma in self._words.documents:
            return Source(type=SourceType.DOCUMENT, country=country, anonymous=True, role=said, text=text)
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
        lemmas = _lemmas(marked.doc, start, end)
        return frozenset(self._words.ranks.get(lemma, lemma) for lemma in lemmas) & self._words.roles


def _head(phrase: Span) -> Token | None:
    """The last noun before the phrase's first comma or preposition; a phrase of one word is its own."""
    head: Token | None = phrase[0] if len(phrase) == 1 else None
    for token in phrase:
        if token.text == "," or token.pos_ == "ADP":
            break
        if token.pos_ in ("NOUN", "PROPN", "PRON"):
            head = token
    return head


def _lemmas(doc: Tree, start: int, end: int) -> list[str]:
    return [t.lemma_.casefold() for t in doc[start:end]]


def _proper_name(head: Token) -> str:
    start = head.i
    while start > 0 and head.doc[start - 1].pos_ == "PROPN" and head.doc[start - 1].head.i in range(start, head.i + 1):
        start -= 1
    return str(head.doc[start : head.i + 1].text)
