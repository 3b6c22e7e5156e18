"""How we serve: promises kept, cases that came back, satisfaction, and whose turn it was."""

from datetime import timedelta

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cases.policies import NoPolicyError, policy_in_force
from portal.cases.rating import SCORES
from portal.cases.turns import Side
from portal.clock import now
from portal.insight.kept import FEWEST, Figures
from portal.insight.service import Returned, Service, service
from portal.locale import N_
from portal.locale import gettext as _
from portal.policy.model import Policy
from portal.policy.moments import length_text
from portal.spreadsheet import table
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.kept_promises import CLOCK_WORDS, rows_of_promises
from portal.web.parts import parts
from portal.web.shares import percent, share_words
from portal.web.transaction import db

TIMES = {28: N_("Four weeks"), 91: N_("Three months"), 365: N_("A year")}
SIDE_WORDS = {
    Side.US: N_("Ours"),
    Side.CUSTOMER: N_("The customer’s"),
    Side.THIRD_PARTY: N_("A third party’s"),
    Side.NOBODY: N_("Nobody’s: an agreed pause"),
}
HEADS = (
    *("Clock", "Priority", "Judged", "Kept", "Share kept"),
    *("Median, seconds of support time", "90th percentile, seconds of support time", "Left out"),
)


@blueprint.get("/desk/service")
@allow(Who.MANAGER)
def service_report() -> str:
    """The figures of the cases opened in a time, each with what it means."""
    days = _days()
    found, policy = _report(days), _policy()
    times = [
        (_(words), url_for("desk.service_report", days=each), each == days)
        for each, words in TIMES.items()
    ]
    return render_template(
        "desk/service.html",
        report=found,
        days=days,
        times=times,
        promises=rows_of_promises(found, policy),
        fewest=FEWEST,
        by_priority=[(_name(policy, key), row) for key, row in found.by_priority.items()],
        by_kind=[(_kind(policy, key), row) for key, row in found.by_kind.items()],
        returned_words=_returned_words,
        satisfied=share_words(found.satisfaction.share, found.satisfaction.interval),
        scores=[(words, found.satisfaction.counts[score]) for score, words in SCORES.items()],
        turns=_turns(found),
        is_published=parts().settings.publishes_promises,
    )


@blueprint.get("/desk/service/promises.csv")
@allow(Who.MANAGER)
def service_promises() -> ResponseReturnValue:
    """The promises as a table: everything, also what is too little to be shown on the page."""
    found, policy = _report(_days()), _policy()
    rows = [
        _cells(CLOCK_WORDS[clock], _name(policy, priority), figures)
        for (clock, priority), figures in sorted(found.promises.items())
    ]
    return _sheet(table(HEADS, rows), "promises")


@blueprint.get("/desk/service/reopened.csv")
@allow(Who.MANAGER)
def service_reopened() -> ResponseReturnValue:
    """Cases that came back, by priority and by kind."""
    found, policy = _report(_days()), _policy()
    rows = [
        *(("Priority", _name(policy, key), row) for key, row in found.by_priority.items()),
        *(("Kind", _kind(policy, key), row) for key, row in found.by_kind.items()),
    ]
    cells = [
        (of, name, str(row.ended), str(row.reopened), f"{row.share:.4f}") for of, name, row in rows
    ]
    return _sheet(table(("By", "Name", "Ended", "Opened again", "Share"), cells), "reopened")


def _report(days: int) -> Service:
    at = now()
    return service(db(), since=at - timedelta(days), until=at, now=at)


def _days() -> int:
    asked = request.args.get("days", 91, type=int)
    return asked if asked in TIMES else 91


def _policy() -> Policy | None:
    try:
        return policy_in_force(db(), now=now())[1]
    except NoPolicyError:
        return None


def _name(policy: Policy | None, priority: str) -> str:
    known = policy is not None and policy.has_priority(priority)
    return policy.priority(priority).name if policy and known else priority


def _kind(policy: Policy | None, kind: str) -> str:
    kinds = policy.request_kinds if policy else ()
    return next((each.name for each in kinds if each.id == kind), kind or _("Not said"))


def _returned_words(row: Returned) -> str:
    return share_words(row.share, row.interval) if row.ended else "–"


def _turns(found: Service) -> list[tuple[str, str, str]]:
    total = sum((length.total_seconds() for length in found.turns.values()), 0.0)
    return [
        (
            _(SIDE_WORDS[side]),
            length_text(int(found.turns[side].total_seconds())),
            percent(found.turns[side].total_seconds() / total),
        )
        for side in SIDE_WORDS
        if side in found.turns and total
    ]


def _cells(clock: str, priority: str, figures: Figures) -> tuple[str, ...]:
    left_out = "; ".join(f"{reason.value}: {n}" for reason, n in figures.left_out.items())
    times = ("" if cut is None else f"{cut:.0f}" for cut in (figures.median, figures.ninetieth))
    kept = round(figures.share * figures.judged)
    shares = (str(figures.judged), str(kept), f"{figures.share:.4f}")
    return (clock, priority, *shares, *times, left_out)


def _sheet(text: str, name: str) -> Response:
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
