"""Hand one mail to the mail server, and tell a fault that passes from one that stays.

A 5xx answer about the recipient or the message stays; everything else (no connection, a 4xx
answer, a refused sender or password, which the administrator can mend) is tried again.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from portal.mail.outbox import OutgoingMail
from portal.settings import Settings

TIMEOUT_SECONDS = 20
# A Message-ID that is broken over two lines is read in two ways; lines may have 998 characters.
_POLICY = SMTP.clone(max_line_length=990)


class PassingFaultError(Exception):
    """The mail could not be handed over now; later it may."""


class UnreachableError(Exception):
    """There is no mail server to talk to, or it went away."""


class LastingFaultError(Exception):
    """The mail server will never take this mail."""


@contextmanager
def connected(settings: Settings, *, timeout: float = TIMEOUT_SECONDS) -> Iterator[smtplib.SMTP]:
    """A connection to the mail server, encrypted and signed in as the settings say.

    Raises UnreachableError when there is none to be had.
    """
    try:
        server = _connect(settings, timeout)
    except (OSError, smtplib.SMTPException) as error:
        raise UnreachableError(_said(error)) from error
    try:
        yield server
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


def hand_over(server: smtplib.SMTP, mail: OutgoingMail, settings: Settings) -> None:
    """Send one mail.

    Raises PassingFaultError or LastingFaultError, saying what was answered, and UnreachableError
    when the connection is lost.
    """
    try:
        message = compose(mail, settings)
        server.send_message(message, settings.mail_from, [_ascii_domain(mail.recipient)])
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        raise _fault(code, answer) from error
    except smtplib.SMTPDataError as error:
        raise _fault(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPNotSupportedError, ValueError) as error:
        raise LastingFaultError(_said(error)) from error
    except smtplib.SMTPServerDisconnected as error:
        raise UnreachableError(_said(error)) from error
    except smtplib.SMTPException as error:
        raise PassingFaultError(_said(error)) from error
    except OSError as error:
        raise UnreachableError(_said(error)) from error


def compose(mail: OutgoingMail, settings: Settings) -> EmailMessage:
    """The mail as it travels; a header with a line break in it is refused with ValueError."""
    message = EmailMessage(policy=_POLICY)
    local, _, domain = settings.mail_from.rpartition("@")
    message["From"] = Address(settings.name, local, domain)
    message["To"] = _ascii_domain(mail.recipient)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    if mail.in_reply_to:
        message["In-Reply-To"] = mail.in_reply_to
        message["References"] = mail.thread or mail.in_reply_to
    if mail.reply_to:
        message["Reply-To"] = mail.reply_to
    if mail.stop_url:
        message["List-Unsubscribe"] = f"<{mail.stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _connect(settings: Settings, timeout: float) -> smtplib.SMTP:
    context = ssl.create_default_context()
    where = (settings.smtp_host, settings.smtp_port)
    if settings.smtp_tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=timeout, context=context)
    else:
        server = smtplib.SMTP(*where, timeout=timeout)
    try:
        _introduce(server, settings, context)
    except BaseException:
        server.close()
        raise
    return server


def _introduce(server: smtplib.SMTP, settings: Settings, context: ssl.SSLContext) -> None:
    if settings.smtp_tls == "starttls":
        server.starttls(context=context)
    if settings.smtp_user:
        server.login(settings.smtp_user, settings.smtp_password)


def _ascii_domain(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode('ascii')}"


def _fault(code: int, answer: bytes | str) -> PassingFaultError | LastingFaultError:
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    said = f"{code} {' '.join(words.split())}"
    return LastingFaultError(said) if 500 <= code < 600 else PassingFaultError(said)


def _said(error: Exception) -> str:
    """What went wrong, in one line; never a password."""
    if isinstance(error, smtplib.SMTPResponseException):
        return str(_fault(error.smtp_code, error.smtp_error))
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "the mail server did not answer in time"
    return " ".join(str(error).split()) or type(error).__name__
