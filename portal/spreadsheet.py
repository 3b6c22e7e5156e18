"""A list as a table for a spreadsheet, in which nothing that somebody wrote can run.

A cell that a spreadsheet would take for a formula begins with an apostrophe.
"""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """CSV (RFC 4180) with a byte order mark, so that spreadsheets read it as UTF-8."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow(heads)
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return BYTE_ORDER_MARK + written.getvalue()


def defused(cell: str) -> str:
    """The cell as text, never as a formula."""
    is_formula = cell.lstrip(" ").startswith(_FORMULA_STARTS) or cell.startswith(_FORMULA_STARTS)
    return f"'{cell}" if is_formula else cell
