"""Read one kept mail, under limits: whatever a stranger sent, it takes two seconds at most and
harms nothing but itself.
"""

import email
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.errors import MessageError
from pathlib import Path

from portal.confined import Confined
from portal.mail.inbound.arrived import Arrived, from_plain
from portal.mail.inbound.charsets import header_text
from portal.mail.inbound.senders import sender_in
from portal.mail.inbound.understanding import UnreadableMailError

_HEAD_BYTES = 64 * 1024
_children = Confined("portal.mail.inbound.reading_child")
_REFUSALS = {
    "time": "it takes longer than two seconds to read",
    "MemoryError": "it takes more memory to read than it may",
    "RecursionError": "its parts are nested too deeply",
}


@contextmanager
def read(path: Path, *, envelope_sender: str | None) -> Iterator[Arrived]:
    """What the mail at `path` says; its files lie in a folder of their own for the block's time.

    Raises UnreadableMailError.
    """
    with tempfile.TemporaryDirectory(prefix="portal-mail-") as folder:
        request = {"path": str(path), "folder": folder, "envelope_sender": envelope_sender}
        answer = _children.ask(request)
        if "refused" in answer:
            raise UnreadableMailError(_REFUSALS.get(answer["refused"], answer["refused"]))
        yield from_plain(answer)


@dataclass(frozen=True)
class Glimpse:
    """What the first lines of a mail show: enough to tell mails apart in a list."""

    sender: str
    subject: str


def glimpse(path: Path) -> Glimpse:
    """Sender and subject of a mail that may be unreadable otherwise; "" for what can't be seen."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES).partition(b"\n\n")[0].partition(b"\r\n\r\n")[0]
    try:
        headers = list(email.message_from_bytes(head).raw_items())
    except (MessageError, ValueError, LookupError, RecursionError):
        return Glimpse("", "")
    found = {name.lower(): str(value) for name, value in reversed(headers)}
    sender = sender_in(header_text(found.get("from", ""))).address
    return Glimpse(sender, header_text(found.get("subject", ""))[:300])
