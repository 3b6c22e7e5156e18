"""Two editors of one thing: whoever comes second is told, and loses nothing.

A form carries a mark of the values that its writer saw. When they are others by now, nothing is
stored: the page says what stands there, keeps what was typed, and takes it when it is sent again.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from wtforms import Field, HiddenField, SelectField

from portal import written
from portal.locale import N_
from portal.locale import gettext as _
from portal.web.forms import Form

Values = Mapping[str, Any]
Rows = list[tuple[str, str]]


class EditForm(Form):
    """A form that changes something which others may change too."""

    seen = HiddenField()

    def shown_with(self, current: Values) -> None:
        """Mark the form with what its reader sees now."""
        self.seen.data = mark_of(current)

    def is_overtaken(self, current: Values) -> bool:
        return bool(self.seen.data != mark_of(current))

    def typed(self) -> dict[str, Any]:
        """What was filled in, by the names of the fields."""
        return {name: value for name, value in self.data.items() if name != "seen"}

    def differing(self, current: Values) -> Rows:
        """What stands there now where something else was typed, by its label."""
        return [
            (field.label.text, _words(field, current.get(field.name)))
            for field in self
            if field.name in current and current[field.name] != field.data
        ]


@dataclass(frozen=True)
class Ending:
    """The destructive act beside a form: asked once, and how it is undone."""

    url: str
    button: str
    question: str
    consequence: str
    is_over: bool = False
    resume_url: str = ""
    resume_button: str = ""


def mark_of(values: Values) -> str:
    """A short stand-in for these values."""
    told = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def edit_page(
    title: str,
    form: EditForm,
    *,
    current: Values,
    crumbs: list[tuple[str, str | None]],
    save: str,
    ending: Ending | None = None,
    introduction: str = "",
    is_overtaken: bool = False,
    layout: str = "layouts/desk.html",
) -> ResponseReturnValue:
    """The page of one form: as it stands, with what is wrong in it, or overtaken.

    `crumbs` is the way to the page; "Cancel" leads to the last but one.
    """
    differing = form.differing(current) if is_overtaken else []
    if is_overtaken or not form.seen.data:
        form.shown_with(current)
    page = render_template(
        "layouts/edit.html",
        layout=layout,
        title=title,
        form=form,
        way=crumbs,
        save=save,
        ending=ending,
        introduction=introduction,
        is_overtaken=is_overtaken,
        differing=differing,
    )
    return page, 409 if is_overtaken else 422 if form.errors else 200


def _words(field: Field, value: Any) -> str:
    """A value as the page would show it."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return written.day(value)
    chosen = dict(field.choices) if isinstance(field, SelectField) else {}  # type: ignore[arg-type]
    return (
        _(str(chosen.get(value, value) or N_("Nothing"))) if chosen else str(value or _("Nothing"))
    )
