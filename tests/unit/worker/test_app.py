"""The Celery application, without a broker."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest
from celery import Celery
from celery.exceptions import Reject
from kombu.exceptions import ContentDisallowed
from kombu.serialization import dumps, loads, prepare_accept_content

from service.broker import WORK, drain_s, hard_limit_s
from service.settings import Settings
from worker.app import configuration, create_celery
from worker.jobs import Drained
from worker.process import Process
from worker.tasks import register

SETTINGS = Settings(broker_url="memory://")


class FakeProcess:
    def __init__(self, drained: Drained) -> None:
        self.drained = drained

    def drain(self) -> Drained:
        return self.drained


def task(drained: Drained) -> Callable[[], None]:
    app = Celery("test", set_as_current=False)
    register(app, cast("Process", FakeProcess(drained)))
    return cast("Callable[[], None]", app.tasks[WORK])


def test_task_goes_round_again_when_more_is_queued() -> None:
    with pytest.raises(Reject) as raised:
        task(Drained(done=3, more=True))()
    assert raised.value.requeue


def test_task_is_done_when_nothing_is_left() -> None:
    task(Drained(done=3))()


def test_configuration_gives_the_last_job_begun_its_whole_time() -> None:
    set_ = configuration(SETTINGS)
    assert set_["task_soft_time_limit"] >= SETTINGS.soft_limit_s + drain_s(SETTINGS)
    assert set_["task_time_limit"] >= SETTINGS.hard_limit_s + drain_s(SETTINGS)
    assert set_["task_soft_time_limit"] < set_["task_time_limit"]


@pytest.mark.parametrize(("hard", "lease"), [(90.0, 120.0), (90.0, 91.0), (1.0, 3.0)])
def test_lease_outlasts_the_process_that_holds_it(hard: float, lease: float) -> None:
    assert hard_limit_s(Settings(hard_limit_s=hard, lease_s=lease)) < lease


def test_configuration_keeps_wake_ups_until_their_articles_are_settled() -> None:
    set_ = configuration(SETTINGS)
    assert set_["task_acks_late"]
    assert set_["task_reject_on_worker_lost"]
    assert set_["worker_proc_alive_timeout"] >= 60
    assert set_["worker_prefetch_multiplier"] == 1


def test_create_celery_names_the_one_task() -> None:
    assert WORK in create_celery(SETTINGS).tasks


def test_worker_opens_no_message_but_json() -> None:
    accepted = prepare_accept_content(create_celery(Settings()).conf.accept_content)
    for serializer in ("pickle", "yaml"):
        content_type, encoding, body = dumps(["anything"], serializer=serializer)
        with pytest.raises(ContentDisallowed):
            loads(body, content_type, encoding, accept=accepted)
    content_type, encoding, body = dumps(["anything"], serializer="json")
    assert loads(body, content_type, encoding, accept=accepted) == ["anything"]
