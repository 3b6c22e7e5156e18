"""A list as a table for a spreadsheet, in which nothing that somebody wrote can run.

A cell that a spreadsheet would take for a formula begins with an apostrophe; `restored` takes back
exactly that apostrophe, so that what was exported can be imported again unchanged.
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
    return f"'{cell}" if _is_formula(cell) else cell


def restored(cell: str) -> str:
    """What a defused cell was before."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell) else cell


def _is_formula(cell: str) -> bool:
    """Whether it would run, or is such a cell behind apostrophes already."""
    bare = cell.lstrip("'")
    return bare.lstrip(" ").startswith(_FORMULA_STARTS) or bare.startswith(_FORMULA_STARTS)
