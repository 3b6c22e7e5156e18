"""What writers teach the search: words that mean the same, words that are right as they are, and
questions that lead to an article.
"""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from portal.clock import now
from portal.insight.reviewing import settle
from portal.insight.work_item import WorkState
from portal.insight.work_queries import find_item
from portal.locale import N_
from portal.locale import gettext as _
from portal.search.directing import directions, undirect
from portal.search.synonyms import (
    Synonym,
    WordingRefusedError,
    add_group,
    find_group,
    groups,
    remove_group,
)
from portal.search.wording_effects import effects
from portal.web.access import Who, allow
from portal.web.forms import Form, Line
from portal.web.messages import tell
from portal.web.parts import parts
from portal.web.transaction import db
from portal.web.writing import blueprint
from portal.web.writing.loading import writer
from portal.written import in_sentence


class WordingForm(Form):
    """One group of phrases; `item` is the item of the work list that it is to close."""

    phrases = Line(
        N_("Words that mean the same"),
        limit=500,
        required=N_("Write words that mean the same, with commas between."),
    )
    item = HiddenField()


@blueprint.get("/writing/synonyms")
@allow(Who.WRITER)
def synonyms() -> str:
    """The list, a field to add to it, and what the line added last changes."""
    given = {"phrases": request.args.get("phrases", "")[:500], "item": request.args.get("item")}
    group = find_group(db(), request.args.get("line", 0, type=int))
    return _page(WordingForm(formdata=None, data=given), group)


@blueprint.post("/writing/synonyms")
@allow(Who.WRITER)
def add_synonyms() -> ResponseReturnValue:
    """Keep a group; searches know it from the next one on."""
    form = WordingForm()
    try:
        if form.validate():
            group = add_group(db(), text=form.phrases.text, by=writer(), now=now())
            known = ", ".join(group.phrases)
            tell("success", _("Searches know it now: %(phrases)s.", phrases=known))
            _tell_of_item(form.item.data or "")
            return redirect(url_for("writing.synonyms", line=group.id), 303)
    except WordingRefusedError as error:
        form.phrases.errors = [str(error)]
    return _page(form, None), 422


@blueprint.post("/writing/synonyms/<int:group_id>/removal")
@allow(Who.WRITER)
def remove_synonyms(group_id: int) -> ResponseReturnValue:
    """Forget a group."""
    remove_group(db(), group_id=group_id, by=writer(), now=now())
    tell("success", _("Removed. Searches no longer know it."))
    return redirect(url_for("writing.synonyms"), 303)


@blueprint.post("/writing/directions/<int:direction_id>/removal")
@allow(Who.WRITER)
def remove_direction(direction_id: int) -> ResponseReturnValue:
    """Let the search decide again what answers a question."""
    undirect(db(), direction_id=direction_id, by=writer(), now=now())
    tell("success", _("Removed. The search decides again what comes first."))
    return redirect(url_for("writing.synonyms"), 303)


def _tell_of_item(number: str) -> None:
    """Whether the item of the work list, for which the line was written, is done by it."""
    item = find_item(db(), int(number)) if number.isascii() and number.isdecimal() else None
    if item is None or item.state is not WorkState.OPEN:
        return
    if settle(db(), parts().index, item, now=now()):
        said = _(
            "“%(text)s” is off the work list: %(outcome)s.",
            text=item.text,
            outcome=in_sentence(item.said_outcome),
        )
        tell("success", said)
    else:
        said = _(
            "“%(text)s” stays on the work list until readers find what they look for.",
            text=item.text,
        )
        tell("info", said)


def _page(form: WordingForm, group: Synonym | None) -> str:
    return render_template(
        "writing/synonyms.html",
        form=form,
        groups=groups(db()),
        directions=directions(db()),
        group=group,
        effects=effects(db(), parts().index, group, now=now()) if group else [],
    )
