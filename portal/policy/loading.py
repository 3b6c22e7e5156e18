"""From a policy file to a policy, or to the full list of what must be put right.

The rule: a broken policy never takes effect; the manager is told every problem with its line, and
the version in force goes on.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from portal.locale import language
from portal.policy.assembly import assemble
from portal.policy.model import Policy
from portal.policy.problems import PolicyError, Problem
from portal.policy.sections.lines import lines_of_keys
from portal.policy.sections.syntax import syntax_problem, too_large
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
    """Read once per content and language: a policy version is immutable, so its calendars are
    shared; what is wrong with it is told in the language that is spoken.
    """
    if (problem := too_large(source, file_name)) is not None:
        return Reading(None, (problem,))
    stored = None if holiday_snapshot is None else json.dumps(holiday_snapshot, sort_keys=True)
    return _read(source.removeprefix(BYTE_ORDER_MARK), file_name, stored, language())


BYTE_ORDER_MARK = "\ufeff"
"""Some editors put it before the first line; it says nothing."""


@lru_cache(maxsize=128)
def _read(source: str, file_name: str, stored: str | None, _tag: str) -> Reading:
    try:
        values = tomllib.loads(source)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a ValueError too
        return Reading(None, (syntax_problem(file_name, source, error),))
    findings = Findings(file_name, lines_of_keys(source))
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
