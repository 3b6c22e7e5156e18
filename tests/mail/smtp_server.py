"""A real mail server on loopback that a test can make refuse, hang or hang up."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.ports import free_port

START_SECONDS = 120.0
Answer = Callable[[Envelope, int], str | None]


class Mailbox:
    """What arrived, and how the server behaves.

    `answer` is asked with each message and its number (from 1); None accepts it.
    """

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.asked = 0
        self.refused_recipients: dict[str, str] = {}
        self.answer: Answer = lambda _envelope, _number: None
        self.hangs = False
        self.drops_after: int | None = None
        self.port = 0

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.refused_recipients:
            return self.refused_recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.asked += 1
        if self.hangs:
            await asyncio.sleep(30)
        if answer := self.answer(envelope, self.asked):
            return answer
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.arrived.append(message)
        if self.drops_after == len(self.arrived):
            assert server.transport is not None
            server.transport.abort()
        return "250 OK"

    @property
    def message_ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.arrived]


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A server on a free port of loopback, for as long as the block lasts."""
    mailbox = Mailbox()
    mailbox.port = free_port()
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=mailbox.port, ready_timeout=START_SECONDS
    )
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
