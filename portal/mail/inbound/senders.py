"""Who wrote: exactly one plain address, or nobody. Names in quotes and comments are no addresses,
however much they look like one.
"""

import re
from dataclasses import dataclass

LONGEST_ADDRESS = 254
_ADDRESS = re.compile(r"[^\s@,;:<>\"()\[\]\\]{1,64}@[^\s@,;:<>\"()\[\]\\]{1,190}")
_CONSIDERED = 4_000


@dataclass(frozen=True)
class Sender:
    """The address in its normal form, "" where it is unclear, and the name beside it."""

    address: str
    name: str


def sender_in(header: str) -> Sender:
    """The one sender that a From header names."""
    bare, quoted = _apart(header[:_CONSIDERED])
    found = _in_brackets(bare) if "<" in bare else _ADDRESS.findall(bare)
    if len(found) != 1 or len(found[0]) > LONGEST_ADDRESS:
        return Sender("", "")
    name = bare.partition("<")[0] if "<" in bare else ""
    shown = " ".join(f"{quoted} {name}".split())[:100]
    return Sender(found[0].strip().casefold(), "" if "@" in shown else shown)


def addresses_in(header: str) -> list[str]:
    """Every address that a header names, in normal form."""
    bare, _ = _apart(header[:_CONSIDERED])
    return [each.casefold() for each in _ADDRESS.findall(bare)]


def _in_brackets(bare: str) -> list[str]:
    inside = [part.partition(">")[0].strip() for part in bare.split("<")[1:]]
    outside = _ADDRESS.findall(bare.partition("<")[0] + bare.rpartition(">")[2])
    good = [each for each in inside if _ADDRESS.fullmatch(each)]
    return good if len(inside) == len(good) and not outside else []


def _apart(header: str) -> tuple[str, str]:
    """The header without quoted strings and comments, and what stood in quotes."""
    bare: list[str] = []
    quoted: list[str] = []
    depth, in_quotes, escapes = 0, False, False
    for character in header:
        if escapes:
            escapes = False
            if in_quotes:
                quoted.append(character)
        elif character == "\\" and (in_quotes or depth):
            escapes = True
        elif character == '"' and not depth:
            in_quotes = not in_quotes
        elif in_quotes:
            quoted.append(character)
        elif character == "(":
            depth += 1
        elif character == ")":
            depth = max(0, depth - 1)
        elif not depth:
            bare.append(character)
    return "".join(bare), "".join(quoted)
