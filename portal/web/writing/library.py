"""The list of all articles, for staff: by status, category and words of the title."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from wtforms import SelectField

from portal.knowledge import holdings
from portal.knowledge.article import Status
from portal.knowledge.holdings import Holdings
from portal.knowledge.next_version import Stage
from portal.languages import name_of
from portal.locale import N_
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.forms import Form, Line
from portal.web.languages import library_languages, stored_language
from portal.web.transaction import db
from portal.web.writing import blueprint
from portal.web.writing.words import (
    AUDIENCE_MARKS,
    STAGE_TONES,
    STATUS_TONES,
    STATUS_WORDS,
    stage_words,
)

_LISTS: tuple[Status | Stage, ...] = (
    *(Status.PUBLISHED, Status.DRAFT),
    *(Stage.IN_REVIEW, Stage.APPROVED, Stage.SCHEDULED),
    Status.RETIRED,
)


class FilterForm(Form):
    """What the list is narrowed to; lives in the address."""

    q = Line(N_("Words of the title"), limit=200)
    category = SelectField(N_("Category"), validate_choice=False)
    language = SelectField(N_("Language"), validate_choice=False)


@dataclass(frozen=True)
class Pages:
    """Where the pager leads."""

    number: int
    count: int
    kept: dict[str, str]

    def url(self, number: int) -> str:
        values: dict[str, Any] = {**self.kept, "page": number}
        return url_for("writing.library", **values)


@blueprint.get("/writing")
@allow(Who.STAFF)
def library() -> str:
    """All articles, what was written last on top."""
    form = FilterForm(formdata=request.args)
    every = [(one.slug, one.title) for one in holdings.categories(db())]
    form.category.choices = [("", N_("All")), *every]
    form.language.choices = [("", N_("All")), *((tag, name_of(tag)) for tag in library_languages())]
    chosen = _chosen(request.args.get("status", ""))
    found = holdings.holdings(
        db(),
        status=chosen if isinstance(chosen, Status) else None,
        stage=chosen if isinstance(chosen, Stage) else None,
        category=form.category.data or "",
        words=form.q.text if form.q.validate(form) else "",
        language=stored_language(form.language.data or ""),
        is_outdated=bool(request.args.get("outdated")),
        page=request.args.get("page", 1, type=int),
    )
    kept = {
        "q": form.q.text,
        "category": form.category.data or "",
        "language": form.language.data or "",
        "outdated": "1" if request.args.get("outdated") else "",
    }
    kept = {key: value for key, value in kept.items() if value}
    is_filtered = bool(kept)
    tabs = _tabs(found, chosen, kept)
    if chosen:
        kept["status"] = chosen.value
    return render_template(
        "writing/library.html",
        form=form,
        holdings=found,
        status=chosen,
        is_filtered=is_filtered,
        outdated_count=holdings.count_outdated(db()),
        status_tabs=tabs,
        status_words=STATUS_WORDS,
        status_tones=STATUS_TONES,
        stage_words=stage_words(),
        audience_words=AUDIENCE_MARKS,
        stage_tones=STAGE_TONES,
        page=Pages(found.number, found.pages, kept),
    )


def _chosen(said: str) -> Status | Stage | None:
    """The tab that the address names."""
    return next((one for one in _LISTS if one.value == said), None)


def _tabs(
    found: Holdings, chosen: Status | Stage | None, kept: dict[str, str]
) -> list[tuple[str, str, bool, int]]:
    def address(one: Status | Stage | None) -> str:
        values: dict[str, Any] = {**kept, **({"status": one.value} if one else {})}
        return url_for("writing.library", **values)

    words: dict[Status | Stage, str] = {
        Status.PUBLISHED: _("Published"),
        Status.DRAFT: _("Drafts"),
        Status.RETIRED: _("Retired"),
    }
    words.update(stage_words().items())
    every = [(_("All"), address(None), chosen is None, sum(found.counts.values()))]
    return every + [(words[one], address(one), chosen is one, _count(found, one)) for one in _LISTS]


def _count(found: Holdings, one: Status | Stage) -> int:
    return found.counts.get(one, 0) if isinstance(one, Status) else found.stages.get(one, 0)
