"""A worker that takes in and sends mail, and is killed by itself (SIGKILL) at its nth step.

A step is anything that lasts: a commit, a file under its final name, a mail handed over. It is
killed right before it (which is right after the one before), for each n with a mail and in a
process of its own; then another worker goes on. Prints how often it was killed. The processes are
forked from this one, so that they start at once.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import SessionTransaction

import portal.entities  # noqa: F401
from portal.database import Database
from portal.files import FileStore
from portal.mail import delivery
from portal.mail.inbound.keeping import keep
from portal.mail.inbound.receiving import handle_due
from portal.settings import Settings
from tests.mail.written import message

MOST_STEPS = 80
LATER = timedelta(minutes=30)
steps = 0


def counted(act: Callable[..., Any], fatal: int) -> Callable[..., Any]:
    """`act`, with a death before it when it is the step to die at."""

    def done(*given: Any, **more: Any) -> Any:
        global steps  # noqa: PLW0603
        steps += 1
        if steps == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return act(*given, **more)

    return done


def work(settings: Settings, at: datetime, fatal: int, mail: Path) -> None:
    """Everything there is to do, once; dies at step `fatal` if there is one."""
    SessionTransaction.commit = counted(SessionTransaction.commit, fatal)  # type: ignore[method-assign]
    Path.replace = counted(Path.replace, fatal)  # type: ignore[method-assign]
    delivery.hand_over = counted(delivery.hand_over, fatal)
    database, files = Database(settings.database_url), FileStore(settings.files_folder)
    if mail.exists():
        keep(database, files, mail.read_bytes(), way="smtp", now=at)
        mail.unlink()  # acknowledged: who brought it forgets it
    while handle_due(database, files, settings=settings, now=at):
        pass
    while delivery.deliver_due(database, settings=settings, now=at):
        pass


def run(settings: Settings, at: datetime, fatal: int, mail: Path) -> int:
    """The worker in a process of its own; 0, or minus the signal that ended it."""
    if (child := os.fork()) == 0:
        try:
            work(settings, at, fatal, mail)
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    url, home, port, moment = sys.argv[1:]
    settings = Settings(
        Path(home),
        "s" * 40,
        "https://help.example",
        url,
        smtp_host="127.0.0.1",
        smtp_port=int(port),
        smtp_tls="none",
        mail_from="support@help.example",
    )
    at = datetime.fromisoformat(moment)
    for fatal in range(1, MOST_STEPS):
        name = f"step-{fatal}"
        letter = message(f"This is {name}", subject=name)
        letter.add_attachment(name.encode(), maintype="text", subtype="plain", filename=name)
        mail = Path(home) / name
        mail.write_bytes(letter.as_bytes())
        ended = run(settings, at := at + LATER, fatal, mail)
        if ended == 0:
            print(fatal - 1)
            return
        again = run(settings, at := at + LATER, 0, mail)
        assert (ended, again) == (-signal.SIGKILL, 0), (fatal, ended, again)


if __name__ == "__main__":
    main()
