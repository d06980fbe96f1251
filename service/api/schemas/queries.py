"""Query parameters. Each is checked here; an unknown one is an error, never ignored."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from service.api.schemas.fields import Day, DayOrInstant, Text, WholeNumber, choice, one_of
from service.domain.claims import Kind, Outcome, PersonnelType, Polarity, Review, Status
from service.domain.register import ArticleStatus, ClaimSort, GroupKey
from service.use_cases.checks import LARGEST_PAGE
from service.use_cases.facets import FACETS, MOST_FACET_VALUES

USUAL_PAGE: Final = 50
MOST_VALUES: Final = 50


def names(description: str, *, max_length: int = 200) -> fields.List[str]:
    return fields.List(
        Text(max_length=max_length, not_blank=True),
        load_default=list,
        validate=validate.Length(max=MOST_VALUES, error=f"At most {MOST_VALUES} values."),
        metadata={"description": description},
    )


def _name(description: str, *, required: bool = False) -> Text:
    optional: dict[str, Any] = {} if required else {"load_default": None}
    return Text(max_length=200, not_blank=True, required=required, metadata={"description": description}, **optional)


def _choices(vocabulary: Any, description: str) -> fields.List[str]:
    return fields.List(choice(vocabulary), load_default=list, metadata={"description": description})


def when(description: str) -> dict[str, object]:
    return {
        "description": f"{description} A date is the whole day, UTC; a date-time has its offset.",
        "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}],
    }


class Query(Schema):
    class Meta:
        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:  # noqa: ARG002 - marshmallow's signature
        """A query has no null: what is not asked is left out."""
        field_obj.allow_none = False


class NoQuery(Query):
    """For routes that take no parameter, so that a stray one is told."""


class PageQuery(Query):
    limit = WholeNumber(
        minimum=1,
        maximum=LARGEST_PAGE,
        load_default=USUAL_PAGE,
        metadata={"description": f"Rows to a page, {LARGEST_PAGE} at most."},
    )
    cursor = Text(max_length=1000, load_default=None, metadata={"description": "`next_cursor` of the page before."})


class AsOfQuery(Query):
    as_of = DayOrInstant(
        load_default=None, metadata=when("The register as it stood then: what it held, not what had been published.")
    )


class ArticleClaimsQuery(AsOfQuery, PageQuery):
    pass


class ClaimFilterQuery(AsOfQuery):
    """Filters combine with and; repeated values of one combine with or."""

    region = names("Any name or code of a place; covers what lies inside it.")
    country = names("Name or code of a country; covers what lies inside it.")
    origin = names("Any name or code of the place they set out from.")
    force = names("Whose people: country code, country name, or a group such as Wagner Group.")
    kind = _choices(Kind, "What is claimed.")
    outcome = _choices(Outcome, "What befell them; of casualties.")
    status = _choices(Status, "The claim's own tense.")
    polarity = _choices(Polarity, "Said, or denied.")
    personnel = _choices(PersonnelType, "Kind of personnel.")
    review = _choices(Review, "What an editor decided.")
    min_count = WholeNumber(load_default=None, metadata={"description": "Claims whose range reaches this or more."})
    max_count = WholeNumber(load_default=None, metadata={"description": "Claims whose range begins at this or less."})
    from_ = Day(
        data_key="from", load_default=None, metadata={"description": "Claims whose time ends on this day or later."}
    )
    to = Day(load_default=None, metadata={"description": "Claims whose time begins on this day or earlier."})
    reported_from = DayOrInstant(load_default=None, metadata=when("Reported then or later."))
    reported_to = DayOrInstant(load_default=None, metadata=when("Reported then or earlier."))
    source = names("Name of a speaker or organization in the chain of sources.")
    outlet = names("Name of the outlet that published the article.")
    article = names("Id of an article.")
    q = names(
        "Words of the evidence, of the claim or of the article's title: all of them, in any order. "
        '`"…"` is a phrase, `-` leaves out, `*` ends a beginning.',
        max_length=500,
    )

    @validates_schema(skip_on_field_errors=True)
    def _in_order(self, data: dict[str, Any], **_: object) -> None:
        for low, high in (("from_", "to"), ("reported_from", "reported_to"), ("min_count", "max_count")):
            first, last = data[low], data[high]
            if first is None or last is None:
                continue
            if isinstance(first, date):
                first, last = _as_day(first), _as_day(last)
            if first > last:
                raise ValidationError({high: [f"Lies before {low.rstrip('_')}."]})


def _as_day(given: date) -> date:
    return given.astimezone(UTC).date() if isinstance(given, datetime) else given


class ExportQuery(ClaimFilterQuery):
    sort = fields.String(
        load_default=ClaimSort.REPORTED_AT.value,
        validate=one_of(ClaimSort),
        metadata={
            "description": "Newest, latest, largest or surest first; `-` turns it round. "
            "Claims that lack the value come last either way."
        },
    )


class ClaimQueryParameters(ExportQuery, PageQuery):
    pass


class AggregateQuery(ClaimFilterQuery):
    group_by = fields.String(
        required=True,
        metadata={
            "description": "Names of groups with commas between them: " + ", ".join(GroupKey) + ".",
            "example": "region,month",
        },
    )


class FacetQuery(ClaimFilterQuery):
    fields_ = fields.String(
        data_key="fields",
        required=True,
        metadata={
            "description": "Names of fields with commas between them: " + ", ".join(FACETS) + ".",
            "example": "force,region,kind",
        },
    )
    limit = WholeNumber(
        minimum=1,
        maximum=MOST_FACET_VALUES,
        load_default=10,
        metadata={"description": f"Values to a field, {MOST_FACET_VALUES} at most."},
    )


class ArticleListQuery(PageQuery):
    status = _choices(ArticleStatus, "How far it has been read.")
    outlet = names("Name of the outlet.")
    url = names("Exactly this address.", max_length=2048)
    external_id = names("Exactly this id of yours.", max_length=500)
    submitted_from = DayOrInstant(load_default=None, metadata=when("Submitted then or later."))
    submitted_to = DayOrInstant(load_default=None, metadata=when("Submitted then or earlier."))


class StoryQuery(AsOfQuery, PageQuery):
    force = names("Whose people: country code, country name, or a group such as Wagner Group.")
    region = names("Any name or code of a place; covers what lies inside it.")
    country = names("Name or code of a country; covers what lies inside it.")
    kind = _choices(Kind, "What is claimed.")
    outcome = _choices(Outcome, "What befell them; of casualties.")


class EstimateQuery(AsOfQuery):
    force = _name("Whose people: country code, country name, or a group such as Wagner Group.", required=True)
    region = _name("Any name or code of a place; covers what lies inside it.")
    country = _name("Or the name or code of a country.")
    kind = _choices(Kind, "What is claimed.")
    personnel = _choices(PersonnelType, "Kind of personnel.")
    from_ = Day(
        data_key="from", load_default=None, metadata={"description": "Claims whose time ends on this day or later."}
    )
    to = Day(load_default=None, metadata={"description": "Claims whose time begins on this day or earlier."})
    reported_from = DayOrInstant(load_default=None, metadata=when("Reported then or later."))
    reported_to = DayOrInstant(load_default=None, metadata=when("Reported then or earlier."))


class ChangeQuery(Query):
    since = Text(
        max_length=19,
        load_default=None,
        metadata={"description": "`next_cursor` of the page before; left out, the feed begins at the first change."},
    )
    limit = WholeNumber(minimum=1, maximum=LARGEST_PAGE, load_default=USUAL_PAGE)
    stories = fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        load_default=False,
        metadata={"description": "Whether to tell in `effects` what each change did to stories."},
    )


class RegionQuery(Query):
    q = Text(
        required=True,
        max_length=200,
        not_blank=True,
        metadata={"description": "A name, the beginning of one, or a code.", "example": "Kurshchyna"},
    )
    limit = WholeNumber(minimum=1, maximum=50, load_default=10)
