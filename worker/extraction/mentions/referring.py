"""Forces that a text names once and afterwards only means: leaders by name, "the mission", "the army"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from worker.extraction.mentions.constructions import ForceWords
from worker.extraction.mentions.forces import ForceMention
from worker.extraction.mentions.marking import FindNames, Marked
from worker.extraction.mentions.naming import NAMED
from worker.extraction.mentions.parties import Parties
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Span, Token

_ROLE_TOKENS = 6
_SHORTEST_NAME = 3
_LONGEST_NAME = 8
_PRONOUN_SENTENCES = 2
_BODY_TOKENS = 3
_NAMING = ("adjective", "group", "name")


@dataclass(slots=True)
class _Told:
    """Countries by leader's surname; the force last meant by each noun; those named last as a subject."""

    leaders: dict[str, str]
    parties: Parties
    nouns: dict[str, ForceMention] = field(default_factory=dict)
    missions: dict[str, ForceMention] = field(default_factory=dict)
    national: ForceMention | None = None
    country: ForceMention | None = None
    subject: ForceMention | None = None
    subject_in: int = 0


@dataclass(frozen=True, slots=True)
class Referrer:
    """`names` finds the names of people in a sentence, as tokens [first, past)."""

    words: ForceWords
    syntax: Syntax
    names: FindNames

    def refer(self, marked: Sequence[Marked], parties: Parties) -> list[Marked]:
        """The passages with a mention for each leader and body whose force the article tells elsewhere."""
        told = _Told(leaders=self._leaders(marked), parties=parties)
        return [self._read(one, told) for one in marked]

    # ---- leaders

    def _leaders(self, marked: Sequence[Marked]) -> dict[str, str]:
        """Countries by the surnames of those whom the article calls some country's leader or officer."""
        found: dict[str, str] = {}
        for one in marked:
            if all(token.lower_ not in self.words.leading for token in one.doc):
                continue
            for first, past in self.names(one):
                country = self._led(one, one.doc[first:past])
                surname = one.doc[past - 1].text
                if country is not None and len(surname) >= _SHORTEST_NAME:
                    found.setdefault(surname, country)
        return found

    def _led(self, marked: Marked, person: Span) -> str | None:
        """ "*Bangladesh's prime minister*, Sheikh Hasina", "Sheikh Hasina, *prime minister of Bangladesh*"."""
        doc = marked.doc
        before = doc[max(0, person.start - _ROLE_TOKENS) : person.start]
        behind = doc[person.end : person.end + _ROLE_TOKENS + 1]
        for span in (before, behind):
            if span is behind and (not len(span) or span[0].text != ","):
                continue
            forces = [f for f in marked.forces if span.start <= f.start and f.end <= span.end and f.country]
            if not forces:
                continue
            force = forces[-1] if span is before else forces[0]
            between = doc[force.end : person.start] if span is before else doc[person.end : force.end + 2]
            plain = all(t.pos_ not in ("VERB", "AUX") and t.text not in ".;:" for t in between)
            if plain and any(t.lower_ in self.words.leading for t in between):
                return force.country
        return None

    # ---- one sentence

    def _read(self, marked: Marked, told: _Told) -> Marked:
        taken = {i for f in marked.forces for i in range(f.start, f.end)}
        by_start = {f.start: f for f in marked.forces}
        forces = list(marked.forces)
        for token in marked.doc:
            mention = by_start.get(token.i)
            if mention is None and token.i not in taken:
                mention = self._meant(token, marked.index, forces, told)
                if mention is not None:
                    forces.append(mention)
            if mention is not None and (mention.country or mention.group):
                self._remember(mention, marked, told)
        if len(forces) == len(marked.forces):
            return marked
        return replace(marked, forces=tuple(sorted(forces, key=lambda f: f.start)))

    def _meant(self, token: Token, sentence: int, forces: Sequence[ForceMention], told: _Told) -> ForceMention | None:
        if token.pos_ == "PROPN" and token.text in told.leaders and token.ent_type_ in NAMED:
            return _mention(token, told.leaders[token.text], None, form="leader")
        if token.lower_ in self.words.pronouns:
            return self._by_pronoun(token, sentence, forces, told)
        lemma = token.lemma_.casefold()
        if token.pos_ not in ("NOUN", "PROPN") or lemma not in self.words.bodies | self.words.states:
            return None
        if not self._points_back(token) or self._is_anothers(token, forces):
            return None
        known = self._own(token, forces) or self._mission(lemma, told) or told.nouns.get(lemma)
        if known is None and lemma in self.words.states:
            known = told.country
        if known is None and lemma in self.words.national:
            # "*In Kabul*, the army said"
            known = told.national or next((f for f in forces if f.form == "capital" and f.start == 1), None)
        if known is not None:
            return _mention(token, known.country, known.group, form="body")
        home = told.parties.home if lemma in self.words.national else None
        return _mention(token, home, None, form="body") if home is not None else None

    def _by_pronoun(
        self, token: Token, sentence: int, forces: Sequence[ForceMention], told: _Told
    ) -> ForceMention | None:
        """ "*It* has 1,500 soldiers there", "*its* soldiers": what the sentence before was about."""
        named = any(
            f.end <= token.i and (f.form != "adjective" or self._stands_alone(token.doc[f.end - 1])) for f in forces
        )
        far = sentence - told.subject_in > _PRONOUN_SENTENCES
        own = token.dep_ in self.syntax.owner or (token.dep_ in self.syntax.subject and token.head.pos_ == "VERB")
        if told.subject is None or named or far or not own:
            return None
        return _mention(token, told.subject.country, told.subject.group, form="body")

    def _stands_alone(self, name: Token) -> bool:
        """ "*The Netherlands*, which withdrew its soldiers": the adjective is the country's name too."""
        return name.pos_ == "PROPN" and name.dep_ in self.syntax.prepositional_object | self.syntax.controller

    def _mission(self, lemma: str, told: _Told) -> ForceMention | None:
        """The alliance that the article names most, once it was named: rarely one told of by the way."""
        known = told.nouns.get(lemma)
        if lemma not in self.words.called or known is None or known.country is not None:
            return None
        most = told.parties.mission()
        return told.missions.get(most) if most is not None else None

    def _points_back(self, noun: Token) -> bool:
        """ "the army", "this mission"; "the Defense Ministry"."""
        before = [c for c in noun.children if c.i < noun.i]
        named = any(c.i > noun.i and c.lower_ in self.words.naming for c in noun.children)
        if named and noun.pos_ == "PROPN":
            return False
        if any(c.tag_ in self.syntax.tags.superlative for c in before):
            return False
        return any(c.lower_ in self.words.pointing for c in before)

    def _own(self, noun: Token, forces: Sequence[ForceMention]) -> ForceMention | None:
        """ "the army *of Chad*", "the government *in Kinshasa*"."""
        forms = ("name", "capital")
        lemma = noun.lemma_.casefold()
        links = self.words.belonging | (self.words.seat if lemma in self.words.seated else frozenset())
        for token in noun.doc[noun.i + 1 : noun.i + _LONGEST_NAME]:
            force = next((f for f in forces if f.start == token.i and f.form in forms), None)
            if force is not None:
                before = [t for t in noun.doc[noun.i + 1 : token.i] if t.pos_ != "DET"]
                return force if before and before[-1].lower_ in links else None
            if token.pos_ in ("VERB", "AUX", "PUNCT"):
                return None
        return None

    def _is_anothers(self, noun: Token, forces: Sequence[ForceMention]) -> bool:
        """ "the rebel army", and what names its force before the noun."""
        left = noun.left_edge.i
        named = any(left <= force.start < noun.i for force in forces)
        return named or any(c.lower_ in self.words.others for c in noun.children)

    def _is_where(self, mention: ForceMention, name: Token, body: Token) -> bool:
        """ "The *Mali* mission" is in Mali and somebody else's."""
        bare = mention.form == "name" and name.dep_ not in self.syntax.owner
        return bare and body.lemma_.casefold() in self.words.abroad

    def _remember(self, mention: ForceMention, marked: Marked, told: _Told) -> None:
        doc = marked.doc
        head = doc[mention.end - 1]
        if mention.form != "body":
            for noun in (head, head.head):
                lemma = noun.lemma_.casefold()
                near = mention.start <= noun.i <= mention.end + _BODY_TOKENS and mention.form in _NAMING
                if near and lemma in self.words.bodies and not self._is_where(mention, head, noun):
                    told.nouns[lemma] = mention
                if near and lemma in self.words.national | self.words.ruling and mention.country:
                    told.national = mention
            if mention.form == "group" and mention.group is None:
                told.national = mention
            if mention.form == "group":
                for lemma in self.words.called if mention.country is None else self.words.bands:
                    told.nouns[lemma] = mention
            if mention.form == "group" and mention.group is not None:
                told.missions[mention.group] = mention
        if mention.form == "leader":
            return
        subject = any(t.dep_ in self.syntax.subject for t in (head, head.head))
        if subject:
            told.subject, told.subject_in = mention, marked.index
        if mention.country is not None and mention.group is None and (subject or told.country is None):
            told.country = mention


def _mention(token: Token, country: str | None, group: str | None, *, form: str) -> ForceMention:
    return ForceMention(start=token.i, end=token.i + 1, country=country, group=group, form=form)
