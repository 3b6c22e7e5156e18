"""`portal mail`: mail comes in by a pipe from a mail server, as from any program.

The exit status is what mail servers expect: 0 when the mail is ours now, 75 when it could not be
kept and has to be brought again, 65 when it never can be.
"""

import json
import sys

import click
from sqlalchemy.exc import SQLAlchemyError

from portal.clock import now
from portal.commands.context import opened
from portal.commands.remedy import Remedy
from portal.mail.inbound.inbox import InboxStatus
from portal.mail.inbound.keeping import MailTooLargeError
from portal.mail.inbound.receiving import Handled, receive

TRY_AGAIN, NEVER = 75, 65


@click.group()
def mail() -> None:
    """Take in mail."""


@mail.command("receive")
@click.option("--sender", default=None, help="The return path, where the mail server tells it.")
def receive_one(sender: str | None) -> None:
    """Take in one message from standard input, and say as JSON what was done with it."""
    raw = sys.stdin.buffer.read()
    try:
        with opened() as portal:
            handled = receive(
                portal.database,
                portal.files,
                raw,
                way="pipe",
                envelope_sender=sender,
                settings=portal.settings,
                now=now(),
            )
    except MailTooLargeError:
        _end({"did": "refused", "reason": "the mail is larger than 100 MB"}, NEVER)
    except (Remedy, SQLAlchemyError, OSError) as error:
        _end({"did": "nothing", "reason": " ".join(str(error).split())[:300]}, TRY_AGAIN)
    else:
        _end(_told(handled), 0)


def _told(handled: Handled) -> dict[str, object]:
    is_taken = handled.status is InboxStatus.TAKEN
    told = {
        "did": handled.outcome.value if is_taken else handled.status.value,
        "case": handled.reference or None,
        "reason": handled.reason or None,
        "mail": handled.mail_id,
    }
    return {key: value for key, value in told.items() if value is not None}


def _end(told: dict[str, object], status: int) -> None:
    click.echo(json.dumps(told, ensure_ascii=False))
    raise SystemExit(status)
