"""Stories and contradictions: what many articles tell, and where they can't all be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from service.analysis.contradictions import contradictions
from service.analysis.stories import read_story_id, stories
from service.analysis.subjects import members
from service.domain.claims import Outcome, Place, Polarity
from service.domain.errors import InvalidInputError, NotFoundError
from service.domain.places.folding import fold
from service.domain.register import ClaimConditions, ClaimFilters, ClaimView, ForceCondition, Page, PlaceCondition
from service.domain.stories import Contradiction, Story, Subject
from service.storage.claims import ClaimOrder
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.as_of import revision_as_of
from service.use_cases.filters import resolve_filters
from service.use_cases.paging import page_of, revision_of
from service.use_cases.places import AnyPlaceNames, place_names

MOST_CLAIMS: Final = 5000
"""Claims that are compared for one answer."""
_OLDEST_FIRST: Final = ClaimOrder(key="reported_at", descending=False)


def find_stories(
    work: UnitOfWork,
    filters: ClaimFilters,
    *,
    as_of: date | datetime | None = None,
    desk: str,
    limit: int = 50,
    cursor: str | None = None,
    gazetteer: AnyPlaceNames | None = None,
) -> Page[Story]:
    """Last told first. Force, place, kind and outcome choose among stories; what a story holds is the same for all.

    Pages stay those of the moment of the first. Raises InvalidInputError where more than MOST_CLAIMS are meant, and
    what resolve_filters raises.
    """
    conditions = resolve_filters(filters, gazetteer or place_names())
    revision = _revision(work, as_of, cursor, desk=desk)
    told = [
        story
        for story in stories_about(work, conditions, revision=revision, desk=desk)
        if any(_is_meant(claim, conditions) for claim in story.claims)
    ]
    told.sort(key=lambda story: (story.last_reported_at, story.id), reverse=True)
    asked = (conditions, as_of)
    return page_of(told, "stories", repr(asked), revision=revision, desk=desk, limit=limit, cursor=cursor, id_of=_id)


def get_story(work: UnitOfWork, story_id: str, *, as_of: date | datetime | None = None, desk: str) -> Story:
    """By the id of any of its claims and the place. Raises NotFoundError, also where the claim had ended by then."""
    read = read_story_id(story_id)
    revision = revision_as_of(work, as_of, desk=desk)
    claim = work.claims.get(read[0], revision=revision, desk=desk) if read else None
    member = next((one for one in members(claim) if read and one.subject.place == read[1]), None) if claim else None
    if claim is None or member is None:
        raise NotFoundError("story", story_id)
    for story in stories_about(work, _of_subject(claim, member.subject), revision=revision, desk=desk):
        if story.subject == member.subject and any(one.id == claim.id for one in story.claims):
            return story
    # It is a denial, which is tied to stories and tells none, or it was rejected.
    raise NotFoundError("story", story_id)


def find_contradictions(
    work: UnitOfWork,
    filters: ClaimFilters,
    *,
    as_of: date | datetime | None = None,
    desk: str,
    limit: int = 50,
    cursor: str | None = None,
    gazetteer: AnyPlaceNames | None = None,
) -> Page[Contradiction]:
    """Newest first. Raises as find_stories."""
    conditions = resolve_filters(filters, gazetteer or place_names())
    revision = _revision(work, as_of, cursor, desk=desk)
    claims = _claims_about(work, conditions, revision=revision, desk=desk)
    found = [
        one
        for one in contradictions(claims, originals=work.claims.originals(claims, revision=revision, desk=desk))
        if _is_whole(one.subject, conditions) and any(_is_meant(side, conditions) for side in (one.one, one.other))
    ]
    asked = (conditions, as_of)
    return page_of(
        found,
        "contradictions",
        repr(asked),
        revision=revision,
        desk=desk,
        limit=limit,
        cursor=cursor,
        id_of=lambda one: f"{one.one.id} {one.other.id}",
    )


def _id(story: Story) -> str:
    return story.id


def _revision(work: UnitOfWork, as_of: date | datetime | None, cursor: str | None, *, desk: str) -> int:
    begun = revision_of(cursor)
    return revision_as_of(work, as_of, desk=desk) if begun is None else begun


def stories_about(work: UnitOfWork, conditions: ClaimConditions, *, revision: int, desk: str) -> list[Story]:
    """Those of which all claims were looked at, as they stood. Raises InvalidInputError for more than MOST_CLAIMS."""
    claims = _claims_about(work, conditions, revision=revision, desk=desk)
    told = stories(
        claims,
        pins=work.stories.pins(revision=revision, desk=desk),
        originals=work.claims.originals(claims, revision=revision, desk=desk),
    )
    return [story for story in told if _is_whole(story.subject, conditions)]


def _claims_about(work: UnitOfWork, conditions: ClaimConditions, *, revision: int, desk: str) -> list[ClaimView]:
    """All that hangs together with what is meant: of whole regions, and with what is denied all around them."""
    whole = replace(conditions, region=_whole(conditions.region), country=_whole(conditions.country))
    found = work.claims.find(whole, _OLDEST_FIRST, revision=revision, desk=desk, limit=MOST_CLAIMS + 1)
    if len(found) > MOST_CLAIMS:
        message = f"This is about more than {MOST_CLAIMS} claims; name a force, a region or a kind."
        raise InvalidInputError("The query can't be answered.", errors={"region": [message]})
    claims = {row.claim.id: row.claim for row in found}
    above = sorted({_country(place) for place in (*conditions.region, *conditions.country)} - {""})
    if above:
        # Whoever denies a presence denies an arrival: of what kind the denial is does not matter here.
        wide = replace(conditions, kind=(), outcome=())
        denied = work.claims.denials_above(wide, above, revision=revision, desk=desk, limit=MOST_CLAIMS)
        claims.update((claim.id, claim) for claim in denied)
    return list(claims.values())


def _whole(places: Sequence[PlaceCondition]) -> tuple[PlaceCondition, ...]:
    return tuple(dict.fromkeys(replace(place, name_folded=None) for place in places))


def _country(place: PlaceCondition) -> str:
    return place.country or (place.region or "").partition("-")[0]


def _is_whole(subject: Subject, conditions: ClaimConditions) -> bool:
    """Whether all claims of the subject were looked at: those of another region that one of them names too were not."""
    places = (*_whole(conditions.region), *_whole(conditions.country))
    return not places or any(
        subject.place == place.region
        if place.region
        else subject.place == place.country or subject.place.startswith(f"{place.country}-")
        for place in places
    )


def _is_meant(claim: ClaimView, conditions: ClaimConditions) -> bool:
    return all(
        any(_lies_in(place, one) for place in claim.locations for one in wanted)
        for wanted in (conditions.region, conditions.country)
        if wanted
    )


def _lies_in(place: Place, wanted: PlaceCondition) -> bool:
    return (
        (wanted.region is None or place.region == wanted.region)
        and (wanted.country is None or place.country == wanted.country)
        and (wanted.name_folded is None or fold(place.name) == wanted.name_folded)
    )


def _of_subject(claim: ClaimView, subject: Subject) -> ClaimConditions:
    return ClaimConditions(region=_place(subject.place), force=_forces(claim))


def conditions_around(claim: ClaimView) -> list[ClaimConditions]:
    """Of the stories that this claim may belong to; a denial may be about any region of its country."""
    if claim.polarity is Polarity.DENIED:
        countries = {member.subject.place.partition("-")[0] for member in members(claim)}
        return [ClaimConditions(region=_place(country), force=_forces(claim)) for country in sorted(countries)]
    return [
        replace(_of_subject(claim, member.subject), kind=(claim.kind.value,), outcome=_words(claim.outcome))
        for member in members(claim)
    ]


def _words(outcome: Outcome | None) -> tuple[str, ...]:
    return (outcome.value,) if outcome else ()


def _place(code: str) -> tuple[PlaceCondition, ...]:
    if not code:
        return ()
    return (PlaceCondition(region=code) if "-" in code else PlaceCondition(country=code),)


def _forces(claim: ClaimView) -> tuple[ForceCondition, ...]:
    force = claim.force
    if force and force.country:
        return (ForceCondition(country=force.country),)
    return (ForceCondition(group_folded=fold(force.group)),) if force and force.group else ()
