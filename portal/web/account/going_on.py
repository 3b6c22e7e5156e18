"""Whoever had to sign in goes on where they were going; a link in a mail doesn't lose the way."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.people.person import Person, Role
from portal.web.redirects import is_own_page, safe_next

COOKIE = "going-to"


def wanted() -> str:
    """Where the visitor was going, "" for nowhere in particular."""
    target = request.values.get("next") or request.cookies.get(COOKIE) or ""
    return target if is_own_page(target) else ""


def go_on(person: Person, target: str) -> Response:
    """Lead a person who has just signed in to where they were going, else to their first page."""
    response = redirect(safe_next(target, first_page(person)), 303)
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE)
    return response


def remember_way(response: Response, target: str, *, seconds: int) -> Response:
    """Keep the way for as long as a mailed link lasts."""
    if target:
        secure = request.is_secure
        response.set_cookie(
            COOKIE, target, max_age=seconds, httponly=True, samesite="Lax", secure=secure
        )
    return response


def first_page(person: Person) -> str:
    """Where people begin: customers with their cases, writers with articles, staff at the desk."""
    if person.role is Role.CONTACT:
        return url_for("support.case_list")
    return url_for("writing.library" if person.role is Role.WRITER else "desk.queue")
