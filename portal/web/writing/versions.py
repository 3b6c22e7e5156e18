"""Earlier versions: what each said, what has changed since, and taking one up again."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from wtforms import SelectField

from portal.clock import now
from portal.knowledge import holdings, versioning
from portal.knowledge.article import Version
from portal.knowledge.differences import differences
from portal.knowledge.holdings import Holding
from portal.knowledge.words import words_of
from portal.locale import N_
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.filters import when
from portal.web.forms import Form
from portal.web.messages import tell
from portal.web.transaction import db
from portal.web.writing import blueprint
from portal.web.writing.editor import author_of
from portal.web.writing.loading import load_holding, writer


class CompareForm(Form):
    """The version to compare with; lives in the address."""

    with_ = SelectField(N_("Compare with"), name="with", validate_choice=False)


@blueprint.get("/writing/articles/<int:article_id>/versions/<int:number>")
@allow(Who.STAFF)
def version(article_id: int, number: int) -> str:
    """A version, and how it differs from another: the one named by `with`, else the latest."""
    holding = load_holding(article_id)
    shown = holdings.find_version(db(), holding.article, number) or abort(404)
    wanted = request.args.get("with", holding.latest.number, type=int)
    other = holdings.find_version(db(), holding.article, wanted) or holding.latest
    older, newer = sorted((shown, other), key=lambda one: one.number)
    is_beside = request.args.get("view") == "beside"
    return render_template(
        "writing/version.html",
        article=holding.article,
        holding=holding,
        shown=shown,
        author=author_of(shown),
        older=older,
        newer=newer,
        changes=differences(words_of(older), words_of(newer)),
        compare=_compare_form(holding, shown, other),
        is_beside=is_beside,
        views=_views(article_id, number, other.number, is_beside=is_beside),
        body=Markup(shown.html),  # noqa: S704  (cleaned when it was saved)
    )


def _compare_form(holding: Holding, shown: Version, other: Version) -> CompareForm:
    form = CompareForm(formdata=None, data={"with_": str(other.number)})
    form.with_.choices = [
        (
            str(one.number),
            _("Version %(number)s, %(at)s", number=one.number, at=when(one.created_at)),
        )
        for one, _author in holdings.versions(db(), holding.article)
        if one.id != shown.id or one.id == other.id
    ]
    return form


def _views(
    article_id: int, number: int, other: int, *, is_beside: bool
) -> list[tuple[str, str, bool]]:
    def address(**more: str) -> str:
        values: dict[str, Any] = {"article_id": article_id, "number": number, "with": other, **more}
        return url_for("writing.version", **values)

    return [
        (_("In one text"), address(), not is_beside),
        (_("Side by side"), address(view="beside"), is_beside),
    ]


@blueprint.post("/writing/articles/<int:article_id>/restoration")
@allow(Who.WRITER)
def restoration(article_id: int) -> ResponseReturnValue:
    """Take up an earlier version again: its words become a new, unpublished version."""
    holding = load_holding(article_id)
    number = request.form.get("number", 0, type=int)
    earlier = holdings.find_version(db(), holding.article, number) or abort(404)
    versioning.save_version(
        db(),
        article=holding.article,
        words=words_of(earlier),
        by=writer(),
        now=now(),
        note=_("Version %(number)s again", number=number),
    )
    said = _(
        "Version %(number)s is the latest again. Publish it to show it to readers.", number=number
    )
    tell("success", said)
    return redirect(url_for("writing.article", article_id=article_id), 303)
