"""Words a second of the extractor alone, beside spaCy's whole pipeline on the same texts, in CPU time of one process.

The texts are the seed articles, or every .txt of the folder that MUSTER_BENCH_CORPUS names. CPU time hardly depends
on what else the machine is doing; the best of a few rounds counts, the two taking turns. What a worker costs before
its first article, and the most memory it held, is asked of a fresh process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import spacy

from bench.corpus import SEEDS
from bench.neutral import pages
from bench.report import Report, Row
from service.settings import Settings
from worker.extraction.model import Document
from worker.pipeline import build_extractor

CORPUS = "MUSTER_BENCH_CORPUS"
ROUNDS = 5
NEUTRAL_PAGES = 60
FRESH = """
import json, resource, sys, time
from pathlib import Path
started = time.process_time()
from service.settings import Settings
from worker.extraction.model import Document
from worker.pipeline import build_extractor
extractor = build_extractor(Settings.from_env({}))
extractor.extract(Document(text="France sent 300 soldiers to Mali, the army said."))
ready = time.process_time() - started
for name in sys.argv[1:]:
    extractor.extract(Document(text=Path(name).read_text(encoding="utf-8")))
print(json.dumps({"ready_s": ready, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def measure(*, scale: float) -> Report:
    """`scale` multiplies the rounds."""
    folder = Path(os.environ.get(CORPUS) or SEEDS)
    files = sorted(folder.glob("*.txt"))
    texts = [file.read_text(encoding="utf-8") for file in files]
    neutral = pages(NEUTRAL_PAGES)
    settings = Settings.from_env({})
    extractor = build_extractor(settings)
    whole = spacy.load(settings.model)

    def ours(text: str) -> object:
        return extractor.extract(Document(text=text))

    rounds = max(2, round(ROUNDS * scale))
    mine, reference, idle = (
        min(taken)
        for taken in zip(
            *((cpu_s(ours, texts), cpu_s(whole, texts), cpu_s(ours, neutral)) for _ in range(rounds)), strict=True
        )
    )
    words = _words(texts)
    fresh = _fresh(files)
    return Report(
        name="extraction",
        title="Words read by the extractor alone, in seconds of CPU",
        unit="words",
        rows=[
            Row(label="spaCy's whole pipeline", per_second=words / reference, ratio=1.0),
            Row(label="extractor", per_second=words / mine, ratio=reference / mine),
            Row(label="extractor, pages that are not about troops", per_second=_words(neutral) / idle),
        ],
        sizes={
            "articles": len(texts), "words": words, "words of other pages": _words(neutral), "rounds": rounds,
            "CPU seconds to the first article read": f"{fresh['ready_s']:.1f}",
            "most memory, MB": f"{fresh['peak_mb']:.0f}",
        },
    )  # fmt: skip


def cpu_s(read: Callable[[str], object], texts: Sequence[str]) -> float:
    """Seconds of this process's CPU time that reading all the texts takes."""
    start = time.process_time()
    for text in texts:
        read(text)
    return time.process_time() - start


def _words(texts: Sequence[str]) -> int:
    return sum(len(text.split()) for text in texts)


def _fresh(files: Sequence[Path]) -> dict[str, float]:
    command = [sys.executable, "-c", FRESH, *(str(file) for file in files)]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(found.stdout)
    return told
