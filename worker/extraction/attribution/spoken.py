"""Speech told by a verb: "the ministry said that", "was announced by", "has information that"."""

from __future__ import annotations

from collections.abc import Sequence

from service.domain.claims import Source
from worker.extraction.attribution.owners import OwnerReader
from worker.extraction.attribution.speaker_memory import SpeakerMemory
from worker.extraction.attribution.speaker_words import SpeakerWords
from worker.extraction.attribution.speakers import SpeakerReader
from worker.extraction.attribution.speech import Speech, is_medium
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Token

_LONG_OPENING = 3


class VerbReader:
    def __init__(self, words: SpeakerWords, syntax: Syntax, speakers: SpeakerReader, owners: OwnerReader) -> None:
        self._words, self._syntax, self._speakers, self._owners = words, syntax, speakers, owners

    def speech(self, marked: Marked, verb: Token, memory: SpeakerMemory) -> Speech | None:
        """The speech that a token tells as the verb of its clause, or None: "did *not* comment" tells nothing."""
        lemma = verb.lemma_.casefold()
        if verb.pos_ != "VERB" or self._syntax.children(verb, self._syntax.negation):
            return None
        informed = self._informed(marked, verb, memory) if lemma in self._words.giving else None
        if informed is not None:
            return informed
        if lemma not in self._words.verbs:
            counts = lemma in self._words.counting and not self._syntax.is_passive(verb) and self._syntax.objects(verb)
            by_body = any(self._speakers.is_body(marked, head) for head in self._heads(verb))
            return self._said(marked, verb, lemma, memory, inverted=False) if counts and by_body else None
        if lemma in self._words.placed and not self._places(verb):
            return None
        clauses = self._clauses(verb, lemma)
        quoted = any(t.text == '"' for t in marked.doc)
        counts = lemma in self._words.counting and self._syntax.objects(verb)
        if (
            lemma in self._words.clausal
            and not clauses
            and not quoted
            and not counts
            and verb.dep_ not in self._syntax.parataxis
        ):
            return None
        if self._syntax.is_passive(verb):
            return self._announced(marked, verb, memory)
        return self._said(marked, verb, lemma, memory, inverted=bool(clauses))

    def _said(self, marked: Marked, verb: Token, lemma: str, memory: SpeakerMemory, *, inverted: bool) -> Speech | None:
        """`inverted`: without a subject, a name behind the verb may be the speaker's."""
        heads = self._heads(verb)
        if not heads and inverted and lemma not in self._words.telling:
            behind = [c for c in self._syntax.children(verb, self._syntax.object) if c.i > verb.i]
            heads = [c for c in behind if c.pos_ == "PROPN" or c.lemma_.casefold() in self._words.roles]
        if not heads or heads[0].pos_ in ("VERB", "AUX"):
            return None
        if heads[0].lemma_.casefold() in self._words.nouns:
            owner = self._owners.owner(marked, heads[0], memory) or self._giver(marked, heads[0], memory)
            if owner is not None:
                return Speech(verb=verb, chain=(owner,), scope=self._scope(marked, verb, heads))
        chain = self._chain(marked, verb, lemma, heads[0], memory)
        return Speech(verb=verb, chain=chain, scope=self._scope(marked, verb, heads)) if chain else None

    def _places(self, verb: Token) -> bool:
        """ "*Put* the toll *at* 300", "as the king *put it*", but not "put in charge"."""
        objects = self._syntax.children(verb, self._syntax.object)
        itself = any(o.lower_ in self._words.impersonal for o in objects)
        return itself or any(t.lower_ in self._words.placing for t in verb.doc[verb.i :])

    def _giver(self, marked: Marked, noun: Token, memory: SpeakerMemory) -> Source | None:
        """Who gives the noun that speaks: "*the ministry* has put out a statement saying"."""
        if noun.dep_ not in self._syntax.object:
            return None
        subjects = self._syntax.subjects(noun.head)
        return self._speakers.read(marked, subjects[0], memory) if subjects else None

    def _chain(self, marked: Marked, verb: Token, lemma: str, head: Token, memory: SpeakerMemory) -> tuple[Source, ...]:
        """The medium that was told, the speaker, and whom the speaker quotes."""
        together = [one for one in self._syntax.conjuncts(head) if one.i == head.i or one.pos_ == "PROPN"]
        chain = [self._speakers.read(marked, one, memory) for one in sorted(together, key=lambda one: one.i)]
        bare = lemma in self._words.telling or not self._syntax.objects(verb)
        if lemma not in self._words.clausal and bare and not any(chain):
            chain = [self._speakers.unknown(marked, head)]
        if lemma in self._words.quoting:
            chain += [self._speakers.read(marked, cited, memory) for cited in self._syntax.objects(verb)[:1]]
        if lemma in self._words.telling:
            for child in self._syntax.children(verb, self._syntax.object):
                told = self._speakers.read(marked, child, SpeakerMemory())
                if is_medium(told):
                    chain.insert(0, told)
        return tuple(link for link in chain if link is not None)

    def _clauses(self, verb: Token, lemma: str) -> list[Token]:
        """What the verb tells: clauses, and for "speak" and the like a phrase with "of"."""
        syntax = self._syntax
        clauses = syntax.children(verb, syntax.clause_complement | syntax.open_complement | syntax.parataxis)
        if lemma in self._words.topical:
            clauses += [c for c in syntax.children(verb, syntax.preposition) if c.lower_ in self._words.topics]
        return clauses

    def _heads(self, verb: Token) -> list[Token]:
        """The verb's subjects, its own or another's; for "which said" the noun that is meant.

        Of two subjects before one verb, as parsers give for "Nepal, the Pentagon believes, has sent", the nearer.
        """
        heads = self._syntax.children(verb, self._syntax.subject)
        heads = [h for h in heads if h.i < verb.i][-1:] or heads
        if not heads and verb.dep_ in self._syntax.conjunct:
            heads = self._syntax.subjects(verb)
        elif not heads and verb.dep_ in self._syntax.noun_clause and self._syntax.is_gerund(verb):
            heads = [verb.head]
        return [self._antecedent(head, verb) for head in heads]

    def _antecedent(self, head: Token, verb: Token) -> Token:
        relative = self._syntax.is_relative_pronoun(head) and verb.dep_ in self._syntax.relative_clause
        return verb.head if relative else head

    def _informed(self, marked: Marked, verb: Token, memory: SpeakerMemory) -> Speech | None:
        """As "X has information that", "X issued a statement saying that"."""
        syntax = self._syntax
        nouns = [o for o in syntax.objects(verb) if o.lemma_.casefold() in self._words.nouns]
        clauses = [c for n in nouns for c in syntax.children(n, syntax.noun_clause | syntax.clause_complement)]
        subjects = syntax.children(verb, syntax.subject)
        if not clauses or not subjects:
            return None
        source = self._speakers.read(marked, subjects[0], memory)
        if source is None:
            return None
        return Speech(verb=verb, chain=(source,), scope=frozenset(t.i for clause in clauses for t in clause.subtree))

    def _announced(self, marked: Marked, verb: Token, memory: SpeakerMemory) -> Speech | None:
        """As "This was announced by X", "... was reported by X", "X was quoted by Y as saying that"."""
        for child in self._syntax.children(verb, self._syntax.agent | self._syntax.preposition):
            if child.lower_ not in self._syntax.prepositions["by"]:
                continue
            for head in self._syntax.children(child, self._syntax.prepositional_object):
                source = self._speakers.read(marked, head, memory)
                if source is None:
                    return None
                points = self._points_back(verb)
                scope = frozenset(t.i for t in verb.subtree) - frozenset(t.i for t in child.subtree)
                chain = (source, *self._quoted(marked, verb, memory))
                return Speech(verb=verb, chain=chain, scope=frozenset() if points else scope, points_back=points)
        quoted = self._quoted(marked, verb, memory)
        return Speech(verb=verb, chain=quoted, scope=frozenset(t.i for t in verb.subtree)) if quoted else None

    def _quoted(self, marked: Marked, verb: Token, memory: SpeakerMemory) -> tuple[Source, ...]:
        """Who is quoted, in "X was quoted as saying that"."""
        if verb.lemma_.casefold() not in self._words.quoting:
            return ()
        found = [self._speakers.read(marked, subject, memory) for subject in self._syntax.subjects(verb)[:1]]
        return tuple(source for source in found if source is not None)

    def _points_back(self, verb: Token) -> bool:
        subjects = self._syntax.subjects(verb)
        announced = bool(subjects) and subjects[0].lower_ in self._words.announcements
        return announced and verb.lemma_ in self._words.announced

    def _scope(self, marked: Marked, verb: Token, heads: Sequence[Token]) -> frozenset[int]:
        """The tokens that the verb's speech covers: its clause, and the clauses it is put in or behind."""
        doc, syntax = marked.doc, self._syntax
        parenthetic = any(c.lower_ in self._words.parenthetic for c in verb.children)
        if verb.dep_ in syntax.parataxis or (verb.dep_ in syntax.adverbial_clause and parenthetic):
            return frozenset(range(len(doc)))
        inside = self._own_words(verb, heads)
        if verb.dep_ in syntax.noun_clause and syntax.is_gerund(verb):
            # Parsers often hang the clause behind "a statement saying" on the main verb.
            return inside | frozenset(range(verb.i + 1, len(doc)))
        own = syntax.children(verb, syntax.subject)
        said = syntax.children(verb, syntax.clause_complement)
        edge = heads[0].left_edge if own else None
        if edge is not None and not said and edge.i >= _LONG_OPENING and self._closes(verb, edge):
            return inside | frozenset(range(min(edge.i, verb.i)))
        if _is_root(verb) and not said and any(_is_root(t) and t.i != verb.i for t in doc):
            # Parsers split '"We are there," he said' in two; what stands before the verb's part is said too.
            return inside | frozenset(t.i for t in doc if t.i < verb.left_edge.i)
        return inside

    def _closes(self, verb: Token, edge: Token) -> bool:
        """Whether the verb, whose speaker begins at `edge`, ends what is said before it: "They left, the army said"."""
        if self._is_joined(edge) or self._syntax.children(verb, self._syntax.marker):
            return False
        apart = edge.nbor(-1).is_punct and verb.dep_ not in self._syntax.relative_clause
        return _is_root(verb) or verb.dep_ in self._syntax.conjunct or apart

    def _is_joined(self, first: Token) -> bool:
        """ "They are there, *but* Le Monde put the figure at 400" begins something new."""
        return first.nbor(-1).dep_ in self._syntax.coordinator

    def _own_words(self, verb: Token, heads: Sequence[Token]) -> frozenset[int]:
        """The verb's subtree without the speaker and without what another speaker adds."""
        inside = {t.i for t in verb.subtree}
        for head in heads:
            inside -= {t.i for t in head.subtree if head.i != verb.head.i}
        for child in self._syntax.children(verb, self._syntax.conjunct):
            speaks = child.lemma_.casefold() in self._words.verbs
            if speaks and self._syntax.children(child, self._syntax.clause_complement):
                inside -= {t.i for t in child.subtree}
        return frozenset(inside)


def _is_root(token: Token) -> bool:
    return bool(token.head.i == token.i)
