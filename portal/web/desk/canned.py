"""The page on which the desk keeps its canned answers."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from portal.clock import now
from portal.desk import canning
from portal.desk.canned_answer import PLACES, CannedAnswer
from portal.locale import N_
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.loading import worker
from portal.web.forms import Form, Line, Text
from portal.web.messages import tell
from portal.web.transaction import db

_TAKEN = [N_("There is a canned answer of this title already. Choose another title.")]
_CHANGED = [N_("Somebody changed this answer while you were writing. Compare, then save again.")]


class CannedForm(Form):
    """A canned answer as it is typed; `revision` is what was on the page."""

    title = Line(N_("Title"), required=N_("Give it a title that you would search for."), limit=100)
    body = Text(N_("Answer"), required=N_("Write the answer."), limit=8_000)
    revision = HiddenField()

    @property
    def shown_revision(self) -> int | None:
        said = self.revision.data or ""
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


@blueprint.get("/desk/canned-answers")
@allow(Who.AGENT)
def canned_answers() -> str:
    """All of them, found by their words, and a form for another one."""
    return _list_page(CannedForm(formdata=None))


@blueprint.post("/desk/canned-answers")
@allow(Who.AGENT)
def keep_answer() -> ResponseReturnValue:
    form = CannedForm()
    if not form.validate():
        return _list_page(form), 422
    try:
        answer = canning.keep_answer(
            db(), title=form.title.text, body=form.body.text, by=worker(), now=now()
        )
    except canning.TitleTakenError:
        form.title.errors = _TAKEN
        return _list_page(form), 422
    tell(
        "success",
        _("“%(title)s” is kept. Everybody at the desk can insert it.", title=answer.title),
    )
    return redirect(url_for("desk.canned_answers"), 303)


@blueprint.get("/desk/canned-answers/<int:answer_id>")
@allow(Who.AGENT)
def canned_answer(answer_id: int) -> str:
    answer = _load(answer_id)
    data = {"title": answer.title, "body": answer.body, "revision": str(answer.revision)}
    return _page(answer, CannedForm(formdata=None, data=data))


@blueprint.post("/desk/canned-answers/<int:answer_id>")
@allow(Who.AGENT)
def change_answer(answer_id: int) -> ResponseReturnValue:
    """Nobody's change is overwritten unseen."""
    answer, form = _load(answer_id), CannedForm()
    if not form.validate():
        return _page(answer, form), 422
    try:
        canning.change_answer(
            db(),
            answer=answer,
            title=form.title.text,
            body=form.body.text,
            by=worker(),
            now=now(),
            revision=form.shown_revision,
        )
    except canning.TitleTakenError:
        form.title.errors = _TAKEN
        return _page(answer, form), 422
    except canning.ChangedMeanwhileError:
        form.body.errors, form.revision.data = _CHANGED, str(answer.revision)
        return _page(answer, form, rival=answer.body), 409
    tell("success", _("“%(title)s” is saved.", title=answer.title))
    return redirect(url_for("desk.canned_answers"), 303)


@blueprint.post("/desk/canned-answers/<int:answer_id>/removal")
@allow(Who.AGENT)
def remove_answer(answer_id: int) -> ResponseReturnValue:
    answer = _load(answer_id)
    canning.remove_answer(db(), answer=answer, by=worker(), now=now())
    tell("success", _("“%(title)s” is removed. Answers that were sent stay.", title=answer.title))
    return redirect(url_for("desk.canned_answers"), 303)


def _load(answer_id: int) -> CannedAnswer:
    return db().get(CannedAnswer, answer_id) or abort(404)


def _list_page(form: CannedForm) -> str:
    words = request.args.get("q", "")[:100]
    return render_template(
        "desk/canned_answers.html",
        answers=canning.canned_answers(db(), words=words),
        words=words,
        form=form,
        places=PLACES,
    )


def _page(answer: CannedAnswer, form: CannedForm, *, rival: str = "") -> str:
    return render_template(
        "desk/canned_answer.html", answer=answer, form=form, places=PLACES, rival=rival
    )
