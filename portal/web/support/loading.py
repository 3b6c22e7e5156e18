"""Which case a customer may open: their own, their organisation's, or the one of a mailed link.

Anything else looks as if it did not exist. The secret of a mailed link is kept in a cookie, so
that it leaves the address bar and no other site learns of it.
"""

from typing import Any

from flask import Response, abort, g, redirect, request, url_for

from portal.cases.access import LINK_DAYS, find_by_link, find_case
from portal.cases.case import Case
from portal.cases.merged import known_as
from portal.cases.numbers import UnreadableNumberError, read_reference
from portal.clock import now
from portal.web.identity import current_person
from portal.web.parts import parts
from portal.web.transaction import READING_METHODS, db

_PREFIX = "case-"
_MOST_LINKS = 8


def load_case(reference: str) -> Case:
    """The case in the address. Staff are led to the desk, strangers to the way in."""
    person = current_person()
    writes = request.method not in READING_METHODS
    if person is not None and person.is_staff:
        _lead_to_desk(reference)
    case = find_case(db(), reference, person=person, lock=writes) if person else None
    case = case or _followed(reference, lock=writes)
    if case is not None and not writes:
        _lead_to_survivor(reference, case)
    if case is None and person is None:
        abort(redirect(url_for("support.follow", number=reference[:40]), 303))
    g.told_zone = case.contact_time_zone if case else None
    return case or abort(404)


def find_readable(reference: str) -> Case | None:
    """The case of this reference that the reader may open, by account or by a mailed link."""
    person = current_person()
    found = find_case(db(), reference, person=person) if person else None
    return found or _followed(reference, lock=False)


def _lead_to_desk(reference: str) -> None:
    """Staff answer at the desk; nobody acts in a customer's name."""
    if request.method in READING_METHODS:
        abort(redirect(url_for("desk.case", reference=reference), 303))
    abort(404)


def _lead_to_survivor(reference: str, case: Case) -> None:
    """The number of a merged case leads to the page of the one in which it goes on."""
    if read_reference(reference) not in {case.number, case.receipt}:
        endpoint = request.endpoint or "support.case"
        abort(redirect(url_for(endpoint, **{**_view_args(), "reference": case.reference}), 303))


def _view_args() -> dict[str, Any]:
    return dict(request.view_args or {})


def _followed(reference: str, *, lock: bool) -> Case | None:
    try:
        key = read_reference(reference)
    except UnreadableNumberError:
        return None
    for token in _tokens():
        case = find_by_link(db(), token, now=now(), lock=lock)
        if case is not None and key in known_as(db(), case):
            return case
    return None


def _tokens() -> list[str]:
    names = [name for name in request.cookies if name.startswith(_PREFIX)]
    return [request.cookies[name] for name in names[:_MOST_LINKS]]


def hand_over(response: Response, case: Case, token: str) -> Response:
    """Let this browser open the case of a mailed link from now on."""
    response.set_cookie(
        f"{_PREFIX}{case.receipt}",
        token,
        max_age=LINK_DAYS * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=parts().settings.is_https,
        path="/cases",
    )
    return response


def by_name(case: Case) -> str:
    """In whose name an act is recorded when nobody is signed in."""
    return case.contact_name
