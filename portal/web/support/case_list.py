"""A customer's cases: what waits for them first, then what is open, then what is closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField

from portal.cases.case import Case, CaseStatus
from portal.cases.queries import CaseFilter, Turn, turn_of
from portal.cases.queries import case_list as find_cases
from portal.cases.telling import priority_name
from portal.cases.words import (
    STATUS_MEANINGS,
    STATUS_TONES,
    STATUS_WORDS,
    owed_to_customer,
    shown_status,
    waits_for,
)
from portal.clock import now
from portal.locale import N_, pgettext
from portal.locale import gettext as _
from portal.people.person import Person
from portal.people.queries import is_partner
from portal.policy.model import Policy
from portal.policy.moments import full_day
from portal.web.access import Who, allow
from portal.web.filters import iso, midnight, midnight_after
from portal.web.forms import Day, Form, Line
from portal.web.identity import current_person
from portal.web.support import blueprint
from portal.web.support.desk import policy_now
from portal.web.support.export import table
from portal.web.transaction import db

MOST_EXPORTED = 5_000
_KEYS = frozenset({"q", "status", "priority", "since", "until", "requester", "scope"})
_HEADS = ("Case", "Subject", "Status", "Priority", "Contact", "Opened", "Last activity", "Next due")


class FilterForm(Form):
    """What the list is narrowed to; all of it stands in the address."""

    q = Line(N_("Number or words"), limit=100)
    status = SelectField(N_("Status"), validate_choice=False)
    priority = SelectField(N_("Priority"), validate_choice=False)
    since = Day(N_("Opened since"))
    until = Day(N_("Opened until"))
    requester = Line(N_("Opened by"), limit=100)

    @property
    def is_set(self) -> bool:
        return any(field.data or field.errors for field in self)

    @property
    def is_narrowed(self) -> bool:
        """Whether one of the filters below the fold is set, or wrong."""
        return any(field.data or field.errors for field in (self.since, self.until, self.requester))


@dataclass(frozen=True)
class Row:
    """One case of the list, in words."""

    reference: str
    subject: str
    requester: str
    status: str
    tone: str
    priority: str
    updated_at: datetime
    due_at: datetime | None
    is_late: bool
    due_words: str


@dataclass(frozen=True)
class Rows:
    """Cases of which one has the same to expect."""

    id: str
    title: str
    rows: list[Row]


@dataclass(frozen=True)
class PageOf:
    """Where one is in a long list."""

    number: int
    count: int

    def url(self, number: int) -> str:
        return url_for("support.case_list", **{**_query(), "page": str(number)})


@blueprint.get("/cases")
@allow(Who.SIGNED_IN)
def case_list() -> ResponseReturnValue:
    person = _person()
    filters, scope = _filters(policy_now()), _scope(person)
    found = find_cases(db(), person=person, filters=_wanted(filters, scope), page=_page_number())
    return render_template(
        "support/case_list.html",
        filters=filters,
        scope=scope,
        scopes=_scopes(person, scope),
        groups=_groups(found.cases, person),
        page=PageOf(found.number, found.count),
        export_url=url_for("support.export", **_query()),
        statuses=STATUS_MEANINGS.items(),
    )


@blueprint.get("/cases/export.csv")
@allow(Who.SIGNED_IN)
def export() -> ResponseReturnValue:
    """The same list, whole, as a table."""
    person = _person()
    wanted = _wanted(_filters(policy_now()), _scope(person))
    found = find_cases(db(), person=person, filters=wanted, size=MOST_EXPORTED)
    response = Response(table(_HEADS, map(_cells, found.cases)), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="cases.csv"'
    return response


def _query() -> dict[str, Any]:
    """The filters as they stand in the address."""
    return {key: value for key, value in request.args.items() if value and key in _KEYS}


def _person() -> Person:
    person = current_person()
    assert person is not None
    return person


def _cells(case: Case) -> tuple[str, ...]:
    return (
        case.reference,
        case.subject,
        STATUS_WORDS[shown_status(case)],
        priority_name(case, case.priority),
        case.contact_name,
        iso(case.opened_at),
        iso(case.updated_at),
        iso(case.next_due_at) if case.next_due_at else "",
    )


def _filters(policy: Policy) -> FilterForm:
    form = FilterForm(request.args)
    words = dict.fromkeys(STATUS_WORDS.values())
    form.status.choices = [("", N_("Any")), *((word, word) for word in words)]
    form.priority.choices = [("", N_("Any")), *((each.id, each.name) for each in policy.priorities)]
    form.validate()
    for field in form:
        field.flags.optional = False
    return form


def _wanted(form: FilterForm, scope: str) -> CaseFilter:
    statuses = {status for status, word in STATUS_WORDS.items() if word == form.status.data}
    until = form.until.data if not form.until.errors else None
    since = form.since.data if not form.since.errors else None
    return CaseFilter(
        whose=scope,
        statuses=frozenset(statuses),
        priority=form.priority.data or "",
        words=(form.q.data or "")[:100],
        requester=(form.requester.data or "")[:100],
        opened_from=midnight(since) if since else None,
        opened_before=midnight_after(until) if until else None,
    )


def _scope(person: Person) -> str:
    asked = request.args.get("scope", "own")
    return asked if asked == "organisation" and _sees_others(person) else "own"


def _sees_others(person: Person) -> bool:
    return person.organisation is not None and person.sees_organisation_cases


def _allowed(person: Person) -> list[tuple[str, str]]:
    own = ("own", _("Your own"))
    if person.organisation is None or not person.sees_organisation_cases:
        return [own]
    name = person.organisation.name
    others = _("Others at %(organisation)s", organisation=name)
    if is_partner(db(), person.organisation):
        others = _("Others at %(organisation)s and its customers", organisation=name)
    return [own, ("organisation", others)]


def _scopes(person: Person, scope: str) -> list[tuple[str, str, bool]]:
    return [
        (words, url_for("support.case_list", scope=each), each == scope)
        for each, words in _allowed(person)
    ]


def _page_number() -> int:
    asked = request.args.get("page", "1")
    return int(asked) if asked.isdecimal() and len(asked) < 6 else 1


def _titles() -> dict[Turn, str]:
    return {
        Turn.YOURS: _("We need your answer"),
        Turn.OURS: pgettext("cases", "Open"),
        Turn.OVER: pgettext("cases", "Closed"),
    }


def _groups(cases: Iterable[Case], person: Person) -> list[Rows]:
    groups = {turn: Rows(turn.name.lower(), title, []) for turn, title in _titles().items()}
    for case in cases:
        groups[turn_of(case)].rows.append(_row(case, person))
    return list(groups.values())


def _row(case: Case, person: Person) -> Row:
    status = shown_status(case)
    values: dict[str, Any] = {
        "reference": case.reference,
        "subject": case.subject,
        "requester": case.contact_name if case.contact_id != person.id else "",
        "status": _(STATUS_WORDS[status]),
        "tone": STATUS_TONES[status],
        "priority": priority_name(case, case.priority),
        "updated_at": case.updated_at,
        "due_at": owed_to_customer(case),
        "due_words": _due_words(case),
    }
    return Row(**values, is_late=bool(values["due_at"] and values["due_at"] < now()))


def _due_words(case: Case) -> str:
    if case.status is CaseStatus.WAITING or case.asks_about_day:
        return _("When you answer")
    if case.status is CaseStatus.SOLVED:
        return _("Tell us if it isn’t solved")
    if case.status is CaseStatus.PAUSED:
        return _paused_words(case)
    return _("No published time") if case.is_open else pgettext("promise", "None")


def _paused_words(case: Case) -> str:
    if case.scheduled_on:
        return _("Agreed for %(day)s", day=full_day(case.scheduled_on))
    return _("Waiting for %(what)s", what=waits_for(case))
