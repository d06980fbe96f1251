"""The pieces of the API that need no application: preferences, hosts, near names, JSON."""

from __future__ import annotations

import pytest

from service.api.body import largest_body, parse_json
from service.api.claims import read_groups
from service.api.guard import allowed_names, split_host
from service.api.parsing import nearest
from service.api.preferences import WaitingRoom, wait_until, wanted_wait_s
from service.api.problems import ProblemError, printable
from service.domain.register import GroupKey


@pytest.mark.parametrize(
    ("prefer", "expected"),
    [
        (None, None),
        ("", None),
        ("respond-async", None),
        ("wait=5", 5),
        ("WAIT = 5", 5),
        ('wait="5"', 5),
        ("respond-async, wait=5; foo=bar", 5),
        ("wait=0", 0),
        ("wait=21", 20),
        ("wait=999999999", 20),
        ("wait=-1", None),
        ("wait=1.5", None),
        ("wait=" + "9" * 5000, None),
        ("await=5", None),
    ],
)
def test_wanted_wait_reads_what_is_asked(prefer: str | None, expected: int | None) -> None:
    assert wanted_wait_s(prefer) == expected


class FakeTime:
    def __init__(self) -> None:
        self.now = 0.0
        self.sleeps: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds


def test_wait_until_gives_up_at_the_end_and_asks_ever_less_often() -> None:
    time = FakeTime()
    assert not wait_until(lambda: False, wait_s=2, clock=time.clock, sleep=time.sleep)
    assert time.now == pytest.approx(2)
    assert time.sleeps[:-1] == sorted(time.sleeps[:-1])
    assert len(time.sleeps) < 20


def test_wait_until_ends_when_it_is_done() -> None:
    time = FakeTime()
    assert wait_until(lambda: time.now > 0.5, wait_s=20, clock=time.clock, sleep=time.sleep)
    assert time.now < 1


def test_wait_until_asks_once_without_time() -> None:
    time = FakeTime()
    assert wait_until(lambda: True, wait_s=0, clock=time.clock, sleep=time.sleep)
    assert not time.sleeps


def test_waiting_room_gives_no_more_places_than_it_has() -> None:
    room = WaitingRoom(1)
    with room.place() as first, room.place() as second:
        assert (first, second) == (True, False)
    with room.place() as again:
        assert again


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("localhost", ("localhost", 80)),
        ("LOCALHOST:8000", ("localhost", 8000)),
        ("[::1]:8000", ("::1", 8000)),
        ("127.0.0.1.", ("127.0.0.1", 80)),
        ("", None),
        (".", None),
        ("a b", None),
        ("user@localhost", None),
        ("localhost/x", None),
        ("localhost:x", None),
        ("localhost:99999", None),
        ("[::1", None),
    ],
)
def test_split_host(value: str, expected: tuple[str, int] | None) -> None:
    assert split_host(value, scheme="http") == expected


def test_allowed_names_never_hold_the_address_of_everywhere() -> None:
    names = allowed_names("0.0.0.0", ("Muster.Example",))
    assert names == {"localhost", "127.0.0.1", "::1", "muster.example"}


@pytest.mark.parametrize(("name", "first"), [("regoin", "region"), ("Region", "region"), ("min-count", "min_count")])
def test_nearest_finds_what_was_meant(name: str, first: str) -> None:
    assert nearest(name, ["region", "origin", "min_count", "max_count"])[0] == first


@pytest.mark.parametrize("name", ["", "zzz", "x" * 100_000])
def test_nearest_finds_nothing_near(name: str) -> None:
    assert nearest(name, ["region", "origin"]) == []


def test_parse_json_takes_a_byte_order_mark() -> None:
    assert parse_json('\ufeff{"a": 1}') == {"a": 1}


@pytest.mark.parametrize("text", ["", "[1,]", "NaN", '{"a": 1, "a": 2}', "[" * 1_000_000, "1" * 5000])
def test_parse_json_refuses(text: str) -> None:
    with pytest.raises(ProblemError) as refused:
        parse_json(text)
    assert refused.value.problem.kind.name == "malformed-json"


def test_largest_body_holds_an_article_written_in_escapes() -> None:
    assert largest_body(1000) > len('{"text": "' + "\\u0436" * 500 + '"}')


def test_read_groups_keeps_their_order() -> None:
    assert read_groups("month, region") == (GroupKey.MONTH, GroupKey.REGION)


@pytest.mark.parametrize(("text", "shown"), [("a\x00b", "a�b"), ("\ud800", "?"), ("Курськ", "Курськ")])
def test_printable_can_be_sent(text: str, shown: str) -> None:
    assert printable(text) == shown
