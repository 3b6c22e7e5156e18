"""Passwords: long enough, not among the ones everybody tries first, and stored as argon2id.

No rules of composition: a sentence is as welcome as a puzzle.
"""

import functools
import gzip
import secrets
import unicodedata
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.locale import gettext as _
from portal.written import number

SHORTEST, LONGEST = 8, 1_024
COMMON = Path(__file__).with_name("common_passwords.txt.gz")
_hasher = PasswordHasher(time_cost=4, memory_cost=9 * 1024, parallelism=1)
"""OWASP's Password Storage Cheat Sheet names these as equal to two passes over 19 MiB; many people
may sign in at once, and each takes this much memory.
"""


class WeakPasswordError(Exception):
    """A password that may not be used; the message says what to do."""


def new_hash(password: str) -> str:
    """What is stored of a password."""
    return _hasher.hash(_bytes(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether this is the password. Without a stored hash the same work is done, for nothing."""
    if len(password) > LONGEST:
        return False
    try:
        return _hasher.verify(stored or _decoy(), _bytes(password)) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def needs_new_hash(stored: str) -> bool:
    """Whether the hash was made with other costs than today's."""
    return _hasher.check_needs_rehash(stored)


def check_password(password: str, *, email: str = "") -> None:
    """Refuse a password that is easily found. Raises WeakPasswordError with the remedy."""
    if len(password) < SHORTEST:
        words = _("Use %(count)s characters or more; a short sentence is fine.", count=SHORTEST)
        raise WeakPasswordError(words)
    if len(password) > LONGEST:
        raise WeakPasswordError(_("Use %(count)s characters or fewer.", count=number(LONGEST)))
    if password.casefold() in common_passwords() or password.casefold() == email.casefold():
        raise WeakPasswordError(
            _("Choose another password: this one is among those that are tried first.")
        )


@functools.cache
def common_passwords() -> frozenset[str]:
    """The passwords that everybody tries first, in lower case."""
    return frozenset(gzip.decompress(COMMON.read_bytes()).decode().split("\n"))


@functools.cache
def _decoy() -> str:
    return _hasher.hash(secrets.token_bytes(32))


def _bytes(password: str) -> bytes:
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
