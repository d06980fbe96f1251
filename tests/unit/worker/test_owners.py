"""Who is known to be dead. What the kernel says is read from /proc alone."""

from __future__ import annotations

from itertools import islice

import pytest

from worker.owners import is_gone, lease_names


def test_lease_names_are_never_used_twice() -> None:
    names = [*islice(lease_names(), 3), *islice(lease_names(), 3)]
    assert len(set(names)) == 6


def test_is_gone_of_this_process_is_false() -> None:
    assert not is_gone(next(lease_names()))


def test_is_gone_of_an_earlier_process_with_this_number_is_true() -> None:
    process, _, once = next(lease_names()).rpartition("#")
    machine, pid, started = process.rsplit(":", 2)
    if started == "unknown":
        assert not is_gone(next(lease_names()))
    else:
        assert is_gone(f"{machine}:{pid}:{int(started) - 1}#{once}")


@pytest.mark.parametrize("owner", ["", "a", "other:1:2#3", "a:b:c#1", "x:1:unknown#2", "somebody#1"])
def test_is_gone_of_somebody_elsewhere_or_unknown_is_false(owner: str) -> None:
    assert not is_gone(owner)
