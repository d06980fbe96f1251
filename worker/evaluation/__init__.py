"""How well an extractor reads articles whose claims are known: `muster eval`."""

from worker.evaluation.gold import GoldClaim, GoldError, Pair, load_pairs
from worker.evaluation.report import ArticleReport, Report, evaluate

__all__ = ["ArticleReport", "GoldClaim", "GoldError", "Pair", "Report", "evaluate", "load_pairs"]
