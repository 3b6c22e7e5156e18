"""A list of cases as a table for a spreadsheet, in which nothing that a customer wrote can run."""

from portal.spreadsheet import BYTE_ORDER_MARK, defused, table

__all__ = ["BYTE_ORDER_MARK", "defused", "table"]
