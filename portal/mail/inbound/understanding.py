"""From a parsed message to what it says: sender, subject, words, files, and what wrote it.

The old-fashioned parser is used on purpose: it gives headers as they came, and never refuses one.
"""

import re
from collections.abc import Callable
from email.message import Message
from pathlib import Path

from portal.mail.inbound.arrived import Arrived, ArrivedFile
from portal.mail.inbound.automatic import wants_no_answer, written_by
from portal.mail.inbound.bounces import bounce_in
from portal.mail.inbound.charsets import decoded, header_text
from portal.mail.inbound.folding import fold
from portal.mail.inbound.html_words import words_of
from portal.mail.inbound.senders import addresses_in, sender_in

MOST_PARTS = 300
LONGEST_TEXT = 1_000_000
LONGEST_PARAMETERS = 16_000
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,250}>")
_SIGNATURES = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
)
_SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "text/plain": "txt",
    "text/calendar": "ics",
    "message/rfc822": "eml",
    "application/ms-tnef": "dat",
}


class UnreadableMailError(ValueError):
    """The mail can't be read; the message says why, in the words for an administrator."""


def understand(message: Message, *, folder: Path, envelope_sender: str | None) -> Arrived:
    """What `message` says; its files are put into `folder`. Raises UnreadableMailError."""
    header = _headers_of(message)
    parts = _parts_of(message)
    sender = sender_in(header("from"))
    content = _content(parts)
    folded = fold(content)
    return Arrived(
        message_id=_first_id(header("message-id")),
        references=_references(header),
        sender=sender.address,
        sender_name=sender.name,
        addressed=tuple(dict.fromkeys(_addressed(header))),
        subject=header("subject")[:300],
        said=folded.said,
        repeated=folded.repeated,
        files=tuple(_files(parts, folder)),
        automatic=written_by(header, sender=sender.address, envelope_sender=envelope_sender),
        wants_no_answer=wants_no_answer(header),
        is_sealed=_is_sealed(parts) and not content.strip(),
        vouchers=tuple(_all(message, "authentication-results")),
        bounce=bounce_in(message, parts),
    )


def _headers_of(message: Message) -> Callable[[str], str]:
    found: dict[str, str] = {}
    for name, value in message.raw_items():
        found.setdefault(name.lower(), str(value))
    return lambda name: header_text(found.get(name, ""))


def _all(message: Message, wanted: str) -> list[str]:
    return [
        header_text(str(value)) for name, value in message.raw_items() if name.lower() == wanted
    ][:10]


def _first_id(text: str) -> str:
    found = _MESSAGE_ID.search(text)
    return found[0] if found else ""


def _references(header: Callable[[str], str]) -> tuple[str, ...]:
    nearest = _MESSAGE_ID.findall(header("in-reply-to"))[:5]
    earlier = _MESSAGE_ID.findall(header("references"))[-50:]
    return tuple(dict.fromkeys([*nearest, *reversed(earlier)]))


def _addressed(header: Callable[[str], str]) -> list[str]:
    names = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
    return [address for name in names for address in addresses_in(header(name))]


def _parts_of(message: Message) -> list[Message]:
    """Every leaf that is to be looked at, in order; of alternatives the best one only."""
    leaves: list[Message] = []
    waiting = [message]
    while waiting:
        part = waiting.pop()
        _shorten_parameters(part)
        if len(leaves) + len(waiting) > MOST_PARTS:
            raise UnreadableMailError(f"it has more than {MOST_PARTS} parts")
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            waiting += reversed(_chosen(part))
        else:
            leaves.append(part)
    return leaves


def _shorten_parameters(part: Message) -> None:
    """Reading parameters takes the square of their length; no honest mail has so many."""
    for name in ("content-type", "content-disposition"):
        told = str(part.get(name, ""))
        if len(told) > LONGEST_PARAMETERS:
            part.replace_header(name, told[:LONGEST_PARAMETERS].rpartition(";")[0])


def _chosen(part: Message) -> list[Message]:
    payload = part.get_payload()
    children = [each for each in payload if isinstance(each, Message)]
    if part.get_content_subtype() != "alternative":
        return children
    plain = [each for each in children if each.get_content_type() == "text/plain"]
    if not plain or not _text_of(plain[0]).strip():
        return [each for each in children if each not in plain]
    return [
        each
        for each in children
        if each is plain[0]
        or each.get_content_maintype() not in {"text", "multipart"}
        or (each.is_multipart() and _carries_files(each))
        or each.get_content_type() == "text/calendar"
    ]


def _carries_files(part: Message) -> bool:
    return any(each.get_content_maintype() not in {"text", "multipart"} for each in part.walk())


def _content(parts: list[Message]) -> str:
    """All words of the mail; HTML only where there are no plain ones."""
    bodies = [part for part in parts if _is_body(part)]
    plain = [_text_of(part) for part in bodies if part.get_content_subtype() != "html"]
    if any(text.strip() for text in plain):
        return "\n".join(plain)
    return "\n".join(words_of(_text_of(p)) for p in bodies if p.get_content_subtype() == "html")


def _is_body(part: Message) -> bool:
    kind = part.get_content_type()
    return kind in {"text/plain", "text/html", "text/enriched"} and not _is_file(part)


def _is_file(part: Message) -> bool:
    is_named = bool(_name_of(part))
    return part.get_content_disposition() == "attachment" or (
        is_named and part.get_content_disposition() != "inline"
    )


def _text_of(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    return decoded(data[:LONGEST_TEXT], _charset(part))


def _charset(part: Message) -> str:
    given = part.get_param("charset", "")
    return str(given[2] if isinstance(given, tuple) else given)


def _files(parts: list[Message], folder: Path) -> list[ArrivedFile]:
    found = []
    for number, part in enumerate(parts):
        kind = part.get_content_type()
        if _is_body(part) or kind in _SIGNATURES or kind == "message/delivery-status":
            continue
        data = _bytes_of(part)
        if not data:
            continue
        path = folder / str(number)
        path.write_bytes(data)
        name = _name_of(part) or f"file-{number}.{_ENDINGS.get(kind, 'bin')}"
        is_inline = bool(part["Content-ID"]) and part.get_content_disposition() != "attachment"
        found.append(ArrivedFile(name, str(path), is_inline))
    return found


def _bytes_of(part: Message) -> bytes:
    if part.get_content_maintype() == "message":
        payload = part.get_payload()
        inner = payload[0] if isinstance(payload, list) and payload else None
        return inner.as_bytes() if isinstance(inner, Message) else b""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _name_of(part: Message) -> str:
    """The file name that the sender gave, whichever way it was written."""
    given = part.get_param("filename", None, "content-disposition") or part.get_param("name")
    if isinstance(given, tuple):
        charset, _, value = given
        return header_text(decoded(value.encode("latin-1", "replace"), charset or ""))[:300]
    return header_text(str(given))[:300] if given else ""


def _is_sealed(parts: list[Message]) -> bool:
    kinds = {part.get_content_type() for part in parts}
    return bool(kinds & _SEALED) or "application/pgp-encrypted" in kinds
