"""What is read of a request before anything is done: preferences, keys, hosts, JSON, and what is echoed of them."""

from __future__ import annotations

import json
from typing import Any, Final

from hypothesis import strategies as st

from service.api.body import DEEPEST_JSON, parse_json
from service.api.claims import read_groups
from service.api.guard import split_host
from service.api.parsing import nearest
from service.api.preferences import LONGEST_WAIT_S, wanted_wait_s
from service.api.problems import ProblemError, name_for_echo, printable
from service.domain.access import make_token, read_token
from service.domain.errors import AmbiguousPlaceError, UnknownPlaceError
from service.domain.places import gazetteer
from service.domain.places.folding import fold
from tests.fuzz.target import Target, outcome
from tests.fuzz.texts import STRANGE

NAMES: Final = ("region", "origin", "min_count", "max_count", "group_by", "reported_from")


def _bits(*bits: str) -> st.SearchStrategy[str]:
    """These, strange ones and any text, joined at random."""
    return st.lists(
        st.one_of(st.sampled_from(bits), st.sampled_from(bits), st.sampled_from(STRANGE), st.text(max_size=4)),
        max_size=12,
    ).map("".join)


def preference_is_bounded(prefer: str) -> None:
    wait_s = wanted_wait_s(prefer)
    assert wait_s is None or 0 <= wait_s <= LONGEST_WAIT_S
    # What is not understood is passed over.
    assert wanted_wait_s(f"wait=7, {prefer}") == 7


def token_is_whole(written: str) -> None:
    token = read_token(written)
    assert token is None or token.written() == written
    assert token is None or token.secret not in repr(token)


def made_token_is_read(random: bytes) -> None:
    token = make_token(random)
    assert read_token(token.written()) == token
    assert read_token(token.written()[:-1]) is None


def host_is_split(value: str) -> None:
    split = split_host(value, scheme="http")
    if split is not None:
        name, port = split
        assert name
        assert 0 <= port <= 65_535
        assert not set(name) & set("/\\?#@ \t,")


def echo_can_be_sent(text: str) -> None:
    for shown in (printable(text), name_for_echo(text)):
        shown.encode("utf-8")
        assert len(shown) <= 1000
        assert "\x00" not in shown
    assert set(nearest(text, NAMES)) <= set(NAMES)


def groups_are_known(given: str) -> None:
    groups = outcome(lambda: read_groups(given), ProblemError)
    if isinstance(groups, ProblemError):
        assert groups.problem.kind.status == 422
        return
    assert groups
    assert ",".join(groups) == ",".join(name.strip() for name in given.split(","))


def place_is_looked_up(name: str) -> None:
    assert fold(fold(name)) == fold(name)
    places = gazetteer()
    assert len(places.search(name, limit=5)) <= 5
    try:
        found = places.resolve(name)
    except (UnknownPlaceError, AmbiguousPlaceError) as error:
        printable(str(error)).encode()
    else:
        assert places.by_code(found.code) is not None


VALUES: Final = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=8),
        st.sampled_from([10**400, -(2**64), 2**63, 1e308, -0.0]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=5), inner, max_size=4)),
    max_leaves=12,
)
"""JSON values."""
_ODD_JSON: Final = (
    "NaN", "Infinity", "-Infinity", "[" * 40, "]" * 40, '{"a":' * 40, '"', "\\", "\\ud800", '"\\ud83d\\ude00"', "1e999",
    "9" * 5000, "01", "+1", "'a'", "// x", ",", ":", '{"a": 1, "a": 2}', "\ufeff", "\x00", '"\x00"', "\u2028", "nul",
    '"[[[["', '"\\"[{"', "\\u0000",
)  # fmt: skip


@st.composite
def json_texts(draw: st.DrawFn) -> str:
    """JSON, and what nearly is."""
    text = draw(VALUES.map(json.dumps) | _bits(*_ODD_JSON, "{", "}", "[", "]", '"a"', "1"))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(_ODD_JSON)) + text[at + draw(st.integers(0, 3)) :]
    return text


def json_is_read_strictly(text: str) -> None:
    value = outcome(lambda: parse_json(text), ProblemError)
    if isinstance(value, ProblemError):
        assert value.problem.kind.name == "malformed-json"
        json.dumps(value.problem.as_dict(), ensure_ascii=False).encode()
        return
    assert _depth(value) <= DEEPEST_JSON
    again = json.loads(text.removeprefix("\ufeff"), parse_constant=_never)
    assert json.dumps(again) == json.dumps(value)


def _never(name: str) -> Any:
    raise AssertionError(f"{name} was let through")


def _depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(_depth, inner), default=0)


TARGETS: Final = (
    Target(
        name="Prefer",
        inputs=_bits("wait", "=", '"', ",", ";", " ", "5", "respond-async", "999999999999"),
        holds=preference_is_bounded,
        examples=200,
    ),
    Target(
        name="keys as written",
        inputs=_bits("muster", "_", "a" * 13, "b" * 52, "muster_" + "a" * 13 + "_" + "7" * 52, "\n"),
        holds=token_is_whole,
        examples=200,
    ),
    Target(name="keys as made", inputs=st.binary(min_size=40, max_size=40), holds=made_token_is_read, examples=50),
    Target(
        name="Host",
        inputs=_bits("localhost", ":", "8000", "[", "]", "::1", ".", "@", "127.0.0.1", "٣", "%"),
        holds=host_is_split,
        examples=300,
    ),
    Target(name="what is echoed", inputs=_bits("region", "a" * 900, "\x7f"), holds=echo_can_be_sent, examples=200),
    Target(name="group_by", inputs=_bits(*NAMES, ",", " ", "month", "force"), holds=groups_are_known, examples=200),
    Target(
        name="names of places",
        inputs=_bits("Kursk", " ", "Oblast", "RU-KRS", "Georgia", "Курская", "область", "-", "'", "New", "UK"),
        holds=place_is_looked_up,
        examples=80,
    ),
    Target(name="JSON", inputs=json_texts(), holds=json_is_read_strictly, examples=200),
)
