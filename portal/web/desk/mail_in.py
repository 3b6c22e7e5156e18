"""Mail that came in, and what became of it: what waits for an administrator's word first.

What a stranger sent is shown as plain text only, and saved as a file that nothing opens here.
"""

from dataclasses import dataclass

from flask import Response, abort, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectMultipleField

from portal.clock import now
from portal.files import OCTET_STREAM
from portal.locale import N_, ngettext
from portal.locale import gettext as _
from portal.mail.inbound.administering import (
    AlreadyDecidedError,
    NobodyWroteError,
    dismiss,
    try_again,
)
from portal.mail.inbound.inbox import InboxStatus, IncomingMail, Outcome
from portal.mail.inbound.queries import find_incoming, inbox_page
from portal.mail.inbound.reading import read
from portal.mail.inbound.understanding import UnreadableMailError
from portal.mail.ways import failing
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.loading import worker
from portal.web.downloads import SANDBOX
from portal.web.forms import Form, Line
from portal.web.messages import tell
from portal.web.parts import parts
from portal.web.transaction import db

STATUS_WORDS = {
    InboxStatus.QUARANTINED: N_("Set aside"),
    InboxStatus.WAITING: N_("Waiting"),
    InboxStatus.TAKEN: N_("Taken"),
    InboxStatus.IGNORED: N_("Ignored"),
    InboxStatus.DISMISSED: N_("Dismissed"),
}
TONES = {InboxStatus.QUARANTINED: "attention", InboxStatus.TAKEN: "good"}
OUTCOME_WORDS = {
    Outcome.CASE: N_("New case"),
    Outcome.REPLY: N_("Reply to a case"),
    Outcome.BOUNCE: N_("A mail of ours did not arrive"),
}
WAY_WORDS = {"out": N_("Mail does not go out"), "mailbox": N_("The mailbox can’t be looked into")}
_LARGEST_PAGE = 100_000
_SHOWN_BYTES = 20_000


class DecisionForm(Form):
    """Which mails, and the reason that dismissing them needs."""

    mail = SelectMultipleField(N_("Mails"), coerce=int, validate_choice=False)
    reason = Line(N_("Why it needs nothing (to dismiss)"))


@dataclass(frozen=True)
class Page:
    """Where the pager leads."""

    number: int
    count: int
    status: str

    def url(self, number: int) -> str:
        return url_for("desk.mail_in", status=self.status or None, page=number)


@blueprint.get("/desk/mail-in")
@allow(Who.ADMINISTRATOR)
def mail_in() -> ResponseReturnValue:
    """What came in, the newest first; what was set aside when nothing else is asked for."""
    return _list(DecisionForm(formdata=None))


@blueprint.get("/desk/mail-in/<int:mail_id>")
@allow(Who.ADMINISTRATOR)
def incoming(mail_id: int) -> ResponseReturnValue:
    """One mail as plain text."""
    return _one(_load(mail_id), DecisionForm(formdata=None))


@blueprint.get("/desk/mail-in/<int:mail_id>/original")
@allow(Who.ADMINISTRATOR)
def incoming_original(mail_id: int) -> ResponseReturnValue:
    """The bytes as they came, to be saved."""
    mail = _load(mail_id)
    path = parts().files.path(mail.content_hash)
    if not path.is_file():
        abort(404)
    response: Response = send_file(
        path, mimetype=OCTET_STREAM, as_attachment=True, download_name=f"mail-{mail.id}.eml"
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/desk/mail-in/decision")
@allow(Who.ADMINISTRATOR)
def decide_mail_in() -> ResponseReturnValue:
    """Try the chosen mails again, take them as they are, or dismiss them."""
    form, act = DecisionForm(), request.form.get("act", "")
    is_valid = bool(form.validate())
    mails = [mail for each in form.mail.data or [] if (mail := find_incoming(db(), each))]
    if not mails:
        form.mail.errors = [_("Choose the mails first.")]
    elif act == "dismiss" and not form.reason.text:
        form.reason.errors = [_("Say why, so that nobody wonders later.")]
    if not is_valid or form.errors:
        one = mails[0] if request.form.get("from") == "one" and mails else None
        return (_one(one, form) if one else _list(form)), 422
    done, nameless = 0, 0
    for mail in mails:
        try:
            done += _decide(mail, act, form.reason.text)
        except NobodyWroteError:
            nameless += 1
    if done or not nameless:
        tell("success" if done else "warning", _said(act, done))
    if nameless:
        tell("warning", _left(nameless))
    return redirect(url_for("desk.mail_in"), 303)


def _decide(mail: IncomingMail, act: str, reason: str) -> bool:
    try:
        if act == "dismiss":
            dismiss(db(), mail=mail, by=worker(), reason=reason, now=now())
        else:
            released = act == "release"
            try_again(db(), mail=mail, by=worker(), is_released=released, now=now())
    except AlreadyDecidedError:
        return False
    return True


def _left(nameless: int) -> str:
    return ngettext(
        "%(number)s mail can’t become a request: it does not name a sender who could be answered.",
        "%(number)s mails can’t become requests: they don’t name a sender who could be answered.",
        nameless,
    )


def _said(act: str, done: int) -> str:
    if not done:
        return _("Nothing was changed: these mails were dealt with already.")
    if act == "dismiss":
        return ngettext("%(number)s mail dismissed.", "%(number)s mails dismissed.", done)
    return ngettext(
        "%(number)s mail will be handled in a moment.",
        "%(number)s mails will be handled in a moment.",
        done,
    )


def _list(form: DecisionForm) -> str:
    name = request.args.get("status", "" if "all" in request.args else "quarantined")
    status = InboxStatus(name) if name in set(InboxStatus) else None
    number = request.args.get("page", 1, type=int) % _LARGEST_PAGE
    found = inbox_page(db(), status=status, page=number)
    tabs = [
        (
            _(words),
            url_for("desk.mail_in", status=each.value),
            status is each,
            found.counts.get(each, 0),
        )
        for each, words in STATUS_WORDS.items()
    ]
    everything = url_for("desk.mail_in", all="yes")
    tabs.append((_("All"), everything, status is None, sum(found.counts.values())))
    return render_template(
        "desk/mail_in.html",
        found=found,
        form=form,
        chosen=set(form.mail.data or []),
        tabs=tabs,
        words=STATUS_WORDS,
        tones=TONES,
        outcomes=OUTCOME_WORDS,
        page=Page(found.number, found.count, status.value if status else ""),
        faults=[(WAY_WORDS[way.name], way) for way in failing(db())],
        takes_mail=parts().settings.takes_mail,
        decides=status in {InboxStatus.QUARANTINED, InboxStatus.IGNORED, InboxStatus.DISMISSED},
    )


def _one(mail: IncomingMail, form: DecisionForm) -> str:
    said, repeated, names = _words(mail)
    return render_template(
        "desk/incoming.html",
        mail=mail,
        form=form,
        said=said,
        repeated=repeated,
        names=names,
        status_words=_(STATUS_WORDS[mail.status]),
        outcome=_(OUTCOME_WORDS[mail.outcome]) if mail.outcome in OUTCOME_WORDS else "",
        decides=mail.status not in {InboxStatus.TAKEN, InboxStatus.WAITING},
        is_kept=parts().files.path(mail.content_hash).is_file(),
    )


def _words(mail: IncomingMail) -> tuple[str, str, list[str]]:
    """What the mail says, what it repeats, and its files' names; its first bytes if unreadable."""
    path = parts().files.path(mail.content_hash)
    if not path.is_file():
        return "", "", []
    try:
        if mail.size_bytes <= parts().settings.mail_limit_bytes:
            with read(path, envelope_sender=mail.envelope_sender) as arrived:
                names = [file.name for file in arrived.files]
                return arrived.said[:_SHOWN_BYTES], arrived.repeated[:_SHOWN_BYTES], names
    except UnreadableMailError:
        pass
    with path.open("rb") as file:
        return file.read(_SHOWN_BYTES).decode("utf-8", "replace"), "", []


def _load(mail_id: int) -> IncomingMail:
    return find_incoming(db(), mail_id) or abort(404)
