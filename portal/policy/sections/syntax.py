"""A file that is no TOML, or too large to be a policy, in words that say where and what to do.

The rule: whatever is in the file, a manager is answered at once and in their own words.
"""

import re

from portal import written
from portal.locale import N_
from portal.locale import gettext as _
from portal.policy.problems import Problem

LONGEST_SOURCE = 200_000
_DEEPEST = 16
_NAME = r"""(?:[A-Za-z0-9_-]{1,80}|"[^"\n]{0,80}"|'[^'\n]{0,80}')"""
_TOO_DEEP = re.compile(rf"(?:{_NAME}[ \t]*\.[ \t]*){{{_DEEPEST}}}")
_LINE = re.compile(r" ?\(at line (\d+)(?:, column \d+)?\)")
_REMEDY = N_("Texts stand in quotes, dates and numbers do not; every bracket is closed.")
_NESTED = N_("Its brackets or names are nested too deep.")
_KNOWN = (
    ("Cannot overwrite a value", N_("This key stands twice."), N_("Keep one of them.")),
    ("Duplicate inline table key", N_("This key stands twice."), N_("Keep one of them.")),
    (
        "Cannot declare",
        N_("This section stands twice."),
        N_("Keep one of them, with all its keys."),
    ),
    (
        "Cannot redefine",
        N_("This section stands twice."),
        N_("Keep one of them, with all its keys."),
    ),
    ("Cannot mutate", N_("This section was closed above."), N_("Write all its keys in one place.")),
    ("digits", N_("A number has thousands of digits."), N_("Write a number that people can read.")),
)

_FAULTS = (
    N_("Expected '=' after a key in a key/value pair"),
    N_("Expected ']' at the end of a table declaration"),
    N_("Expected ']]' at the end of an array declaration"),
    N_("Escaped character is not a Unicode scalar value"),
    N_("Expected newline or end of document after a statement"),
    N_("Invalid date or datetime"),
    N_("Invalid hex value"),
    N_("Invalid initial character for a key part"),
    N_("Invalid statement"),
    N_("Invalid value"),
    N_("Unclosed array"),
    N_("Unclosed inline table"),
    N_("Unescaped '\\' in a string"),
    N_("Unterminated string"),
)
"""What the TOML reader of Python 3.11 says word for word."""
_SIGN = r"(?P<sign>'.+'|\".+\")"
_FAULTS_WITH_SIGN = (
    (re.compile(f"Expected {_SIGN}"), N_("Expected %(sign)s")),
    (
        re.compile(f"(?:Illegal|Found invalid) character {_SIGN}"),
        N_("It holds the character %(sign)s, which must not stand there"),
    ),
)


def too_large(source: str, file_name: str) -> Problem | None:
    """What is far too large or too deep to be a policy is not read at all."""
    if len(source) > LONGEST_SOURCE:
        wrong = _(
            "The file has %(number)s characters; a policy has at most %(most)s.",
            number=written.number(len(source)),
            most=written.number(LONGEST_SOURCE),
        )
        return Problem(
            file_name, None, "file", wrong, _("Leave out what is no policy."), "too_large"
        )
    if (deep := _TOO_DEEP.search(source)) is not None:
        line = source.count("\n", 0, deep.start()) + 1
        return Problem(file_name, line, "file", _(_NESTED), _(_UNNEST), "unreadable")
    return None


_UNNEST = N_("Write the sections as the manual shows them.")


def syntax_problem(file_name: str, source: str, error: Exception) -> Problem:
    """What stops short at the end of the document stands in its last line that says something."""
    if isinstance(error, RecursionError):
        return Problem(file_name, None, "file", _(_NESTED), _(_UNNEST), "unreadable")
    last = source.rstrip().count("\n") + 1
    message = str(error).replace("(at end of document)", f"(at line {last})")
    found = _LINE.search(message)
    line = int(found[1]) if found else None
    for beginning, wrong, remedy in _KNOWN:
        if beginning in message:
            return Problem(file_name, line, "file", _(wrong), _(remedy), "unreadable")
    wrong = _("The file cannot be read here: %(fault)s.", fault=_fault(_LINE.sub("", message)))
    return Problem(file_name, line, "file", wrong, _(_REMEDY), "unreadable")


def _fault(said: str) -> str:
    """What the TOML reader says, in the language that is spoken; of a later one, its own words."""
    if said in _FAULTS:
        return _(said)
    for pattern, fault in _FAULTS_WITH_SIGN:
        if (found := pattern.fullmatch(said)) is not None:
            return _(fault, sign=found["sign"])
    return _('the reader says "%(said)s"', said=said)
