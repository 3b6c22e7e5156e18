"""Splitting: what becomes a case of its own, with its subject, its messages and its priority."""

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from wtforms import SelectField, SelectMultipleField

from portal.cases.case import Case, IllegalMoveError
from portal.cases.policies import policy_in_force
from portal.cases.revision import ChangedMeanwhileError
from portal.cases.splitting import MOST_PARTS, NotSplittableError, Part, split
from portal.cases.timeline import timeline_for_staff
from portal.clock import now
from portal.locale import N_
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.case import done
from portal.web.desk.forms import ActForm, fresh
from portal.web.desk.loading import load_case, worker
from portal.web.forms import Form, Line, Text
from portal.web.messages import tell
from portal.web.transaction import db

FIRST_PARTS = 2
LONGEST_EXCERPT = 140


class PartForm(Form):
    """One part; an empty one is passed over."""

    subject = Line(N_("Subject"), limit=150)
    description = Text(N_("What it is about, for the customer"), limit=4_000)
    messages = SelectMultipleField(N_("Messages that go along"), validate_choice=True)
    priority = SelectField(N_("Priority"), validate_choice=True)

    @property
    def is_empty(self) -> bool:
        return not (self.subject.text or self.description.text or self.messages.data)

    @property
    def part(self) -> Part:
        """What was filled in, as the act takes it."""
        chosen = [int(each) for each in self.messages.data or ()]
        return Part(self.subject.text, self.description.text, chosen, self.priority.data or "")


@blueprint.get("/desk/cases/<reference>/parts")
@allow(Who.AGENT)
def parts_form(reference: str) -> str:
    """Nothing changes yet; `parts` in the address asks for more of them."""
    case = load_case(reference)
    wanted = request.args.get("parts", FIRST_PARTS, type=int)
    return _page(case, _forms(case, min(max(wanted, 1), MOST_PARTS), is_sent=False))


@blueprint.post("/desk/cases/<reference>/parts")
@allow(Who.AGENT)
def parts(reference: str) -> ResponseReturnValue:
    """Open a case for each part."""
    case, act = load_case(reference), ActForm()
    count = request.form.get("count", FIRST_PARTS, type=int)
    forms = _forms(case, min(max(count, 1), MOST_PARTS), is_sent=True)
    filled = [form for form in forms if not form.is_empty]
    if [form for form in filled if not form.validate()]:
        return _page(case, forms), 422
    for form in filled:
        if not form.subject.text:
            form.subject.errors = [_("Give this part a subject, so that the customer knows it.")]
        elif not form.description.text and not form.messages.data:
            form.description.errors = [_("Mark messages below, or say here what it is about.")]
    if any(form.errors for form in filled):
        return _page(case, forms), 422
    try:
        opened = split(
            db(),
            case=case,
            parts=[form.part for form in filled],
            by=worker(),
            now=now(),
            revision=act.shown_revision,
        )
    except NotSplittableError as error:
        forms[0].form_errors = [str(error)]
        return _page(case, forms), 422
    except (ChangedMeanwhileError, IllegalMoveError):
        words = _("The case changed meanwhile. Look at its messages, and send again.")
        forms[0].form_errors = [words]
        return _page(case, forms), 409
    references = ", ".join(each.reference for each in opened)
    tell("success", _("Opened %(references)s. The contact is told.", references=references))
    return done(case)


def _forms(case: Case, count: int, *, is_sent: bool) -> list[PartForm]:
    messages = _messages(case)
    _version, policy = policy_in_force(db(), now=now())
    levels = [(level.id, level.name) for level in policy.priorities]
    forms = []
    for place in range(count):
        given = {} if is_sent else {"formdata": None}
        form = PartForm(prefix=f"part-{place + 1}-", **given)
        form.messages.choices = messages
        form.priority.choices = levels
        if not is_sent:
            form.priority.data = case.priority
        forms.append(form)
    return forms


def _messages(case: Case) -> list[tuple[str, str]]:
    said = [entry for entry in timeline_for_staff(db(), case) if entry.body]
    return [(str(entry.id), f"{entry.author}: {_excerpt(entry.body)}") for entry in said]


def _excerpt(body: str) -> str:
    line = " ".join(body.split())
    return line if len(line) <= LONGEST_EXCERPT else f"{line[:LONGEST_EXCERPT]}…"


def _page(case: Case, forms: Sequence[PartForm]) -> str:
    return render_template(
        "desk/parts.html",
        case=case,
        forms=forms,
        form=next((form for form in forms if form.errors), forms[0]),
        act=fresh(ActForm(formdata=None), case, seen=0),
        more=min(len(forms) + 1, MOST_PARTS),
        has_files=any(entry.files for entry in timeline_for_staff(db(), case)),
    )
