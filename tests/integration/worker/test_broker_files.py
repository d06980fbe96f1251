"""Messages as files: whole or not there at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.enqueue import BrokerSender
from service.settings import Settings


@pytest.fixture
def sender(tmp_path: Path) -> BrokerSender:
    return BrokerSender(Settings(data_dir=tmp_path, broker_url="filesystem://"))


def waiting(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "broker" / "waiting").iterdir())


def test_sent_messages_are_counted_and_taken_once(sender: BrokerSender, tmp_path: Path) -> None:
    sender.send()
    sender.send()
    assert sender.waiting() == 2
    assert sender.take()
    assert sender.take()
    assert not sender.take()
    assert waiting(tmp_path) == []


def test_message_that_is_still_being_written_is_not_seen(sender: BrokerSender, tmp_path: Path) -> None:
    sender.send()
    (whole,) = waiting(tmp_path)
    whole.rename(f"{whole}.tmp")
    assert sender.waiting() == 0
    assert not sender.take()


def test_message_that_a_crash_left_half_written_is_dropped(sender: BrokerSender, tmp_path: Path) -> None:
    sender.send()
    sender.send()
    half, _ = waiting(tmp_path)
    half.write_text('{"body": "', encoding="utf-8")
    assert sender.take()
    assert not sender.take()
    assert waiting(tmp_path) == []
