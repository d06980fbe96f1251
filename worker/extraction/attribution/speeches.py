"""According to whom: the acts of speech in a sentence, what each covers, and the chain over an event."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from service.domain.claims import Source, SourceType
from worker.extraction.attribution.speakers import SpeakerMemory, SpeakerReader, SpeakerWords, anonymous_media
from worker.extraction.frames.status import StatusWords
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.phrasebook import tokenize
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.model import LineKind

_MEDIA_TYPES = (SourceType.OUTLET, SourceType.AGENCY, SourceType.MEDIA)
_LONGEST_TITLE_SPEAKER = 6
_LONGEST_SPEAKER = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """Someone's saying. `scope` are the tokens said; `points_back` for "this was announced by"."""

    verb: Token | None
    chain: tuple[Source, ...]
    scope: frozenset[int]
    points_back: bool = False


class SourceReader:
    def __init__(self, words: SpeakerWords, status: StatusWords, syntax: Syntax) -> None:
        self._words, self._status, self._syntax = words, status, syntax
        self._speakers = SpeakerReader(words, syntax)
        self._phrases = tuple(sorted((tuple(p.split()) for p in words.phrases), key=len, reverse=True))

    def speeches(self, marked: Marked, memory: SpeakerMemory) -> list[Speech]:
        found = []
        for token in marked.doc:
            speech = self._spoken(marked, token, memory) or self._trailing(marked, token, memory)
            if speech is not None:
                found.append(speech)
        found += self._colon(marked, memory)
        found += self._claimed(marked, memory)
        found += self._cited(marked, memory)
        if marked.line.kind in (LineKind.TITLE, LineKind.HEADING, LineKind.BULLET):
            found += self._headline(marked, memory)
        return found

    def credited(self, line: str) -> Source | None:
        """The outlet or agency that a line such as "Source: Anadolu" credits with the whole article."""
        label, colon, rest = line.partition(":")
        if not colon or label.strip().casefold() not in self._words.credit:
            return None
        named = self._words.known.find_all(tokenize(rest))
        if not named:
            return None
        known = named[0][2]
        return Source(name=known.name, type=known.type, country=known.country, text=rest.strip())

    def chain(self, marked: Marked, event: Token, speeches: list[Speech]) -> tuple[Source, ...]:
        """From the outlet to the original speaker: wider speech first, media before those they cite."""
        over = [s for s in speeches if event.i in s.scope and not s.points_back]
        over.sort(key=lambda s: -len(s.scope))
        links: list[Source] = []
        for speech in over:
            links += [link for link in speech.chain if link not in links]
        if not links:
            hearsay = self._hearsay(marked, event)
            if hearsay is not None:
                links = [hearsay]
        return tuple(sorted(links, key=lambda link: link.type not in _MEDIA_TYPES))

    def _spoken(self, marked: Marked, verb: Token, memory: SpeakerMemory) -> Speech | None:
        lemma = verb.lemma_.casefold()
        if verb.pos_ == "VERB" and lemma in ("have", "receive", "obtain", "release", "publish", "issue"):
            return self._informed(marked, verb, memory)
        if verb.pos_ != "VERB" or lemma not in self._words.verbs:
            return None
        clauses = self._syntax.children(
            verb, self._syntax.clause_complement | self._syntax.open_complement | self._syntax.parataxis
        )
        if lemma in ("speak", "talk", "warn", "tell"):
            clauses += [c for c in self._syntax.children(verb, self._syntax.preposition) if c.lower_ in ("of", "about")]
        quoted = any(t.text == '"' for t in marked.doc)
        if lemma in self._words.clausal and not clauses and not quoted and verb.dep_ not in ("parataxis",):
            return None
        passive = self._syntax.is_passive(verb)
        if passive:
            return self._announced(marked, verb, memory)
        heads = [c for c in verb.children if c.dep_ in self._syntax.subject]
        if not heads and verb.dep_ in self._syntax.conjunct:
            heads = self._syntax.subjects(verb)
        if not heads and verb.dep_ in self._syntax.relative_clause | self._syntax.noun_clause:
            heads = [verb.head] if verb.dep_ in self._syntax.noun_clause and verb.tag_ == "VBG" else []
        heads = [self._antecedent(head, verb) for head in heads]
        for head in heads[:1]:
            owner = self._owner(marked, head, memory) if head.lemma_.casefold() in self._words.nouns else None
            if owner is not None:
                return Speech(verb=verb, chain=(owner,), scope=self._scope(marked, verb, heads))
        if not heads and lemma != "tell":
            heads = [
                c
                for c in verb.children
                if c.dep_ in self._syntax.object and c.i > verb.i and clauses and c.pos_ == "PROPN"
            ]
        chain: list[Source] = []
        for head in heads[:1]:
            source = self._speakers.read(marked, head, memory)
            if source is not None:
                chain.append(source)
        if lemma in ("cite", "quote"):
            for child in self._syntax.objects(verb)[:1]:
                cited = self._speakers.read(marked, child, memory)
                if cited is not None:
                    chain.append(cited)
        if lemma in ("tell", "inform", "brief"):
            for child in verb.children:
                if child.dep_ in self._syntax.object:
                    told = self._speakers.read(marked, child, SpeakerMemory())
                    if told is not None and told.type in (SourceType.OUTLET, SourceType.AGENCY):
                        chain.insert(0, told)
        if not chain or not heads:
            return None
        return Speech(verb=verb, chain=tuple(chain), scope=self._scope(marked, verb, heads))

    def _trailing(self, marked: Marked, verb: Token, memory: SpeakerMemory) -> Speech | None:
        """ "..., the ambassador, Ivan Petrov, told Interfax": a speaker at the end that the parse gave elsewhere."""
        doc = marked.doc
        if (
            verb.pos_ != "VERB"
            or verb.tag_ not in ("VBD", "VBN", "VBZ", "VBP")
            or verb.lemma_.casefold() not in self._words.verbs
        ):
            return None
        end = verb.i - 1 if verb.i > 0 and doc[verb.i - 1].text == "," else verb.i
        inner = 1 if end < verb.i else 0
        start = end
        while start > 0 and end - start < _LONGEST_SPEAKER:
            before = doc[start - 1]
            if before.text in (",", '"') and inner == 0:
                break
            inner -= before.text == ","
            if before.tag_ in ("VBD", "VBZ", "VBP", "MD", "WP", "WDT", "IN") and before.lower_ not in (
                "of",
                "for",
                "in",
                "at",
                "to",
            ):
                return None
            start -= 1
        said = doc[: max(0, start - 1)]
        if start < 4 or end <= start or not any(t.pos_ in ("VERB", "AUX") for t in said):
            return None
        source = self._speakers.read_span(marked, start, end, memory)
        if source is None:
            return None
        chain = [source]
        if verb.lemma_ == "tell" and verb.i + 1 < len(doc):
            told = self._speakers.read_span(marked, verb.i + 1, min(len(doc), verb.i + 5), SpeakerMemory())
            if told is not None and told.type in (SourceType.OUTLET, SourceType.AGENCY):
                chain.insert(0, told)
        return Speech(verb=verb, chain=tuple(chain), scope=frozenset(range(start)))

    def _colon(self, marked: Marked, memory: SpeakerMemory) -> list[Speech]:
        """ "The minister was blunt: "We have no troops there."": whoever acts before the colon speaks behind it."""
        doc = marked.doc
        for at in range(2, len(doc) - 2):
            if doc[at].text == ":" and doc[at + 1].text == '"':
                subjects = [t for t in doc[:at] if t.dep_ in self._syntax.subject]
                source = self._speakers.read(marked, subjects[0], memory) if subjects else None
                if source is not None:
                    return [Speech(verb=None, chain=(source,), scope=frozenset(range(at, len(doc))))]
        return []

    def _informed(self, marked: Marked, verb: Token, memory: SpeakerMemory) -> Speech | None:
        """ "X has information that", "X issued a statement saying that"."""
        nouns = [o for o in self._syntax.objects(verb) if o.lemma_.casefold() in self._words.nouns]
        clauses = [
            c
            for noun in nouns
            for c in self._syntax.children(noun, self._syntax.noun_clause | self._syntax.clause_complement)
        ]
        subjects = self._syntax.children(verb, self._syntax.subject)
        if not clauses or not subjects:
            return None
        source = self._speakers.read(marked, subjects[0], memory)
        if source is None:
            return None
        return Speech(verb=verb, chain=(source,), scope=frozenset(t.i for clause in clauses for t in clause.subtree))

    def _antecedent(self, head: Token, verb: Token) -> Token:
        if head.tag_ in ("WP", "WDT") and verb.dep_ in self._syntax.relative_clause:
            return verb.head
        return head

    def _scope(self, marked: Marked, verb: Token, heads: list[Token]) -> frozenset[int]:
        doc = marked.doc
        if verb.dep_ in ("parataxis",) or (
            verb.dep_ in self._syntax.adverbial_clause and any(c.lower_ == "as" for c in verb.children)
        ):
            return frozenset(range(len(doc)))
        inside = {t.i for t in verb.subtree}
        for head in heads:
            inside -= {t.i for t in head.subtree if head.i != verb.head.i}
        for child in verb.subtree:
            separate = (
                child.dep_ in self._syntax.conjunct
                and child.head.i == verb.i
                and child.lemma_.casefold() in self._words.verbs
            )
            if separate and self._syntax.children(child, self._syntax.clause_complement):
                inside -= {t.i for t in child.subtree}
        own = [c for c in verb.children if c.dep_ in self._syntax.subject]
        said = self._syntax.children(verb, self._syntax.clause_complement)
        if own and not said and verb.dep_ in self._syntax.conjunct | {"ROOT"} and own[0].left_edge.i > 2:
            return frozenset(inside) | frozenset(range(min(own[0].left_edge.i, verb.i)))
        if (
            verb.dep_ == "ROOT"
            and doc[verb.i].head.i == verb.i
            and not any(t.dep_ == "ROOT" and t.i != verb.i for t in doc)
        ):
            return frozenset(inside)
        if verb.dep_ == "ROOT":
            return frozenset(inside | self._neighbor_sentence(marked, verb))
        return frozenset(inside)

    def _neighbor_sentence(self, marked: Marked, verb: Token) -> set[int]:
        """Parsers split '"We are there," he said' in two; what stands before the verb's part is said too."""
        others = {t.i for t in marked.doc if t.i < verb.left_edge.i}
        has_own = bool(self._syntax.children(verb, self._syntax.clause_complement))
        return set() if has_own else others

    def _announced(self, marked: Marked, verb: Token, memory: SpeakerMemory) -> Speech | None:
        """ "This was announced by X", "... was reported by X"."""
        for child in verb.children:
            if child.dep_ not in self._syntax.agent | self._syntax.preposition or child.lower_ != "by":
                continue
            for head in child.children:
                if head.dep_ not in self._syntax.prepositional_object:
                    continue
                source = self._speakers.read(marked, head, memory)
                if source is None:
                    return None
                subjects = self._syntax.subjects(verb)
                points = (
                    bool(subjects)
                    and subjects[0].lower_ in ("this", "it", "that", "information", "news")
                    and verb.lemma_ in self._words.announced
                )
                scope = frozenset(t.i for t in verb.subtree) - frozenset(t.i for t in child.subtree)
                return Speech(verb=verb, chain=(source,), scope=frozenset() if points else scope, points_back=points)
        return None

    def _claimed(self, marked: Marked, memory: SpeakerMemory) -> list[Speech]:
        """ "claims by Russian officials that", "Seoul's estimate that": the clause is the owner's."""
        found: list[Speech] = []
        for noun in marked.doc:
            if noun.pos_ != "NOUN" or noun.lemma_.casefold() not in self._words.nouns:
                continue
            clauses = self._syntax.children(noun, self._syntax.noun_clause | self._syntax.clause_complement)
            if not clauses:
                continue
            source = self._owner(marked, noun, memory)
            if source is not None:
                found.append(
                    Speech(verb=None, chain=(source,), scope=frozenset(t.i for c in clauses for t in c.subtree))
                )
        return found

    def _cited(self, marked: Marked, memory: SpeakerMemory) -> list[Speech]:
        """ "according to X", "with reference to X", "by X's estimates": said of the whole sentence."""
        found: list[Speech] = []
        lowers = [t.lower_ for t in marked.doc]
        for start in range(len(lowers)):
            phrase = next((p for p in self._phrases if tuple(lowers[start : start + len(p)]) == p), None)
            if phrase is None:
                continue
            at = start + len(phrase)
            head = self._phrase_head(marked, at)
            if head is None:
                continue
            source = self._speakers.read(marked, head, memory)
            if source is None and head.lemma_.casefold() in self._words.nouns:
                source = self._owner(marked, head, memory)
                definite = any(c.lower_ in ("the", "this") for c in head.children)
                source = source or (memory.last if definite else None)
            if source is not None:
                own = set(range(start, at))
                low, high = self._clause_around(lowers, start)
                found.append(Speech(verb=None, chain=(source,), scope=frozenset(range(low, high)) - own))
        return found

    def _clause_around(self, lowers: list[str], at: int) -> tuple[int, int]:
        low = max((i + 1 for i in range(at) if lowers[i] == ";"), default=0)
        high = min((i for i in range(at, len(lowers)) if lowers[i] == ";"), default=len(lowers))
        return low, high

    def _phrase_head(self, marked: Marked, at: int) -> Token | None:
        """The noun that a citing phrase introduces: the outermost of the words after it."""
        doc = marked.doc
        if at >= len(doc):
            return None
        token = doc[at]
        for _ in range(8):
            if token.pos_ in ("NOUN", "PROPN", "PRON") and not (
                token.dep_ in ("compound", "poss", "nmod", "amod") and token.head.i > token.i and token.head.i - at < 8
            ):
                return token
            if token.head.i <= at and token.head.i != token.i or token.head.i == token.i or token.head.i - at >= 8:
                following = token.i + 1
                if following >= len(doc):
                    return None
                token = doc[following]
            else:
                token = token.head
        return token if token.pos_ in ("NOUN", "PROPN") else None

    def _owner(self, marked: Marked, noun: Token, memory: SpeakerMemory) -> Source | None:
        """Whose statement: "a report by X", "X's estimates", "South Korean intelligence estimates"."""
        for child in noun.children:
            if child.dep_ in self._syntax.preposition and child.lower_ in ("by", "from", "of"):
                for head in child.children:
                    if head.dep_ in self._syntax.prepositional_object:
                        return self._speakers.read(marked, head, memory)
        for child in noun.children:
            if child.dep_ in ("poss", "compound") and child.pos_ in ("NOUN", "PROPN"):
                source = self._speakers.read(marked, child, memory)
                if source is not None:
                    text = marked.words(noun.left_edge.i, noun.i + 1)
                    country = next(
                        (f.country for f in marked.forces if noun.left_edge.i <= f.start < noun.i), source.country
                    )
                    return Source(
                        name=source.name, type=source.type, organization=source.organization, role=source.role or text,
                        country=country, anonymous=source.anonymous, text=text,
                    )  # fmt: skip
        return None

    def _headline(self, marked: Marked, memory: SpeakerMemory) -> list[Speech]:
        """ "NATO: 300 killed", "... - The Times"."""
        doc = marked.doc
        for index, token in enumerate(doc):
            if token.text in (":", "-", "—", "–", "|", ",") and 0 < index < len(doc) - 1:
                before, after = doc[:index], doc[index + 1 :]
                if token.text == ":" and index <= _LONGEST_TITLE_SPEAKER:
                    source = self._speakers.read(marked, before.root, memory)
                    if source is not None:
                        return [Speech(verb=None, chain=(source,), scope=frozenset(range(index, len(doc))))]
                elif token.text in ("—", "–", "-", "|") and len(after) <= _LONGEST_TITLE_SPEAKER:
                    words = [t.text for t in after]
                    known = self._words.known.find_all(words)
                    named = bool(known) and (known[0][0] == 0 or (known[0][0] == 1 and words[0].lower() == "the"))
                    role = after.root.lemma_.casefold() in self._words.officials
                    if named or role:
                        source = self._speakers.read(marked, after.root, memory)
                        if source is not None:
                            return [Speech(verb=None, chain=(source,), scope=frozenset(range(index)))]
        return []

    def _hearsay(self, marked: Marked, event: Token) -> Source | None:
        """ "is reportedly preparing", "is believed to", "reports of"."""
        for token in [event, *self._syntax.governors(event)]:
            for child in token.children:
                if child.lower_ in self._status.hearsay_adverbs:
                    return anonymous_media(marked.words(child.i, child.i + 1))
            passive = (
                token.lemma_ in self._status.hearsay_verbs and token.tag_ == "VBN" and self._syntax.is_passive(token)
            )
            if passive and token.i != event.i:
                return anonymous_media(marked.words(token.i, token.i + 1))
            if token.lemma_ in self._status.hearsay_nouns and token.pos_ == "NOUN" and token.i != event.i:
                return anonymous_media(self._report_text(marked, token))
        return None

    def _report_text(self, marked: Marked, noun: Token) -> str:
        """ "reports circulating in the media": the noun with what stands before its own complement."""
        end = noun.i + 1
        while end < min(len(noun.doc), noun.i + 7) and noun.doc[end].lower_ not in (
            "about",
            "that",
            "of",
            "on",
            ",",
            ".",
        ):
            end += 1
        return marked.words(noun.i, end)


def label_source(label: str, text: str) -> Source:
    """The speaker of a transcript's line; `label` as printed ("MR. KIRBY")."""
    bare = [w for w in label.split() if not w.endswith(".") and w.lower() not in ("mr", "ms", "mrs", "dr", "gen")]
    name = " ".join(w.title() if w.isupper() else w for w in bare) or label
    return Source(name=name, type=SourceType.PERSON, text=text)
