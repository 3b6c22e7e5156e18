"""A draft belongs to the browser that began it: a cookie for each draft holds its secret.

Nobody else can open it, whatever address they type; the signed-in owner may, from any browser.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, abort, request, url_for

from portal.cases import drafting
from portal.cases.draft import Draft
from portal.clock import now
from portal.locale import gettext as _
from portal.web.identity import current_person
from portal.web.parts import parts
from portal.web.support.answers import Answers
from portal.web.transaction import READING_METHODS, db

_PREFIX = "draft-"
_MOST_DRAFTS = 5


@dataclass(frozen=True)
class Unfinished:
    """A draft that can be taken up again, as the first page offers it."""

    url: str
    subject: str
    saved_at: datetime
    expires_at: datetime


def load_draft(public_id: str) -> Draft:
    """The draft in the address, if this browser or person may open it; else nothing is there."""
    draft = _find(public_id)
    if draft is None:
        abort(404)
    return draft


def _find(public_id: str) -> Draft | None:
    writes = request.method not in READING_METHODS
    draft = drafting.find_draft(
        db(),
        public_id,
        secret=request.cookies.get(f"{_PREFIX}{public_id}"),
        person=current_person(),
        now=now(),
        lock=writes,
    )
    person = current_person()
    if draft is not None and person is not None and writes:
        drafting.claim(db(), draft=draft, person=person, now=now())
    return draft


def written_text(public_id: str) -> str:
    """What was written in a draft, for a case that it turned out to belong to."""
    draft = _find(public_id)
    answers = Answers(draft.answers if draft else {})
    return "\n\n".join(text for text in (answers.subject, answers.description) if text)


def unfinished() -> list[Unfinished]:
    """This browser's drafts that were not sent, newest first."""
    names = [name for name in request.cookies if name.startswith(_PREFIX)][:_MOST_DRAFTS]
    drafts = [_find(name.removeprefix(_PREFIX)) for name in names]
    waiting = [draft for draft in drafts if draft is not None and draft.case_id is None]
    return [_offer(draft) for draft in sorted(waiting, key=lambda d: d.updated_at, reverse=True)]


def _offer(draft: Draft) -> Unfinished:
    answers = Answers(draft.answers)
    return Unfinished(
        url=url_for("support.resume", public_id=draft.public_id),
        subject=answers.subject or _("A case without a subject"),
        saved_at=draft.updated_at,
        expires_at=draft.expires_at,
    )


def hand_over(response: Response, public_id: str, secret: str) -> Response:
    """Give the browser the secret of the draft that it just began."""
    response.set_cookie(
        f"{_PREFIX}{public_id}",
        secret,
        max_age=parts().settings.draft_days * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=parts().settings.is_https,
        path="/cases",
    )
    return response
