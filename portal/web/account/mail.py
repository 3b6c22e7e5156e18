"""How somebody wants to be mailed: about their cases, and as staff by which notices."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectMultipleField

from portal.clock import now
from portal.locale import N_
from portal.locale import gettext as _
from portal.mail.choices import Wish
from portal.mail.staff_notices import STAFF_CHOICES
from portal.mail.wishes import set_notices, unwanted_notices, wish, wish_of
from portal.mail.writer_notices import WRITER_CHOICES
from portal.people.person import Person
from portal.web.access import Who, allow
from portal.web.account import blueprint
from portal.web.forms import Form
from portal.web.identity import current_person
from portal.web.messages import tell
from portal.web.transaction import db


class MailForm(Form):
    """What a contact chooses, or what a member of staff does."""

    wish = RadioField(
        N_("Mail about your cases"),
        choices=[
            (Wish.AT_ONCE.value, N_("At once")),
            (Wish.DAILY.value, N_("Once a day, at eight in the morning")),
            (Wish.NEVER.value, N_("Only receipts and case numbers")),
        ],
        description=N_("A choice made for one case, from a mail about it, goes before this one."),
    )
    notices = SelectMultipleField(N_("Mail me when"))


def mail_form(person: Person) -> MailForm:
    """The choices as they stand."""
    unwanted, offered = unwanted_notices(db(), person.email), _notices_for(person)
    form = MailForm(
        formdata=None,
        data={
            "wish": wish_of(db(), person.email).value,
            "notices": [kind for kind in offered if kind not in unwanted],
        },
    )
    form.notices.choices = list(offered.items())
    return form


def _notices_for(person: Person) -> dict[str, str]:
    """The kinds of notice that this member of staff can get, in their words."""
    of_cases = STAFF_CHOICES if person.may_work_cases else {}
    of_articles = WRITER_CHOICES if person.may_write_articles else {}
    return {kind.value: words for kind, words in (*of_cases.items(), *of_articles.items())}


@blueprint.post("/account/mail")
@allow(Who.SIGNED_IN)
def change_mail() -> ResponseReturnValue:
    """Choose when to be mailed."""
    form, person = MailForm(), current_person()
    assert person is not None
    if person.is_staff:
        wanted = form.notices.data or []
        kinds = _notices_for(person)
        set_notices(db(), address=person.email, kinds=kinds, wanted=wanted, now=now())
    elif form.wish.data in set(Wish):
        wish(db(), address=person.email, wish=Wish(form.wish.data), now=now())
    tell("success", _("Your choice of mail is saved."))
    return redirect(url_for("account.profile"), 303)
