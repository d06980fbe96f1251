"""Forces that a text names once and afterwards only means: leaders by name, "the mission", "the army"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from spacy.tokens import Span, Token

from worker.extraction.mentions.constructions import ForceWords
from worker.extraction.mentions.forces import ForceMention
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.parties import Parties
from worker.extraction.mentions.syntax import Syntax

_ROLE_TOKENS = 6
_SHORTEST_NAME = 3
_LINK_TOKENS = 3
_PRONOUN_SENTENCES = 2


@dataclass(slots=True)
class _Memory:
    """The force last meant by each noun, and the country and the force named last as a subject."""

    nouns: dict[str, ForceMention] = field(default_factory=dict)
    country: ForceMention | None = None
    subject: ForceMention | None = None
    subject_in: int = 0


@dataclass(frozen=True, slots=True)
class Referrer:
    words: ForceWords
    syntax: Syntax

    def refer(self, marked: Sequence[Marked], parties: Parties) -> list[Marked]:
        """The passages with a mention for each leader and body whose force the article tells elsewhere."""
        leaders = self._leaders(marked)
        memory = _Memory()
        return [self._read(one, leaders, memory, parties) for one in marked]

    # ---- leaders

    def _leaders(self, marked: Sequence[Marked]) -> dict[str, str]:
        """Countries by the surnames of those whom the article calls some country's leader or officer."""
        found: dict[str, str] = {}
        for one in marked:
            for person in one.doc.ents:
                country = self._led(one, person) if person.label_ in self.syntax.person_name else None
                if country is not None and len(person[-1]) >= _SHORTEST_NAME:
                    found.setdefault(person[-1].text, country)
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

    def _read(self, marked: Marked, leaders: dict[str, str], memory: _Memory, parties: Parties) -> Marked:
        taken = {i for f in marked.forces for i in range(f.start, f.end)}
        by_start = {f.start: f for f in marked.forces}
        found: list[ForceMention] = []
        for token in marked.doc:
            mention = by_start.get(token.i)
            if mention is None and token.i not in taken:
                mention = self._meant(token, marked, leaders, memory, parties)
                if mention is not None:
                    found.append(mention)
            if mention is not None and (mention.country or mention.group):
                self._remember(mention, marked, memory)
        if not found:
            return marked
        forces = tuple(sorted((*marked.forces, *found), key=lambda f: f.start))
        return replace(marked, forces=forces)

    def _meant(
        self, token: Token, marked: Marked, leaders: dict[str, str], memory: _Memory, parties: Parties
    ) -> ForceMention | None:
        if token.pos_ == "PROPN" and token.text in leaders and token.ent_type_ in self.syntax.person_name:
            return _mention(token, leaders[token.text], None, form="leader")
        if token.lower_ in self.words.pronouns:
            return self._by_pronoun(token, marked, memory)
        lemma = token.lemma_.casefold()
        if token.pos_ not in ("NOUN", "PROPN") or lemma not in self.words.bodies | self.words.states:
            return None
        if not self._points_back(token) or self._is_anothers(token, marked):
            return None
        own = self._own(token, marked)
        known = own or memory.nouns.get(lemma) or (memory.country if lemma in self.words.states else None)
        if known is not None:
            return _mention(token, known.country, known.group, form="body")
        if lemma in self.words.national and parties.home is not None:
            return _mention(token, parties.home, None, form="body")
        return None

    def _by_pronoun(self, token: Token, marked: Marked, memory: _Memory) -> ForceMention | None:
        """ "*It* has 1,500 soldiers there", "*its* soldiers": what the sentence before was about."""
        named = any(f.end <= token.i and f.form != "adjective" for f in marked.forces)
        far = marked.index - memory.subject_in > _PRONOUN_SENTENCES
        own = token.dep_ in self.syntax.owner or (token.dep_ in self.syntax.subject and token.head.pos_ == "VERB")
        if memory.subject is None or named or far or not own:
            return None
        return _mention(token, memory.subject.country, memory.subject.group, form="body")

    def _points_back(self, noun: Token) -> bool:
        """ "the army", "this mission"; "the Defense Ministry"."""
        return any(c.i < noun.i and c.lower_ in self.words.pointing for c in noun.children)

    def _own(self, noun: Token, marked: Marked) -> ForceMention | None:
        """ "the army *of Chad*", "the government *in Kinshasa*"."""
        link = noun.doc[noun.i + 1].lower_ if noun.i + 1 < len(noun.doc) else ""
        seated = link in self.words.seat and noun.lemma_.casefold() in self.words.seated
        if link not in self.words.belonging and not seated:
            return None
        forms = ("name", "capital")
        return next((f for f in marked.forces if 2 <= f.start - noun.i <= _LINK_TOKENS and f.form in forms), None)

    def _is_anothers(self, noun: Token, marked: Marked) -> bool:
        """ "the rebel army", and what names its force before the noun."""
        left = noun.left_edge.i
        named = any(left <= force.start < noun.i for force in marked.forces)
        return named or any(c.lower_ in self.words.others for c in noun.children)

    def _remember(self, mention: ForceMention, marked: Marked, memory: _Memory) -> None:
        doc = marked.doc
        head = doc[mention.end - 1]
        if mention.form != "body":
            for noun in (head, head.head):
                lemma = noun.lemma_.casefold()
                near = mention.start <= noun.i <= mention.end + 3
                if near and lemma in self.words.bodies and mention.form in ("adjective", "group", "name"):
                    memory.nouns[lemma] = mention
            if mention.form == "group":
                for lemma in self.words.called if mention.country is None else self.words.bands:
                    memory.nouns[lemma] = mention
        if mention.form == "leader":
            return
        subject = any(t.dep_ in self.syntax.subject for t in (head, head.head))
        if subject:
            memory.subject, memory.subject_in = mention, marked.index
        if mention.country is not None and mention.group is None and (subject or memory.country is None):
            memory.country = mention


def _mention(token: Token, country: str | None, group: str | None, *, form: str) -> ForceMention:
    return ForceMention(start=token.i, end=token.i + 1, country=country, group=group, form=form)
