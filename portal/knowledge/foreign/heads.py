"""The heads of other tools' files: YAML between `---`, TOML between `+++`, or none at all."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from portal.knowledge.front_matter import FrontMatterError, decoded
from portal.knowledge.head_values import Problem
from portal.knowledge.yaml_head import (
    LONGEST_HEAD_BYTES,
    HeadError,
    Items,
    Keys,
    Node,
    Text,
    read_head,
)

_FENCES = {"---": "---", "+++": "+++"}
_KEY_LINE = re.compile(r"^([A-Za-z][\w-]*) *= *", re.MULTILINE)


def read_foreign_head(raw: bytes) -> tuple[Keys, str, int]:
    """Keys, body, and the line in which the body begins. Raises FrontMatterError."""
    text = decoded(raw).replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    fence = _FENCES.get(lines[0].rstrip())
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == fence), 0)
    if fence is None or not end:
        return Keys({}, 1, {}), text, 1
    head, body = "\n".join(lines[1:end]), "\n".join(lines[end + 1 :])
    try:
        keys = read_head(head) if fence == "---" else _toml(head)
    except HeadError as error:
        raise FrontMatterError([Problem(error.line + 1, error.message)]) from None
    return keys, body, end + 2


def _toml(head: str) -> Keys:
    if len(head.encode("utf-8", "surrogatepass")) > LONGEST_HEAD_BYTES:
        raise HeadError(1, f"the head is longer than {LONGEST_HEAD_BYTES // 1024} KB. Shorten it.")
    try:
        said = tomllib.loads(head)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise HeadError(1, f"the head is no valid TOML ({error}). Correct it.") from None
    lines = {m[1]: head[: m.start()].count("\n") + 1 for m in _KEY_LINE.finditer(head)}
    return keys_of(said, lines)


def keys_of(said: Mapping[str, Any], lines: Mapping[str, int] | None = None) -> Keys:
    """Values of TOML or JSON as the nodes that a head has."""
    return Keys({key: _node(value) for key, value in said.items()}, 1, dict(lines or {}))


def _node(value: Any) -> Node:
    if isinstance(value, dict):
        return keys_of(value)
    if isinstance(value, list):
        return Items(tuple(_node(one) for one in value), 1)
    if isinstance(value, bool):
        return Text("true" if value else "false", 1)
    if isinstance(value, datetime | date):
        return Text(value.isoformat(), 1)
    return Text("" if value is None else str(value), 1, is_empty=value in (None, ""))
