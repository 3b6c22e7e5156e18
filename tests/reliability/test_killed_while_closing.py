"""The worker is killed again and again while it reminds of closing, and closes: each case once.

PORTAL_TEST_KILLS=200 makes it a long run: a case for every kill.
"""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.cases.case import Case, CaseStatus
from portal.cases.closing import solve
from portal.cases.policies import adopt
from portal.cases.request import Request
from portal.cases.submission import open_case
from portal.database import Database
from portal.events import Event
from portal.mail.outbox import OutgoingMail
from portal.policy.profiles import profile_source
from tests import cast
from tests.cases.conftest import ANSWERS

KILLS = int(os.environ.get("PORTAL_TEST_KILLS", "8"))
SOLVED = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def database(home: Path) -> Database:
    database = Database(f"sqlite:///{home / 'portal.db'}")
    with database.writing() as db:
        adopt(db, source=profile_source("communicado"), now=SOLVED)
        ines, agent = cast.nadia(db, cast.harbour_lines(db)), cast.agent(db)
        said = ANSWERS | {"contact_email": ines.email}
        for _ in range(KILLS):
            case = open_case(db, request=Request(said, ines), now=SOLVED)
            solve(db, case=case, by=agent, resolution="Restarted", now=SOLVED)
    return database


def _killed_after(home: Path, moment: datetime, lines: int) -> bool:
    """Start the clock, kill it after some duties; whether there was nothing left to do."""
    command = [sys.executable, "-m", "tests.reliability.hand", str(home), moment.isoformat()]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as hand:
        assert hand.stdout is not None
        for _ in range(lines):
            if not hand.stdout.readline():
                return hand.wait() == 0
        hand.send_signal(signal.SIGKILL)
    return False


def _run_with_kills(home: Path, moment: datetime) -> None:
    chance = random.Random(moment.toordinal())
    for _ in range(4 * KILLS):
        if _killed_after(home, moment, chance.randint(1, 3)):
            return
    raise AssertionError("the clock never came to an end")


def test_each_case_is_reminded_once_and_closed_once_whatever_kills_the_worker(
    home: Path, database: Database
) -> None:
    _run_with_kills(home, SOLVED + timedelta(days=5))
    _run_with_kills(home, SOLVED + timedelta(days=7))
    with database.reading() as db:
        assert {case.status for case in db.scalars(select(Case))} == {CaseStatus.CLOSED}
        kinds = ("close_near", "closed")
        rows = db.execute(select(Event.case_id, Event.kind).where(Event.kind.in_(kinds)))
        assert set(Counter((case_id, kind) for case_id, kind in rows).values()) == {1}
        mails = db.scalars(select(OutgoingMail.case_id)).all()
        assert set(Counter(mails).values()) == {2}
    database.close()
