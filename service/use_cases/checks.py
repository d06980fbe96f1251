"""What can't be taken in, whoever calls: said by field."""

from __future__ import annotations

from service.domain.errors import InvalidInputError
from service.domain.register import Submission

LONGEST = {"title": 2000, "url": 4000, "outlet": 500, "author": 500, "language": 35, "external_id": 500}
"""Code points."""
EARLIEST_YEAR, LATEST_YEAR = 1500, 9000
"""Of publication: no zone shifts these past the calendar's ends."""


LARGEST_PAGE = 200
"""Rows."""


def check_submission(submission: Submission) -> None:
    """Raises InvalidInputError."""
    errors: dict[str, list[str]] = {}
    for field in ("text", "html", *LONGEST):
        value = getattr(submission, field)
        if value is None:
            continue
        problems = _problems(value, longest=LONGEST.get(field))
        if problems:
            errors[field] = problems
    if submission.text is None and submission.html is None:
        errors.setdefault("text", []).append("Give text or html.")
    if submission.text is not None and submission.html is not None:
        errors.setdefault("html", []).append("Give text or html, not both.")
    if submission.published_at is not None:
        if submission.published_at.tzinfo is None:
            errors["published_at"] = ["Give a date, or a time with its zone."]
        elif not EARLIEST_YEAR <= submission.published_at.year <= LATEST_YEAR:
            errors["published_at"] = [f"Must be from the years {EARLIEST_YEAR} to {LATEST_YEAR}."]
    if errors:
        raise InvalidInputError("This article can't be taken.", errors=errors)


def check_limit(limit: int, *, most: int = LARGEST_PAGE) -> None:
    if not 1 <= limit <= most:
        message = f"Must be from 1 to {most}."
        raise InvalidInputError("The query can't be answered.", errors={"limit": [message]})


def is_sound(words: str, *, longest: int) -> bool:
    """Whether what somebody wrote to explain himself can be kept: not empty, not endless, all characters storable."""
    return not _problems(words, longest=longest)


def _problems(value: str, *, longest: int | None) -> list[str]:
    if not value.strip():
        return ["Must not be empty."]
    if "\x00" in value:
        return ["Must not hold the character NUL."]
    if not _encodable(value):
        return ["Must not hold half of a surrogate pair."]
    if longest is not None and len(value) > longest:
        return [f"Must not be longer than {longest} characters."]
    return []


def _encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
