"""How a reader wants to be mailed about a case: changed from the mail itself, without signing in.

Nothing changes by following the link; mail programs that offer "unsubscribe" post to the same
address (RFC 8058).
"""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField

from portal.cases.access import find_by_receipt
from portal.cases.case import Case
from portal.clock import now
from portal.locale import N_
from portal.locale import gettext as _
from portal.mail.choices import Wish
from portal.mail.wishes import reader_of, stop_url, wish, wish_of
from portal.web.access import Csrf, Who, allow
from portal.web.forms import Form
from portal.web.messages import tell
from portal.web.parts import parts
from portal.web.support import blueprint
from portal.web.transaction import db

WISHES = [
    (Wish.AT_ONCE.value, N_("At once")),
    (Wish.DAILY.value, N_("Once a day, in the morning, together with my other cases")),
    (Wish.NEVER.value, N_("Not at all")),
]


class WishForm(Form):
    """How news of one case are mailed."""

    wish = RadioField(N_("How do you want to hear of this case by mail?"), choices=WISHES)


@blueprint.get("/mail-wishes/<receipt>/<seal>")
@allow(Who.HOLDER)
def mail_wishes(receipt: str, seal: str) -> ResponseReturnValue:
    """The choice, as it stands."""
    case, address = _reader(receipt, seal)
    return _page(case, seal, WishForm(data={"wish": wish_of(db(), address, case).value}))


@blueprint.post("/mail-wishes/<receipt>/<seal>")
@allow(Who.HOLDER, csrf=Csrf.SEAL)
def stop_mail(receipt: str, seal: str) -> ResponseReturnValue:
    """One press in a mail program: no more mail about this case."""
    case, address = _reader(receipt, seal)
    wish(db(), address=address, wish=Wish.NEVER, case=case, now=now())
    return "", 204


@blueprint.post("/mail-wishes/<receipt>/<seal>/choice")
@allow(Who.HOLDER)
def choose_mail(receipt: str, seal: str) -> ResponseReturnValue:
    """The choice made on the page."""
    case, address = _reader(receipt, seal)
    form = WishForm()
    if not form.validate():
        form.wish.errors = [_("Choose one of the three.")]
        return _page(case, seal, form), 422
    wish(db(), address=address, wish=Wish(form.wish.data), case=case, now=now())
    tell("success", _("Saved for %(case)s.", case=case.reference))
    return redirect(url_for("support.mail_wishes", receipt=receipt, seal=seal), 303)


def stop_path(case: Case, address: str) -> str:
    """The page above for one reader, within this site."""
    settings = parts().settings
    return stop_url(settings, case, address).removeprefix(settings.base_url)


def _reader(receipt: str, seal: str) -> tuple[Case, str]:
    case = find_by_receipt(db(), receipt[:40])
    address = reader_of(db(), parts().settings, case, seal[:40]) if case else None
    if case is None or address is None:
        abort(404)
    return case, address


def _page(case: Case, seal: str, form: WishForm) -> str:
    return render_template("support/mail_wishes.html", case=case, seal=seal, form=form)
