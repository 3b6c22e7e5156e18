"""What mail costs: python -m benchmarks.mail [--mails 10000] [--database URL] [--slow-ms 0].

Out: the mails of an outbox go to a mail server of its own process on loopback, which waits
--slow-ms before it takes each. The same mails are sent by a bare loop over one connection first:
that is the server's pace. In: ordinary mails are kept and filed as cases, then every hostile mail
of the tests is read. Nothing outside a temporary folder is changed.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from smtplib import SMTP

from sqlalchemy import func, select

from benchmarks.processes import free_port
from portal.cases.policies import adopt
from portal.clock import now as this_moment
from portal.confined import WALL_SECONDS
from portal.database import Database
from portal.files import FileStore
from portal.mail.delivery import deliver_due
from portal.mail.inbound.reading import read
from portal.mail.inbound.receiving import receive
from portal.mail.inbound.understanding import UnreadableMailError
from portal.mail.letters import Letter
from portal.mail.outbox import MailStatus, OutgoingMail
from portal.mail.posting import post
from portal.mail.sending import compose
from portal.migrations.running import migrate
from portal.policy.profiles import profile_source
from portal.settings import Settings
from tests.mail.hostile_mails import HOSTILE
from tests.mail.written import raw

WORDS = "Aldo has written to you about your case.\n" * 30
LETTER = Letter("Case 7KQ-4MPX: Phones", WORDS, f"<p>{WORDS}</p>")

SINK = """
import asyncio, sys
from aiosmtpd.controller import Controller
class Sink:
    async def handle_DATA(self, _server, _session, _envelope):
        await asyncio.sleep(float(sys.argv[2]) / 1000)
        return "250 OK"
controller = Controller(Sink(), hostname="127.0.0.1", port=int(sys.argv[1]))
controller.start()
print("up", flush=True)
sys.stdin.read()
"""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--mails", type=int, default=10_000)
    asked.add_argument("--database", default="", help="an empty PostgreSQL database, else SQLite")
    asked.add_argument("--slow-ms", type=float, default=0.0)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings(
            home=home,
            secret="s" * 40,
            base_url="https://help.example",
            database_url=given.database or f"sqlite:///{home / 'portal.db'}",
            mail_from="support@help.example",
        )
        database = Database(settings.database_url)
        migrate(database)
        _measure_out(database, settings, given.mails, given.slow_ms)
        _measure_in(database, settings, min(given.mails // 20, 200))
        _measure_hostile(home)
        database.close()


def _measure_out(database: Database, settings: Settings, count: int, slow_ms: float) -> None:
    at = this_moment()
    with database.writing() as db:
        for number in range(count):
            post(db, LETTER, recipient=f"p{number}@customer.example", settings=settings, now=at)
    with _sink(slow_ms) as port:
        sending = replace(settings, smtp_host="127.0.0.1", smtp_port=port, smtp_tls="none")
        few = min(count, 1_000)
        bare = [each / few * 1000 for each in _timed(lambda: _send_bare(database, sending, few))]
        ours = [each / count * 1000 for each in _timed(lambda: _empty(database, sending, at))]
    print(f"{'a mail':34}{'ms':>8}{'ms of CPU':>12}")
    print(f"{'by a bare loop: the server’s pace':34}{bare[0]:8.2f}{bare[1]:12.2f}")
    print(f"{f'from an outbox of {count:,}':34}{ours[0]:8.2f}{ours[1]:12.2f}")
    added = [mine - theirs for mine, theirs in zip(ours, bare, strict=True)]
    print(f"{'added':34}{added[0]:8.2f}{added[1]:12.2f}  (goal: at most 5, and 4 of CPU)")
    with database.reading() as db:
        sent = db.scalar(
            select(func.count(OutgoingMail.id)).where(OutgoingMail.status == MailStatus.SENT)
        )
    print(f"sent                               {sent:8,} of {count:,}  (goal: all)")


def _send_bare(database: Database, settings: Settings, count: int) -> None:
    with database.reading() as db:
        mails = db.scalars(select(OutgoingMail).limit(count)).all()
        with SMTP(settings.smtp_host, settings.smtp_port) as server:
            for mail in mails:
                server.send_message(compose(mail, settings), settings.mail_from, [mail.recipient])


def _empty(database: Database, settings: Settings, at: datetime) -> None:
    while deliver_due(database, settings=settings, now=at):
        pass


def _measure_in(database: Database, settings: Settings, count: int) -> None:
    at, files = this_moment(), FileStore(settings.files_folder)
    with database.writing() as db:
        adopt(db, source=profile_source("cts"), now=at)
    mails = [raw(f"Number {n}", sender=f"p{n}@guest.example") for n in range(count)]

    def take_all() -> None:
        for mail in mails:
            receive(database, files, mail, way="pipe", settings=settings, now=at)

    _, cpu = _timed(take_all)
    print(
        f"a mail kept, read and filed        {cpu / count * 1000:8.2f} ms CPU  (goal: at most 60)"
    )


def _measure_hostile(folder: Path) -> None:
    slowest, refused, name = 0.0, 0, ""
    path = folder / "mail"
    for each, make in HOSTILE.items():
        path.write_bytes(make())
        before = _cpu()
        try:
            with read(path, envelope_sender=None):
                pass
        except UnreadableMailError:
            refused += 1
        took = _cpu() - before
        if took > slowest:
            slowest, name = took, each
    print(f"hostile mails                      {len(HOSTILE):8}, {refused} refused and kept whole")
    print(f"the slowest but for a new reader   {slowest:8.2f} s of CPU, {name}  (goal: at most 2)")
    print(f"no reader is waited for longer than {WALL_SECONDS:.0f} s, however busy the machine is")


def _timed(act: object) -> tuple[float, float]:
    """Wall and processor seconds of one act, children included."""
    assert callable(act)
    wall, cpu = time.perf_counter(), _cpu()
    act()
    return time.perf_counter() - wall, _cpu() - cpu


def _cpu() -> float:
    """Processor seconds of this process and of the children that ended."""
    return sum(
        used.ru_utime + used.ru_stime for used in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN))
    )


@contextmanager
def _sink(slow_ms: float) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-c", SINK, str(port), str(slow_ms)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    try:
        yield port
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    main()
