"""A file of rows as spreadsheets write them: read whatever its encoding and separator are.

Understood: UTF-8 with or without a byte order mark, UTF-16 with one, else Windows-1252; commas,
semicolons or tabs; a first line "sep=;"; empty rows and columns at the end.
"""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass, field

from portal.locale import gettext as _
from portal.people.importing.faults import Fault
from portal.spreadsheet import restored

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
LONGEST_CELL = 5_000
MOST_BROKEN = 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True)
class Line:
    """A row: the line that it begins on, and its cells."""

    number: int
    cells: list[str]


@dataclass
class Sheet:
    """What was read: the heads, the rows, how it was understood, and what could not be read."""

    heads: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    encoding: str = ""
    separator: str = ","


def read_sheet(data: bytes) -> Sheet:
    """Read a whole file; what can't be read becomes a fault, and the rest goes on."""
    sheet = Sheet()
    if data.startswith(_WORKBOOKS):
        return _refused(
            sheet,
            _("This is a workbook, not a table of text."),
            _("Save it as “CSV UTF-8” first."),
        )
    if len(data) > MOST_BYTES:
        return _refused(
            sheet, _("The file is larger than 5 MB."), _("Split it into several files.")
        )
    text = _decode(data, sheet)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = 0
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        sheet.separator, first = lines[0].strip()[4], 1
    else:
        sheet.separator = max(",;\t", key=lines[0].count) if lines else ","
    found = list(_rows(lines, first, sheet))
    if not found:
        return _refused(sheet, _("The file is empty."), _("The first line names the columns."))
    sheet.heads = [cell.strip() for cell in found[0].cells]
    while sheet.heads and not sheet.heads[-1]:
        sheet.heads.pop()
    sheet.lines = found[1:]
    if len(sheet.lines) > MOST_ROWS:
        sheet.lines = []
        return _refused(sheet, _("The file has more than 20,000 rows."), _("Split it."))
    return sheet


def _refused(sheet: Sheet, wrong: str, right: str) -> Sheet:
    sheet.faults.append(Fault(1, "", wrong, right))
    return sheet


def _decode(data: bytes, sheet: Sheet) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            sheet.encoding = "UTF-16" if encoding == "utf-16" else "UTF-8"
            return data.decode(encoding, "replace")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        sheet.encoding = "Windows-1252"
        return data.decode("cp1252", "replace")
    sheet.encoding = "UTF-8"
    return text


def _rows(lines: list[str], first: int, sheet: Sheet) -> Iterator[Line]:
    """The rows with anything in them. A broken one is a fault, and reading goes on behind it."""
    broken, start = 0, first
    while start < len(lines):
        reader = csv.reader(
            (f"{line}\n" for line in lines[start:]), delimiter=sheet.separator, strict=True
        )
        done = 0
        try:
            for cells in reader:
                row = Line(start + done + 1, [_cell(cell) for cell in cells])
                done = reader.line_num
                if any(row.cells):
                    yield row
        except csv.Error:
            sheet.faults.append(_quotes(start + done + 1))
            broken, start = broken + 1, start + done + 1
            if broken == MOST_BROKEN:
                words = _("%(count)s rows can’t be read, so the rest was left out.")
                wrong, right = words % {"count": MOST_BROKEN}, _("Export the file again as CSV.")
                sheet.faults.append(Fault(start, "", wrong, right))
                return
            continue
        return


def _quotes(line: int) -> Fault:
    wrong = _("The quotation marks of this row don’t match.")
    right = _('Write a mark inside a cell twice, as in "the ""old"" hall".')
    return Fault(line, "", wrong, right)


def _cell(cell: str) -> str:
    return restored(cell.strip(" \xa0\n"))
