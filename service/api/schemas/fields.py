"""Fields that take less than marshmallow's own: what they let through can be stored and compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

from marshmallow import ValidationError, fields, validate

T = TypeVar("T")
Messages = dict[str, str | list[Any] | dict[Any, Any]]
"""As marshmallow declares the messages of a field."""

LARGEST_COUNT: Final = 1_000_000_000_000
DATE_PATTERN: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DATE: Final = re.compile(DATE_PATTERN)
_DATE_TIME: Final = re.compile(
    DATE_PATTERN + r"[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_WHOLE_NUMBER: Final = re.compile(r"-?[0-9]{1,18}")


def storable(text: str) -> None:
    """Raises ValidationError for code points that no database or client takes."""
    if "\x00" in text:
        raise ValidationError("Holds a NUL character; take it out.")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValidationError(f"Holds half of a surrogate pair at {error.start}, which is no character.") from error


class Text(fields.String):
    """A string of storable characters, `max_length` code points at most."""

    def __init__(self, *, max_length: int | None = None, not_blank: bool = False, **kwargs: Any) -> None:
        validators: list[Any] = [storable]
        if max_length is not None:
            validators.append(validate.Length(max=max_length, error=f"Longer than {max_length} characters."))
        if not_blank:
            validators.append(_not_blank)
            kwargs["metadata"] = {"pattern": r"\S", **kwargs.get("metadata", {})}
        validators.extend(kwargs.pop("validate", ()))
        super().__init__(validate=validators, **kwargs)

    default_error_messages: Messages = {  # noqa: RUF012 - marshmallow's own declaration
        "invalid": "Must be a string.",
        "null": "Can't be null; leave it out.",
        "required": "Is needed.",
    }


def _not_blank(text: str) -> None:
    if not text.strip():
        raise ValidationError("Is empty.")


def one_of(vocabulary: type[StrEnum] | Iterable[str]) -> validate.OneOf:
    choices = [str(choice) for choice in vocabulary]
    return validate.OneOf(choices, error="Must be one of " + ", ".join(choices) + ".")


def choice(vocabulary: type[StrEnum] | Iterable[str], **kwargs: Any) -> fields.String:
    return fields.String(validate=one_of(vocabulary), **kwargs)


class WholeNumber(fields.Integer):
    """An integer in plain digits: no sign but minus, no fraction, no exponent, no separators."""

    default_error_messages: Messages = {"invalid": "Must be a whole number in digits."}  # noqa: RUF012 - marshmallow's own declaration

    def __init__(self, *, minimum: int = 0, maximum: int = LARGEST_COUNT, **kwargs: Any) -> None:
        between = validate.Range(min=minimum, max=maximum, error=f"Must be between {minimum} and {maximum}.")
        super().__init__(validate=[between], **kwargs)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if not isinstance(value, str) or not _WHOLE_NUMBER.fullmatch(value):
            raise self.make_error("invalid", input=value)
        return int(value)


class Figure(fields.Integer):
    """An integer as JSON has it; no text, no fraction."""

    default_error_messages: Messages = {"invalid": "Must be a whole number."}  # noqa: RUF012 - marshmallow's own declaration

    def __init__(self, *, minimum: int = 0, **kwargs: Any) -> None:
        sentence = f"Must be between {minimum} and {LARGEST_COUNT}."
        super().__init__(validate=[validate.Range(min=minimum, max=LARGEST_COUNT, error=sentence)], **kwargs)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            # 5000.0 is a whole number to JSON.
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Degrees(fields.Float):
    """A latitude or longitude, `most` at either end."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        sentence = f"Must be between -{most} and {most}."
        super().__init__(validate=[validate.Range(min=-most, max=most, error=sentence)], **kwargs)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> float:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return float(value)


class TrueOrFalse(fields.Boolean):
    """JSON's own true and false; no words or numbers for them."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Day(fields.Date):
    """A calendar date as YYYY-MM-DD."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> date:
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            raise ValidationError("Must be a date such as 2024-10-25.")
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise ValidationError(f"{value} is not in the calendar.") from error


class Instant(fields.DateTime):
    """A point in time, shown in UTC as 2024-10-25T08:00:00Z."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str | None:
        return None if value is None else shown_instant(value)


def shown_instant(value: datetime) -> str:
    """In UTC, with milliseconds where it has a fraction; a time without zone is UTC."""
    moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")[:-6] + "Z"


class DayOrInstant(fields.Field[date]):
    """A date, or a date-time with its offset from UTC, which is kept as it was written."""

    default_error_messages: Messages = {"null": "Can't be null; leave it out."}  # noqa: RUF012 - marshmallow's own declaration

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> date | datetime:
        if isinstance(value, str) and _DATE.fullmatch(value):
            return self._on_calendar(date.fromisoformat, value, value)
        if isinstance(value, str) and _DATE_TIME.fullmatch(value):
            moment = self._on_calendar(datetime.fromisoformat, value.upper(), value)
            # Near both ends of the calendar a local time has no UTC.
            self._on_calendar(lambda _given: moment.astimezone(UTC), value, value)
            return moment
        raise ValidationError("Must be a date (2024-10-25) or a date-time with its offset (2024-10-25T08:00:00Z).")

    @staticmethod
    def _on_calendar(read: Callable[[str], T], value: str, shown: str) -> T:
        try:
            return read(value)
        except (ValueError, OverflowError) as error:
            raise ValidationError(f"{shown} is not in the calendar or on the clock.") from error


class PublishedAt(DayOrInstant):
    """As DayOrInstant; a bare date stands for its first second, UTC."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:
        given = super()._deserialize(value, *_, **__)
        return given if isinstance(given, datetime) else datetime(given.year, given.month, given.day, tzinfo=UTC)
