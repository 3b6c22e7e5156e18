"""The log behind the deflection figures: read from the database, or from its own export.

The export names nobody: visits, accounts, addresses and machines are numbers that hold within one
export only. What is read back from it gives the same figures.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.insight.attempt import Filing, HelpAttempt, HelpSign, Place, Sign
from portal.insight.deflection import FiledCase, Log, Mark, Trace, Who

HEADS = (
    "attempt",
    "at",
    "sign",
    "article",
    "place",
    "position",
    "visit",
    "account",
    "address",
    "machine",
)
CASE_OPENED = "case_opened"
BEGAN = "began"


class UnreadableLogError(ValueError):
    """A line of an export can't be read; the message names it."""


def log_between(db: Session, *, since: datetime, until: datetime) -> Log:
    """The attempts that began in this time, with every case that can take one of them back."""
    attempts = db.scalars(
        select(HelpAttempt)
        .where(HelpAttempt.started_at >= since, HelpAttempt.started_at <= until)
        .order_by(HelpAttempt.id)
    ).all()
    marks = _marks(db, since, until)
    cases = db.scalars(select(Filing).where(Filing.at >= since).order_by(Filing.id))
    return Log(
        tuple(Trace(a.id, _who(a), a.started_at, tuple(marks[a.id])) for a in attempts),
        tuple(FiledCase(case.at, _who(case)) for case in cases),
    )


def rows_of(log: Log) -> Iterator[tuple[str, ...]]:
    """The log as lines of a table, as `read_rows` takes them."""
    numbers = _Numbers()
    for trace in log.traces:
        who = numbers.of(trace.who)
        yield (str(trace.id), trace.started_at.isoformat(), BEGAN, "", "", "", *who)
        for mark in trace.marks:
            yield (
                str(trace.id),
                mark.at.isoformat(),
                mark.kind.value,
                str(mark.article_id or ""),
                mark.place.value if mark.place else "",
                str(mark.position or ""),
                *who,
            )
    for case in log.cases:
        yield ("", case.at.isoformat(), CASE_OPENED, "", "", "", *numbers.of(case.who))


def read_rows(lines: Iterable[str]) -> Log:
    """A log from its export. Raises UnreadableLogError."""
    begun: dict[int, tuple[Who, datetime]] = {}
    marks: dict[int, list[Mark]] = defaultdict(list)
    cases: list[FiledCase] = []
    for number, row in enumerate(csv.DictReader(lines), start=2):
        try:
            who = Who(row["visit"], row["account"], row["address"], row["machine"])
            at = datetime.fromisoformat(row["at"])
            if row["sign"] == CASE_OPENED:
                cases.append(FiledCase(at, who))
            elif row["sign"] == BEGAN:
                begun[int(row["attempt"])] = (who, at)
            else:
                marks[int(row["attempt"])].append(_mark(row, at))
        except (KeyError, TypeError, ValueError) as error:
            raise UnreadableLogError(
                f"line {number}: {error}. Give it an export of this command, unchanged."
            ) from error
    traces = (Trace(id_, who, at, tuple(marks[id_])) for id_, (who, at) in begun.items())
    return Log(tuple(traces), tuple(cases))


class _Numbers:
    """Numbers instead of hashes: the same within one export, and meaningless outside."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str] = {}

    def of(self, who: Who) -> tuple[str, str, str, str]:
        return (
            self._number("visit", who.visit),
            self._number("account", who.account),
            self._number("address", who.address),
            self._number("machine", who.machine),
        )

    def _number(self, kind: str, name: str) -> str:
        return self._known.setdefault((kind, name), str(len(self._known) + 1)) if name else ""


def _mark(row: dict[str, str], at: datetime) -> Mark:
    return Mark(
        at,
        Sign(row["sign"]),
        int(row["article"]) if row["article"] else None,
        Place(row["place"]) if row["place"] else None,
        int(row["position"] or 0),
    )


def _marks(db: Session, since: datetime, until: datetime) -> dict[int, list[Mark]]:
    rows = db.execute(
        select(
            HelpSign.attempt_id,
            HelpSign.at,
            HelpSign.kind,
            HelpSign.article_id,
            HelpSign.place,
            HelpSign.position,
        )
        .join(HelpAttempt, HelpAttempt.id == HelpSign.attempt_id)
        .where(HelpAttempt.started_at >= since, HelpAttempt.started_at <= until)
        .order_by(HelpSign.id)
    )
    found: dict[int, list[Mark]] = defaultdict(list)
    for attempt_id, at, kind, article_id, place, position in rows:
        found[attempt_id].append(Mark(at, kind, article_id, place, position))
    return found


def _who(row: HelpAttempt | Filing) -> Who:
    return Who(row.visit, row.account, row.address, row.machine)
