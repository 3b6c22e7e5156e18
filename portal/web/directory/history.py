"""An organisation's whole history on one page: who asked, what they asked, what became of it."""

from typing import Any

from flask import Response, render_template, request, url_for
from wtforms import SelectField

from portal.cases.case import Case
from portal.cases.organisation_history import (
    Asked,
    Contacted,
    State,
    organisation_history,
    whole_history,
)
from portal.cases.rating import SCORES
from portal.cases.telling import priority_name
from portal.cases.words import CHANNEL_WORDS, STAFF_STATUS_WORDS
from portal.locale import N_, SPOKEN_IN_CODE, language
from portal.locale import gettext as _
from portal.spreadsheet import table
from portal.web.access import Who, allow
from portal.web.directory import blueprint
from portal.web.directory.loading import keeper, load_organisation, page_number
from portal.web.directory.organisations import PageOf
from portal.web.filters import iso, midnight, midnight_after
from portal.web.forms import Day, Form, Line
from portal.web.transaction import db

STATES = [("", N_("Any")), ("open", N_("Open")), ("over", N_("Solved or closed"))]
HEADS = (
    "Opened",
    "Case",
    "Subject",
    "Contact",
    "Channel",
    "Priority",
    "State",
    "Resolution",
    "Closed",
    "Messages of the customer",
    "Answers of support",
    "Satisfaction",
)


class HistoryForm(Form):
    """What the history is narrowed to; all of it stands in the address."""

    q = Line(N_("Words or case number"), limit=200)
    contact = SelectField(N_("Contact"), validate_choice=False)
    channel = SelectField(N_("Channel"), validate_choice=False)
    state = SelectField(N_("State"), choices=STATES, validate_choice=False)
    since = Day(N_("Opened since"))
    until = Day(N_("Opened until"))


@blueprint.get("/desk/organisations/<slug>/history")
@allow(Who.AGENT)
def organisation_cases(slug: str) -> str:
    found, form = load_organisation(slug), _form()
    page = organisation_history(
        db(), organisation=found, person=keeper(), asked=_asked(form), page=page_number()
    )
    form.contact.choices = [("", N_("Anybody")), *((name, name) for name in page.contacts)]
    values: dict[str, Any] = {"slug": slug} | _values()
    return render_template(
        "directory/history.html",
        organisation=found,
        form=form,
        found=page,
        is_narrow=bool(_values()),
        channel_of=_channel,
        status_words=STAFF_STATUS_WORDS,
        scores=SCORES,
        export_url=url_for("directory.export_organisation_cases", **values),
        page=PageOf(page.number, page.count, "directory.organisation_cases", values),
    )


@blueprint.get("/desk/organisations/<slug>/history.csv")
@allow(Who.AGENT)
def export_organisation_cases(slug: str) -> Response:
    """The same history, whole, as a table."""
    found = load_organisation(slug)
    rows = whole_history(db(), organisation=found, person=keeper(), asked=_asked(_form()))
    response = Response(table(HEADS, map(_cells, rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-history.csv"'
    return response


def _channel(case: Case) -> str:
    """How it came, behind a name: English writes that small, German nouns keep their capital."""
    said = _(CHANNEL_WORDS.get(case.channel, case.channel))
    return said.lower() if language() == SPOKEN_IN_CODE else said


def _form() -> HistoryForm:
    form = HistoryForm(request.args)
    form.channel.choices = [("", N_("Any")), *CHANNEL_WORDS.items()]
    form.contact.choices = []
    form.validate()
    for field in form:
        field.flags.optional = False
    return form


def _values() -> dict[str, str]:
    known = {field.name for field in HistoryForm(formdata=None)}
    return {name: value for name, value in request.args.items() if value and name in known}


def _asked(form: HistoryForm) -> Asked:
    since = form.since.data if not form.since.errors else None
    until = form.until.data if not form.until.errors else None
    state = form.state.data or ""
    return Asked(
        words=(form.q.data or "")[:200],
        contact=(form.contact.data or "")[:200],
        channel=form.channel.data or "",
        state=State(state) if state in set(State) else State.ANY,
        opened_from=midnight(since) if since else None,
        opened_before=midnight_after(until) if until else None,
    )


def _cells(row: Contacted) -> tuple[str, ...]:
    case = row.case
    return (
        iso(case.opened_at),
        case.reference,
        case.subject,
        case.contact_name,
        CHANNEL_WORDS.get(case.channel, case.channel),
        priority_name(case, case.priority),
        STAFF_STATUS_WORDS[case.status],
        case.resolution,
        iso(case.closed_at) if case.closed_at else "",
        str(row.from_customer),
        str(row.from_staff),
        SCORES.get(row.score, ""),
    )
