"""What has had its day is forgotten, and nothing else."""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from portal.cases import closing
from portal.cases.case import Case, CaseStatus
from portal.commands.context import Opened
from portal.commands.sweeping import remove_unused_files, sweep
from portal.database import Database
from portal.files import FileStore
from portal.mail.outbox import OutgoingMail
from portal.settings import Settings
from tests import cast
from tests.casework import adopted, opened


def stored(folder: Path, name: str, *, hours_old: float) -> Path:
    path = folder / name[:2] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    then = time.time() - hours_old * 3600
    os.utime(path, (then, then))
    return path


def test_only_old_files_that_nobody_names_are_removed(tmp_path: Path) -> None:
    used = stored(tmp_path, "a" * 64, hours_old=100)
    old = stored(tmp_path, "b" * 64, hours_old=25)
    new = stored(tmp_path, "c" * 64, hours_old=23)
    assert remove_unused_files(tmp_path, {used.name}) == 1
    assert [path.exists() for path in (used, old, new)] == [True, False, True]


def test_a_solved_case_is_closed_after_a_week_and_the_customer_is_told(
    database: Database, home: Path, database_url: str, now: datetime
) -> None:
    settings = Settings(home, "s" * 40, "https://help.example", database_url)
    portal = Opened(settings, database, FileStore(settings.files_folder))
    with database.writing() as db:
        adopted(db, now=now)
        case = opened(db, person=cast.ines(db, cast.harbour_lines(db)), now=now)
        closing.solve(db, case=case, by=cast.agent(db), now=now)
    sweep(portal, now=now + timedelta(days=6))
    assert statuses(database) == [CaseStatus.SOLVED]
    sweep(portal, now=now + timedelta(days=8))
    assert statuses(database) == [CaseStatus.CLOSED]
    with database.reading() as db:
        [mail] = db.scalars(select(OutgoingMail))
        assert "is closed" in mail.text


def statuses(database: Database) -> list[CaseStatus]:
    with database.reading() as db:
        return list(db.scalars(select(Case.status)))
