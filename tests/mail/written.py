"""Mails as customers' programs write them, for tests."""

from email.message import EmailMessage
from email.policy import SMTP
from itertools import count

_numbers = count(1)


def message(
    text: str = "Phones don't ring.",
    *,
    sender: str = "Ines Okafor <ines@customer.example>",
    to: str = "support@help.example",
    subject: str = "Phones don't ring",
    html: str = "",
    **headers: str,
) -> EmailMessage:
    """A plain mail; `headers` by name with _ for -, as In_Reply_To."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Message-ID"] = headers.pop("Message_ID", f"<m{next(_numbers)}@customer.example>")
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    return made


def raw(text: str = "Phones don't ring.", **more: str) -> bytes:
    return message(text, **more).as_bytes()


def bounce(
    about: str, *, action: str = "failed", recipient: str = "ines@customer.example"
) -> bytes:
    """What a mail server writes when it could not deliver the mail with Message-ID `about`."""
    return (
        "From: Mail Delivery System <mailer-daemon@mx.example>\r\n"
        "To: support@help.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\n"
        f"Message-ID: <dsn{next(_numbers)}@mx.example>\r\n"
        "Auto-Submitted: auto-replied\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n"
        "--B\r\nContent-Type: text/plain\r\n\r\nI'm sorry.\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 No such mailbox\r\n\r\n"
        f"--B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {about}\r\n\r\n--B--\r\n"
    ).encode()
