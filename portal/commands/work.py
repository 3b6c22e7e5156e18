"""`portal work`: what happens by itself, in one process beside the web server.

Mail goes out, the search index follows the library within a blink, promises are watched over, and
what has expired is forgotten. A fault in one of these stops neither itself for good nor the others.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from types import FrameType

import click

from portal.clock import now
from portal.commands.clock_hand import turn
from portal.commands.context import Opened, opened
from portal.commands.fetching import MAILBOX_PAUSE, fetch_mail, listening
from portal.commands.holding import held
from portal.commands.sweeping import sweep
from portal.commands.work_list_hand import WorkListHand
from portal.knowledge.scheduling import publish_due
from portal.logs import set_up
from portal.mail import release_news
from portal.mail.delivery import deliver_due
from portal.mail.digests import write_due_digest
from portal.mail.inbound.receiving import handle_due
from portal.mail.issue_news import tell_some
from portal.mail.meaning_trouble import tell_of_unusable_model
from portal.mail.morning_news import write_due_news
from portal.mail.overdue_news import tell_owner_of_overdue
from portal.mail.sending import UnreachableError
from portal.mail.ways import OUT, note_failure, note_success
from portal.search.indexing import catch_up
from portal.search.opening import open_index

LONGEST_PAUSE = 60.0
_log = logging.getLogger("portal.work")


@dataclass(frozen=True)
class Task:
    """Something done again and again; `act` says whether there may be more to do at once.

    `is_proven_by_work`: a round in which nothing was to do doesn't show that it works again.
    """

    name: str
    act: Callable[[datetime], bool]
    pause: float
    remedy: str
    is_proven_by_work: bool = False


@click.command()
@click.option("--parent", type=int, hidden=True, help="End when this process is gone.")
def work(parent: int | None) -> None:
    """Send mail, bring the search index up to date, tidy up; until SIGTERM."""
    with opened() as portal, held(portal.settings.home):
        set_up()
        stop = _stop_signal()
        threads = [
            threading.Thread(target=run, args=(task, stop), name=task.name)
            for task in tasks(portal)
        ]
        with listening(portal):
            for thread in threads:
                thread.start()
            _wait(stop, parent)
            for thread in threads:
                thread.join()


def tasks(portal: Opened) -> list[Task]:
    """Everything that the worker does for this installation."""
    index = open_index(portal.settings, thinks=False)
    return [
        Task(
            "index",
            lambda _now: catch_up(portal.database, index) > 0,
            0.25,
            "Search answers without the index meanwhile. Check the rights and the space of "
            f"{portal.settings.index_folder}.",
        ),
        Task(
            "mail",
            lambda at: _send(portal, at),
            0.5,
            "Mail waits in the outbox. Check PORTAL_SMTP_HOST and the settings beside it.",
            is_proven_by_work=True,
        ),
        Task(
            "mail in",
            lambda at: handle_due(portal.database, portal.files, settings=portal.settings, now=at),
            1,
            "Mail that came in is kept, and waits to be taken as cases.",
        ),
        Task(
            "daily mail",
            lambda at: write_due_digest(portal.database, settings=portal.settings, now=at),
            30,
            "Daily mails come late; nothing of them is lost.",
        ),
        Task(
            "morning news",
            lambda at: write_due_news(portal.database, settings=portal.settings, now=at),
            30,
            "Morning news come late; nothing of them is lost.",
        ),
        Task(
            "mailbox",
            lambda at: fetch_mail(portal, at),
            MAILBOX_PAUSE,
            "Mail stays in the mailbox. Check PORTAL_IMAP_HOST and the settings beside it.",
        ),
        Task(
            "clock",
            lambda at: turn(portal.database, settings=portal.settings, now=at),
            2,
            "Warnings and escalations come late; pages show the right times all the same.",
        ),
        Task(
            "issues",
            lambda at: tell_some(portal.database, settings=portal.settings, now=at),
            2,
            "Who waits for a known issue hears of its fix later; nobody is left out.",
        ),
        Task(
            "news",
            lambda at: release_news.tell_some(portal.database, settings=portal.settings, now=at),
            5,
            "Who is to hear of a release hears of it later; nobody is left out.",
        ),
        Task(
            "checks",
            lambda at: tell_owner_of_overdue(portal.database, settings=portal.settings, now=at),
            600,
            "Owners hear later which articles are to be checked; the work list shows them.",
        ),
        Task(
            "work list",
            WorkListHand(portal, index),
            3,
            "The writers' work list stays as it is meanwhile.",
        ),
        Task(
            "schedule",
            lambda at: publish_due(portal.database, now=at),
            1,
            "What is scheduled is published as soon as this works again.",
        ),
        Task("sweep", lambda at: sweep(portal, now=at), 600, "It is tried again later."),
        *_meaning(portal),
    ]


def _meaning(portal: Opened) -> list[Task]:
    """Nothing to do where search by meaning isn't wanted; where it can't be, telling so."""
    if not portal.settings.search_meaning:
        return []
    remedy = "Words alone answer meanwhile. See `portal search model check`."
    if find_spec("numpy") is None:
        return [Task("meaning", lambda at: _tell_of_missing_extra(portal, at), 600, remedy)]
    from portal.commands.meaning_hand import MeaningHand

    return [Task("meaning", MeaningHand(portal), 2, remedy)]


def _tell_of_missing_extra(portal: Opened, at: datetime) -> bool:
    reason = "NumPy is not installed: pip install answerfirst[semantic]"
    with portal.database.writing() as db:
        tell_of_unusable_model(db, reason=reason, settings=portal.settings, now=at)
    return False


def run(task: Task, stop: threading.Event) -> None:
    """Do `task` until told to stop. A fault is said once, and retried ever more seldom."""
    failures, said = 0, ""
    while not stop.is_set():
        try:
            more = task.act(now())
        except Exception as error:
            failures += 1
            said = _say_once(task, error, said)
            stop.wait(min(task.pause * 2**failures, LONGEST_PAUSE))
        else:
            if failures and (more or not task.is_proven_by_work):
                _log.info("%s works again", task.name)
                failures, said = 0, ""
            if not more:
                stop.wait(task.pause)


def _send(portal: Opened, at: datetime) -> bool:
    if not portal.settings.sends_mail:
        return False
    try:
        sent = deliver_due(portal.database, settings=portal.settings, now=at)
    except UnreachableError as error:
        note_failure(portal.database, OUT, str(error), now=at)
        raise
    if sent:
        note_success(portal.database, OUT, now=at)
    return sent > 0


def _say_once(task: Task, error: Exception, said: str) -> str:
    words = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
    if words != said:
        _log.error("%s failed: %s. %s", task.name, words, task.remedy)
        _log.debug("trace", exc_info=error)
    return words


def _stop_signal() -> threading.Event:
    stop = threading.Event()

    def tell(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tell)
    return stop


def _wait(stop: threading.Event, parent: int | None) -> None:
    """Until the signal, or until the process that started this one is gone."""
    while not stop.wait(0.5):
        if parent is not None and os.getppid() != parent:
            stop.set()
