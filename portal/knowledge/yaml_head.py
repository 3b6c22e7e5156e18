"""Reading the head of an article's file: plain YAML, and nothing that YAML can do beyond that.

Aliases, anchors, tags, second documents, doubled keys and deep nesting are refused. Scalars stay
the text that was written (so "no" is the word no); what a key wants decides what it means.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from portal.locale import gettext as _

DEEPEST = 8
LONGEST_HEAD_BYTES = 64 * 1024
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_EMPTY = {"", "~", "null", "Null", "NULL"}


class HeadError(Exception):
    """The head can't be read; `line` counts from the head's first line, beginning with 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


@dataclass(frozen=True)
class Text:
    """One value as written; `is_empty` for nothing, `~` and `null` without quotes."""

    said: str
    line: int
    is_empty: bool = False


@dataclass(frozen=True)
class Items:
    """A list of values."""

    items: tuple["Node", ...]
    line: int


@dataclass(frozen=True)
class Keys:
    """Keys with their values, each key once."""

    entries: dict[str, "Node"]
    line: int
    lines: dict[str, int]


Node = Text | Items | Keys


def read_head(head: str) -> Keys:
    """The keys of a head. Raises HeadError."""
    if len(head.encode("utf-8", "surrogatepass")) > LONGEST_HEAD_BYTES:
        most = LONGEST_HEAD_BYTES // 1024
        raise HeadError(1, _("the head is longer than %(most)s KB. Shorten it.", most=most))
    try:
        node = _document(iter(_events(head)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise HeadError(mark.line + 1 if mark else 1, _explained(error.problem)) from None
    except (yaml.YAMLError, UnicodeError) as error:
        raise HeadError(1, _explained(str(error).partition("\n")[0])) from None
    if isinstance(node, Text) and node.is_empty:
        return Keys({}, 1, {})
    if not isinstance(node, Keys):
        said = _("the head must consist of lines like `title: Your question`.")
        raise HeadError(node.line, said)
    return node


def _explained(problem: str | None) -> str:
    return _(
        "the head is no valid YAML (%(problem)s). Indent with spaces, and put quotes around values "
        "that contain a colon or begin with a special sign.",
        problem=problem or _("unreadable"),
    )


def _events(head: str) -> Iterator[yaml.Event]:
    """What the parser meets, with everything refused that an article doesn't need."""
    depth = documents = 0
    for event in yaml.parse(head, Loader=_LOADER):
        line = _line(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            said = _("anchors (&) and aliases (*) are not read. Write the value out.")
            raise HeadError(line, said)
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None):
            raise HeadError(line, _("tags (!) are not read. Remove the tag."))
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            said = _("values are nested more than %(most)s deep. Flatten them.", most=DEEPEST)
            raise HeadError(line, said)
        if documents > 1:
            raise HeadError(line, _("the head contains a second document. Remove `...`."))
        yield event


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _document(events: Iterator[yaml.Event]) -> Node:
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            node = _node(event, events)
            for _event in events:
                pass
            return node
    return Text("", 1, is_empty=True)


def _node(event: yaml.Event, events: Iterator[yaml.Event]) -> Node:
    line = _line(event)
    if isinstance(event, yaml.ScalarEvent):
        is_plain = event.style is None or event.style == ""
        return Text(event.value, line, is_empty=is_plain and event.value in _EMPTY)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(_node(event, events))
        return Items(tuple(items), line)
    return _keys(events, line)


def _keys(events: Iterator[yaml.Event], line: int) -> Keys:
    entries: dict[str, Node] = {}
    lines: dict[str, int] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _node(event, events)
        if not isinstance(key, Text):
            raise HeadError(key.line, _("a key must be a single word, like `title`."))
        if key.said in entries:
            raise HeadError(
                key.line,
                _(
                    "`%(key)s` stands twice (first in line %(line)s). Keep one.",
                    key=key.said,
                    line=lines[key.said] + 1,
                ),
            )
        entries[key.said], lines[key.said] = _node(next(events), events), key.line
    return Keys(entries, line, lines)
