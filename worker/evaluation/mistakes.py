"""What an evaluation found missed, invented or wrong, each with its words and the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from service.domain.claims import Claim, Polarity
from worker.evaluation.gold import GoldClaim
from worker.evaluation.matching import Field, days_of, differences, touches
from worker.evaluation.report import ArticleReport, Report, Verdict

EXCERPT = 160


def render_errors(report: Report) -> str:
    """Each claim missed, invented, or found with a wrong field, with its words and the reason."""
    return "\n\n".join(
        "\n".join((article.id, *lines)) for article in report.articles if (lines := list(_errors_of(article)))
    )


def _errors_of(article: ArticleReport) -> Iterator[str]:
    for gold in article.missed:
        yield f"  missed    {_gold_line(gold)}"
        yield f"            {_excerpt(gold.quote or '')}"
        yield f"            {_why_missed(gold, article)}"
    for claim in article.spurious:
        yield f"  spurious  {_claim_line(claim)}"
        yield f"            {_words(claim)}"
        yield f"            {_why_spurious(claim, article)}"
    for verdict in article.found:
        if verdict.wrong:
            yield f"  wrong     {_claim_line(verdict.claim)}"
            yield f"            {_words(verdict.claim)}"
            yield from (f"            {_field_line(name, verdict)}" for name in verdict.wrong)


def _why_missed(gold: GoldClaim, article: ArticleReport) -> str:
    """The likest claim whose evidence touches the quote, and what makes it another one."""
    used = [(verdict.claim, "found for another claim") for verdict in (*article.found, *article.pardoned)]
    spare = [(claim, "spurious") for claim in article.spurious]
    near = [(claim, use) for claim, use in spare + used if touches(claim, gold.quote or "", article.text)]
    if not near:
        return "nothing was read here"
    claim, use = min(near, key=lambda item: len(differences(gold, item[0])))
    apart = ", ".join(differences(gold, claim)) or "nothing but being taken"
    return f"nearest ({use}) differs in {apart}: {_claim_line(claim)}"


def _why_spurious(claim: Claim, article: ArticleReport) -> str:
    golds = [*article.missed, *(verdict.gold for verdict in (*article.found, *article.pardoned))]
    near = [gold for gold in golds if gold.quote and touches(claim, gold.quote, article.text)]
    rules = f"; read by {', '.join(claim.reasons)}" if claim.reasons else ""
    if not near:
        return f"no known claim is here{rules}"
    gold = min(near, key=lambda gold: len(differences(gold, claim)))
    apart = ", ".join(differences(gold, claim)) or "nothing: it says the same again"
    return f"differs from the nearest in {apart}{rules}"


def _field_line(name: Field, verdict: Verdict) -> str:
    wanted, got = _wanted(verdict.gold)[name], _got(verdict.claim)[name]
    return f"{name.value}: {_alternatives(wanted)}, not {_plain_words(got)}"


def _wanted(gold: GoldClaim) -> dict[Field, Iterable[object]]:
    return {
        Field.LOCATION: ["; ".join("/".join(place) for place in gold.places or ()) or "none"],
        Field.STATUS: gold.statuses or (),
        Field.OUTCOME: gold.outcomes or (),
        Field.PERSONNEL: gold.personnel or (),
        Field.QUALIFIER: gold.qualifiers or (),
        Field.ADDITIONAL: gold.additional or (),
        Field.PART: gold.part or (),
        Field.ORIGIN: gold.origins or (),
        Field.TIME: gold.times or (),
        Field.SOURCE: gold.sources or ("none",),
        Field.EVIDENCE: [f"“{gold.quote}”" if gold.quote else "exact spans"],
    }


def _got(claim: Claim) -> dict[Field, object]:
    return {
        Field.LOCATION: _places(claim) or "none",
        Field.STATUS: claim.status.value,
        Field.OUTCOME: claim.outcome.value if claim.outcome else None,
        Field.PERSONNEL: claim.personnel.type if claim.personnel else None,
        Field.QUALIFIER: claim.count.qualifier.value,
        Field.ADDITIONAL: claim.count.additional,
        Field.PART: claim.part_of is not None,
        Field.ORIGIN: (claim.origin.region or claim.origin.country or claim.origin.name) if claim.origin else None,
        Field.TIME: days_of(claim),
        Field.SOURCE: " > ".join(link.name or link.role or link.text or "?" for link in claim.attribution) or "none",
        Field.EVIDENCE: _words(claim),
    }


def _alternatives(values: Iterable[object]) -> str:
    return " or ".join(dict.fromkeys(_plain_words(value) for value in values))


def _plain_words(value: object) -> str:
    if isinstance(value, tuple):
        return " to ".join(_plain_words(item) for item in value)
    return "-" if value is None else str(value)


def _gold_line(gold: GoldClaim) -> str:
    count = " or ".join(_range(low, high) for low, high in gold.counts)
    places = "; ".join("/".join(place) for place in gold.places or ())
    forces = "/".join(str(force) for force in gold.forces or ())
    return _line("/".join(gold.kinds), gold.outcomes, _denial(gold.polarities[0]), forces or "any force", count, places)


def _claim_line(claim: Claim) -> str:
    force = "/".join(name for name in (claim.force.country, claim.force.group) if name) if claim.force else ""
    outcomes = (claim.outcome.value,) if claim.outcome else None
    count = _range(claim.count.min, claim.count.max)
    return _line(claim.kind.value, outcomes, _denial(claim.polarity.value), force or "no force", count, _places(claim))


def _line(kind: str, outcomes: tuple[str | None, ...] | None, *rest: str) -> str:
    outcome = "/".join(str(word) for word in outcomes) if outcomes else ""
    return "  ".join(part for part in (kind, outcome, *rest) if part)


def _denial(polarity: str) -> str:
    return "" if polarity == Polarity.AFFIRMED else polarity


def _places(claim: Claim) -> str:
    return "; ".join(place.region or place.country or place.name for place in claim.locations)


def _range(low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return "no figure"
    if low == high:
        return f"{low}"
    return f"{'' if low is None else low}..{'' if high is None else high}"


def _words(claim: Claim) -> str:
    return " … ".join(_excerpt(span.exact) for span in claim.evidence[:2]) or "no evidence"


def _excerpt(text: str) -> str:
    flat = " ".join(text.split())
    return f"“{flat[:EXCERPT]}…”" if len(flat) > EXCERPT else f"“{flat}”"
