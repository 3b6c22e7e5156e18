"""Mail is fetched from a mailbox by IMAP: kept first, then moved aside there. What can't be moved
is fetched again and known again, so nothing is lost and nothing is done twice.
"""

import imaplib
import logging
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from portal.settings import Settings

TIMEOUT_SECONDS = 30
MOST_AT_ONCE = 50
Keep = Callable[[bytes], object]
_log = logging.getLogger(__name__)
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxError(Exception):
    """The mailbox can't be used; the message says why, in one line and without the password."""


class Mailbox:
    """One folder of an IMAP account that is signed in."""

    def __init__(self, server: imaplib.IMAP4, settings: Settings) -> None:
        self._server = server
        self._folder, self._aside = settings.imap_folder, settings.imap_taken_folder

    def waiting(self) -> list[str]:
        """The UIDs of the mails that lie in the folder, the oldest first."""
        self._do("select", _quoted(self._folder))
        found = self._do("uid", "SEARCH", "UNDELETED")
        numbers = found[0] if isinstance(found[0], bytes) else b""
        return numbers.decode("ascii").split()

    def fetch(self, uid: str) -> bytes | None:
        """The bytes of one mail, unseen as before; None when it is gone."""
        for part in self._do("uid", "FETCH", uid, "(BODY.PEEK[])"):
            if isinstance(part, tuple):
                return bytes(part[1])
        return None

    def size(self, uid: str) -> int:
        """How many bytes the server says the mail has; 0 when it says nothing."""
        for part in self._do("uid", "FETCH", uid, "(RFC822.SIZE)"):
            if isinstance(part, bytes) and (found := _SIZE.search(part)):
                return int(found[1])
        return 0

    def set_aside(self, uid: str) -> None:
        """Move one mail to the folder for what was taken; without such a folder, delete it."""
        if self._aside:
            self._move(uid)
        else:
            self._remove(uid)

    def _move(self, uid: str) -> None:
        aside = _quoted(self._aside)
        with suppress(MailboxError):
            self._do("create", aside)  # it stands already, most often
        if "MOVE" in self._server.capabilities:
            self._do("uid", "MOVE", uid, aside)
            return
        self._do("uid", "COPY", uid, aside)
        self._remove(uid)

    def _remove(self, uid: str) -> None:
        self._do("uid", "STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
        self._do("expunge")

    def _do(self, command: str, *arguments: str) -> list[bytes | tuple[bytes, bytes] | None]:
        try:
            status, answer = getattr(self._server, command)(*arguments)
        except (imaplib.IMAP4.error, OSError) as error:
            raise MailboxError(_said(error)) from error
        if status != "OK":
            raise MailboxError(f"{command} was refused: {answer!r}"[:200])
        return list(answer)


def fetch_new(settings: Settings, *, keep: Keep, most_bytes: int) -> int:
    """Keep the mails that lie in the mailbox and set them aside there; how many.

    Some at a time, so that the worker gets to its other work. Mails that are too large to be kept
    are left alone, however many, and everything else goes on. Raises MailboxError.
    """
    kept = 0
    with _signed_in(settings) as mailbox:
        for uid in mailbox.waiting():
            if kept == MOST_AT_ONCE:
                break
            if mailbox.size(uid) > most_bytes:
                _log.warning(
                    "A mail in %s is too large to be taken in: %s", settings.imap_host, uid
                )
                continue
            raw = mailbox.fetch(uid)
            if raw is None:
                continue
            keep(raw)
            mailbox.set_aside(uid)
            kept += 1
    return kept


@contextmanager
def _signed_in(settings: Settings) -> Iterator[Mailbox]:
    try:
        server = _connect(settings)
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxError(_said(error)) from error
    try:
        server.login(settings.imap_user, settings.imap_password)
        yield Mailbox(server, settings)
    except imaplib.IMAP4.error as error:
        raise MailboxError(_said(error)) from error
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            server.logout()


def _connect(settings: Settings) -> imaplib.IMAP4:
    where, context = (settings.imap_host, settings.imap_port), ssl.create_default_context()
    if settings.imap_tls == "tls":
        return imaplib.IMAP4_SSL(*where, ssl_context=context, timeout=TIMEOUT_SECONDS)
    server = imaplib.IMAP4(*where, timeout=TIMEOUT_SECONDS)
    if settings.imap_tls == "starttls":
        server.starttls(context)
    return server


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _said(error: Exception) -> str:
    words = error.args[0] if error.args else ""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(error)
    return " ".join(text.split())[:200] or type(error).__name__
