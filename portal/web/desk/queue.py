"""The queue: the next promise that falls due stands on top, the broken ones above all."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField

from portal.cases.case import CaseStatus
from portal.cases.policies import NoPolicyError, policy_in_force
from portal.cases.queries import CaseFilter
from portal.cases.queue import Moments, Queue, View
from portal.cases.queue import queue as find_queue
from portal.cases.telling import priority_name
from portal.cases.words import STAFF_STATUS_WORDS, STATUS_TONES, next_promise
from portal.clock import now
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.loading import worker
from portal.web.filters import reader_zone
from portal.web.forms import Form, Line
from portal.web.transaction import db

VIEW_WORDS = {
    View.OPEN: "All open",
    View.MINE: "Mine",
    View.UNASSIGNED: "Unassigned",
    View.DUE_SOON: "Due within the hour",
    View.WAITING: "Waiting for the customer",
    View.ESCALATED: "Escalated",
    View.HELD: "Contract check",
    View.OVER: "Solved or closed",
}
_LARGEST_PAGE = 100_000


class FilterForm(Form):
    """What the queue is narrowed to; lives in the address."""

    q = Line("Words or case number", limit=200)
    status = SelectField("Status", validate_choice=False)
    priority = SelectField("Priority", validate_choice=False)


@dataclass(frozen=True)
class Page:
    """Where the pager leads."""

    number: int
    count: int
    kept: dict[str, str]

    def url(self, number: int) -> str:
        values: dict[str, Any] = {**self.kept, "page": number}
        return url_for("desk.queue", **values)


@blueprint.get("/desk")
@allow(Who.AGENT)
def queue() -> ResponseReturnValue:
    """Open cases by the next promise; views and filters are part of the address."""
    view = _view(request.args.get("view", ""))
    form = _filter_form()
    found = find_queue(
        db(),
        person=worker(),
        moments=_moments(now()),
        view=view,
        filters=_filters(form),
        page=request.args.get("page", 1, type=int) % _LARGEST_PAGE,
    )
    kept = _kept(view, form)
    return render_template(
        "desk/queue.html",
        queue=found,
        form=form,
        is_filtered=len(kept) > 1,
        view_tabs=_tabs(found, view),
        page=Page(found.number, found.count, kept),
        view_words=VIEW_WORDS[view],
        status_words=STAFF_STATUS_WORDS,
        status_tones=STATUS_TONES,
        next_promise=next_promise,
        priority_name=priority_name,
    )


def _view(name: str) -> View:
    return View(name) if name in set(View) else View.OPEN


def _filter_form() -> FilterForm:
    form = FilterForm(formdata=request.args)
    statuses = [(status.value, words) for status, words in STAFF_STATUS_WORDS.items()]
    form.status.choices = [("", "Any"), *statuses]
    form.priority.choices = [("", "Any"), *_priorities()]
    return form


def _priorities() -> list[tuple[str, str]]:
    try:
        _, policy = policy_in_force(db(), now=now())
    except NoPolicyError:
        return []
    return [(priority.id, priority.name) for priority in policy.priorities]


def _filters(form: FilterForm) -> CaseFilter:
    status = form.status.data if form.status.data in set(CaseStatus) else ""
    return CaseFilter(
        statuses=frozenset({CaseStatus(status)}) if status else frozenset(),
        priority=form.priority.data or "",
        words=(form.q.data or "")[:200],
    )


def _kept(view: View, form: FilterForm) -> dict[str, str]:
    given: dict[str, Any] = {
        "q": form.q.data,
        "status": form.status.data,
        "priority": form.priority.data,
    }
    return {"view": view.value, **{name: value for name, value in given.items() if value}}


def _tabs(found: Queue, view: View) -> list[tuple[Any, ...]]:
    tabs: list[tuple[Any, ...]] = []
    for each, words in VIEW_WORDS.items():
        tab = (words, url_for("desk.queue", view=each.value), each is view)
        count = found.view_counts.get(each)
        tabs.append(tab if count is None else (*tab, count))
    return tabs


def _moments(at: datetime) -> Moments:
    """The day ends at midnight where the reader is."""
    zone = reader_zone()
    tomorrow = at.astimezone(zone).date() + timedelta(days=1)
    end_of_day = datetime.combine(tomorrow, time(), tzinfo=zone)
    return Moments(now=at, in_an_hour=at + timedelta(hours=1), end_of_day=end_of_day)
