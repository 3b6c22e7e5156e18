"""Case numbers that survive a telephone call.

A case number is short and speakable, like 7KQ-4MPX: no character that could be taken for another
(0 and O, 1 and I and L), and a check character that finds every single wrong character and every
two that changed places. It is no credential: knowing it opens nothing. A receipt, which a request
has until its contract is checked, looks different: R-93F7-KD2MQ.
"""

import secrets

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.locale import N_
from portal.locale import gettext as _

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
NUMBER_LENGTH, RECEIPT_LENGTH = 7, 9
CONFUSABLE = frozenset("01OIL")
_EXAMPLE = N_("Case numbers look like 7KQ-4MPX; a receipt looks like R-93F7-KD2MQ.")
_LONGEST = 40
_IS_NUMBER = select(exists().where(Case.number == bindparam("number")))
_IS_EITHER = select(
    exists().where(or_(Case.number == bindparam("number"), Case.receipt == bindparam("receipt")))
)


class UnreadableNumberError(ValueError):
    """What somebody typed is no case number; the message says what to look at again."""


def new_number(db: Session) -> str:
    """A case number that no case has had before."""
    while True:
        number = write_number(_random(NUMBER_LENGTH))
        if not db.scalar(_IS_NUMBER, {"number": number}):
            return number


def new_references(db: Session) -> tuple[str, str]:
    """A receipt and a case number that no case has had before."""
    while True:
        receipt, number = (
            write_receipt(_random(RECEIPT_LENGTH)),
            write_number(_random(NUMBER_LENGTH)),
        )
        if not db.scalar(_IS_EITHER, {"number": number, "receipt": receipt}):
            return receipt, number


def read_reference(text: str) -> str:
    """The case number or receipt that a person typed or dictated, as it is kept.

    Case, spaces, dashes and a leading "#" or "case" don't matter.
    Raises UnreadableNumberError with a message that helps.
    """
    plain = _plain(text)
    is_receipt = len(plain) == RECEIPT_LENGTH + 1 and plain.startswith("R")
    symbols = plain[1:] if is_receipt else plain
    if strange := sorted(set(symbols) - set(ALPHABET)):
        raise UnreadableNumberError(_about_strange(strange))
    if len(symbols) != (RECEIPT_LENGTH if is_receipt else NUMBER_LENGTH):
        raise UnreadableNumberError(_with_example(_("That is too short or too long.")))
    if check_character(symbols[:-1]) != symbols[-1]:
        raise UnreadableNumberError(
            _(
                "One character is wrong, or two have changed places. Please compare it with our "
                "mail."
            )
        )
    return write_receipt(symbols) if is_receipt else write_number(symbols)


def check_character(symbols: str) -> str:
    """Weighted sum modulo 31, a prime: finds any one wrong character and any two swapped ones."""
    total = sum(weight * ALPHABET.index(symbol) for weight, symbol in enumerate(symbols, start=2))
    return ALPHABET[-total % len(ALPHABET)]


def write_number(symbols: str) -> str:
    return f"{symbols[:3]}-{symbols[3:]}"


def write_receipt(symbols: str) -> str:
    return f"R-{symbols[:4]}-{symbols[4:]}"


def _random(length: int) -> str:
    symbols = "".join(secrets.choice(ALPHABET) for _each in range(length - 1))
    return symbols + check_character(symbols)


def _plain(text: str) -> str:
    words = text[:_LONGEST].upper().replace("#", " ").split()
    while words and words[0] in {"CASE", "NUMBER"}:
        del words[0]
    joined = "".join(words)
    return "".join(symbol for symbol in joined if symbol not in "-–—‐‑.,")


def _about_strange(strange: list[str]) -> str:
    if confusable := [symbol for symbol in strange if symbol in CONFUSABLE]:
        found = _(" or ").join(confusable)
        return _with_example(
            _(
                "There is never a %(characters)s in our numbers: look for a similar character.",
                characters=found,
            )
        )
    return _with_example(_("Our numbers hold letters and digits only."))


def _with_example(words: str) -> str:
    return f"{words} {_(_EXAMPLE)}"
