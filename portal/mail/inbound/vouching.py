"""Did the mail really come from where it says? Only the mail server that took it in can know.

It writes down what it found (Authentication-Results, RFC 8601); a header of that name is believed
only when it bears the name of our own server, since senders can write such headers too.
"""

import re
from collections.abc import Sequence
from enum import Enum

_DMARC = re.compile(r"\bdmarc\s*=\s*(\w+)", re.IGNORECASE)
_DKIM = re.compile(r"\bdkim\s*=\s*pass\b[^;]*?header\.[di]=\"?@?([\w.-]+)", re.IGNORECASE)
_SPF = re.compile(r"\bspf\s*=\s*pass\b[^;]*?smtp\.mailfrom=\"?(?:[^@;\s\"]+@)?([\w.-]+)", re.I)


class Vouch(Enum):
    """UNKNOWN where our server says nothing; FORGED where the named sender's domain denies it."""

    GOOD = "good"
    UNKNOWN = "unknown"
    FORGED = "forged"


def vouched(sender: str, results: Sequence[str], *, server: str) -> Vouch:
    """What our own mail server (its authserv-id is `server`) found out about the sender."""
    ours = next((text for text in results if _server_of(text) == server.casefold()), None)
    if not server or ours is None:
        return Vouch.UNKNOWN
    verdict = _DMARC.search(ours)
    if verdict and verdict[1].casefold() == "pass":
        return Vouch.GOOD
    if verdict and verdict[1].casefold() == "fail":
        return Vouch.FORGED
    domain = sender.rpartition("@")[2]
    signed = [*_DKIM.findall(ours), *_SPF.findall(ours)]
    return Vouch.GOOD if any(_is_same(domain, each) for each in signed) else Vouch.UNKNOWN


def _server_of(text: str) -> str:
    return text.partition(";")[0].split(maxsplit=1)[0].casefold() if text.strip(" ;") else ""


def _is_same(domain: str, other: str) -> bool:
    one, two = domain.casefold().rstrip("."), other.casefold().rstrip(".")
    return one == two or (one.endswith(f".{two}") and "." in two)
