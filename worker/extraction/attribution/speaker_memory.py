"""Who has been named as a speaker so far, for "he added", "the official also said" and bare surnames."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from service.domain.claims import Source, SourceType

_REMEMBERED = 60
_PEOPLE = (SourceType.OFFICIAL, SourceType.PERSON)


@dataclass(frozen=True, slots=True)
class _Last:
    """Who did something last, and in which sentence and line."""

    source: Source
    sentence: int
    line: int


@dataclass(slots=True)
class _Turns:
    """Whom one kind of pronoun may mean: the last who spoke, and the last that a sentence was about."""

    spoke: _Last | None = None
    acted: _Last | None = None

    def meant(self, line: int, *, opening: bool) -> Source | None:
        """Whoever spoke last, unless someone acted since.

        That one is meant by a pronoun before what is said, and in a paragraph that has no speaker yet.
        """
        spoke, acted = self.spoke, self.acted
        if spoke is None or acted is None:
            last = spoke or acted
            return last.source if last is not None else None
        since = acted.sentence > spoke.sentence
        if since and (opening or (acted.line == line and spoke.line != line)):
            return acted.source
        return spoke.source


@dataclass(slots=True)
class SpeakerMemory:
    """The speakers named so far, for "he added" and "the official also said"."""

    one: _Turns = field(default_factory=_Turns)
    body: _Turns = field(default_factory=_Turns)
    named: deque[tuple[frozenset[str], Source]] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    acting: deque[tuple[frozenset[str], Source]] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    _sentence: int = 0
    _line: int = 0

    def begin(self, sentence: int, line: int) -> None:
        """The sentence that is read now."""
        self._sentence, self._line = sentence, line

    def remember(self, source: Source, roles: frozenset[str], *, several: bool = False) -> None:
        """`roles` are the role words of the phrase that named the source; `several` speakers are no "he"."""
        self.again(source, several=several)
        self.named.append((roles, source))

    def again(self, source: Source, *, several: bool = False) -> None:
        """Someone known speaks once more."""
        self._turns(source, several=several).spoke = _Last(source, self._sentence, self._line)

    def see(self, source: Source, roles: frozenset[str], *, several: bool = False, about: bool = True) -> None:
        """Someone who acts without speaking, as in "Admiral Hale arrived". `about`: the sentence is about him."""
        if about:
            self._turns(source, several=several).acted = _Last(source, self._sentence, self._line)
        self.acting.append((roles, source))

    def recall(self, roles: frozenset[str], country: str | None) -> Source | None:
        """The last source that was named with all of these role words, and not as another country's."""
        for known, source in self._everyone():
            if roles and roles <= known and (country is None or source.country in (None, country)):
                return source
        return None

    def person_called(self, name: str) -> Source | None:
        """The last person of this name or surname, which a recognizer may have taken for an organization's."""
        for _, source in self._everyone():
            if source.name is None or source.type not in (*_PEOPLE, SourceType.ORGANIZATION):
                continue
            if source.name != name and source.name.split()[-1] == name:
                return source
        return None

    def he(self, *, opening: bool = False) -> Source | None:
        """Whom "he" or "she" means. `opening`: the pronoun stands before what is said."""
        return self.one.meant(self._line, opening=opening) or self.body.meant(self._line, opening=opening)

    def it(self, *, opening: bool = False) -> Source | None:
        """What "it" means."""
        return self.body.meant(self._line, opening=opening)

    def they(self, *, opening: bool = False) -> Source | None:
        """Whom "they" means: several speakers, a body, or somebody whose sex is not told."""
        return self.body.meant(self._line, opening=opening) or self.one.meant(self._line, opening=opening)

    @property
    def last(self) -> Source | None:
        return self.named[-1][1] if self.named else None

    def _turns(self, source: Source, *, several: bool) -> _Turns:
        return self.one if source.type in _PEOPLE and not several else self.body

    def _everyone(self) -> Iterator[tuple[frozenset[str], Source]]:
        yield from reversed(self.named)
        yield from reversed(self.acting)
