"""Language data by folder; `load` is its only reader."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files


def load(language: str) -> Mapping[str, Mapping[str, object]]:
    """The tables of one language by file name without its ending; the stages check what is in them.

    Raises FileNotFoundError for a language that has no folder.
    """
    folder = files(__name__) / language
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no lexicon for the language {language!r}.")
    return {
        entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text(encoding="utf-8"))
        for entry in sorted(folder.iterdir(), key=lambda e: e.name)
        if entry.name.endswith(".toml")
    }
