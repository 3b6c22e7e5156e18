"""Importing a table: all of it or nothing, and every fault in it is named.

The same file twice changes nothing: a row is known again by its short name, its address, or its
organisation and name. A column that a file doesn't have leaves what stands there.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.locale import N_
from portal.locale import gettext as _
from portal.people.changes import record_change
from portal.people.importing.faults import CellError, Fault
from portal.people.importing.kinds import (
    KEYS,
    Column,
    Kind,
    check_heads,
    columns_of,
    kind_of,
    named,
)
from portal.people.importing.reading import LONGEST_CELL, Line, Sheet, read_sheet
from portal.people.importing.rows import Clerk, ColumnError, Done, take
from portal.people.person import Person
from portal.written import number

NOT_TOLD = N_("It can’t be told what the rows are.")
TELL = N_("Say the kind, or name the columns as they are documented.")


@dataclass
class Report:
    """What a file would do, or did: nothing was stored where there are faults."""

    kind: Kind | None = None
    encoding: str = ""
    separator: str = ""
    rows: int = 0
    counts: Counter[Done] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    is_stored: bool = False

    @property
    def is_good(self) -> bool:
        return not self.faults


@dataclass(frozen=True)
class _Row:
    line: int
    values: dict[str, Any]


def import_table(
    db: Session,
    *,
    data: bytes,
    now: datetime,
    kind: Kind | None = None,
    details: Iterable[str] = (),
    by: Person | None = None,
) -> Report:
    """Read the file and store it, unless it has a fault.

    `details` are the ids of the policy's fields that an installation keeps.
    """
    sheet = read_sheet(data)
    report = Report(kind or kind_of(sheet.heads), sheet.encoding, sheet.separator, len(sheet.lines))
    report.faults += sheet.faults
    if report.kind is None:
        if not sheet.faults:
            report.faults.append(Fault(1, "", _(NOT_TOLD), _(TELL)))
        return report
    columns = columns_of(report.kind, details)
    report.faults += check_heads(sheet.heads, columns)
    rows = list(_parsed(sheet, report.kind, columns, report))
    _try(db, rows, report, Clerk(db, by, now))
    report.faults.sort(key=lambda fault: fault.line)
    return report


def _try(db: Session, rows: list[_Row], report: Report, clerk: Clerk) -> None:
    """Do all of it, and take it back unless it is right."""
    recorded = db.info.setdefault("recorded", [])
    before = len(recorded)
    trial = db.begin_nested()
    _take_all(rows, report, clerk)
    if report.faults:
        trial.rollback()
        del recorded[before:]
        return
    report.is_stored = True
    assert report.kind is not None
    told = {done.value: count for done, count in report.counts.items()}
    record_change(db, "imported", now=clerk.now, by=clerk.by, what=report.kind.value, **told)
    trial.commit()


def _take_all(rows: list[_Row], report: Report, clerk: Clerk) -> None:
    """Partners may stand further down than who names them, so they are given at the end."""
    assert report.kind is not None
    done: dict[int, Done | None] = {}
    for row in rows:
        values = row.values
        if report.kind is Kind.ORGANISATIONS:
            values = {name: value for name, value in values.items() if name != "partner"}
        done[row.line] = _taken(_Row(row.line, values), report, clerk)
    for row in rows:
        if report.kind is Kind.ORGANISATIONS and "partner" in row.values:
            second = _taken(row, report, clerk)
            done[row.line] = second if done[row.line] is Done.SAME else done[row.line]
    report.counts.update(each for each in done.values() if each)


def _taken(row: _Row, report: Report, clerk: Clerk) -> Done | None:
    assert report.kind is not None
    try:
        return take(clerk, report.kind, row.values)
    except ColumnError as error:
        found = error.error
        report.faults.append(Fault(row.line, error.column, found.wrong, found.right))
        return None


def _parsed(
    sheet: Sheet, kind: Kind, columns: Mapping[str, Column], report: Report
) -> Iterator[_Row]:
    """The rows whose every cell can be taken; what can't be, and rows that come twice, are told."""
    names = [named(head) for head in sheet.heads]
    seen: dict[tuple[Any, ...], int] = {}
    for line in sheet.lines:
        faults = list(_width(line, names))
        values = {}
        for name, cell in zip(names, line.cells, strict=False):
            if name in columns:
                try:
                    values[name] = _value(columns[name], cell)
                except CellError as error:
                    faults.append(Fault(line.number, name, error.wrong, error.right))
        key = tuple(values.get(name) for name in KEYS[kind])
        if None not in key and (first := seen.setdefault(key, line.number)) != line.number:
            faults.append(_twice(line.number, first, kind))
        report.faults += faults
        if not faults and None not in key and _is_whole(values, columns):
            yield _Row(line.number, values)


def _value(column: Column, cell: str) -> Any:
    if len(cell) > LONGEST_CELL:
        raise CellError(
            _("The cell is very long."),
            _("Shorten it to %(most)s characters.", most=number(LONGEST_CELL)),
        )
    if cell:
        return column.parse(cell)
    if column.required:
        raise CellError(_("Nothing stands here."), _("Every row needs it."))
    return column.otherwise


def _is_whole(values: Mapping[str, Any], columns: Mapping[str, Column]) -> bool:
    return all(name in values for name, column in columns.items() if column.required)


def _width(line: Line, names: list[str]) -> Iterator[Fault]:
    if any(line.cells[len(names) :]):
        yield Fault(
            line.number,
            "",
            _(
                "It has %(cells)s cells, and there are %(columns)s columns.",
                cells=len(line.cells),
                columns=len(names),
            ),
            _("Put cells that hold the separator between quotation marks."),
        )
    if len(line.cells) < len(names):
        yield Fault(
            line.number,
            "",
            _("It has only %(count)s of %(all)s cells.", count=len(line.cells), all=len(names)),
            _("Put a separator behind each cell, also where it is empty."),
        )


def _twice(line: int, first: int, kind: Kind) -> Fault:
    first_name, *others = KEYS[kind]
    names = _("%(one)s and %(other)s", one=first_name, other=others[0]) if others else first_name
    wrong = _("The same %(names)s stands on line %(line)s already.", names=names, line=first)
    return Fault(line, first_name, wrong, _("Keep one of the two."))
