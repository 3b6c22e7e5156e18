"""Words that mean the same, and words that are right as they are: what writers teach the search."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.search.synonyms import WordingRefusedError, add_group, groups, remove_group
from portal.web.access import Who, allow
from portal.web.forms import Form, Line
from portal.web.messages import tell
from portal.web.transaction import db
from portal.web.writing import blueprint
from portal.web.writing.loading import writer


class WordingForm(Form):
    """One group of phrases."""

    phrases = Line("Words that mean the same", limit=500)


@blueprint.get("/writing/synonyms")
@allow(Who.WRITER)
def synonyms() -> str:
    """The list, and a field to add to it."""
    return _page(WordingForm())


@blueprint.post("/writing/synonyms")
@allow(Who.WRITER)
def add_synonyms() -> ResponseReturnValue:
    """Keep a group; searches know it from the next one on."""
    form = WordingForm()
    try:
        if form.validate():
            group = add_group(db(), text=form.phrases.text, by=writer(), now=now())
            tell("success", f"Searches know it now: {', '.join(group.phrases)}.")
            return redirect(url_for("writing.synonyms"), 303)
    except WordingRefusedError as error:
        form.phrases.errors = [str(error)]
    return _page(form), 422


@blueprint.post("/writing/synonyms/<int:group_id>/removal")
@allow(Who.WRITER)
def remove_synonyms(group_id: int) -> ResponseReturnValue:
    """Forget a group."""
    remove_group(db(), group_id=group_id, by=writer(), now=now())
    tell("success", "Removed. Searches no longer know it.")
    return redirect(url_for("writing.synonyms"), 303)


def _page(form: WordingForm) -> str:
    return render_template("writing/synonyms.html", form=form, groups=groups(db()))
