"""What is wrong, in words that a support manager understands.

The business rule kept here: a policy that is not right never takes effect, and a question that
cannot be answered truthfully is refused by name instead of being answered with an invented date.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right in a policy file: where it is, what is wrong, what would be right."""

    file: str
    line: int | None
    key: str
    wrong: str
    remedy: str
    code: str = "invalid"

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.key}: {self.wrong} {self.remedy}".rstrip()


class PolicyError(ValueError):
    """A policy file that cannot take effect; carries every problem, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class PolicyRefusal(ValueError):  # noqa: N818 - it is an answer of its own, not a malfunction
    """A question without a truthful answer; `code` is stable, `message` is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
