"""Where each key of a policy file stands, so that a manager is shown the line to mend."""

import re

Path = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*[A-Za-z0-9_"'-]+)*)\s*=""")
_TEXT = re.compile(r"\"(?:\\.|[^\"\\])*\"|'[^']*'")


def lines_of_keys(source: str) -> dict[Path, int]:
    """The line on which every table and key of the file begins."""
    found: dict[Path, int] = {}
    table: Path = ()
    counts: dict[Path, int] = {}
    depth = 0
    for number, line in enumerate(source.split("\n"), start=1):
        header = _HEADER.match(line) if depth == 0 else None
        if header:
            table = _table(header, counts)
            found.setdefault(table, number)
            continue
        key = _KEY.match(line) if depth == 0 else None
        if key:
            found.setdefault(table + _parts(key[1]), number)
        depth = max(0, depth + _opened(line[key.end() :] if key else line))
    return found


def line_of(path: Path, lines: dict[Path, int]) -> int | None:
    """The line of the key, or of the nearest table around it."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None


def _table(header: re.Match[str], counts: dict[Path, int]) -> Path:
    path: Path = ()
    names = _parts(header[2])
    for position, name in enumerate(names, start=1):
        path = (*path, name)
        is_last = position == len(names)
        if is_last and header[1] == "[[":
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _opened(line: str) -> int:
    """How many brackets a line leaves open, texts and comments aside."""
    bare = _TEXT.sub("", line).split("#", 1)[0]
    return sum(bare.count(left) - bare.count(right) for left, right in ("[]", "{}"))
