"""Wake-ups, with a queue in memory or one that does not answer."""

from __future__ import annotations

import threading

import fakeredis
import pytest
from kombu.transport import redis as kombu_redis

from service.broker import shared_configuration
from service.enqueue import BrokerSender, CeleryWaker, NullWaker
from service.settings import Settings

SOON_S = 30.0
"""More than enough for a thread that has nothing to wait for."""


class Queue:
    """A broker of which the tests see everything."""

    def __init__(self, *, waiting: int = 0) -> None:
        self.sent = waiting
        self.closed = 0

    def waiting(self) -> int:
        return self.sent

    def send(self) -> None:
        self.sent += 1

    def close(self) -> None:
        self.closed += 1


class Away(Queue):
    """Answers only once it is back."""

    def __init__(self) -> None:
        super().__init__()
        self.back = threading.Event()
        self.asked = threading.Event()

    def waiting(self) -> int:
        self.asked.set()
        if not self.back.is_set():
            raise ConnectionError("nobody there")
        return super().waiting()


def waker(queue: Queue, *, outstanding: int = 4) -> CeleryWaker:
    return CeleryWaker(Settings(wakeups_outstanding=outstanding), sender=queue)


def test_wake_sends_one_wake_up() -> None:
    queue = Queue()
    one = waker(queue)
    one.wake()
    assert one.flush(SOON_S)
    assert (queue.sent, one.sent, one.skipped, one.failed, one.broker_answers) == (1, 1, 0, 0, True)


def test_wake_sends_no_more_than_may_be_outstanding() -> None:
    queue = Queue()
    one = waker(queue, outstanding=3)
    for _ in range(50):
        one.wake()
    assert one.flush(SOON_S)
    assert queue.sent == 3


def test_wake_sends_none_while_enough_wait() -> None:
    queue = Queue(waiting=4)
    one = waker(queue)
    one.wake()
    assert one.flush(SOON_S)
    assert (queue.sent, one.sent, one.skipped) == (4, 0, 1)


def test_wake_neither_raises_nor_loses_the_news_while_the_broker_is_away() -> None:
    queue = Away()
    one = waker(queue)
    one.wake()
    assert queue.asked.wait(SOON_S)
    assert not one.flush(0.0)
    queue.back.set()
    assert one.flush(SOON_S)
    assert (queue.sent, one.broker_answers) == (1, True)
    assert one.failed >= 1


def test_close_sends_what_is_left_and_lets_the_connection_go() -> None:
    queue = Queue()
    one = waker(queue)
    one.wake()
    one.close()
    assert (queue.sent, queue.closed) == (1, 1)


def test_close_of_a_waker_that_never_woke_anybody_does_nothing() -> None:
    queue = Queue()
    waker(queue).close()
    assert (queue.sent, queue.closed) == (0, 0)


def test_null_waker_wakes_nobody() -> None:
    NullWaker().wake()


def test_configuration_takes_json_only_and_keeps_no_results() -> None:
    configuration = shared_configuration(Settings(broker_url="redis://localhost/0"))
    assert configuration["accept_content"] == ["json"]
    assert configuration["result_backend"] is None


def test_configuration_of_redis_outlasts_two_tasks_and_waits_for_no_dead_link() -> None:
    settings = Settings(broker_url="redis://localhost/0")
    options = shared_configuration(settings)["broker_transport_options"]
    assert options["visibility_timeout"] > 2 * settings.hard_limit_s
    assert options["socket_timeout"] > 0


@pytest.fixture
def redis_server(monkeypatch: pytest.MonkeyPatch) -> fakeredis.FakeRedis:
    """The Redis transport of kombu, with a Redis in memory."""
    server = fakeredis.FakeServer()

    def client(self: object, asynchronous: bool = False) -> fakeredis.FakeRedis:
        return fakeredis.FakeRedis(server=server)

    monkeypatch.setattr(kombu_redis.Channel, "_create_client", client)
    return fakeredis.FakeRedis(server=server)


def test_sender_counts_what_waits_on_redis(redis_server: fakeredis.FakeRedis) -> None:
    sender = BrokerSender(Settings(broker_url="redis://localhost/0"))
    assert sender.waiting() == 0
    sender.send()
    sender.send()
    assert sender.waiting() == redis_server.llen("muster") == 2
    sender.purge()
    assert sender.waiting() == 0


def test_sender_sends_a_task_that_carries_no_work(redis_server: fakeredis.FakeRedis) -> None:
    BrokerSender(Settings(broker_url="redis://localhost/0")).send()
    message = redis_server.lindex("muster", 0)
    assert message is not None
    assert b'"task": "muster.work"' in message
    assert b'"argsrepr": "()"' in message
