"""What each category asks for: a second person's approval, and a check every so many days."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.knowledge import holdings
from portal.knowledge.head_values import LONGEST_REVIEW_DAYS
from portal.knowledge.ruling import Rule, set_rules
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.messages import tell
from portal.web.transaction import db
from portal.web.writing import blueprint
from portal.web.writing.loading import writer


@blueprint.get("/writing/rules")
@allow(Who.STAFF)
def rules() -> str:
    """The table of categories; managers change it."""
    return _page({}, {})


@blueprint.post("/writing/rules")
@allow(Who.MANAGER)
def set_category_rules() -> ResponseReturnValue:
    """Keep what was ticked and typed, all of it or nothing."""
    typed = {one.id: request.form.get(f"days-{one.id}", "").strip() for one in _categories()}
    fault = _(
        "Enter a number of days from 1 to %(most)s, or leave it empty.", most=LONGEST_REVIEW_DAYS
    )
    wrong = {id_: fault for id_, said in typed.items() if said and _days(said) is None}
    if wrong:
        return _page(typed, wrong), 422
    wanted = {
        one.id: Rule(request.form.get(f"approval-{one.id}") == "y", _days(typed[one.id]))
        for one in _categories()
    }
    changed = set_rules(db(), wanted=wanted, by=writer(), now=now())
    tell("success", _("Saved.") if changed else _("Nothing was changed."))
    return redirect(url_for("writing.rules"), 303)


def _categories() -> list[Any]:
    return holdings.categories(db())


def _days(said: str) -> int | None:
    is_number = said.isascii() and said.isdigit() and len(said) <= 4
    return int(said) if is_number and 1 <= int(said) <= LONGEST_REVIEW_DAYS else None


def _page(typed: dict[int, str], wrong: dict[int, str]) -> str:
    return render_template(
        "writing/rules.html", categories=_categories(), typed=typed, wrong=wrong, request=request
    )
