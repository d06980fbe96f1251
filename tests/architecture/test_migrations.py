"""Migrations form one line, in the order of their numbers."""

from __future__ import annotations

from alembic.script import ScriptDirectory

from service.storage import migrate


def test_migrations_follow_one_another() -> None:
    files = sorted(path.name for path in (migrate.MIGRATIONS / "versions").glob("[0-9]*.py"))
    numbers = [name.partition("_")[0] for name in files]
    assert numbers == [f"{n:04}" for n in range(1, len(files) + 1)]
    scripts = ScriptDirectory(str(migrate.MIGRATIONS))
    assert [script.revision for script in reversed(list(scripts.walk_revisions()))] == numbers
