"""What the values of a head mean: each is read in the one form its key has, or is refused."""

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from portal.knowledge.plain_words import one_line, unwanted_character
from portal.knowledge.slugs import is_slug
from portal.knowledge.yaml_head import Items, Keys, Node, Text
from portal.locale import gettext as _

LONGEST_WORD = 120
MOST_WORDS = 60
LONGEST_REVIEW_DAYS = 3_650

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class Problem:
    """What is wrong in a file, in which line, and what to do about it."""

    line: int
    message: str


@lru_cache(maxsize=1_000)
def nearest(key: str, known: tuple[str, ...]) -> str | None:
    """The known key that was probably meant."""
    near = get_close_matches(key[:40].lower().replace("-", "_"), known, n=1, cutoff=0.75)
    return near[0] if near else None


class Values:
    """Reads the keys of one head and collects what is wrong, so that all is told at once."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self.problems: list[Problem] = []
        self.faulty: set[str] = set()

    def refuse_unknown(self, known: tuple[str, ...]) -> None:
        for key in self.keys.entries:
            if key in known:
                continue
            near = nearest(key, known)
            if near:
                self.wrong(key, _("is no known key. Did you mean `%(near)s`?", near=near))
            else:
                every = ", ".join(known)
                self.wrong(key, _("is no known key. Known are: %(known)s.", known=every))

    def _text(self, key: str) -> Text | None:
        """The single value of a key, None when it isn't there."""
        node = self.keys.entries.get(key)
        if node is None or (isinstance(node, Text) and node.is_empty):
            return None
        if not isinstance(node, Text):
            self.wrong(key, _("must be a single value, not a list or further keys."))
            return None
        return node

    def line(self, key: str, limit: int = LONGEST_WORD) -> str:
        text = self._text(key)
        return self._checked(key, text, limit) if text else ""

    def _checked(self, key: str, text: Text, limit: int) -> str:
        said = one_line(text.said)
        if character := unwanted_character(said):
            fault = _(
                "contains an invisible character (%(character)s). Remove it.", character=character
            )
            self.wrong(key, fault)
        elif len(said) > limit:
            self.wrong(key, _("is longer than %(most)s characters. Shorten it.", most=limit))
        return said

    def choice(self, key: str, kind: type[Choice], default: Choice | None) -> Choice | None:
        """One of an enum's values; without a default the key must be said."""
        text = self._text(key)
        choices = ", ".join(member.value for member in kind)
        if text is None:
            if default is None:
                first = f"{key}: {next(iter(kind)).value}"
                example = _("%(first)s` (or another of %(choices)s)", first=first, choices=choices)
                self.missing(key, example)
            return default
        try:
            return kind(text.said)
        except ValueError:
            fault = _(
                "can't be “%(said)s”. Choose one of %(choices)s.",
                said=text.said[:40],
                choices=choices,
            )
            self.wrong(key, fault)
            return default

    def words(self, key: str) -> tuple[str, ...]:
        found = []
        for text in self._list(key):
            said = self._checked(key, text, LONGEST_WORD)
            if said and said not in found:
                found.append(said)
        return tuple(found)

    def _list(self, key: str) -> list[Text]:
        """The values of a key: a list, or a single one standing for a list of one."""
        node = self.keys.entries.get(key)
        if node is None or (isinstance(node, Text) and node.is_empty):
            return []
        items: tuple[Node, ...] = node.items if isinstance(node, Items) else (node,)
        texts = [item for item in items if isinstance(item, Text) and not item.is_empty]
        if len(texts) < len(items):
            self.wrong(key, _("must be a list of values, like [first, second]."))
        if len(items) > MOST_WORDS:
            fault = _("has more than %(most)s values. Keep the most useful ones.", most=MOST_WORDS)
            self.wrong(key, fault)
        return texts

    def slugs(self, key: str) -> tuple[str, ...]:
        node = self.keys.entries.get(key)
        if isinstance(node, Text) and not node.is_empty:
            node = Items((node,), node.line)
        if node is not None and not isinstance(node, Items | Text):
            self.wrong(key, _("must be a list of values, like [first, second]."))
        return self.all_slugs(key, node) if isinstance(node, Items) else ()

    def all_slugs(self, key: str, node: Items) -> tuple[str, ...]:
        said = [item.said if isinstance(item, Text) else "" for item in node.items]
        for slug in said:
            self._check_slug(key, slug)
        return tuple(dict.fromkeys(said))

    def slug(self, key: str) -> str | None:
        text = self._text(key)
        if text is None:
            return None
        self._check_slug(key, text.said)
        return text.said

    def _check_slug(self, key: str, slug: str) -> None:
        if not is_slug(slug):
            self.wrong(
                key,
                _(
                    "contains “%(slug)s”. Use lower-case letters, digits and single hyphens, "
                    "like reset-your-password.",
                    slug=slug[:40],
                ),
            )

    def date(self, key: str) -> date | None:
        text = self._text(key)
        if text is None:
            return None
        try:
            if len(text.said) == len("2026-11-23"):
                return date.fromisoformat(text.said)
        except ValueError:
            pass
        fault = _("can't be “%(said)s”. Write a date like 2026-11-23.", said=text.said[:40])
        self.wrong(key, fault)
        return None

    def days(self, key: str) -> int | None:
        text = self._text(key)
        if text is None:
            return None
        if text.said.isascii() and text.said.isdigit() and len(text.said) <= 4:
            days = int(text.said)
            if 1 <= days <= LONGEST_REVIEW_DAYS:
                return days
        fault = _(
            "must be a number of days from 1 to %(most)s, like 180.", most=LONGEST_REVIEW_DAYS
        )
        self.wrong(key, fault)
        return None

    def number(self, key: str, default: int) -> int:
        text = self._text(key)
        if text is None:
            return default
        if text.said.isascii() and text.said.isdigit() and len(text.said) <= 4:
            return int(text.said)
        self.wrong(key, _("must be a whole number from 0 to 9999."))
        return default

    def claim(self, key: str) -> bool:
        text = self._text(key)
        if text is not None and text.said not in {"true", "false"}:
            self.wrong(key, _("must be true or false."))
        return text is not None and text.said == "true"

    def missing(self, key: str, example: str) -> None:
        """Ask for a key, unless it was already found wrong."""
        if key not in self.faulty:
            self.faulty.add(key)
            said = _("there is no `%(key)s`. Add `%(example)s.", key=key, example=example)
            self.problems.append(Problem(1, said))

    def wrong(self, key: str, fault: str) -> None:
        self.faulty.add(key)
        line = self.keys.lines.get(key, 1) + 1
        self.problems.append(Problem(line, f"`{key[:40]}` {fault}"))
