"""What no person wrote: answers of machines, bulk mail, lists. None of it is ever answered
(RFC 3834), so that no two machines write to each other for ever.
"""

from collections.abc import Callable
from enum import StrEnum

Header = Callable[[str], str]


class Automatic(StrEnum):
    """By what a mail was written."""

    NO = ""
    REPLY = "reply"
    PROGRAM = "program"
    LIST = "list"


_REPLY_MARKS = ("x-autoreply", "x-autorespond", "x-autoreply-from", "x-mail-autoreply")
_PROGRAMS = frozenset({"mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply"})
_SUPPRESSED = frozenset({"all", "oof", "autoreply"})


def written_by(header: Header, *, sender: str, envelope_sender: str | None) -> Automatic:
    """What the headers say of who wrote; `header` gives one by its lower-case name, or ""."""
    submitted = header("auto-submitted").partition(";")[0].strip().casefold()
    precedence = header("precedence").strip().casefold()
    is_null = envelope_sender == "" or header("return-path").strip() == "<>"
    if (
        submitted == "auto-replied"
        or precedence == "auto_reply"
        or any(header(mark) for mark in _REPLY_MARKS)
        or is_null
    ):
        return Automatic.REPLY
    if header("list-id") or precedence in {"bulk", "junk", "list"}:
        return Automatic.LIST
    local = sender.partition("@")[0].partition("+")[0]
    if submitted not in {"", "no"} or local in _PROGRAMS:
        return Automatic.PROGRAM
    return Automatic.NO


def wants_no_answer(header: Header) -> bool:
    """Whether the sender's own mail program asks that nothing automatic comes back."""
    words = header("x-auto-response-suppress").casefold().replace(";", ",").split(",")
    return bool(_SUPPRESSED & {word.strip() for word in words})
