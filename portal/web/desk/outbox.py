"""Mail that waits, was sent or failed; without a mail server it is read here.

Mails hold secret links. Where they are really sent, their text is nobody's but the recipient's.
"""

from dataclasses import dataclass

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.locale import N_
from portal.locale import gettext as _
from portal.mail.outbox import MailStatus, OutgoingMail
from portal.mail.queries import find_mail, outbox_page
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.parts import parts
from portal.web.transaction import db

STATUS_WORDS = {
    MailStatus.WAITING: N_("Waiting"),
    MailStatus.SENT: N_("Sent"),
    MailStatus.FAILED: N_("Failed"),
    MailStatus.RETURNED: N_("Returned"),
}
KEPT_WORDS = STATUS_WORDS | {MailStatus.WAITING: N_("Kept here: no mail server is set")}
_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_LARGEST_PAGE = 100_000


@dataclass(frozen=True)
class Page:
    """Where the pager leads."""

    number: int
    count: int
    status: str

    def url(self, number: int) -> str:
        return url_for("desk.outbox", status=self.status or None, page=number)


@blueprint.get("/desk/outbox")
@allow(Who.ADMINISTRATOR)
def outbox() -> ResponseReturnValue:
    """All mails, the newest first."""
    name = request.args.get("status", "")
    status = MailStatus(name) if name in set(MailStatus) else None
    number = request.args.get("page", 1, type=int) % _LARGEST_PAGE
    found = outbox_page(db(), status=status, page=number)
    tabs = [(_("All"), url_for("desk.outbox"), status is None, sum(found.counts.values()))]
    for each, words in _words().items():
        address = url_for("desk.outbox", status=each.value)
        name = _(words).partition(":")[0]
        tabs.append((name, address, status is each, found.counts.get(each, 0)))
    return render_template(
        "desk/outbox.html",
        mails=found.mails,
        tabs=tabs,
        words=_words(),
        page=Page(found.number, found.count, status.value if status else ""),
        sends_mail=parts().settings.sends_mail,
    )


@blueprint.get("/desk/outbox/<int:mail_id>")
@allow(Who.ADMINISTRATOR)
def mail(mail_id: int) -> ResponseReturnValue:
    """One mail, its text where mail stays here."""
    return render_template(
        "desk/mail.html",
        mail=_load(mail_id),
        words=_words(),
        shows_text=not parts().settings.sends_mail,
    )


@blueprint.get("/desk/outbox/<int:mail_id>/html")
@allow(Who.ADMINISTRATOR)
def mail_html(mail_id: int) -> ResponseReturnValue:
    """The HTML form as a mail program would show it; nothing in it can run or load."""
    if parts().settings.sends_mail:
        abort(404)
    response = Response(_load(mail_id).html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = _SANDBOX
    return response


def _words() -> dict[MailStatus, str]:
    """What each status is called; without a mail server nothing waits to leave."""
    return STATUS_WORDS if parts().settings.sends_mail else KEPT_WORDS


def _load(mail_id: int) -> OutgoingMail:
    return find_mail(db(), mail_id) or abort(404)
