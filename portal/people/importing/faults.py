"""What is wrong with a file, so that whoever made it can put it right without asking."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where, what, and what would be right. Line 1 holds the heads."""

    line: int
    column: str
    wrong: str
    right: str

    def __str__(self) -> str:
        place = f"line {self.line}" + (f", {self.column}" if self.column else "")
        return f"{place}: {self.wrong} {self.right}"


class CellError(ValueError):
    """A cell can't be taken as it is; `right` says what would be."""

    def __init__(self, wrong: str, right: str) -> None:
        super().__init__(wrong)
        self.wrong, self.right = wrong, right
