"""The promised time as an entry for the customer's own calendar (iCalendar, RFC 5545)."""

from datetime import UTC, datetime, timedelta

_LINE_BYTES = 73


def calendar_entry(*, uid: str, title: str, words: str, at: datetime, made_at: datetime) -> str:
    """One event of fifteen minutes that ends at `at`; every text is escaped and folded."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Answerfirst//Promised time//EN",
        "BEGIN:VEVENT",
        f"UID:{_escaped(uid)}",
        f"DTSTAMP:{_instant(made_at)}",
        f"DTSTART:{_instant(at - timedelta(minutes=15))}",
        f"DTEND:{_instant(at)}",
        f"SUMMARY:{_escaped(title)}",
        f"DESCRIPTION:{_escaped(words)}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(plain.splitlines())


def _folded(line: str) -> str:
    """No line is longer than 75 bytes; a continuation begins with a space."""
    pieces, piece = [], ""
    for character in line:
        if len((piece + character).encode()) > _LINE_BYTES:
            pieces.append(piece)
            piece = ""
        piece += character
    return "\r\n ".join([*pieces, piece])
