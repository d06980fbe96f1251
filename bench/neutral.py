"""Pages about gardens, kitchens, trains and weather: what most of a newspaper is, and no claim is in."""

from __future__ import annotations

from random import Random

_SUBJECTS = (
    "the bakery on the corner", "a narrow valley", "the new tram line", "her grandmother's orchard", "the city library",
    "a pot of lentils", "the village choir", "our old piano", "the school's greenhouse", "a late frost",
    "the museum cafe", "the ferry timetable", "his first novel", "the swimming pool", "a row of chestnut trees",
    "the mountain hut",
)  # fmt: skip
_VERBS = (
    "smells of", "depends on", "is known for", "was painted in", "still needs", "owes much to", "looks like",
    "tastes of", "is surrounded by", "was named after", "costs less than", "teaches children about",
)  # fmt: skip
_OBJECTS = (
    "rosemary and butter", "long summer evenings", "blue tiles", "a good deal of patience", "the local dialect",
    "warm milk", "an almanac of 1911", "wild garlic", "three kinds of moss", "the sound of rain", "a lemon tree",
    "fresh paint", "rye and honey", "two cups of flour",
)  # fmt: skip
_TAILS = (
    "especially in October", "as any gardener knows", "for about 40 cents a slice", "though hardly anyone notices",
    "which is why the queue is long", "because the soil is thin", "in spite of the price of eggs",
    "to nobody's surprise",
)  # fmt: skip


def pages(count: int) -> list[str]:
    """`count` pages of some 400 words, the same at every call."""
    return [_page(Random(number)) for number in range(count)]


def _page(chance: Random) -> str:
    paragraphs = [" ".join(_sentence(chance) for _ in range(chance.randint(3, 6))) for _ in range(7)]
    return f"Notes on {chance.choice(_OBJECTS)}\n\n" + "\n\n".join(paragraphs) + "\n"


def _sentence(chance: Random) -> str:
    subject, verb, thing, tail = (chance.choice(words) for words in (_SUBJECTS, _VERBS, _OBJECTS, _TAILS))
    return f"{subject[0].upper()}{subject[1:]} {verb} {thing}, {tail}."
