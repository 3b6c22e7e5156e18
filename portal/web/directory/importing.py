"""Tables of customers: a file is looked at first, and stored as a whole once it is right.

What was looked at comes back with the second press, so that the same file is stored that was shown.
"""

import base64
import binascii
from typing import Any

from flask import Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField

from portal.clock import now
from portal.locale import N_, ngettext
from portal.locale import gettext as _
from portal.people.importing.exporting import export_table
from portal.people.importing.importing import Report, import_table
from portal.people.importing.kinds import Kind, columns_of
from portal.people.importing.rehearsing import rehearse
from portal.people.importing.rows import Done
from portal.web.access import Who, allow
from portal.web.directory import blueprint
from portal.web.directory.forms import capital
from portal.web.directory.loading import keeper
from portal.web.forms import Form
from portal.web.installation_form import installation_fields
from portal.web.messages import tell
from portal.web.transaction import db

MOST_BYTES = 700_000
TOO_LARGE = N_(
    "The file is larger than 700 kB. Split it, or have it taken in by `portal people import`."
)


def rows_of(kind: Kind, number: int) -> str:
    """How many rows of a kind: "1 person", "12 people"."""
    forms = {
        Kind.ORGANISATIONS: ngettext("%(number)s organisation", "%(number)s organisations", number),
        Kind.CONTRACTS: ngettext("%(number)s contract", "%(number)s contracts", number),
        Kind.INSTALLATIONS: ngettext("%(number)s installation", "%(number)s installations", number),
        Kind.PEOPLE: ngettext("%(number)s person", "%(number)s people", number),
    }
    return forms[kind]


DONE_WORDS = {
    Done.ADDED: N_("%(count)s new"),
    Done.CHANGED: N_("%(count)s changed"),
    Done.SAME: N_("%(count)s unchanged"),
}
KIND_WORDS = {
    Kind.ORGANISATIONS: N_("organisations"),
    Kind.CONTRACTS: N_("contracts"),
    Kind.INSTALLATIONS: N_("installations"),
    Kind.PEOPLE: N_("people"),
}


def _kinds() -> list[tuple[str, str]]:
    known = ((kind.value, capital(KIND_WORDS[kind])) for kind in Kind)
    return [("", N_("Told by the columns")), *known]


class ImportForm(Form):
    """A file, and what its rows are; `content` is a file that was looked at already."""

    file = FileField(
        N_("File"), description=N_("A table as CSV, from a spreadsheet or another program.")
    )
    kind = SelectField(N_("What the rows are"), choices=_kinds)
    content = HiddenField()


@blueprint.get("/desk/people/import")
@allow(Who.MANAGER)
def import_form() -> ResponseReturnValue:
    return _page(ImportForm(formdata=None))


@blueprint.post("/desk/people/import")
@allow(Who.MANAGER, only_reads=True)
def look_at_import() -> ResponseReturnValue:
    """Say what the file would do, and store nothing."""
    form = ImportForm()
    data = form.file.data.stream.read(MOST_BYTES + 1) if form.file.data else b""
    form.validate()
    if not data:
        form.file.errors = [_("Choose a file.")]
    elif len(data) > MOST_BYTES:
        form.file.errors = [TOO_LARGE]
    if form.errors:
        return _page(form)
    form.content.data = base64.b64encode(data).decode()
    return _page(form, report=rehearse(db(), **_asked(data, form)))


@blueprint.post("/desk/people/import/storage")
@allow(Who.MANAGER)
def store_import() -> ResponseReturnValue:
    """Store what was looked at. What is wrong by now is told, and then nothing is stored."""
    form = ImportForm()
    try:
        data = base64.b64decode(form.content.data or "", validate=True)
    except binascii.Error:
        abort(400)
    if not form.validate() or not data:
        return _page(form)
    report = import_table(db(), **_asked(data, form))
    if not report.is_stored:
        return _page(form, report=report)
    tell("success", _("Stored: %(counted)s.", counted=_counted(report)))
    people = report.kind is Kind.PEOPLE
    target = "directory.people_list" if people else "directory.organisation_list"
    return redirect(url_for(target), 303)


@blueprint.get("/desk/people/export/<kind>.csv")
@allow(Who.MANAGER)
def export_kind(kind: str) -> ResponseReturnValue:
    """All of one kind, as a file that can be imported again."""
    if kind not in set(Kind):
        abort(404)
    response = Response(export_table(db(), Kind(kind), details=_details()), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return response


def _asked(data: bytes, form: ImportForm) -> dict[str, Any]:
    kind = Kind(form.kind.data) if form.kind.data else None
    return {"data": data, "kind": kind, "details": _details(), "by": keeper(), "now": now()}


def _details() -> list[str]:
    return [field.id for field in installation_fields()]


def _counted(report: Report) -> str:
    return ", ".join(_(words, count=report.counts[done]) for done, words in DONE_WORDS.items())


def _page(form: ImportForm, *, report: Report | None = None) -> ResponseReturnValue:
    page = render_template(
        "directory/import.html",
        form=form,
        report=report,
        counted=_counted(report) if report else "",
        rows_words=rows_of(report.kind, report.rows) if report and report.kind else "",
        kinds=[(kind.value, _columns(kind)) for kind in Kind],
        kind_words=KIND_WORDS,
        capital=capital,
    )
    is_wrong = form.errors or (report is not None and not report.is_good)
    return page, 422 if is_wrong else 200


def _columns(kind: Kind) -> list[tuple[str, bool]]:
    return [(name, column.required) for name, column in columns_of(kind, _details()).items()]
