"""What is new in a mail, apart from what it repeats: quoted mails and signatures are folded away,
never dropped. Where quotes and answers take turns, all stays together, or it would make no sense.

Each line is looked at a fixed number of times, so no text is slow.
"""

import re
from dataclasses import dataclass

_WROTE = re.compile(
    r"\b(wrote|writes|schrieb|schreibt|a écrit|escribió|ha scritto|schreef|escreveu|napisał\(?a?\)?"
    r"|skrev|kirjoitti|написал|пише|wrote the following)\b[^\n]{0,200}:$",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"^[-_]{3,} ?(original message|original-nachricht|ursprüngliche nachricht|message d'origine"
    r"|mensaje original|messaggio originale|forwarded message|weitergeleitete nachricht) ?[-_]{3,}$"
    r"|^(begin forwarded message|anfang der weitergeleiteten nachricht):$",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"^\*?(from|sent|to|cc|date|subject|von|gesendet|datum|an|betreff|de|envoyé|date|à|objet"
    r"|enviado|para|asunto|da|inviato|a|oggetto|van|verzonden|aan|onderwerp) ?:\*? ?\S",
    re.IGNORECASE,
)
_SENDER_HEAD = re.compile(r"^\*?(from|von|de|da|van) ?:", re.IGNORECASE)
_SENT_FROM = re.compile(
    r"^(sent from (my|mail|outlook)|get outlook for|von mein\w+ \w+ gesendet"
    r"|gesendet von (mein|mail)|envoyé de mon|enviado desde mi|inviato da)\b.{0,80}$",
    re.IGNORECASE,
)
_LONGEST_PATTERN = 400
_LONGEST_SIGNATURE = 25


@dataclass(frozen=True)
class Folded:
    """`said` is what the sender wrote now; `repeated` what was folded away, may be ""."""

    said: str
    repeated: str


def fold(text: str) -> Folded:
    """Tell what is new from what is quoted or signed."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    start, end = _new_part(lines)
    said = lines[start:end]
    signed = _signature_at(said)
    new = "\n".join(said[:signed]).strip("\n")
    if not new.strip():
        return Folded("\n".join(lines).strip("\n"), "")
    rest = [*lines[:start], *said[signed:], *lines[end:]]
    return Folded(new, "\n".join(rest).strip("\n"))


def _new_part(lines: list[str]) -> tuple[int, int]:
    """From which line to which the sender's own words go."""
    end = _copy_at(lines)
    quoted = [number for number in range(end) if lines[number].startswith(">")]
    if not quoted:
        return 0, end
    first, last = quoted[0], quoted[-1]
    before = _attribution_at(lines, first)
    if _is_blank(lines[last + 1 : end]):
        return (0, before) if _is_one_block(lines, first, last) else (0, end)
    is_leading = _is_blank(lines[:before])
    return (last + 1, end) if is_leading and _is_one_block(lines, first, last) else (0, end)


def _copy_at(lines: list[str]) -> int:
    """Where a whole mail is copied below, as Outlook does it; else the number of lines."""
    for number, line in enumerate(lines):
        short = line[:_LONGEST_PATTERN].strip()
        if _ORIGINAL.match(short):
            return number
        if _SENDER_HEAD.match(short) and _heads_from(lines, number) >= 3:
            has_rule = number > 0 and set(lines[number - 1]) in ({"_"}, {"-"})
            return number - 1 if has_rule else number
    return len(lines)


def _heads_from(lines: list[str], number: int) -> int:
    block = [line.strip() for line in lines[number : number + 8]]
    return sum(1 for line in block if _HEAD.match(line[:_LONGEST_PATTERN]))


def _attribution_at(lines: list[str], first: int) -> int:
    """Where "On Monday, X wrote:" begins above a quote; the quote's own line when there is none."""
    number = first - 1
    while number >= 0 and not lines[number].strip():
        number -= 1
    if number < 0:
        return first
    above = " ".join(line.strip() for line in lines[max(0, number - 1) : number + 1])
    if _WROTE.search(lines[number].strip()[-_LONGEST_PATTERN:]):
        starts = number > 0 and lines[number - 1].strip() and not _begins(lines[number])
        return number - 1 if starts else number
    if _WROTE.search(above[-_LONGEST_PATTERN:]):
        return number - 1
    return first


def _begins(line: str) -> bool:
    """Whether an attribution begins in this very line: "On ...", "Am ...", "Le ..."."""
    return line.strip()[:3].casefold() in {"on ", "am ", "le ", "el ", "il ", "op ", "em ", "dni"}


def _is_one_block(lines: list[str], first: int, last: int) -> bool:
    return all(line.startswith(">") or not line.strip() for line in lines[first : last + 1])


def _is_blank(lines: list[str]) -> bool:
    return not any(line.strip() for line in lines)


def _signature_at(lines: list[str]) -> int:
    """Where the signature begins, in the last lines only; else the number of lines."""
    lowest = max(1, len(lines) - _LONGEST_SIGNATURE)
    for number in range(lowest, len(lines)):
        line = lines[number].strip()[:_LONGEST_PATTERN]
        if line in {"--", "—"} or _SENT_FROM.match(line):
            return number
    return len(lines)
