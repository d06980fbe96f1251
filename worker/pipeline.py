"""Builds the extractor that the worker runs: every language that has a lexicon and an assembly."""

from __future__ import annotations

from importlib.metadata import version

from service.domain.places import gazetteer
from service.settings import Settings
from worker.extraction import english
from worker.extraction.extractor import Extractor
from worker.lexicons import load


def build_extractor(settings: Settings) -> Extractor:
    """The extractor, with its models loaded: takes seconds and is done once for each process."""
    languages = {english.CODE: english.build(load(english.CODE), model=settings.model, gazetteer=gazetteer())}
    return Extractor(languages, name="muster-en", version=version("muster"))
