"""The queue's address: which view, narrowed to what. Saved views keep the same names and values."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import request, url_for
from werkzeug.datastructures import MultiDict
from wtforms import Field, SelectField

from portal.cases.case import CaseStatus
from portal.cases.narrowing import ME, NOBODY, Narrowing
from portal.cases.policies import NoPolicyError, policy_in_force
from portal.cases.queue import Group, Moments, View
from portal.cases.words import CHANNEL_WORDS, STAFF_STATUS_WORDS
from portal.clock import now
from portal.locale import N_
from portal.policy.model import Policy
from portal.web.desk.loading import teams, workers
from portal.web.filters import midnight, midnight_after, reader_zone
from portal.web.forms import Day, Form, Line
from portal.web.transaction import db

VIEW_WORDS = {
    View.OPEN: N_("All open"),
    View.MINE: N_("Mine"),
    View.UNASSIGNED: N_("Unassigned"),
    View.DUE_SOON: N_("Due within the hour"),
    View.WAITING: N_("Waiting for the customer"),
    View.ESCALATED: N_("Escalated"),
    View.HELD: N_("Contract check"),
    View.OVER: N_("Solved or closed"),
    View.ALL: N_("All cases"),
}
GROUP_WORDS = {
    Group.OVERDUE: (N_("Overdue"), N_("%(count)s overdue")),
    Group.WITHIN_THE_HOUR: (N_("Within the hour"), N_("%(count)s within the hour")),
    Group.TODAY: (N_("Today"), N_("%(count)s today")),
    Group.LATER: (N_("Later"), N_("%(count)s later")),
    Group.NO_TIME: (N_("No time promised"), N_("%(count)s no time promised")),
    Group.WAITING: (N_("Waiting for the customer"), N_("%(count)s waiting for the customer")),
    Group.PAUSED: (N_("Paused"), N_("%(count)s paused")),
    Group.HELD: (N_("Contract check"), N_("%(count)s contract check")),
    Group.OVER: (N_("Solved or closed"), N_("%(count)s solved or closed")),
}
"""A group's heading, and how many cases it has."""
_LONGEST_ADDRESS = 4_000
_ANY = ("", N_("Any"))
_LEVELS = [_ANY, ("1", "1"), ("2", "2"), ("3", "3")]
_WITHIN = [_ANY, ("1", N_("Today")), ("7", N_("Last 7 days")), ("30", N_("Last 30 days"))]


class NarrowForm(Form):
    """What the queue is narrowed to; lives in the address."""

    q = Line(N_("Words or case number"), limit=200)
    status = SelectField(N_("Status"), validate_choice=False)
    priority = SelectField(N_("Priority"), validate_choice=False)
    level = SelectField(N_("Level"), choices=_LEVELS, validate_choice=False)
    assignee = SelectField(N_("Assigned to"), validate_choice=False)
    team = SelectField(N_("Team"), validate_choice=False)
    organisation = Line(N_("Organisation"))
    kind = SelectField(N_("Kind of request"), validate_choice=False)
    channel = SelectField(N_("Channel"), validate_choice=False)
    within = SelectField(N_("Opened"), choices=_WITHIN, validate_choice=False)
    opened_from = Day(N_("Opened from"))
    opened_to = Day(N_("Opened until"))


MAIN = ("q", "status", "priority")
"""What stands in the first row; the others fold away while they are not used."""


def read_form(address: Mapping[str, Any]) -> NarrowForm:
    """The form as an address or a saved view fills it in, with what is wrong at each field."""
    form = NarrowForm(formdata=MultiDict(address))
    form.validate()
    return form


def offer_choices(form: NarrowForm) -> NarrowForm:
    """Fill the lists with what there is now."""
    policy = _policy()
    form.status.choices = [_ANY, *((s.value, said) for s, said in STAFF_STATUS_WORDS.items())]
    form.priority.choices = [_ANY, *((p.id, p.name) for p in policy.priorities)] if policy else []
    form.kind.choices = [_ANY, *((k.id, k.name) for k in policy.request_kinds)] if policy else []
    form.channel.choices = [_ANY, *CHANNEL_WORDS.items()]
    people = [(str(person.id), person.name) for person in workers()]
    form.team.choices = [_ANY, *((str(team.id), team.name) for team in teams())]
    form.assignee.choices = [_ANY, (ME, N_("Me")), (NOBODY, N_("Nobody")), *people]
    return form


def view_of(address: Mapping[str, Any]) -> View:
    name = address.get("view", "")
    return View(name) if name in set(View) else View.OPEN


def address_of(view: View, form: NarrowForm) -> dict[str, str]:
    """The view and everything that was really narrowed, as the address has it."""
    given = {field.name: _as_in_address(field) for field in form}
    return {"view": view.value, **{name: value for name, value in given.items() if value}}


def _as_in_address(field: Field) -> str:
    """A day reads the same in every language, for whoever follows the address."""
    if isinstance(field, Day) and field.data is not None:
        return field.data.isoformat()
    return str(field.raw_data[0]).strip() if field.raw_data else ""


def queue_address(asked: Mapping[str, str]) -> str:
    """The address of the queue with these names and values."""
    return f"{url_for('desk.queue')}?{urlencode(asked)}"


def sent_address() -> dict[str, str]:
    """The queue's address that a form on it was sent from: names that the queue knows, no other."""
    asked = dict(parse_qsl(request.form.get("address", "")[:_LONGEST_ADDRESS]))
    kept = {name: asked[name] for name in ("saved", "page") if name in asked}
    return address_of(view_of(asked), read_form(asked)) | kept


def narrowing_of(form: NarrowForm) -> Narrowing:
    """What can't be meant, such as a status that doesn't exist, narrows nothing."""
    status = form.status.data if form.status.data in set(CaseStatus) else None
    begins, ends = form.opened_from.data, form.opened_to.data
    if _is_offered(form.within):
        begins = _today() - timedelta(days=int(form.within.data) - 1)
    return Narrowing(
        words=(form.q.data or "")[:200],
        status=CaseStatus(status) if status else None,
        priority=form.priority.data or "",
        level=int(form.level.data) if _is_offered(form.level) else 0,
        assignee=_assignee(form.assignee.data or ""),
        team_id=int(form.team.data) if _is_number(form.team.data or "") else 0,
        organisation=(form.organisation.data or "")[:200],
        request_kind=form.kind.data or "",
        channel=form.channel.data or "",
        opened_from=midnight(begins) if begins else None,
        opened_before=midnight_after(ends) if ends else None,
    )


def moments(at: datetime) -> Moments:
    """The day ends at midnight where the reader is."""
    tomorrow = midnight(at.astimezone(reader_zone()).date() + timedelta(days=1))
    return Moments(now=at, in_an_hour=at + timedelta(hours=1), end_of_day=tomorrow)


def _is_offered(field: SelectField) -> bool:
    return bool(field.data) and any(field.data == value for value, *_ in field.iter_choices())


def _assignee(said: str) -> str:
    return said if _is_number(said) or said in {ME, NOBODY} else ""


def _is_number(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) < 10


def _policy() -> Policy | None:
    try:
        return policy_in_force(db(), now=now())[1]
    except NoPolicyError:
        return None


def _today() -> Any:
    return now().astimezone(reader_zone()).date()
