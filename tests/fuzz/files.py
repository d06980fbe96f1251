"""What is read from files and the environment: gold, lexicons, the gazetteer's tables, settings.

Each is the real one with something wrong in it. It is taken, or refused in the words that its reader promises.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from hypothesis import strategies as st
from sqlalchemy.engine import make_url

from bench.corpus import SEEDS
from service.domain.places import tables
from service.settings import PREFIX, Settings, SettingsError
from tests.fuzz.headers import VALUES
from tests.fuzz.target import Target, outcome
from tests.fuzz.texts import STRANGE
from worker.evaluation.gold import SUFFIX, GoldError, load_pairs
from worker.extraction.attribution.speaker_words import parse_speakers
from worker.extraction.frames.event_words import parse_events
from worker.extraction.frames.status_words import parse_status
from worker.extraction.grammar.date_words import parse_dates
from worker.extraction.grammar.quantity_words import parse_quantities
from worker.extraction.mentions.constructions import parse_constructions
from worker.extraction.mentions.syntax import parse_syntax
from worker.extraction.page.boilerplate import parse_boilerplate
from worker.extraction.page.headline_case import parse_headlines
from worker.extraction.page.sentences import parse_abbreviations
from worker.extraction.page.transcripts import parse_transcripts
from worker.lexicons import load

Path_ = tuple[str | int, ...]

LEXICONS: Final[Mapping[str, Callable[[Any], object]]] = {
    "abbreviations": parse_abbreviations,
    "boilerplate": parse_boilerplate,
    "constructions": parse_constructions,
    "dates": parse_dates,
    "events": parse_events,
    "headlines": parse_headlines,
    "quantities": parse_quantities,
    "sources": parse_speakers,
    "status": parse_status,
    "syntax": parse_syntax,
    "transcripts": parse_transcripts,
}
TABLES: Final[Mapping[str, Callable[[str], object]]] = {
    "aliases.tsv": tables.parse_aliases,
    "areas.tsv": tables.parse_areas,
    "borders.tsv": tables.parse_borders,
    "countries.tsv": tables.parse_countries,
    "readings.tsv": tables.parse_readings,
    "stopnames.tsv": tables.parse_stopnames,
    "towns.tsv": tables.parse_towns,
    "typewords.tsv": tables.parse_typewords,
}
_ODD: Final = st.one_of(VALUES, st.sampled_from(STRANGE))
_ODD_TOML: Final = st.recursive(
    st.one_of(st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.dates(), st.sampled_from(STRANGE)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=8,
)


def _paths(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """To the value and to all in it."""
    yield path
    items: Any = ()
    if isinstance(value, Mapping):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, inner in items:
        yield from _paths(inner, (*path, key))


def _with(holder: Any, path: Path_, value: Any) -> Any:
    """A copy with another value at `path`; what is not on the way is shared."""
    if not path:
        return value
    copy: Any = dict(holder) if isinstance(holder, Mapping) else list(holder)
    copy[path[0]] = _with(holder[path[0]], path[1:], value)
    return copy


@cache
def _lexicon() -> Mapping[str, Any]:
    return load("en")


@cache
def _paths_of(name: str) -> tuple[Path_, ...]:
    return tuple(path for path in _paths(_lexicon()[name]) if path)


@st.composite
def _lexicons(draw: st.DrawFn) -> tuple[str, Any]:
    name = draw(st.sampled_from(sorted(LEXICONS)))
    table = _lexicon()[name]
    return name, _with(table, draw(st.sampled_from(_paths_of(name))), draw(_ODD_TOML))


def lexicon_is_taken_or_refused(given: tuple[str, Any]) -> None:
    name, table = given
    read = outcome(lambda: LEXICONS[name](table), ValueError)
    assert not isinstance(read, ValueError) or str(read).strip()


@st.composite
def _gold(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A gold file and its article."""
    path = draw(st.sampled_from(sorted(SEEDS.glob(f"*{SUFFIX}"))))
    gold: Any = json.loads(path.read_text(encoding="utf-8"))
    for _ in range(draw(st.integers(0, 3))):
        gold = _with(gold, draw(st.sampled_from(list(_paths(gold)))), draw(_ODD))
    written = json.dumps(gold).encode()
    if draw(st.integers(0, 3)) == 0:
        at = draw(st.integers(0, len(written)))
        written = written[:at] + draw(st.binary(max_size=4)) + written[at + draw(st.integers(0, 3)) :]
    return written, draw(st.binary(max_size=6) | st.just(b"France sent 300 soldiers to Mali."))


def gold_is_taken_or_refused(given: tuple[bytes, bytes]) -> None:
    with TemporaryDirectory(prefix="muster-fuzz-") as folder:
        (Path(folder) / f"one{SUFFIX}").write_bytes(given[0])
        (Path(folder) / "one.txt").write_bytes(given[1])
        pairs = outcome(lambda: load_pairs(Path(folder)), GoldError)
    if isinstance(pairs, GoldError):
        assert f"one{SUFFIX}" in str(pairs) or "one.txt" in str(pairs)
        return
    for claim in pairs[0].claims:
        for low, high in claim.counts:
            assert low is None or type(low) is int
            assert high is None or type(high) is int
        # Whatever scores claims may hash and compare what it was given.
        hash(claim)
        assert all(isinstance(code, str) for place in claim.places or () for code in place)
        assert claim.quote is None or isinstance(claim.quote, str)


@st.composite
def _tables(draw: st.DrawFn) -> tuple[str, str]:
    name = draw(st.sampled_from(sorted(TABLES)))
    text = tables.read_text(name)[:4000]
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        put_in = draw(
            st.one_of(st.sampled_from(["\t", "\n", "|", "#", "\t\t\t", "||", "9" * 400, *STRANGE]), st.text())
        )
        text = text[:at] + put_in + text[at + draw(st.integers(0, 20)) :]
    return name, text


def table_is_taken_or_refused(given: tuple[str, str]) -> None:
    name, text = given
    read = outcome(lambda: TABLES[name](text), ValueError)
    assert not isinstance(read, ValueError) or str(read).strip()


_VALUES_SET: Final = st.one_of(
    st.sampled_from(
        ["", " ", "0", "1", "-1", "1e3", "nan", "inf", "-inf", "1_000", "٣", "9" * 5000, "0x10", "true",
        "~nobody-here/x",
         "a:b", "a.b:c", ":", "os:system", "127.0.0.1", "::1", "memory://", "redis://h:x/0", "redis://[::1",
         "filesystem://",
         "amqp://u:secret@h:99999//", "postgresql://u:secret@h:port/d", "postgresql://u:secret@[h/d", "postgres://",
         "postgresql://u:secret@h/d?options=%zz", "sqlite:///", "sqlite:///:memory:",
         "sqlite:///x?mode=ro&mode=rw", "debug",
         "sqlite:////proc/nowhere/x", "rediss://h/0?ssl_cert_reqs=none", "mysql://u:secret@h/d", ",,,", "a,b , c"]
    ),
    st.integers().map(str),
    st.floats().map(str),
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12),
)  # fmt: skip
_SET: Final = st.dictionaries(
    st.one_of(
        st.sampled_from([PREFIX + field.name.upper() for field in fields(Settings)]),
        st.sampled_from(["PATH", "MUSTER_", "MUSTER_TEST_X", "muster_port", "MUSTER_REGOIN"]),
    ),
    _VALUES_SET,
    max_size=4,
)


def settings_are_read_or_refused(environment: dict[str, str]) -> None:
    settings = outcome(lambda: Settings.from_env(environment), SettingsError)
    if isinstance(settings, SettingsError):
        assert PREFIX in str(settings)
        assert "secret" not in str(settings)
        return
    assert settings == Settings.from_env(environment)
    # Whoever opens the database finds an address there, and not an error of its own.
    make_url(settings.database_url)
    assert settings.soft_limit_s < settings.hard_limit_s < settings.lease_s
    assert settings.broker_dir.is_relative_to(settings.data_dir)


TARGETS: Final = (
    Target(name="lexicons", inputs=_lexicons(), holds=lexicon_is_taken_or_refused, examples=60),
    Target(name="gold", inputs=_gold(), holds=gold_is_taken_or_refused, examples=150),
    Target(name="tables of places", inputs=_tables(), holds=table_is_taken_or_refused, examples=150),
    Target(name="settings", inputs=_SET, holds=settings_are_read_or_refused, examples=300),
)
