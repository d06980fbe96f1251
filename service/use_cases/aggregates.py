"""Figures over many claims: how many, in how many articles, from how few to how many people."""

from __future__ import annotations

from datetime import date, datetime

from service.domain.errors import InvalidInputError
from service.domain.register import ClaimFilters, GroupKey
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.as_of import revision_as_of
from service.use_cases.filters import resolve_filters
from service.use_cases.places import AnyPlaceNames, place_names

MOST_GROUPS = 10_000


def aggregate(
    work: UnitOfWork,
    filters: ClaimFilters,
    *,
    group_by: tuple[str, ...],
    as_of: date | datetime | None = None,
    desk: str,
    gazetteer: AnyPlaceNames | None = None,
) -> list[dict[str, str | int | None]]:
    """One dict to a group: a value under each name of `group_by`, then claims, articles, min, max.

    Weeks are ISO weeks ("2024-W43"). min and max are the lowest and highest figures said, never a sum
    or mean (see Group). Without group_by there is one group. Ordered by keys, nulls last.
    """
    keys = _group_keys(group_by)
    conditions = resolve_filters(filters, gazetteer or place_names())
    revision = revision_as_of(work, as_of, desk=desk)
    groups = work.claims.groups(conditions, keys, revision=revision, desk=desk, limit=MOST_GROUPS + 1)
    if len(groups) > MOST_GROUPS:
        message = f"This gives more than {MOST_GROUPS} groups; group by less or filter more."
        raise InvalidInputError("The query can't be answered.", errors={"group_by": [message]})
    groups.sort(key=lambda group: [(value is None, value or "") for value in group.keys])
    return [
        {
            **{key.value: value for key, value in zip(keys, group.keys, strict=True)},
            "claims": group.claims,
            "articles": group.articles,
            "min": group.min,
            "max": group.max,
        }
        for group in groups
    ]


def _group_keys(names: tuple[str, ...]) -> tuple[GroupKey, ...]:
    known = {key.value: key for key in GroupKey}
    wrong = [name for name in names if name not in known]
    if wrong:
        message = f"{wrong[0]!r} is not one of {', '.join(known)}."
        raise InvalidInputError("The query can't be answered.", errors={"group_by": [message]})
    if len(set(names)) < len(names):
        raise InvalidInputError("The query can't be answered.", errors={"group_by": ["Each key once."]})
    return tuple(known[name] for name in names)
