"""Putting the sections of a policy file together, and checking them against each other.

The rule: ids are unique, every name leads somewhere, and hours that a promise rests on do open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from portal.locale import gettext as _
from portal.policy.calendar import Calendar
from portal.policy.days import HolidaySet
from portal.policy.model import Channel, Policy, Priority
from portal.policy.pausing import PauseReason, with_defaults
from portal.policy.reach import check_reach
from portal.policy.sections.closed_days import read_holidays
from portal.policy.sections.forms import read_fields, read_request_kind, read_required
from portal.policy.sections.hours import read_calendar, read_zone
from portal.policy.sections.pauses import read_pause
from portal.policy.sections.priorities import read_priority
from portal.policy.sections.service import (
    read_channel,
    read_desk,
    read_emergency,
    read_entitlement,
    read_paid,
)
from portal.policy.sections.table import Table

UTC_ZONE = ZoneInfo("UTC")
YEARS = range(1990, 2101)
MOST_PARTS = 20
Snapshot = Mapping[str, Any]


@dataclass(frozen=True)
class _Head:
    id: str
    name: str
    version: int
    effective_from: date
    zone: ZoneInfo
    default_priority: str
    published: str
    notes: tuple[str, ...]


def _head(root: Table) -> _Head | None:
    table = root.table("policy")
    if table is None:
        root.wrong("policy", _("The section is missing."), _("Begin with [policy]."), "missing")
        return None
    effective_from = table.day("effective_from")
    if "effective_from" not in table or (effective_from and effective_from.year not in YEARS):
        wrong = _("No date from %(first)s to %(last)s is given.", first=YEARS[0], last=YEARS[-1])
        table.wrong("effective_from", wrong, _("Write effective_from = 2026-01-01."))
        effective_from = None
    head = _Head(
        id=table.identity("id", _("Write a short id; versions of one policy share it.")),
        name=table.needed_text("name", _("Write the name customers know.")),
        version=table.whole("version", 1, least=1, most=1_000_000),
        effective_from=effective_from or date(2000, 1, 1),
        zone=read_zone(table, "time_zone", None) or UTC_ZONE,
        default_priority=table.needed_text("default_priority", _("Name the id of a priority.")),
        published=table.text("published"),
        notes=table.texts("notes"),
    )
    table.done()
    return head


@dataclass(frozen=True)
class _Parts:
    """What the other sections refer to by name."""

    sets: dict[str, HolidaySet]
    calendars: dict[str, Calendar]
    channels: dict[str, Channel]
    priorities: tuple[Priority, ...]


def assemble(root: Table, snapshot: Snapshot | None) -> Policy | None:
    """The whole policy; what is wrong with it is noted in the findings of the table."""
    head = _head(root)
    if head is None:
        return None
    parts = _parts(root, head, snapshot)
    _check_priorities(root, head, parts.priorities)
    policy = _policy(root, head, parts)
    check_reach(root.findings, policy)
    return policy


def _parts(root: Table, head: _Head, snapshot: Snapshot | None) -> _Parts:
    sets = {
        name: read_holidays(table, name, head.effective_from, snapshot)
        for name, table in root.named_tables("holidays", most=MOST_PARTS).items()
    }
    calendars = {
        name: read_calendar(table, name, head.zone, sets)
        for name, table in root.named_tables("hours", most=MOST_PARTS).items()
    }
    channels = {
        name: read_channel(table, name, calendars)
        for name, table in root.named_tables("channels", most=MOST_PARTS).items()
    }
    entries = root.tables("priority", most=MOST_PARTS)
    levels = tuple(read_priority(table, calendars, channels) for table in entries)
    return _Parts(sets, calendars, channels, levels)


def _policy(root: Table, head: _Head, parts: _Parts) -> Policy:
    ids = [priority.id for priority in parts.priorities]
    required, optional, basis = read_required(root.table("required_information"))
    fields = read_fields(root.table("intake"), required, optional)
    return Policy(
        id=head.id,
        name=head.name,
        version=head.version,
        effective_from=head.effective_from,
        zone=head.zone,
        default_priority=head.default_priority,
        priorities=parts.priorities,
        calendars=parts.calendars,
        holidays=parts.sets,
        channels=parts.channels,
        desk=read_desk(root.table("desk")),
        entitlement=read_entitlement(root.table("entitlement")),
        emergency=read_emergency(root.table("emergency"), parts.priorities, parts.calendars),
        paid=read_paid(root.table("paid_after_hours"), parts.calendars, ids),
        fields=tuple(fields.values()),
        required_information=required,
        optional_information=optional,
        required_basis=basis,
        request_kinds=tuple(
            read_request_kind(table, fields) for table in root.tables("request_kind")
        ),
        pauses=_pauses(root),
        published=head.published,
        notes=head.notes,
    )


def _pauses(root: Table) -> tuple[PauseReason, ...]:
    written = root.named_tables("pauses").items()
    return with_defaults(tuple(read_pause(table, name) for name, table in written))


def _check_priorities(root: Table, head: _Head, priorities: tuple[Priority, ...]) -> None:
    ids = [priority.id for priority in priorities]
    for number, priority_id in enumerate(ids):
        if priority_id in ids[:number]:
            path = ("priority", number, "id")
            root.findings.wrong(
                path, _('The id "%(id)s" is used twice.', id=priority_id), _("Rename one.")
            )
    if not ids:
        root.wrong("priority", _("There is no priority."), _("Add a [[priority]]."), "missing")
    elif head.default_priority and head.default_priority not in ids:
        wrong = _('There is no priority "%(id)s".', id=head.default_priority)
        root.findings.wrong(
            ("policy", "default_priority"), wrong, _("There is %(known)s.", known=", ".join(ids))
        )
    _check_questions(root, priorities)


def _check_questions(root: Table, priorities: tuple[Priority, ...]) -> None:
    asked = [(n, question) for n, level in enumerate(priorities) for question in level.questions]
    ids = [question.id for _number, question in asked]
    for number, question in asked:
        if ids.count(question.id) > 1:
            wrong = _('Two questions have the id "%(id)s".', id=question.id)
            root.findings.wrong(("priority", number), wrong, _("Rename one of them."))
        if question.unless and question.unless not in ids:
            wrong = _(
                '"%(id)s" yields to "%(other)s", which is no question.',
                id=question.id,
                other=question.unless,
            )
            root.findings.wrong(("priority", number), wrong, _("Mend the id."))
