"""One thread for each case, in every mail program: our Message-IDs, and where wanted the address
that answers go to, carry the case and a seal that only this portal can make.

Whoever holds a sealed name was written to about the case; that alone opens nothing (who may add to
a case is the access rule's business).
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable

from portal.cases.numbers import UnreadableNumberError, read_reference
from portal.settings import Settings

_SEAL_BYTES = 16
_SEALED = re.compile(r"(r[2-9a-z]{9})\.([0-9a-z]{1,32})\.([a-z2-7]{26})", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<![A-Z0-9-])(R-[A-Z0-9]{4}-[A-Z0-9]{5}|[A-Z0-9]{3}-[A-Z0-9]{4})(?![A-Z0-9-])"
)
_MOST_NUMBERS = 5


def new_message_id(settings: Settings, receipt: str = "") -> str:
    """A Message-ID that nobody had before; sealed when it is about the case with this receipt."""
    unique = secrets.token_hex(12)
    name = _sealed(settings, receipt, unique) if receipt else unique
    return f"<{name}@{mail_domain(settings)}>"


def reply_address(settings: Settings, receipt: str) -> str:
    """Where answers about a case go; "" where tagged addresses don't reach our mailbox."""
    if not settings.mail_tagged_addresses:
        return ""
    local, _, domain = settings.mail_from.rpartition("@")
    return f"{local}+{_sealed(settings, receipt, 'to')}@{domain}"


def sealed_receipt(settings: Settings, names: Iterable[str]) -> str:
    """The receipt of the case that the first sealed of these Message-IDs or addresses is about."""
    for name in names:
        if (found := _SEALED.search(name)) is None:
            continue
        expected = _sealed(settings, found[1].lower(), found[2].lower())
        if hmac.compare_digest(expected, found[0].lower()):
            return _receipt(found[1])
    return ""


def numbers_in(subject: str) -> list[str]:
    """The case numbers and receipts in a subject whose check character is right."""
    found = []
    for candidate in _NUMBER.findall(subject.upper())[:_MOST_NUMBERS]:
        try:
            found.append(read_reference(candidate))
        except UnreadableNumberError:
            continue
    return found


def is_ours(settings: Settings, message_id: str) -> bool:
    """Whether a Message-ID can only have been given by this portal to a mail about a case."""
    return bool(sealed_receipt(settings, [message_id]))


def mail_domain(settings: Settings) -> str:
    return settings.mail_from.rpartition("@")[2]


def _sealed(settings: Settings, receipt: str, unique: str) -> str:
    plain = receipt.replace("-", "").lower()
    key = hashlib.sha256(f"mail thread {settings.secret}".encode()).digest()
    seal = hmac.digest(key, f"{plain}.{unique}".encode(), "sha256")[:_SEAL_BYTES]
    return f"{plain}.{unique}.{base64.b32encode(seal).decode().lower().rstrip('=')}"


def _receipt(plain: str) -> str:
    try:
        return read_reference(plain)
    except UnreadableNumberError:
        return ""
