"""Keys and desks in the store."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from service.domain.access import KeyState, Scope, Token, read_token
from service.domain.errors import ConflictError, InvalidInputError, KeyRefusedError, NotFoundError
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.keys import (
    NewKey,
    authenticate,
    create_desk,
    create_key,
    list_keys,
    note_use,
    revoke_key,
    rotate_key,
    usable_keys,
)
from tests.integration.storage.building import NOW

HOUR = timedelta(hours=1)


def make(engine: Engine, name: str = "wire", **options: Any) -> NewKey:
    chosen: dict[str, Any] = {"scopes": [Scope.SUBMIT, Scope.READ], "desks": ["default"], "now": NOW, **options}
    with UnitOfWork(engine) as work:
        made = create_key(work, name, **chosen)
        work.commit()
    return made


def test_key_is_found_as_it_was_made(engine: Engine) -> None:
    with UnitOfWork(engine) as work:
        create_desk(work, "asia-2", now=NOW)
        work.commit()
    made = make(engine, desks=["asia-2", "default", "asia-2"], lifetime=HOUR)
    with UnitOfWork.reading(engine) as work:
        assert authenticate(work, made.token.written(), now=NOW) == made.key
        assert list_keys(work) == [made.key]
    assert made.key.desks == ("asia-2", "default")
    assert made.key.scopes == (Scope.READ, Scope.SUBMIT)


def test_store_holds_no_secret(engine: Engine) -> None:
    made = make(engine)
    with engine.connect() as connection:
        rows = [str(tuple(row)) for row in connection.execute(text("SELECT * FROM api_keys"))]
    assert len(rows) == 1
    assert made.token.fingerprint() in rows[0]
    assert made.token.secret not in rows[0]
    assert made.token.secret not in repr(made)


def test_two_keys_have_nothing_in_common(engine: Engine) -> None:
    first, second = make(engine).token, make(engine).token
    assert first.id != second.id
    mixed = Token(id=first.id, secret=second.secret).written()
    with UnitOfWork.reading(engine) as work, pytest.raises(KeyRefusedError, match="not known"):
        authenticate(work, mixed, now=NOW)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "a" * 101}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"scopes": []}, "scope"),
        ({"desks": []}, "desk"),
        ({"desks": ["default", "none"]}, "desk"),
        ({"lifetime": -HOUR}, "expires"),
    ],
)
def test_key_that_can_not_be_made_is_refused_by_field(engine: Engine, options: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        make(engine, **options)
    assert set(refused.value.errors) == {field}
    with UnitOfWork.reading(engine) as work:
        assert not work.keys.any_made()


def test_key_expires_at_its_hour_and_not_before(engine: Engine) -> None:
    written = make(engine, lifetime=HOUR).token.written()
    with UnitOfWork.reading(engine) as work:
        authenticate(work, written, now=NOW + HOUR - timedelta(microseconds=1))
        with pytest.raises(KeyRefusedError, match="expired"):
            authenticate(work, written, now=NOW + HOUR)
        assert (usable_keys(work, now=NOW), usable_keys(work, now=NOW + HOUR)) == (1, 0)


def test_revoking_twice_keeps_the_first_moment(engine: Engine) -> None:
    key = make(engine).key
    with UnitOfWork(engine) as work:
        revoke_key(work, key.id, now=NOW)
        assert revoke_key(work, key.id, now=NOW + HOUR).revoked_at == NOW
        work.commit()
    with UnitOfWork(engine) as work, pytest.raises(NotFoundError):
        revoke_key(work, "none", now=NOW)


def test_rotated_key_lives_as_long_as_the_old_one_was_made_for(engine: Engine) -> None:
    old = make(engine, lifetime=HOUR)
    later = NOW + HOUR / 2
    with UnitOfWork(engine) as work:
        new = rotate_key(work, old.key.id, now=later, overlap=HOUR / 4)
        work.commit()
    assert new.key.expires_at == later + HOUR
    with UnitOfWork(engine) as work:
        states = {key.id: key.state(later + HOUR / 4) for key in list_keys(work)}
        assert states == {old.key.id: KeyState.REVOKED, new.key.id: KeyState.ACTIVE}
        # What is to end soon may still be ended now.
        assert revoke_key(work, old.key.id, now=later).revoked_at == later
        with pytest.raises(ConflictError, match="revoked"):
            rotate_key(work, old.key.id, now=later)


def test_use_is_noted_forward_only(engine: Engine) -> None:
    key = make(engine).key
    for moment in (NOW, NOW + timedelta(seconds=59), NOW + timedelta(seconds=61), NOW):
        with UnitOfWork(engine) as work:
            note_use(work, key, now=moment)
    with UnitOfWork.reading(engine) as work:
        assert list_keys(work)[0].last_used_at == NOW + timedelta(seconds=61)


@pytest.mark.parametrize("name", ["", "Asia", "-asia", "a b", "a" * 64, "asia\n", "а"])
def test_desk_of_another_form_is_refused(engine: Engine, name: str) -> None:
    with UnitOfWork(engine) as work, pytest.raises(InvalidInputError):
        create_desk(work, name, now=NOW)


def test_desk_is_made_once(engine: Engine) -> None:
    with UnitOfWork(engine) as work:
        create_desk(work, "asia", now=NOW)
        with pytest.raises(ConflictError):
            create_desk(work, "asia", now=NOW)
        work.commit()
    with UnitOfWork.reading(engine) as work:
        assert [desk.id for desk in work.desks.list()] == ["asia", "default"]


@pytest.mark.parametrize(
    "written",
    ["", "muster_", "muster_a_b", "MUSTER_" + "a" * 13 + "_" + "a" * 52, "muster_" + "a" * 13 + "_" + "1" * 52],
)
def test_what_is_no_key_is_not_read_as_one(written: str) -> None:
    assert read_token(written) is None
