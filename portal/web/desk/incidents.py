"""Known incidents: staff post one, say what is new, and end it; readers see it at once."""

from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.knowledge import incident as incidents_of
from portal.knowledge.article import Article
from portal.knowledge.incident import Incident, IncidentEndedError
from portal.knowledge.queries import find_article
from portal.knowledge.reader import ANYONE
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.loading import worker
from portal.web.forms import Form, Line, Text
from portal.web.messages import tell
from portal.web.transaction import db


class IncidentForm(Form):
    """What readers are told."""

    title = Line("What is wrong", required="Say in a line what is wrong.", limit=120)
    text = Text("What you know, and what they can do meanwhile", limit=1_000)
    article = Line("Article about it", limit=300)


@blueprint.get("/desk/incidents")
@allow(Who.AGENT)
def incidents() -> str:
    """What stands on the notice bar, what stood there, and the form for a new one."""
    return _list(IncidentForm(formdata=None))


@blueprint.post("/desk/incidents")
@allow(Who.AGENT)
def post_incident() -> ResponseReturnValue:
    form = IncidentForm()
    article = _article(form) if form.validate() else None
    if form.errors:
        return _list(form), 422
    incidents_of.post(
        db(), title=form.title.text, text=form.text.text, article=article, by=worker(), now=now()
    )
    tell("success", "Posted. Readers see it above the search now.")
    return redirect(url_for("desk.incidents"), 303)


@blueprint.get("/desk/incidents/<int:incident_id>")
@allow(Who.AGENT)
def incident(incident_id: int) -> str:
    found = _load(incident_id)
    slug = found.article.slug if found.article else ""
    values = {"title": found.title, "text": found.text, "article": slug}
    return _page(found, IncidentForm(formdata=None, data=values))


@blueprint.post("/desk/incidents/<int:incident_id>")
@allow(Who.AGENT)
def update_incident(incident_id: int) -> ResponseReturnValue:
    found, form = _load(incident_id), IncidentForm()
    article = _article(form) if form.validate() else None
    if form.errors:
        return _page(found, form), 422
    try:
        incidents_of.revise(
            db(),
            incident=found,
            title=form.title.text,
            text=form.text.text,
            article=article,
            by=worker(),
            now=now(),
        )
        tell("success", "Updated. Readers see the new words and the time now.")
    except IncidentEndedError:
        tell("error", "This incident is over. Post a new one instead.")
    return redirect(url_for("desk.incidents"), 303)


@blueprint.post("/desk/incidents/<int:incident_id>/end")
@allow(Who.AGENT)
def end_incident(incident_id: int) -> ResponseReturnValue:
    incidents_of.end(db(), incident=_load(incident_id), by=worker(), now=now())
    tell("success", "Ended. The notice is gone from the pages.")
    return redirect(url_for("desk.incidents"), 303)


def _load(incident_id: int) -> Incident:
    return incidents_of.find_incident(db(), incident_id) or abort(404)


def _article(form: IncidentForm) -> Article | None:
    """The article that was named by its address, or by the last part of it."""
    slug = form.article.text.split("?")[0].split("#")[0].rstrip("/").rpartition("/")[2]
    if not slug:
        return None
    found = find_article(db(), slug, reader=ANYONE)
    if isinstance(found, Article):
        return found
    form.article.errors = ["No public article has this address. Copy it from the article's page."]
    return None


def _list(form: IncidentForm) -> str:
    return render_template(
        "desk/incidents.html",
        form=form,
        standing=incidents_of.standing(db()),
        ended=incidents_of.ended(db()),
    )


def _page(found: Incident, form: IncidentForm) -> str:
    values: dict[str, Any] = {"incident": found, "form": form}
    return render_template("desk/incident.html", **values)
