"""A file that is no TOML, or too large to be a policy, in words that say where and what to do.

The rule: whatever is in the file, a manager is answered at once and in their own words.
"""

import re

from portal.policy.problems import Problem

LONGEST_SOURCE = 200_000
_DEEPEST = 16
_NAME = r"""(?:[A-Za-z0-9_-]{1,80}|"[^"\n]{0,80}"|'[^'\n]{0,80}')"""
_TOO_DEEP = re.compile(rf"(?:{_NAME}[ \t]*\.[ \t]*){{{_DEEPEST}}}")
_LINE = re.compile(r" ?\(at line (\d+)(?:, column \d+)?\)")
_REMEDY = "Texts stand in quotes, dates and numbers do not; every bracket is closed."
_NESTED = "Its brackets or names are nested too deep."
_KNOWN = (
    ("Cannot overwrite a value", "This key stands twice.", "Keep one of them."),
    ("Cannot declare", "This section stands twice.", "Keep one of them, with all its keys."),
    ("Cannot mutate", "This section was closed above.", "Write all its keys in one place."),
    ("digits", "A number has thousands of digits.", "Write a number that people can read."),
)


def too_large(source: str, file_name: str) -> Problem | None:
    """What is far too large or too deep to be a policy is not read at all."""
    if len(source) > LONGEST_SOURCE:
        wrong = f"The file has {len(source):,} characters; a policy has at most {LONGEST_SOURCE:,}."
        return Problem(file_name, None, "file", wrong, "Leave out what is no policy.", "too_large")
    if (deep := _TOO_DEEP.search(source)) is not None:
        line = source.count("\n", 0, deep.start()) + 1
        return Problem(file_name, line, "file", _NESTED, _UNNEST, "unreadable")
    return None


_UNNEST = "Write the sections as the manual shows them."


def syntax_problem(file_name: str, source: str, error: Exception) -> Problem:
    """What stops short at the end of the document stands in its last line that says something."""
    if isinstance(error, RecursionError):
        return Problem(file_name, None, "file", _NESTED, _UNNEST, "unreadable")
    last = source.rstrip().count("\n") + 1
    message = str(error).replace("(at end of document)", f"(at line {last})")
    found = _LINE.search(message)
    line = int(found[1]) if found else None
    for beginning, wrong, remedy in _KNOWN:
        if beginning in message:
            return Problem(file_name, line, "file", wrong, remedy, "unreadable")
    wrong = f"The file cannot be read here: {_LINE.sub('', message)}."
    return Problem(file_name, line, "file", wrong, _REMEDY, "unreadable")
