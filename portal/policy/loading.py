"""From a policy file to a policy, or to the full list of what must be put right.

The rule: a broken policy never takes effect; the manager is told every problem with its line, and
the version in force goes on.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from portal.policy.assembly import assemble
from portal.policy.model import Policy
from portal.policy.problems import PolicyError, Problem
from portal.policy.sections.lines import lines_of_keys
from portal.policy.sections.table import Findings, Table


@dataclass(frozen=True)
class Reading:
    """What came of reading a file: a policy when nothing is wrong, and what is worth saying."""

    policy: Policy | None
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    policy_id: str = ""


def load_policy(
    source: str,
    *,
    file_name: str = "policy.toml",
    holiday_snapshot: Mapping[str, Any] | None = None,
) -> Policy:
    """The policy of a file; with a snapshot its holidays are those that were stored with it."""
    reading = read_policy(source, file_name=file_name, holiday_snapshot=holiday_snapshot)
    if reading.policy is None:
        raise PolicyError(reading.errors)
    return reading.policy


def read_policy(
    source: str,
    *,
    file_name: str = "policy.toml",
    holiday_snapshot: Mapping[str, Any] | None = None,
) -> Reading:
    """Read once per content: a policy version is immutable, so its calendars are shared."""
    stored = None if holiday_snapshot is None else json.dumps(holiday_snapshot, sort_keys=True)
    return _read(source, file_name, stored)


@lru_cache(maxsize=128)
def _read(source: str, file_name: str, stored: str | None) -> Reading:
    findings = Findings(file_name, lines_of_keys(source))
    try:
        values = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        return Reading(None, (_syntax_problem(file_name, source, str(error)),))
    root = Table(values, (), findings)
    snapshot = None if stored is None else json.loads(stored)
    policy = assemble(root, snapshot)
    root.done()
    warnings = tuple(findings.warnings)
    if findings.errors or policy is None:
        return Reading(None, tuple(findings.errors), warnings, _id(values))
    return Reading(policy, (), warnings, policy.id)


def _id(values: Mapping[str, Any]) -> str:
    section = values.get("policy")
    return str(section.get("id", "")) if isinstance(section, dict) else ""


def _syntax_problem(file_name: str, source: str, message: str) -> Problem:
    """What stops short at the end of the document stands in its last line that says something."""
    last = source.rstrip().count("\n") + 1
    message = message.replace("at end of document", f"at line {last}, the last one")
    line = re.search(r"at line (\d+)", message)
    remedy = "Texts stand in quotes, dates and numbers do not; every bracket is closed."
    wrong = f"The file cannot be read: {message}."
    return Problem(file_name, int(line[1]) if line else None, "file", wrong, remedy, "unreadable")
