"""Keys for tests, and the service as somebody asks it who has one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from service.domain.access import DEFAULT_DESK, Scope
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.keys import NewKey, create_desk, create_key
from tests.api.doubles import NOW

OTHER_DESK = "other"
_numbers = count(1)


def make_key(
    engine: Engine,
    *scopes: Scope,
    desks: Sequence[str] = (DEFAULT_DESK,),
    now: datetime = NOW,
    lifetime: timedelta | None = None,
) -> NewKey:
    """Its secret is made up: the same ones in the same order in each run."""
    with UnitOfWork(engine) as work:
        made = create_key(
            work,
            "test",
            scopes=scopes or tuple(Scope),
            desks=desks,
            now=now,
            lifetime=lifetime,
            random=lambda size: hashlib.shake_256(str(next(_numbers)).encode()).digest(size),
        )
        work.commit()
    return made


def make_desk(engine: Engine, name: str = OTHER_DESK) -> str:
    with UnitOfWork(engine) as work:
        create_desk(work, name, now=NOW)
        work.commit()
    return name


def bearer(made: NewKey) -> dict[str, str]:
    return {"Authorization": f"Bearer {made.token.written()}"}


def client_with(app: Flask, made: NewKey, **headers: str) -> FlaskClient:
    """Sends the key with every request."""
    client = app.test_client()
    names: dict[str, Any] = {
        f"HTTP_{name.upper().replace('-', '_')}": value for name, value in {**bearer(made), **headers}.items()
    }
    client.environ_base.update(names)
    return client
