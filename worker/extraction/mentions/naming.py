"""What the names in a sentence stand for, told by what was found in it: people, places, bodies."""

from __future__ import annotations

from worker.extraction.mentions.marking import FindNames, Marked

PERSON, PLACE, UNKNOWN_PLACE, BODY = "PERSON", "GPE", "LOC", "ORG"
NAMED = frozenset({PERSON, UNKNOWN_PLACE})
"""The labels that a person's name may have, where a table or an article says that it is one."""


def label_names(marked: Marked, names: FindNames) -> None:
    """Gives the tokens of names the labels of a recognizer of names: a body's, a place's, a person's.

    A single name that no table knows is a place's behind a preposition ("near *Hrushivka*").
    """
    tokens = marked.doc
    if all(token.pos_ != "PROPN" for token in tokens):
        return
    for first, past in names(marked):
        led = past - first == 1 and first > 0 and tokens[first - 1].pos_ == "ADP"
        for token in tokens[first:past]:
            token.ent_type_ = UNKNOWN_PLACE if led else PERSON
    for force in marked.forces:
        if force.form in ("name", "capital", "group"):
            for token in tokens[force.start : force.end]:
                token.ent_type_ = BODY if force.form == "group" else PLACE
    for place in marked.places:
        for token in tokens[place.start : place.end]:
            token.ent_type_ = token.ent_type_ or PLACE
