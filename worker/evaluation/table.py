"""An evaluation as text for a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from worker.evaluation.report import Interval, Report, Score, Tally
from worker.plain import to_plain


def render(report: Report) -> str:
    """Scores, fields, articles, phenomena and calibration, each an aligned table."""
    blocks = (_scores(report), _fields(report), _articles(report), *_phenomena(report), _calibration(report))
    return "\n\n".join("\n".join(block) for block in blocks)


def as_json(report: Report) -> dict[str, object]:
    whole, numeric = report.tally(), report.tally(numeric=True)
    return {
        "core": {**_score_json(whole.core, report.core_interval), "strict_precision": whole.strict_precision},
        "numeric": _score_json(numeric.core, report.numeric_interval),
        "full": _score_json(whole.all_fields, report.full_interval),
        "fields": {
            name.value: {"right": right, "annotated": asked} for name, (right, asked) in report.fields().items()
        },
        "phenomena": {
            name: {value: to_plain(tally) for value, tally in tallies.items()}
            for name, tallies in report.phenomena().items()
        },
        "calibration": {"error": report.calibration_error(), "bins": to_plain(report.calibration())},
        "articles": [{"id": article.id, **_plain_tally(article.tally())} for article in report.articles],
    }


def _score_json(score: Score, interval: Interval) -> dict[str, object]:
    return {
        "precision": score.precision,
        "recall": score.recall,
        "f1": score.f1,
        "interval": [interval.low, interval.high],
    }


def _plain_tally(tally: Tally) -> dict[str, object]:
    plain = to_plain(tally)
    return plain if isinstance(plain, dict) else {}


def _scores(report: Report) -> Iterator[str]:
    whole, numeric = report.tally(), report.tally(numeric=True)
    yield f"{_counted(len(report.articles), 'article')}, {_counted(whole.gold, 'claim')}"
    yield ""
    yield f"{'':9}{'precision':>9}{'recall':>9}{'F1':>9}   90 % interval"
    rows = (
        ("core", whole.core, report.core_interval),
        ("numeric", numeric.core, report.numeric_interval),
        ("full", whole.all_fields, report.full_interval),
    )
    for name, score, interval in rows:
        spread = f"{interval.low:.2f} to {interval.high:.2f}"
        yield f"{name:9}{score.precision:9.3f}{score.recall:9.3f}{score.f1:9.3f}   {spread}"
    yield ""
    optional = _counted(whole.pardoned, "optional claim")
    yield f"{optional} found; counted as wrong, precision is {whole.strict_precision:.3f}"


def _fields(report: Report) -> Iterator[str]:
    yield f"{'field':12}{'right':>8}{'of':>6}{'share':>8}"
    for name, (right, asked) in report.fields().items():
        yield f"{name:12}{right:8}{asked:6}{_share(right, asked):>8}"


def _articles(report: Report) -> Iterator[str]:
    width = max([len("article"), *(len(article.id) for article in report.articles)])
    yield f"{'article':{width}}{'claims':>8}{'found':>7}{'spurious':>10}{'optional':>10}{'all right':>11}"
    for article in report.articles:
        tally = article.tally()
        yield (
            f"{article.id:{width}}{tally.gold:8}{tally.matched:7}{tally.spurious:10}{tally.pardoned:10}{tally.full:11}"
        )


def _phenomena(report: Report) -> Iterator[Iterator[str]]:
    for name, tallies in report.phenomena().items():
        yield _phenomenon(name, tallies)


def _phenomenon(name: str, tallies: dict[str, Tally]) -> Iterator[str]:
    yield f"{name:14}{'claims':>8}{'found':>7}{'spurious':>10}{'precision':>11}{'recall':>8}{'F1':>7}{'all right':>11}"
    for value, tally in tallies.items():
        score = tally.core
        yield (
            f"{value:14}{tally.gold:8}{tally.matched:7}{tally.spurious:10}"
            f"{score.precision:11.2f}{score.recall:8.2f}{score.f1:7.2f}{tally.full:11}"
        )


def _calibration(report: Report) -> Iterator[str]:
    yield f"{'confidence':14}{'claims':>8}{'mean':>7}{'right':>7}"
    for each in report.calibration():
        yield f"{f'{each.low:.1f} to {each.high:.1f}':14}{each.claims:8}{each.confidence:7.2f}{each.right:7.2f}"
    yield f"mean distance between confidence and share right: {report.calibration_error():.3f}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _share(right: int, asked: int) -> str:
    return f"{right / asked:.2f}" if asked else "-"
