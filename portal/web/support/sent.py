"""The confirmation: the number, what happens next and when, and how to follow the case.

It is a page of its own, so that it can be bookmarked, printed, and shown again after Back.
"""

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.cases.case import Case, CaseStatus
from portal.cases.clocks import evaluation_of, policy_of
from portal.cases.contract_check import HeldReason
from portal.cases.expectation import Expectation
from portal.cases.submission import case_of_draft
from portal.clock import now
from portal.knowledge.article import Article
from portal.knowledge.queries import readable_articles
from portal.locale import gettext as _
from portal.policy.model import Policy
from portal.web.access import Who, allow
from portal.web.identity import current_person, reader
from portal.web.support import blueprint
from portal.web.support.case_page import reader_zone_of
from portal.web.support.check import held_words
from portal.web.support.desk import desk_words
from portal.web.support.holding import load_draft
from portal.web.support.outlook import telephone_words
from portal.web.support.steps import address
from portal.web.transaction import db

MOST_ARTICLES = 3


@blueprint.get("/cases/drafts/<public_id>/sent")
@allow(Who.HOLDER)
def sent(public_id: str) -> ResponseReturnValue:
    draft = load_draft(public_id)
    case = case_of_draft(db(), draft)
    if case is None:
        return redirect(address("question", draft), 303)
    g.told_zone = case.contact_time_zone
    is_held = case.status is CaseStatus.HELD
    expectation = Expectation(evaluation_of(db(), case), is_held)
    policy = policy_of(case)
    served = policy.priority(expectation.priority_id)
    promised, *later = expectation.shown(now=now(), reader_zone=reader_zone_of(case))
    return render_template(
        "support/sent.html",
        case=case,
        is_held=is_held,
        held_words=held_words(HeldReason(case.held_reason), policy)[:1],
        promised=promised,
        later=later,
        telephone=None if _is_past(case) else telephone_words(policy, served),
        desk=desk_words(policy),
        next_steps=_next_steps(case, policy),
        articles=_unread(case),
        calendar_url=_calendar_url(case),
    )


def _is_past(case: Case) -> bool:
    """Whether this page is looked at again when what it announces has happened."""
    return not case.is_open or case.first_responded_at is not None


def _unread(case: Case) -> list[Article]:
    """The answers offered before sending that were not opened then."""
    ids = [shown["article_id"] for shown in case.shown_articles if not shown["opened"]]
    return readable_articles(db(), reader=reader(), ids=ids)[:MOST_ARTICLES] if ids else []


def _calendar_url(case: Case) -> str | None:
    """Only for somebody who may open the case in this browser."""
    if current_person() is None or case.next_due_at is None:
        return None
    return url_for("support.calendar", reference=case.reference)


def _next_steps(case: Case, policy: Policy) -> list[str]:
    """What happens now, in the order in which it happens."""
    adding = _("To add something, write it on the page of your case; our mail leads there.")
    if _is_past(case):
        return [adding]
    email = case.contact_email
    steps = [
        _("We mail the details to %(email)s.", email=email)
        if case.contact
        else _("We mail a link that opens your case without an account to %(email)s.", email=email)
    ]
    if case.status is CaseStatus.HELD:
        name = policy.entitlement.contract_words
        steps.append(
            _(
                "We check your %(contract)s. You get the case number by mail, or hear why not.",
                contract=name,
            )
        )
    steps.append(
        _("Somebody reads your case and answers you; what to expect by when stands above.")
    )
    steps.append(adding)
    return steps
