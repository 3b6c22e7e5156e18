"""The list of all articles, for staff: by status, category and words of the title."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from wtforms import SelectField

from portal.knowledge import holdings
from portal.knowledge.article import Status
from portal.knowledge.holdings import Holdings
from portal.web.access import Who, allow
from portal.web.forms import Form, Line
from portal.web.transaction import db
from portal.web.writing import blueprint

STATUS_WORDS = {
    Status.PUBLISHED: "Published",
    Status.DRAFT: "Draft",
    Status.RETIRED: "Retired",
}
STATUS_TONES = {Status.PUBLISHED: "good", Status.DRAFT: "info", Status.RETIRED: "neutral"}
_LISTS = {Status.PUBLISHED: "Published", Status.DRAFT: "Drafts", Status.RETIRED: "Retired"}


class FilterForm(Form):
    """What the list is narrowed to; lives in the address."""

    q = Line("Words of the title", limit=200)
    category = SelectField("Category", validate_choice=False)


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
    form.category.choices = [("", "All"), *every]
    status = _status(request.args.get("status", ""))
    found = holdings.holdings(
        db(),
        status=status,
        category=form.category.data or "",
        words=form.q.text if form.q.validate(form) else "",
        page=request.args.get("page", 1, type=int),
    )
    kept = {"q": form.q.text, "category": form.category.data or ""}
    kept = {key: value for key, value in kept.items() if value}
    is_filtered = bool(kept)
    tabs = _tabs(found, status, kept)
    if status:
        kept["status"] = status.value
    return render_template(
        "writing/library.html",
        form=form,
        holdings=found,
        status=status,
        is_filtered=is_filtered,
        status_tabs=tabs,
        status_words=STATUS_WORDS,
        status_tones=STATUS_TONES,
        page=Pages(found.number, found.pages, kept),
    )


def _status(said: str) -> Status | None:
    return Status(said) if said in set(Status) else None


def _tabs(
    found: Holdings, chosen: Status | None, kept: dict[str, str]
) -> list[tuple[str, str, bool, int]]:
    def address(status: Status | None) -> str:
        values: dict[str, Any] = {**kept, **({"status": status.value} if status else {})}
        return url_for("writing.library", **values)

    total = sum(found.counts.values())
    every = [("All", address(None), chosen is None, total)]
    return every + [
        (words, address(status), chosen is status, found.counts.get(status, 0))
        for status, words in _LISTS.items()
    ]
