"""The case page: the conversation in the middle, everything one must know beside it."""

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.cases import clocks
from portal.cases.case import Case, CaseStatus
from portal.cases.contract_check import HeldReason
from portal.cases.delivery_date import delivery_words, is_promised
from portal.cases.expectation import Expectation
from portal.cases.following import followers_of
from portal.cases.linking import related_to
from portal.cases.merged import absorbed
from portal.cases.revision import ChangedMeanwhileError
from portal.cases.timeline import Entry, events_for_staff, timeline_for_staff
from portal.cases.words import STAFF_STATUS_WORDS, STATUS_TONES
from portal.clock import now
from portal.insight.attempting import seen_before
from portal.locale import N_
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.beside import NOTHING_SOUGHT, Finding, around_writing
from portal.web.desk.choices import prepare_choices
from portal.web.desk.forms import (
    ActForm,
    AssignmentForm,
    ContractForm,
    DeliveryForm,
    EscalationAnswerForm,
    EscalationForm,
    KindForm,
    NoteForm,
    PauseForm,
    PriorityForm,
    ReplyForm,
    ScheduleForm,
    StatusForm,
    fresh,
)
from portal.web.desk.loading import load_case, rules, worker
from portal.web.desk.panel import panel_of
from portal.web.desk.standing import standing_of
from portal.web.filters import reader_zone
from portal.web.live import mark_of, marked
from portal.web.plain_text import plain_text
from portal.web.transaction import db

DOUBT = N_(
    "Nothing proves who sent this: the case number in its subject and the address that it names "
    "brought it here. Ask by a reply before you act on it."
)
_HELD_WORDS = {
    HeldReason.GUEST: N_("It was sent without signing in."),
    HeldReason.NO_ORGANISATION: N_("The sender belongs to no organisation."),
    HeldReason.NO_CONTRACT: N_("The organisation has no contract in force."),
    HeldReason.CASES_USED_UP: N_("The contract's cases have been used up."),
}


@blueprint.get("/desk/cases/<reference>")
@allow(Who.AGENT)
def case(reference: str) -> ResponseReturnValue:
    """One case for those who work on it."""
    found = load_case(reference)
    if reference != found.reference:
        return redirect(url_for("desk.case", reference=found.reference), 302)
    return case_page(found)


@blueprint.get("/desk/cases/<reference>/entries")
@allow(Who.AGENT, is_use=False)
def case_entries(reference: str) -> ResponseReturnValue:
    """Where the case stands and its timeline, for the page's script."""
    found = load_case(reference)
    events = events_for_staff(db(), found)
    mark = mark_of(found, events, for_staff=True)
    timeline = timeline_for_staff(db(), found, events=events)
    entries = [_shown(found, entry) for entry in timeline]
    news = render_template("desk/_fresh.html", entries=entries, **_status(found))
    return marked(news, mark)


def case_page(
    case: Case,
    *,
    filled: ActForm | None = None,
    conflict_since: int | None = None,
    finding: Finding = NOTHING_SOUGHT,
) -> str:
    """The page; `filled` is a form that could not be taken and keeps what was typed.

    `conflict_since` is how many entries its writer had seen when somebody changed the case;
    `finding` is what was looked for to insert in the reply.
    """
    events = events_for_staff(db(), case)
    timeline = timeline_for_staff(db(), case, events=events)
    entries = [_shown(case, entry) for entry in timeline]
    forms = _forms(case, filled, seen=len(entries))
    expectation = Expectation(
        clocks.evaluation_of(db(), case, policies=rules(case), events=events),
        case.status is CaseStatus.HELD,
    )
    at = now()
    return render_template(
        "desk/case.html",
        case=case,
        live_mark=mark_of(case, events, for_staff=True),
        entries=entries,
        news=entries[conflict_since:] if conflict_since is not None else [],
        is_conflict=conflict_since is not None,
        form=filled or ActForm(formdata=None),
        forms=forms,
        filled_name=_name_of(filled),
        promises=expectation.shown(now=at, reader_zone=reader_zone().key),
        panel=panel_of(case, now=at),
        together=_together(case),
        seen=seen_before(db(), case),
        held_words=_held_words(case),
        **_status(case),
        closes_at=case.closes_at,
        mine=case.assignee_id == worker().id,
        promises_delivery=is_promised(case) or case.fix_due_on is not None,
        delivery_words=delivery_words(db(), case),
        **around_writing(case, timeline, finding),
        standing=standing_of(case, timeline, events=events, now=at),
    )


def _status(case: Case) -> dict[str, str]:
    return {
        "status_words": _(STAFF_STATUS_WORDS[case.status]),
        "status_tone": STATUS_TONES[case.status],
    }


def _held_words(case: Case) -> str:
    words = _HELD_WORDS.get(HeldReason(case.held_reason))
    return _(words) if words else ""


def _together(case: Case) -> dict[str, Any]:
    """What belongs with the case, as far as the panel tells of it."""
    return {
        "related": related_to(db(), case, person=worker()),
        "merged": absorbed(db(), case),
        "followers": followers_of(db(), case),
    }


def refused(case: Case, form: ActForm) -> ResponseReturnValue:
    """The page again with what was typed and what is wrong with it."""
    return case_page(case, filled=form), 422


def conflict(error: ChangedMeanwhileError, form: ActForm) -> ResponseReturnValue:
    """Somebody was faster: show what they did, keep what was typed, and let it be sent again."""
    return case_page(error.case, filled=form, conflict_since=form.shown_entries), 409


def done(case: Case, anchor: str = "") -> ResponseReturnValue:
    """Back to the case after an act."""
    address = url_for("desk.case", reference=case.reference, _anchor=anchor or None)
    return redirect(address, 303)


def _forms(case: Case, filled: ActForm | None, *, seen: int) -> dict[str, ActForm]:
    """All forms of the page; the one that came back with an error stands as it was typed."""
    forms = {
        name: filled if isinstance(filled, kind) else kind(formdata=None)
        for name, kind in _KINDS.items()
    }
    prepare_choices(case, forms.values(), is_new=filled)
    for name, form in forms.items():
        for control in form:
            control.id = f"{name}-{control.id}"  # several forms of one page have a reason or a text
    return {name: fresh(form, case, seen=seen) for name, form in forms.items()}


_KINDS: dict[str, type[ActForm]] = {
    "reply": ReplyForm,
    "note": NoteForm,
    "status": StatusForm,
    "assignment": AssignmentForm,
    "priority": PriorityForm,
    "contract": ContractForm,
    "escalation": EscalationForm,
    "escalation_answer": EscalationAnswerForm,
    "pause": PauseForm,
    "kind": KindForm,
    "schedule": ScheduleForm,
    "delivery": DeliveryForm,
}


def _name_of(form: ActForm | None) -> str:
    return next((name for name, kind in _KINDS.items() if isinstance(form, kind)), "")


def _shown(case: Case, entry: Entry) -> dict[str, Any]:
    """An entry as the timeline component takes it."""
    return {
        "id": entry.id,
        "anchor": entry.anchor,
        "at": entry.at,
        "author": entry.author,
        "role": entry.role if entry.side != "note" else "",
        "origin": entry.origin,
        "side": entry.side,
        "title": f"{entry.title}: {entry.detail}" if entry.detail else entry.title,
        "body": plain_text(entry.body) if entry.body else "",
        "doubt": _(DOUBT) if entry.is_doubtful else "",
        "folded": plain_text(entry.folded) if entry.folded else "",
        "files": [
            {
                "name": file.name,
                "size": file.size_bytes,
                "url": url_for("desk.file", reference=case.reference, token=file.token),
            }
            for file in entry.files
        ],
    }
