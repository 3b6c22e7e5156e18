"""A mail server says that a mail of ours did not arrive (RFC 3464): to whom, why, and which."""

import re
from dataclasses import dataclass
from email.message import Message

from portal.mail.inbound.charsets import one_line

_MESSAGE_ID = re.compile(r"<[^<>\s]{3,250}>")
_ORIGINAL_ID = re.compile(r"^message-id:\s*(<[^<>\s]{3,250}>)", re.IGNORECASE | re.MULTILINE)
_CONSIDERED = 64 * 1024


@dataclass(frozen=True)
class Bounce:
    """One report. `is_final` is False for "delayed, still trying"."""

    recipient: str
    is_final: bool
    reason: str
    about: str
    """The Message-ID of the mail that did not arrive, "" where the report does not say."""


def bounce_in(message: Message, parts: list[Message]) -> Bounce | None:
    """The report in this mail, None when it is no such report."""
    status = next((p for p in parts if p.get_content_type() == "message/delivery-status"), None)
    if status is None:
        return None
    fields = _fields(status)
    code, words = fields.get("status", ""), fields.get("diagnostic-code", "")
    return Bounce(
        recipient=fields.get("final-recipient", "").rpartition(";")[2].strip().casefold()[:254],
        is_final=fields.get("action", "failed").casefold() == "failed",
        reason=one_line(f"{code} {words.partition(';')[2] or words}")[:300],
        about=_about(message, parts),
    )


def _fields(status: Message) -> dict[str, str]:
    """The fields of the first recipient that has an action; the blocks stand one after another."""
    found: dict[str, str] = {}
    for block in _blocks(status):
        for name, value in block.items():
            found.setdefault(name.lower(), one_line(str(value)))
        if "action" in found:
            break
    return found


def _blocks(status: Message) -> list[Message]:
    payload = status.get_payload()
    return (
        [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []
    )


def _about(message: Message, parts: list[Message]) -> str:
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/rfc822":
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else None
            if isinstance(inner, Message) and (
                found := _MESSAGE_ID.search(str(inner["Message-ID"]))
            ):
                return found[0]
        elif kind in {"text/rfc822-headers", "message/rfc822-headers"}:
            text = str(part.get_payload())[:_CONSIDERED]
            if found := _ORIGINAL_ID.search(text):
                return found[1]
    ours = _MESSAGE_ID.search(str(message.get("In-Reply-To", "")))
    return ours[0] if ours else ""
