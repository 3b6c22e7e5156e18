"""What belongs with a case: links, merged cases, its known issue, its followers."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField

from portal.cases.access import find_case
from portal.cases.case import Case, IllegalMoveError
from portal.cases.following import NotAColleagueError, add_follower, find_colleague, followers_of
from portal.cases.issue_cases import attach, detach
from portal.cases.link import LinkKind
from portal.cases.linking import BY_HAND, WORDS, NotLinkableError, link, related_to, unlink
from portal.cases.merged import absorbed, standing_merge
from portal.cases.merging import undoable_until
from portal.clock import now
from portal.knowledge.known_issue import find_known_issue, standing
from portal.locale import N_
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.loading import load_case, worker
from portal.web.forms import Form, Line
from portal.web.messages import tell
from portal.web.transaction import db


class LinkForm(Form):
    """How the case belongs to which other one."""

    kind = SelectField(
        N_("This case is"), choices=[(kind.value, WORDS[kind][0]) for kind in BY_HAND]
    )
    other = Line(
        N_("Number of the other case"),
        limit=40,
        required=N_("Enter the number of the other case, like 7KQ-4MPX."),
    )


class FollowerForm(Form):
    """Who is to follow the case."""

    who = Line(
        N_("Name or e-mail address"),
        limit=254,
        required=N_("Enter the name or the e-mail address of a colleague of the contact."),
    )


class IssueForm(Form):
    """Which known issue the case is about."""

    issue = SelectField(N_("Known issue"), validate_choice=True)


@blueprint.get("/desk/cases/<reference>/together")
@allow(Who.AGENT)
def together(reference: str) -> str:
    return together_page(load_case(reference))


def together_page(
    case: Case, *, link_form: LinkForm | None = None, follower_form: FollowerForm | None = None
) -> str:
    """The page; a form that could not be taken keeps what was typed."""
    merged = [(each, standing_merge(db(), each)) for each in absorbed(db(), case)]
    return render_template(
        "desk/together.html",
        case=case,
        form=link_form or follower_form or LinkForm(formdata=None),
        link_form=link_form or LinkForm(formdata=None),
        follower_form=follower_form or FollowerForm(formdata=None),
        issue_form=_issue_form(IssueForm(formdata=None)),
        related=related_to(db(), case, person=worker()),
        merged=[(each, undoable_until(made)) for each, made in merged if made],
        followers=followers_of(db(), case),
        now=now(),
    )


def _issue_form(form: IssueForm) -> IssueForm:
    form.issue.choices = [(str(issue.id), issue.title) for issue in standing(db())]
    return form


def again(case: Case) -> ResponseReturnValue:
    """Back to this page after an act."""
    return redirect(url_for("desk.together", reference=case.reference), 303)


@blueprint.post("/desk/cases/<reference>/links")
@allow(Who.AGENT)
def links(reference: str) -> ResponseReturnValue:
    """Link this case to another one."""
    case, form = load_case(reference), LinkForm()
    if not form.validate():
        return together_page(case, link_form=form), 422
    other = find_case(db(), form.other.text, person=worker())
    if other is None:
        form.other.errors = [_("No case has this number. Compare it with the queue or the mail.")]
        return together_page(case, link_form=form), 422
    try:
        link(db(), case=case, other=other, kind=LinkKind(form.kind.data), by=worker(), now=now())
    except NotLinkableError as error:
        form.other.errors = [str(error)]
        return together_page(case, link_form=form), 422
    words = _("Linked to %(reference)s. Each shows the other to whoever may see both.")
    tell("success", words % {"reference": other.reference})
    return again(case)


@blueprint.post("/desk/cases/<reference>/links/<int:link_id>/removal")
@allow(Who.AGENT)
def link_removal(reference: str, link_id: int) -> ResponseReturnValue:
    case = load_case(reference)
    if not unlink(db(), case=case, link_id=link_id, by=worker(), now=now()):
        abort(404)
    tell("success", _("The link is gone from both cases."))
    return again(case)


@blueprint.post("/desk/cases/<reference>/followers")
@allow(Who.AGENT)
def followers(reference: str) -> ResponseReturnValue:
    """Add a colleague of the contact, who is told."""
    case, form = load_case(reference), FollowerForm()
    if not form.validate():
        return together_page(case, follower_form=form), 422
    try:
        person = find_colleague(db(), case, form.who.text)
        is_new = add_follower(
            db(), case=case, person=person, by=worker(), by_name=worker().name, now=now()
        )
    except NotAColleagueError:
        form.who.errors = [
            _(
                "Only somebody of the customer's organisation or its partner can follow this case. "
                "Enter their full name or e-mail address."
            )
        ]
        return together_page(case, follower_form=form), 422
    if is_new:
        tell("success", _("%(name)s follows the case now, and was told.", name=person.name))
    else:
        tell("success", _("%(name)s reads this case already.", name=person.name))
    return again(case)


@blueprint.post("/desk/cases/<reference>/known-issue")
@allow(Who.AGENT)
def issue_attachment(reference: str) -> ResponseReturnValue:
    """This case is about a known issue; its contact is told."""
    case, form = load_case(reference), _issue_form(IssueForm())
    if not form.validate():
        tell("error", _("Choose a known issue that is not over."))
        return again(case)
    issue = find_known_issue(db(), int(form.issue.data)) or abort(404)
    try:
        attach(db(), case=case, issue=issue, by=worker(), now=now())
    except IllegalMoveError:
        tell("error", _("The case is over. Open it again before you attach it."))
        return again(case)
    words = _("Attached to “%(title)s”. The contact is told, and told of the fix.")
    tell("success", words % {"title": issue.title})
    return again(case)


@blueprint.post("/desk/cases/<reference>/known-issue/removal")
@allow(Who.AGENT)
def issue_detachment(reference: str) -> ResponseReturnValue:
    case = load_case(reference)
    detach(db(), case=case, by=worker(), now=now())
    tell("success", _("The case is about no known issue any more."))
    return again(case)
