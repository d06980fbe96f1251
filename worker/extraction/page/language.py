"""Which language a text is written in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_READ_CHARS = 2000
_MIN_LETTERS = 20
_MIN_CONFIDENCE = 0.7
# A headline full of names looks like any language.
_SHORT_LETTERS = 80
_MIN_CONFIDENCE_SHORT = 0.95
_CODE_LETTERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageGuess:
    """An ISO 639-1 code and the probability (0 to 1) that the identifier gives it among the languages it knows."""

    code: str
    confidence: float


def identify(text: str) -> LanguageGuess | None:
    """The likeliest language of the first 2,000 characters; None for a text of fewer than 20 letters."""
    head = text[:_READ_CHARS]
    if sum(character.isalpha() for character in head) < _MIN_LETTERS:
        return None
    code, confidence = _identifier().classify(head)
    return LanguageGuess(code=str(code), confidence=float(confidence))


def detect(text: str) -> str | None:
    """ISO 639-1 code of the language of `text`; None where it is too short or the guess too unsure."""
    guess = identify(text)
    if guess is None or len(guess.code) != _CODE_LETTERS:
        return None
    letters = sum(character.isalpha() for character in text[:_READ_CHARS])
    return (
        guess.code
        if guess.confidence >= (_MIN_CONFIDENCE_SHORT if letters < _SHORT_LETTERS else _MIN_CONFIDENCE)
        else None
    )


@cache
def _identifier() -> Any:
    """The identifier of py3langid with the model that its package carries, loaded once per process."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_modelpath(str(files("py3langid") / MODEL_FILE), norm_probs=True)
