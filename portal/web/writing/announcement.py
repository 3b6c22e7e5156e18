"""Announcing a release: who would be told is shown first, and one press tells each of them once,
now or as soon as it is published.
"""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectMultipleField

from portal.clock import now
from portal.knowledge.announcing import (
    NothingToAnnounceError,
    announce,
    announcement_of,
    plan,
    withdraw_plan,
)
from portal.locale import N_
from portal.locale import gettext as _
from portal.mail.release_news import concerned
from portal.people.queries import plans_in_contracts
from portal.web.access import Who, allow
from portal.web.forms import Form
from portal.web.messages import tell
from portal.web.transaction import db
from portal.web.writing import blueprint
from portal.web.writing.loading import load_holding, writer


class AnnouncementForm(Form):
    """For whom it is."""

    plans = SelectMultipleField(N_("Only for contracts of these plans"))


@blueprint.get("/writing/articles/<int:article_id>/announcement")
@allow(Who.WRITER)
def announcement(article_id: int) -> str:
    """Whether it was announced, or whom that would tell."""
    holding, form = load_holding(article_id), offered_plans()
    people = concerned(db(), holding.article, [], now=now())
    return render_template(
        "writing/announcement.html",
        holding=holding,
        form=form,
        made=announcement_of(db(), holding.article),
        people=len(people),
        organisations=len({one.organisation_id for one in people}),
    )


@blueprint.post("/writing/articles/<int:article_id>/announcement")
@allow(Who.WRITER)
def make_announcement(article_id: int) -> ResponseReturnValue:
    """Tell them; pressing twice tells once."""
    holding, form = load_holding(article_id), offered_plans()
    try:
        announce(
            db(),
            article=holding.article,
            plans=form.plans.data or (),
            by=writer(),
            now=now(),
        )
        tell("success", _("Announced. Mail goes out within minutes, to each once."))
    except NothingToAnnounceError:
        tell(
            "error", _("Only release notes that readers see can be announced. Publish them first.")
        )
    return redirect(url_for("writing.announcement", article_id=article_id), 303)


@blueprint.post("/writing/articles/<int:article_id>/announcement-plan")
@allow(Who.WRITER)
def plan_announcement(article_id: int) -> ResponseReturnValue:
    """Announce it as soon as it is published, on schedule or by hand."""
    form = offered_plans()
    plan(db(), article=load_holding(article_id).article, plans=form.plans.data or (), by=writer())
    tell("success", _("It is announced as soon as it is published."))
    return redirect(url_for("writing.publishing_page", article_id=article_id), 303)


@blueprint.post("/writing/articles/<int:article_id>/announcement-plan-removal")
@allow(Who.WRITER)
def withdraw_announcement(article_id: int) -> ResponseReturnValue:
    """Publish it without telling anybody."""
    withdraw_plan(db(), article=load_holding(article_id).article)
    tell("success", _("It is published without an announcement."))
    return redirect(url_for("writing.publishing_page", article_id=article_id), 303)


def offered_plans() -> AnnouncementForm:
    """The form, with the plans that contracts name."""
    form = AnnouncementForm()
    form.plans.choices = [(plan, plan) for plan in plans_in_contracts(db())]
    return form
