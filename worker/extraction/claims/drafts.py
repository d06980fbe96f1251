"""A claim in the making, and what an article has told so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from service.domain.claims import Force, Kind, Outcome, PersonnelType, Place, Polarity, Source, Status, Time
from worker.extraction.attribution.speaker_memory import SpeakerMemory
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.marking import Marked, Passage
from worker.extraction.mentions.parties import Parties
from worker.extraction.model import LineKind, Quantity

_TOTAL_SENTENCES = 6


@dataclass(slots=True, kw_only=True, eq=False)
class Draft:
    """One statement found in one sentence. `reasons` name what speaks for and against it.

    `at_once`: told in a simple past, as one event and no sum of several ("have been killed").
    `suffices`: the event's word carries a claim without a figure and a place.
    `quoted` and `shifted` tell that its words are quoted, or in the tense of indirect speech ("they would leave").
    `spans` are the article's half-open offsets of the sentences that state it.
    """

    kind: Kind
    outcome: Outcome | None
    status: Status
    polarity: Polarity
    force: Force | None
    personnel: PersonnelType | None
    personnel_text: str | None
    quantity: Quantity | None
    count_span: tuple[int, int] | None = None
    locations: tuple[Place, ...] = ()
    origin: Place | None = None
    transport: str | None = None
    time: Time | None = None
    chain: tuple[Source, ...] = ()
    spans: list[tuple[int, int]] = field(default_factory=list)
    counted_spans: list[tuple[int, int]] = field(default_factory=list)
    sentence: int = 0
    line: int = 0
    line_kind: LineKind = LineKind.PROSE
    reasons: list[str] = field(default_factory=list)
    suffices: bool = False
    quoted: bool = False
    shifted: bool = False
    at_once: bool = False
    part_of: Draft | None = None

    @property
    def numbered(self) -> bool:
        return self.quantity is not None and self.quantity.bounded

    @property
    def figure(self) -> tuple[int | None, int | None]:
        return (self.quantity.min, self.quantity.max) if self.quantity else (None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place that a sentence names; `happens` where people are there or go there."""

    place: Place
    sentence: int
    line: int
    line_kind: LineKind
    happens: bool


@dataclass(frozen=True, slots=True)
class Said:
    """That somebody spoke in a sentence. `heard` are all its speakers, [`start`, `end`) is where it stands."""

    sentence: int
    line: int
    chain: tuple[Source, ...]
    heard: tuple[Source, ...] = ()
    start: int = 0
    end: int = 0


@dataclass(slots=True, kw_only=True)
class Told:
    """What the article has told up to a sentence: who was spoken of, where, by whom."""

    parties: Parties = field(default_factory=Parties)
    speakers: SpeakerMemory = field(default_factory=SpeakerMemory)
    forces: list[tuple[int, Force, Group | None]] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    label: Source | None = None
    said: list[Said] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)

    @property
    def pointed_to(self) -> Sequence[Place]:
        """The places that "there" may mean: those where something happened, else the last one named."""
        return self.places or [mention.place for mention in self.mentions[-1:]]

    def see(self, place: Place, where: Passage | Marked, *, happens: bool) -> None:
        """Remembers a sentence's place; only those where something happens are pointed to later."""
        mention = Mention(
            place=place, sentence=where.index, line=where.sentence.line, line_kind=where.line.kind, happens=happens
        )
        self.mentions.append(mention)
        if happens:
            self.places.append(place)

    def last_people(self) -> Force | None:
        """The force of the people named last; one that only acts ("Russia moves ...") is not meant by "they"."""
        return next(
            (force for _, force, group in reversed(self.forces) if group is not None),
            self.forces[-1][1] if self.forces else None,
        )

    def force_of_total(self, quantity: Quantity, sentence: int) -> Force | None:
        """The force of the last figure told that is large enough to hold a bare one."""
        least = quantity.min if quantity.min is not None else quantity.max
        for draft in reversed(self.drafts):
            most = max(draft.figure[0] or 0, draft.figure[1] or 0)
            if draft.numbered and sentence - draft.sentence <= _TOTAL_SENTENCES and least is not None and least <= most:
                return draft.force
        return None

    def force_of_noun(self, lemma: str) -> Force | None:
        """The force of the people last called by this noun: "the contingent"."""
        for _, force, group in reversed(self.forces):
            if group is not None and group.head.lemma_.casefold() == lemma:
                return force
        return None
