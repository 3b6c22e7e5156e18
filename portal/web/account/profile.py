"""What people see and change about themselves: name, telephone, time zone, language, password."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.languages import name_of
from portal.locale import gettext as _
from portal.locale import speaking
from portal.people import passwords, registering
from portal.people.person import Person
from portal.web.access import Who, allow
from portal.web.account import blueprint
from portal.web.account.forms import PasswordForm, ProfileForm
from portal.web.account.mail import mail_form
from portal.web.identity import current_sign_in
from portal.web.languages import has_choice, library_languages, page_language, told_language
from portal.web.messages import tell
from portal.web.transaction import db
from portal.web.zones import zone_choices


@blueprint.get("/account")
@allow(Who.SIGNED_IN)
def profile() -> ResponseReturnValue:
    """The own profile."""
    return _page()


@blueprint.post("/account")
@allow(Who.SIGNED_IN)
def change_profile() -> ResponseReturnValue:
    """Change name, telephone number, time zone or language."""
    form = _profile_form(_person())
    if not form.validate_on_submit():
        return _page(form=form)
    registering.change_profile(
        db(),
        person=_person(),
        name=form.name.text,
        phone=form.phone.text,
        time_zone=form.time_zone.data or None,
        language=form.language.data if form.language else _person().language,
        now=now(),
    )
    with speaking(_person().language or page_language()):
        tell("success", _("Your profile is saved."))
    return redirect(url_for("account.profile"), 303)


@blueprint.post("/account/password")
@allow(Who.SIGNED_IN)
def change_password() -> ResponseReturnValue:
    """Set a new password; whoever is signed in elsewhere has to sign in again."""
    form, person = PasswordForm(), _person()
    if not form.validate_on_submit():
        return _page(password_form=form)
    if not passwords.verify(person.password_hash, form.current.text):
        form.current.errors = [_("This is not your current password. Type it again.")]
        return _page(password_form=form)
    try:
        registering.change_password(
            db(), person=person, password=form.password.text, now=now(), but=current_sign_in()
        )
    except passwords.WeakPasswordError as refusal:
        form.password.errors = [str(refusal)]
        return _page(password_form=form)
    tell("success", _("Your password is changed. Everywhere else you are signed out."))
    return redirect(url_for("account.profile"), 303)


def _person() -> Person:
    sign_in = current_sign_in()
    assert sign_in is not None
    return sign_in.person


def _profile_form(person: Person, **options: None) -> ProfileForm:
    form = ProfileForm(
        data={
            "name": person.name,
            "phone": person.phone,
            "time_zone": person.time_zone or "",
            "language": told_language(),
        },
        **options,
    )
    if has_choice():
        form.language.choices = [(tag, name_of(tag)) for tag in library_languages()]
    else:
        del form.language
    form.time_zone.choices = zone_choices(_("Support’s time zone"), universal=True)
    return form


def _page(
    form: ProfileForm | None = None, password_form: PasswordForm | None = None
) -> ResponseReturnValue:
    failed = form or password_form
    page = render_template(
        "account/profile.html",
        form=failed or _profile_form(_person(), formdata=None),
        profile_form=form or _profile_form(_person(), formdata=None),
        password_form=password_form or PasswordForm(formdata=None),
        mail_form=mail_form(_person()),
    )
    return page, 422 if failed else 200
