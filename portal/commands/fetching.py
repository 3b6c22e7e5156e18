"""How mail comes to the worker: its own mail server, and the mailbox that it looks into.

Both only keep what comes; what is kept is handled by the worker in its own time.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from portal.clock import now
from portal.commands.context import Opened
from portal.mail.inbound.imap import MailboxError, fetch_new
from portal.mail.inbound.keeping import MOST_BYTES, keep
from portal.mail.inbound.listening import Listener, listening_at
from portal.mail.ways import MAILBOX, note_failure, note_success

MAILBOX_PAUSE = 30.0
_log = logging.getLogger("portal.work")


@contextmanager
def listening(portal: Opened) -> Iterator[None]:
    """Take mail by SMTP or LMTP while the block runs, where the settings say so.

    An address that can't be had is said in the log and stops nothing else: senders try again.
    """
    where = listening_at(portal.settings)
    if where is None:
        yield
        return

    def take(raw: bytes, envelope_sender: str) -> None:
        way = "lmtp" if where.is_lmtp else "smtp"
        keep(
            portal.database, portal.files, raw, way=way, envelope_sender=envelope_sender, now=now()
        )

    listener = Listener(portal.settings, where, take)
    try:
        listener.start()
    except OSError as error:
        _log.error(
            "No mail comes in: %s can't be listened at (%s). Choose another address in "
            "PORTAL_MAIL_LISTEN.",
            portal.settings.mail_listen,
            error,
        )
        yield
        return
    try:
        yield
    finally:
        listener.stop()


def fetch_mail(portal: Opened, at: datetime) -> bool:
    """Look into the mailbox, if there is one; True when more may lie there."""
    if not portal.settings.imap_host:
        return False

    def take(raw: bytes) -> None:
        keep(portal.database, portal.files, raw, way="imap", now=at)

    try:
        fetched = fetch_new(portal.settings, keep=take, most_bytes=MOST_BYTES)
    except MailboxError as error:
        note_failure(portal.database, MAILBOX, str(error), now=at)
        raise
    note_success(portal.database, MAILBOX, now=at)
    return fetched > 0
