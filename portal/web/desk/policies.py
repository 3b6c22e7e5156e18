"""The policy: what is in force, what comes, what was; and how a manager changes it.

Nothing is promised differently before a new version is adopted, and no case moves before somebody
re-bases it on purpose.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from wtforms import HiddenField

from portal.cases import policy_editing
from portal.cases.case import PolicyVersion
from portal.cases.policies import read_or_none
from portal.cases.policy_editing import (
    AdoptedMeanwhileError,
    InForceError,
    NotAdoptedError,
)
from portal.cases.rehearsing import Rehearsal, rehearse
from portal.clock import now
from portal.locale import N_
from portal.locale import gettext as _
from portal.policy.checking import Report, check_policy
from portal.policy.model import Policy
from portal.policy.moments import full_day
from portal.policy.previewing import Preview, preview
from portal.policy.problems import Problem
from portal.policy.sections.syntax import LONGEST_SOURCE
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.loading import worker
from portal.web.desk.preview_words import PreviewWords
from portal.web.forms import Form, Text
from portal.web.messages import tell
from portal.web.transaction import db

UPLOAD_LIMIT_BYTES = 2 * 1024 * 1024


class PolicyForm(Form):
    """A policy file: typed, or chosen from the computer.

    `based_on` is the newest version its writer saw, `looked_at` the text whose outcome they saw.
    """

    source = Text(
        N_("Policy file"), required=N_("Paste a policy, or choose a file."), limit=LONGEST_SOURCE
    )
    file = FileField(N_("Or choose a file; it replaces the text above"))
    based_on = HiddenField()
    looked_at = HiddenField()

    @property
    def written(self) -> str:
        """The text as a file that ends with a line end."""
        return self.source.text.rstrip("\n") + "\n"

    @property
    def mark(self) -> str:
        return hashlib.sha256(self.written.encode()).hexdigest()


@dataclass(frozen=True)
class Found:
    """A problem beside the line of the file that it speaks of."""

    problem: Problem
    line_text: str


@blueprint.get("/desk/policies")
@allow(Who.MANAGER)
def policies() -> ResponseReturnValue:
    """All versions: in force, coming, past."""
    return render_template(
        "desk/policies.html",
        standing=policy_editing.standing(db(), now=now()),
        policy_of=read_or_none,
    )


@blueprint.get("/desk/policies/new")
@allow(Who.MANAGER)
def new_policy() -> ResponseReturnValue:
    """The editor, with the newest version to start from."""
    form = PolicyForm(formdata=None)
    start = _version(policy_editing.latest_id(db()))
    form.source.data = start.source if start else ""
    form.based_on.data = str(policy_editing.latest_id(db()))
    return _editor(form)


@blueprint.post("/desk/policies/new")
@allow(Who.MANAGER, limit_bytes=UPLOAD_LIMIT_BYTES)
def change_policy() -> ResponseReturnValue:
    """Check what was written and show what it would do; adopt it when that was asked for."""
    form = PolicyForm()
    if not _read_upload(form) or not form.validate_on_submit():
        return _editor(form), 422
    report = policy_editing.examine(db(), source=form.written, now=now())
    wants_it = request.form.get("act") == "adopt"
    if report.errors or not wants_it:
        return _editor(form, report), 422 if report.errors else 200
    if form.looked_at.data != form.mark:
        return _editor(form, report, is_unseen=True), 409
    return _adopt(form)


@blueprint.get("/desk/policies/<int:version_id>")
@allow(Who.MANAGER)
def policy(version_id: int) -> ResponseReturnValue:
    """One version: its text, what it leaves unsaid, and what it promises beside the one before."""
    version = _version(version_id) or abort(404)
    older = policy_editing.version_before(db(), version)
    read = read_or_none(version)
    report = check_policy(version.source, "policy.toml")
    return render_template(
        "desk/policy.html",
        version=version,
        policy=read,
        older=older,
        is_coming=version.effective_from > now(),
        found=_beside_lines(version.source, report.warnings),
        errors=_beside_lines(version.source, report.errors) if read is None else [],
        table=_table(read, read_or_none(older) if older else None),
        preview_words=PreviewWords(read) if read else None,
    )


@blueprint.get("/desk/policies/<int:version_id>/policy.toml")
@allow(Who.MANAGER)
def policy_source(version_id: int) -> ResponseReturnValue:
    """The file itself."""
    version = _version(version_id) or abort(404)
    name = f"{version.policy_id}-{version.version}.toml"
    response = Response(version.source, mimetype="text/plain")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.post("/desk/policies/<int:version_id>/withdrawal")
@allow(Who.MANAGER)
def policy_withdrawal(version_id: int) -> ResponseReturnValue:
    """Take back a version that has not taken effect yet."""
    version = _version(version_id) or abort(404)
    try:
        policy_editing.withdraw(db(), version=version, by=worker(), now=now())
    except InForceError:
        words = _("Version %(version)s is in force: adopt a newer one instead.")
        tell("error", words % {"version": version.version})
        return redirect(url_for("desk.policy", version_id=version_id), 303)
    words = _("Version %(version)s is withdrawn. The version in force goes on.")
    tell("success", words % {"version": version.version})
    return redirect(url_for("desk.policies"), 303)


def _adopt(form: PolicyForm) -> ResponseReturnValue:
    try:
        version = policy_editing.adopt_change(
            db(),
            source=form.written,
            based_on=int(form.based_on.data or 0),
            by=worker(),
            now=now(),
        )
    except NotAdoptedError as error:
        return _editor(form, error.report), 422
    except AdoptedMeanwhileError as error:
        form.based_on.data = str(error.latest.id)
        report = policy_editing.examine(db(), source=form.written, now=now())
        return _editor(form, report, rival=error.latest), 409
    words = _("Version %(version)s is adopted. No open case has moved.")
    tell("success", words % {"version": version.version})
    return redirect(url_for("desk.policies"), 303)


def _editor(
    form: PolicyForm,
    report: Report | None = None,
    *,
    rival: PolicyVersion | None = None,
    is_unseen: bool = False,
) -> str:
    """The page: the text, what is wrong with it, and what it would do."""
    read = report.policy if report and not report.errors else None
    moment = now()
    rehearsal: Rehearsal | None = None
    if read is not None:
        rehearsal = rehearse(db(), policy=read, now=moment, is_draft=True)
        form.looked_at.data = form.mark
    return render_template(
        "desk/policy_editor.html",
        form=form,
        report=report,
        errors=_beside_lines(form.source.text, report.errors if report else ()),
        found=_beside_lines(form.source.text, report.warnings if report else ()),
        policy=read,
        adopt_words=_adopt_words(read, moment) if read else "",
        table=policy_editing.compare(db(), policy=read, now=moment) if read else None,
        preview_words=PreviewWords(read) if read else None,
        rehearsal=rehearsal,
        rival=rival,
        is_unseen=is_unseen,
    )


def _adopt_words(read: Policy, moment: datetime) -> str:
    """What the button says: which version, and when it takes effect."""
    if read.effective_from <= moment.astimezone(read.zone).date():
        return _("Adopt version %(version)s, at once", version=read.version)
    on = full_day(read.effective_from)
    return _("Adopt version %(version)s, on %(day)s", version=read.version, day=on)


def _table(read: Policy | None, older: Policy | None) -> Preview | None:
    return preview(read, against=older) if read is not None else None


def _read_upload(form: PolicyForm) -> bool:
    """Take a chosen file into the field; False, with a message, when it is no text."""
    file = form.file.data
    if not file or not file.filename:
        return True
    try:
        form.source.data = file.stream.read().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        words = _("%(file)s is no text file. Choose a policy file in UTF-8.", file=file.filename)
        form.file.errors = [words]
        return False
    return True


def _beside_lines(source: str, problems: tuple[Problem, ...]) -> list[Found]:
    lines = source.split("\n")
    return [
        Found(problem, lines[problem.line - 1].strip())
        if problem.line and problem.line <= len(lines)
        else Found(problem, "")
        for problem in problems
    ]


def _version(version_id: int) -> PolicyVersion | None:
    return policy_editing.find_version(db(), version_id)
