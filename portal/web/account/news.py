"""News of releases: when a contact wants them and of what; one press in any mail turns them off."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectMultipleField

from portal.clock import now
from portal.knowledge.announcing import (
    categories_to_follow,
    products_to_follow,
    subscribe,
    subscriptions_of,
)
from portal.locale import N_
from portal.locale import gettext as _
from portal.mail.choices import Wish
from portal.mail.news_wishes import news_wish_of, reader_of_news, wish_news
from portal.people.person import Person
from portal.web.access import Csrf, Who, allow
from portal.web.account import blueprint
from portal.web.forms import Form
from portal.web.identity import current_person, reader
from portal.web.messages import tell
from portal.web.parts import parts
from portal.web.transaction import db


class NewsForm(Form):
    """When, and of what."""

    wish = RadioField(
        N_("News of releases by mail"),
        choices=[
            (Wish.AT_ONCE.value, N_("At once")),
            (Wish.DAILY.value, N_("At eight in the morning")),
            (Wish.NEVER.value, N_("Not at all")),
        ],
    )
    products = SelectMultipleField(N_("Products"))
    categories = SelectMultipleField(N_("Topics"), coerce=int)


@blueprint.get("/account/news")
@allow(Who.SIGNED_IN)
def news() -> str:
    person = _person()
    made = subscriptions_of(db(), person)
    values = {
        "wish": news_wish_of(db(), person.email).value,
        "products": [one.product for one in made if one.product],
        "categories": [one.category_id for one in made if one.category_id],
    }
    return render_template("account/news.html", form=_offered(NewsForm(formdata=None, data=values)))


@blueprint.post("/account/news")
@allow(Who.SIGNED_IN)
def change_news() -> ResponseReturnValue:
    form, person = _offered(NewsForm()), _person()
    if not form.validate():
        return render_template("account/news.html", form=form), 422
    wish_news(db(), address=person.email, wish=Wish(form.wish.data), now=now())
    subscribe(
        db(),
        person=person,
        products=form.products.data or (),
        category_ids=form.categories.data or (),
        now=now(),
    )
    tell("success", _("Your choice of news is saved."))
    return redirect(url_for("account.news"), 303)


@blueprint.get("/news/<token>")
@allow(Who.HOLDER)
def news_by_mail(token: str) -> str:
    """What the mailed link opens: one press turns news off; opening it does nothing."""
    person = _by_token(token)
    is_off = news_wish_of(db(), person.email) is Wish.NEVER
    return render_template("account/news_by_mail.html", is_off=is_off, token=token)


@blueprint.post("/news/<token>")
@allow(Who.HOLDER, csrf=Csrf.SEAL)
def stop_news(token: str) -> ResponseReturnValue:
    """One press, on the page or in a mail program (RFC 8058): no more news by mail."""
    wish_news(db(), address=_by_token(token).email, wish=Wish.NEVER, now=now())
    tell("success", _("You get no more news of releases by mail."))
    return redirect(url_for("account.news_by_mail", token=token), 303)


def _offered(form: NewsForm) -> NewsForm:
    names = products_to_follow(db(), reader=reader())
    form.products.choices = [(name, name) for name in names]
    shelves = categories_to_follow(db(), reader=reader())
    form.categories.choices = [(one.id, one.title) for one in shelves]
    return form


def _person() -> Person:
    person = current_person()
    assert person is not None
    return person


def _by_token(token: str) -> Person:
    return reader_of_news(db(), token, settings=parts().settings) or abort(404)
