"""Who has been named as a speaker so far, for "he added", "the official also said" and bare surnames."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from service.domain.claims import Source, SourceType

_REMEMBERED = 60
_PEOPLE = (SourceType.OFFICIAL, SourceType.PERSON)


@dataclass(slots=True)
class SpeakerMemory:
    """The speakers named so far, for "he added" and "the official also said"."""

    person: Source | None = None
    people: Source | None = None
    organization: Source | None = None
    named: deque[tuple[frozenset[str], Source]] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    acting: deque[tuple[frozenset[str], Source]] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    def remember(self, source: Source, roles: frozenset[str], *, several: bool = False) -> None:
        """`roles` are the role words of the phrase that named the source; `several` speakers are no "he"."""
        if source.type in _PEOPLE and several:
            self.people = source
        elif source.type in _PEOPLE:
            self.person = source
        else:
            self.organization = source
        self.named.append((roles, source))

    def see(self, source: Source, roles: frozenset[str]) -> None:
        """Someone who acts without speaking, as in "Admiral Hale arrived": meant where no speaker is."""
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

    def anyone(self) -> Source | None:
        """Whom "he" means: the last person who spoke, else the last who was named at all."""
        return self.person or next((s for _, s in reversed(self.acting) if s.type in _PEOPLE), self.people)

    def any_organization(self) -> Source | None:
        """What "it" means: the last body that spoke, else the last that was named at all."""
        return self.organization or next((s for _, s in reversed(self.acting) if s.type not in _PEOPLE), None)

    @property
    def last(self) -> Source | None:
        return self.named[-1][1] if self.named else None

    def _everyone(self) -> Iterator[tuple[frozenset[str], Source]]:
        yield from reversed(self.named)
        yield from reversed(self.acting)
