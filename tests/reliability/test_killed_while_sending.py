"""The web server is killed again and again while customers upload files and press Send.

PORTAL_TEST_KILLS=200 makes it a long run: ten cases for every kill.
"""

import os
import queue
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.cases.case import Case, CaseStatus
from portal.cases.conversation import Attachment
from portal.cases.draft import Draft
from portal.database import Database
from portal.events import Event
from portal.files import FileStore
from portal.mail.outbox import OutgoingMail
from tests.reliability.senders import Ready, Sender, ready_drafts
from tests.running import portal, served

KILLS = int(os.environ.get("PORTAL_TEST_KILLS", "10"))
CASES = KILLS * 10
SENDERS = 4


@pytest.fixture
def home(home: Path) -> Path:
    """A real installation on loopback."""
    answers = {
        "--name": "Harbour Support",
        "--base-url": "http://127.0.0.1:8000",
        "--administrator": "ada@desk.example",
        "--administrator-name": "Ada Kowalski",
    }
    done = portal(home, "init", *(word for pair in answers.items() for word in pair))
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def database(home: Path) -> Iterator[Database]:
    """The SQLite file of that installation, whatever database the other tests run on."""
    database = Database(f"sqlite:///{home / 'portal.db'}")
    yield database
    database.close()


class Work:
    """What there is to send, and what was acknowledged."""

    def __init__(self, drafts: list[Ready]) -> None:
        self.waiting: queue.SimpleQueue[Ready] = queue.SimpleQueue()
        for draft in drafts:
            self.waiting.put(draft)
        self.acknowledged: list[Ready] = []
        self.faults: list[str] = []
        self.failures = 0

    def go(self, address: str) -> None:
        sender = Sender(address)
        try:
            while True:
                draft = self.waiting.get_nowait()
                if len(self.acknowledged) % 3 == 0:
                    sender.upload(draft, os.urandom(30).hex().encode() * 700)
                sender.send(draft)
                self.acknowledged.append(draft)
                sender.send(draft)
        except queue.Empty:
            pass
        except Exception as error:
            self.faults.append(repr(error))
        self.failures += sender.failures


def test_no_acknowledged_case_or_file_is_lost_partial_or_doubled(
    home: Path, database: Database
) -> None:
    with served(home, "--processes", "2") as address:
        work = Work(ready_drafts(database, CASES))
        senders = [threading.Thread(target=work.go, args=(address,)) for _ in range(SENDERS)]
        for sender in senders:
            sender.start()
        killed = kill_web_processes(home, work, senders)
        for sender in senders:
            sender.join()
    assert work.faults == []
    assert killed >= KILLS // 2
    assert work.failures > 0
    assert len(work.acknowledged) == CASES
    check_everything(database, FileStore(home / "files"), work.acknowledged)


def kill_web_processes(home: Path, work: Work, senders: list[threading.Thread]) -> int:
    """Kill a web process at any moment of its work, each time some more cases were kept."""
    killed, seen = 0, 0
    while any(sender.is_alive() for sender in senders):
        wanted = seen + random.randint(3, 9)
        while len(work.acknowledged) < wanted and any(sender.is_alive() for sender in senders):
            time.sleep(0.001)
        time.sleep(random.uniform(0, 0.03))
        seen = len(work.acknowledged)
        if killed < KILLS and (found := web_processes(home)):
            for pid in found if random.random() < 0.2 else found[:1]:
                os.kill(pid, signal.SIGKILL)
            killed += 1
    return killed


def web_processes(home: Path) -> list[int]:
    """The processes that answer requests: children of the web server."""
    servers = {pid for pid in _works_on(home) if b"web_server" in _read(pid, "cmdline")}
    return [pid for pid in servers if _parent(pid) in servers]


def _works_on(home: Path) -> list[int]:
    wanted = f"PORTAL_HOME={home}\0".encode()
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [pid for pid in pids if wanted in _read(pid, "environ") + b"\0"]


def _parent(pid: int) -> int:
    return int(_read(pid, "stat").rpartition(b")")[2].split()[1] or 0)


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b"x) x 0" if name == "stat" else b""


def check_everything(database: Database, files: FileStore, acknowledged: list[Ready]) -> None:
    with database.reading() as db:
        sent = {draft.public_id: draft.case_id for draft in db.scalars(select(Draft))}
        cases = {case.id: case for case in db.scalars(select(Case))}
        opened = Counter(db.scalars(select(Event.case_id).where(Event.kind == "opened")))
        mailed = Counter(db.scalars(select(OutgoingMail.case_id)))
        assert len(cases) == len(acknowledged) == len(set(sent.values()))
        for draft in acknowledged:
            case = cases[sent[draft.public_id] or 0]
            assert (case.subject, case.status) == (draft.subject, CaseStatus.HELD)
            assert [message.body for message in case.messages] == [case.description]
            assert case.promises
            assert opened[case.id] == mailed[case.id] == 1
        check_files(acknowledged, list(db.scalars(select(Attachment))), files)
        assert db.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def check_files(acknowledged: list[Ready], stored: list[Attachment], files: FileStore) -> None:
    """Every acknowledged file is there with its case, byte for byte."""
    by_token = {attachment.token: attachment for attachment in stored}
    for draft in acknowledged:
        for token, content in draft.files.items():
            assert by_token[token].message_id is not None
            assert files.path(by_token[token].content_hash).read_bytes() == content
    for attachment in stored:
        assert files.path(attachment.content_hash).stat().st_size == attachment.size_bytes
