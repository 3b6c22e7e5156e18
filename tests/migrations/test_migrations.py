"""The schema that migrations make is the schema that the entities need, on both databases."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from portal.database import Database
from portal.migrations import standing
from portal.migrations.running import BrokenReferenceError, differences, migrate
from portal.migrations.standing import at_head, heads
from portal.people.organisation import Organisation
from tests import cast
from tests.conftest import KINDS


@pytest.fixture(params=KINDS)
def blank(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with nothing in it, not even a table."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'blank.db'}")
    else:
        database = Database(request.getfixturevalue("cluster").make(f"blank_{uuid4().hex}"))
    yield database
    database.close()


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def test_up_in_step_down_and_up_again(blank: Database) -> None:
    assert not at_head(blank)
    migrate(blank)
    assert at_head(blank)
    assert differences(blank) == []
    migrate(blank, to="base")
    assert tables(blank) == set()
    migrate(blank)
    assert at_head(blank)
    assert differences(blank) == []


def test_the_newest_migration_is_told_without_alembic_as_alembic_tells_it() -> None:
    script = ScriptDirectory(str(Path(standing.__file__).parent))
    assert heads() == set(script.get_heads())
    assert len(heads()) == 1


def test_migrating_twice_changes_nothing(blank: Database) -> None:
    migrate(blank)
    with blank.writing() as db:
        cast.everybody(db)
    migrate(blank)
    with blank.reading() as db:
        assert db.query(Organisation).count() == 3


def test_a_migration_that_fails_leaves_nothing_behind(
    blank: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade = command.upgrade

    def upgrade_and_fail(*given: Any) -> None:
        upgrade(*given)
        raise BrokenReferenceError("a row refers to nothing")

    monkeypatch.setattr(command, "upgrade", upgrade_and_fail)
    with pytest.raises(BrokenReferenceError):
        migrate(blank)
    assert tables(blank) == set()
    monkeypatch.undo()
    migrate(blank)
    assert at_head(blank)
