"""What every page about an article begins with."""

from flask import abort

from portal.knowledge import holdings
from portal.knowledge.holdings import Holding
from portal.locale import N_
from portal.people.person import Person
from portal.search.learned import Learning
from portal.web.identity import current_person
from portal.web.parts import parts
from portal.web.transaction import db
from portal.web.writing.forms import ArticleForm


def load_holding(article_id: int) -> Holding:
    """The article of the address, whatever its status; a 404 if there is none."""
    return holdings.find_holding(db(), article_id) or abort(404)


def writer() -> Person:
    """Who writes; the route has made sure that somebody is signed in."""
    person = current_person()
    assert person is not None
    return person


def learning() -> Learning:
    """How long this installation lets a question speak for an article."""
    settings = parts().settings
    return Learning(settings.learning_half_life_days, settings.learning_days)


def offer_choices(form: ArticleForm) -> ArticleForm:
    """Fill in what can be chosen: the categories and the organisations of this portal."""
    found = holdings.categories(db())
    form.category.choices = [("", N_("A new one")), *((one.slug, one.title) for one in found)]
    form.organisations.choices = [(one.slug, one.name) for one in holdings.organisations(db())]
    return form
