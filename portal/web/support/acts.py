"""What a customer does with a case: reply, close, reopen, escalate, rate. Each answers with the
case page and one line that says what happened.
"""

from typing import BinaryIO, cast

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.cases.attachments import Upload, keep_files, limits_of
from portal.cases.case import Case, IllegalMoveError
from portal.cases.closing import close
from portal.cases.escalating import ask_for_escalation
from portal.cases.rating import SCORES, NotRateableError, rate
from portal.cases.reopening import FollowUpNeededError, reopen
from portal.cases.replying import reply as add_reply
from portal.clock import now
from portal.locale import N_
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.filters import when
from portal.web.forms import Form
from portal.web.identity import current_person
from portal.web.messages import tell
from portal.web.parts import parts
from portal.web.support import blueprint
from portal.web.support.act_forms import (
    CLOSING_REASONS,
    ActForms,
    ClosureForm,
    EscalationForm,
    RatingForm,
    ReopeningForm,
    ReplyForm,
)
from portal.web.support.case_page import case_page
from portal.web.support.loading import load_case
from portal.web.support.uploads import LIMIT_BYTES
from portal.web.transaction import db

TOO_LATE = N_("This can’t be done any more: the case was changed meanwhile. Look at it again.")


@blueprint.post("/cases/<reference>/reply")
@allow(Who.HOLDER, limit_bytes=LIMIT_BYTES)
def reply(reference: str) -> ResponseReturnValue:
    case, form = load_case(reference), ReplyForm()
    is_valid = bool(form.validate())
    if not (form.body.data or "").strip() and not form.files.chosen:
        form.body.errors = [_("Write your message, or choose a file.")]
    if not is_valid or form.errors:
        return again(case, form, reply=form)
    uploads = [
        Upload(file.filename or "", cast(BinaryIO, file.stream)) for file in form.files.chosen
    ]
    kept, refused = keep_files(parts().files, uploads, limits=limits_of(parts().settings))
    if refused and not kept and not form.body.data:
        form.files.errors = [" ".join(map(str, refused))]
        return again(case, form, reply=form)
    try:
        message = add_reply(
            db(),
            case=case,
            author=current_person(),
            body=form.body.data or _("Files are attached."),
            now=now(),
            kept=kept,
            form_token=(form.form_token.data or "")[:40] or None,
            reopen_days=parts().settings.reopen_days,
        )
    except (FollowUpNeededError, IllegalMoveError):
        return back(case, "warning", _(TOO_LATE))
    for each in refused:
        tell("warning", _("Your reply was sent without one file. %(why)s", why=each))
    return back(case, "success", _("Your reply was sent."), anchor=f"message-{message.id}")


@blueprint.post("/cases/<reference>/closure")
@allow(Who.HOLDER)
def closure(reference: str) -> ResponseReturnValue:
    case, form = load_case(reference), ClosureForm(prefix="closure-")
    if not form.validate() or form.reason.data not in CLOSING_REASONS:
        form.reason.errors = [_("Choose why you close the case.")]
        return again(case, form, closure=form)
    try:
        close(
            db(),
            case=case,
            by=current_person(),
            by_name=case.contact_name,
            now=now(),
            by_customer=True,
            reason=CLOSING_REASONS[form.reason.data],
        )
    except IllegalMoveError:
        return back(case, "warning", _(TOO_LATE))
    days = parts().settings.reopen_days
    words = _("The case is closed. You can open it again for %(days)s days.", days=days)
    return back(case, "success", words)


@blueprint.post("/cases/<reference>/reopening")
@allow(Who.HOLDER)
def reopening(reference: str) -> ResponseReturnValue:
    case, form = load_case(reference), ReopeningForm(prefix="reopening-")
    if not form.validate():
        return again(case, form, reopening=form)
    try:
        reopen(
            db(),
            case=case,
            by=current_person(),
            by_name=case.contact_name,
            now=now(),
            reason=form.reason.data or "",
            reopen_days=parts().settings.reopen_days,
        )
    except (FollowUpNeededError, IllegalMoveError):
        return back(case, "warning", _(TOO_LATE))
    return back(case, "success", _("The case is open again. All promises count anew."))


@blueprint.post("/cases/<reference>/escalation")
@allow(Who.HOLDER)
def escalation(reference: str) -> ResponseReturnValue:
    case, form = load_case(reference), EscalationForm(prefix="escalation-")
    if not form.validate():
        return again(case, form, escalation=form)
    try:
        ask_for_escalation(
            db(),
            case=case,
            by=current_person(),
            by_name=case.contact_name,
            reason=form.reason.data or "",
            now=now(),
        )
    except IllegalMoveError:
        return back(case, "warning", _(TOO_LATE))
    return back(case, "success", _told_whom(case))


def _told_whom(case: Case) -> str:
    told = _("We told whoever takes escalations; your reason is with the case.")
    if (by := case.escalation_answer_due_at) is None:
        return told
    return " ".join((told, _("You are answered by %(moment)s.", moment=when(by))))


@blueprint.post("/cases/<reference>/rating")
@allow(Who.HOLDER)
def rating(reference: str) -> ResponseReturnValue:
    case, form = load_case(reference), RatingForm(prefix="rating-")
    is_valid = bool(form.validate())
    score = form.score.data if form.score.data in {str(each) for each in SCORES} else None
    if score is None:
        form.score.errors = [_("Choose one of the five answers.")]
    if score is None or not is_valid:
        return again(case, form, rating=form)
    try:
        rate(db(), case=case, score=int(score), comment=form.comment.data or "", now=now())
    except NotRateableError:
        return back(case, "info", _("We already have your answer. Thank you."))
    return back(case, "success", _("Thank you for telling us."))


def again(case: Case, failed: Form, **sent: Form) -> ResponseReturnValue:
    """The page once more, with what was typed and what is wrong with it."""
    forms = ActForms()
    for name, form in sent.items():
        setattr(forms, name, form)
    forms.failed = failed
    return case_page(case, forms), 422


def back(case: Case, kind: str, words: str, *, anchor: str = "") -> Response:
    tell(kind, words)  # type: ignore[arg-type]
    target = url_for("support.case", reference=case.reference)
    response: Response = redirect(f"{target}#{anchor}" if anchor else target, 303)  # type: ignore[assignment]
    return response
