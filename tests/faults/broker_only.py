"""The positive control: a Muster whose work is carried by messages alone, as most Celery projects have it.

The API is the real one, but each article's message names the article, no lease is kept, and nobody sweeps. A broker
that forgets its messages loses articles then, and the checker has to say so.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import cache

from celery import Celery
from flask import Flask, Response, request
from sqlalchemy import Engine, update

from service.app import create_app
from service.enqueue import NullWaker
from service.settings import Settings
from service.storage.engine import create_engine
from service.storage.jobs import JobState
from service.storage.tables import jobs
from service.storage.unit_of_work import UnitOfWork
from worker.app import configuration
from worker.jobs import document, extracted_article
from worker.process import build_extractor

READ = "control.read"


def create_celery() -> Celery:
    """With Muster's own settings for delivery: late acknowledgment, and messages of dead workers given again."""
    made = Celery("control", set_as_current=False)
    settings = _settings()
    made.conf.update(configuration(settings))
    made.task(name=READ)(_read)
    return made


def create() -> Flask:
    """For granian."""
    application = create_app(_settings(), waker=NullWaker())
    celery = create_celery()

    @application.after_request
    def _send(answer: Response) -> Response:
        if request.method == "POST" and answer.status_code == 202:
            article = answer.get_json()
            celery.send_task(READ, (article["id"], article["version"]))
        return answer

    return application


def _read(article_id: str, version: int) -> None:
    extractor = build_extractor(_settings())
    with UnitOfWork(_engine()) as work:
        article = work.articles.load_for_extraction(article_id, version)
        if article is None:
            return
        done = {"state": JobState.DONE, "attempt": jobs.c.attempt + 1}
        work.connection.execute(
            update(jobs).where(jobs.c.article_id == article_id, jobs.c.version == version).values(done)
        )
        work.claims.save_extraction(
            article_id,
            version,
            extracted_article(extractor.extract(document(article))),
            extractor_name=extractor.name,
            extractor_version=extractor.version,
            now=datetime.now(UTC),
        )
        work.commit()


def _settings() -> Settings:
    return Settings.from_env(os.environ)


@cache
def _engine() -> Engine:
    return create_engine(_settings())


def __getattr__(name: str) -> Celery:
    """`celery --app tests.faults.broker_only` asks for `app`; nothing is made at import."""
    if name in ("app", "celery"):
        return create_celery()
    raise AttributeError(name)
