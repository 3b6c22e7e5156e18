"""kill -9 at every step of a mail's way, in and out: nothing is lost, nothing is filed twice, and
at most one mail is repeated for each crash, under the same Message-ID.
"""

import subprocess
import sys
from collections import Counter
from datetime import datetime

from sqlalchemy import select

from portal.cases.case import Case
from portal.cases.conversation import Attachment
from portal.database import Database
from portal.files import FileStore
from portal.mail.inbound.inbox import InboxStatus, IncomingMail
from portal.mail.outbox import MailStatus, OutgoingMail
from portal.settings import Settings
from tests import cast
from tests.casework import adopted
from tests.mail.smtp_server import Mailbox

LEAST_STEPS = 9


def killed_at_every_step(sending: Settings, now: datetime) -> int:
    """How many times the worker was killed before it got to the end."""
    where = [sending.database_url, str(sending.home), str(sending.smtp_port), now.isoformat()]
    command = [sys.executable, "-m", "tests.mail.killed_worker", *where]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_a_worker_killed_at_any_step_loses_nothing_and_does_nothing_twice(
    database: Database, sending: Settings, mailbox: Mailbox, now: datetime
) -> None:
    with database.writing() as db:
        adopted(db, now=now)
        cast.everybody(db)
    kills = killed_at_every_step(sending, now)
    assert kills >= LEAST_STEPS, "every lasting step was reached"

    names = [f"step-{number}" for number in range(1, kills + 2)]
    files = FileStore(sending.files_folder)
    with database.reading() as db:
        assert Counter(db.scalars(select(Case.subject))) == Counter(names), "each mail is one case"
        kept = db.scalars(select(Attachment)).all()
        assert sorted(file.name for file in kept) == sorted(names)
        assert all(files.path(file.content_hash).is_file() for file in kept)
        statuses = set(db.scalars(select(IncomingMail.status)))
        assert statuses <= {InboxStatus.TAKEN, InboxStatus.IGNORED}
        outbox = db.scalars(select(OutgoingMail)).all()
    assert {mail.status for mail in outbox} == {MailStatus.SENT}
    arrived = Counter(mailbox.message_ids)
    assert set(arrived) == {mail.message_id for mail in outbox}
    assert max(arrived.values()) <= 2
    assert sum(arrived.values()) - len(arrived) <= kills
