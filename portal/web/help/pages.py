"""Which page of a long list is shown, and where the others are."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import request


@dataclass(frozen=True)
class PageNumbers:
    """What the pager shows; `url` gives the address of page n."""

    number: int
    count: int
    size: int
    url: Callable[[int], str]

    @classmethod
    def of(cls, total: int, size: int, asked: int, url: Callable[[int], str]) -> "PageNumbers":
        """The page asked for, or the nearest that exists."""
        count = max(1, -(-total // size))
        return cls(min(max(1, asked), count), count, size, url)

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size


def number_asked() -> int:
    """The page in the address; 1 for anything that is no sensible number."""
    asked = request.args.get("page", "1")
    return int(asked) if asked.isdecimal() and len(asked) < 6 else 1
