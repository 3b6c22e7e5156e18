"""The portal's own mail server, for the mail server in front of it: SMTP or LMTP, on loopback
unless told otherwise. A mail is acknowledged once it is kept for good, and handled afterwards.

It takes mail for its own addresses only and passes nothing on.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from portal.settings import Settings

IDLE_SECONDS = 120
START_SECONDS = 60.0
"""A machine that is busy starting everything else is given as long as this."""
MOST_RECIPIENTS = 20
Keep = Callable[[bytes, str], object]
"""Keeps the bytes of one mail, given its return path; raises when it can't."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Listening:
    """Where to listen, and in which of the two languages."""

    host: str
    port: int
    is_lmtp: bool


def listening_at(settings: Settings) -> Listening | None:
    """What `mail_listen` says, such as lmtp://127.0.0.1:8024; None where it is empty."""
    if not settings.mail_listen:
        return None
    where = urlsplit(settings.mail_listen)
    assert where.hostname is not None
    assert where.port is not None
    return Listening(where.hostname, where.port, where.scheme == "lmtp")


class Listener:
    """A mail server in a thread of its own."""

    def __init__(self, settings: Settings, where: Listening, keep: Keep) -> None:
        self._controller = _Controller(
            _Handler(settings, keep, is_lmtp=where.is_lmtp), where, settings
        )

    def start(self) -> None:
        """Raises OSError when the address can't be had."""
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()


class _Controller(Controller):
    def __init__(self, handler: "_Handler", where: Listening, settings: Settings) -> None:
        self._server = LMTP if where.is_lmtp else SMTP
        super().__init__(
            handler,
            hostname=where.host,
            port=where.port,
            data_size_limit=settings.mail_limit_bytes,
            timeout=IDLE_SECONDS,
            ready_timeout=START_SECONDS,
            ident="mail for cases",
            server_hostname=settings.mail_from.rpartition("@")[2],
        )

    def factory(self) -> SMTP:
        return self._server(self.handler, **self.SMTP_kwargs)


class _Handler:
    """Answers RCPT and DATA; everything else is the library's."""

    def __init__(self, settings: Settings, keep: Keep, *, is_lmtp: bool) -> None:
        self._keep = keep
        self._is_lmtp = is_lmtp
        self._addresses = own_addresses(settings)

    async def handle_RCPT(  # noqa: N802 (the library's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if untagged(address) not in self._addresses:
            return "550 5.1.1 No such mailbox here"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(None, self._keep, content, _bare(envelope.mail_from))
        except Exception:
            _log.exception("a mail could not be kept; its sender's server tries again")
            status = "451 4.3.0 Not now, please try again"
        else:
            status = "250 2.0.0 Kept"
        return "\r\n".join([status] * len(envelope.rcpt_tos)) if self._is_lmtp else status


def own_addresses(settings: Settings) -> frozenset[str]:
    """The addresses that the portal takes mail for."""
    given = [each.strip().casefold() for each in settings.mail_recipients.split(",")]
    return frozenset({settings.mail_from.casefold(), *filter(None, given)})


def untagged(address: str) -> str:
    """The address without what stands behind a "+"."""
    local, _, domain = address.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _bare(path: str | None) -> str:
    """A return path without its brackets; "" for the null one."""
    return (path or "").strip("<>")
