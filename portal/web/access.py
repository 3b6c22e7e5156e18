"""Every route says who may use it, whether its answer may be cached and how forgery is stopped.

The portal refuses to start with a route that doesn't. What isn't yours looks like what isn't there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, request

from portal.people.person import Person

View = TypeVar("View", bound=Callable[..., Any])


class Who(StrEnum):
    """Who may use a route. HOLDER has a secret (draft cookie, mailed link) that the view checks."""

    ANYONE = "anyone"
    HOLDER = "holder"
    SIGNED_IN = "signed_in"
    STAFF = "staff"
    WRITER = "writer"
    AGENT = "agent"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"

    @property
    def needs_sign_in(self) -> bool:
        return self not in {Who.ANYONE, Who.HOLDER}

    def admits(self, person: Person | None) -> bool:
        """Whether this person may use a route declared for `self`."""
        if not self.needs_sign_in:
            return True
        return person is not None and _RULES[self](person)


_RULES: dict[Who, Callable[[Person], bool]] = {
    Who.SIGNED_IN: lambda _person: True,
    Who.STAFF: lambda person: person.is_staff,
    Who.WRITER: lambda person: person.may_write_articles,
    Who.AGENT: lambda person: person.may_work_cases,
    Who.MANAGER: lambda person: person.may_manage,
    Who.ADMINISTRATOR: lambda person: person.may_administer,
}


class Cache(Enum):
    """PUBLIC answers are the same bytes for everybody; PRIVATE ones are stored nowhere."""

    PUBLIC = "public"
    PRIVATE = "private"


class Csrf(Enum):
    """How a POST is known to come from our own page: by its token, or, on pages that are cached
    and can't hold one, by what the browser says of its origin. SEAL: it need not come from one,
    since its address holds a secret made for this one act and person.
    """

    TOKEN = "token"  # noqa: S105
    ORIGIN = "origin"
    SEAL = "seal"


@dataclass(frozen=True)
class Access:
    """What a route declares of itself.

    `limit_bytes` is the largest request body, None for the usual one. `is_use` is False for
    requests that a page makes by itself: they don't keep a sign-in alive. `only_reads`: a POST that
    looks at what it was sent and changes nothing, so it never holds up who writes.
    """

    who: Who
    cache: Cache = Cache.PRIVATE
    csrf: Csrf = Csrf.TOKEN
    limit_bytes: int | None = None
    is_use: bool = True
    only_reads: bool = False


class UndeclaredRouteError(Exception):
    """A route doesn't say who may use it."""


def allow(
    who: Who,
    *,
    cache: Cache = Cache.PRIVATE,
    csrf: Csrf = Csrf.TOKEN,
    limit_bytes: int | None = None,
    is_use: bool = True,
    only_reads: bool = False,
) -> Callable[[View], View]:
    """Declare a view's access; stands directly below the route decorator."""
    access = Access(who, cache, csrf, limit_bytes, is_use, only_reads)
    if cache is Cache.PUBLIC and who is not Who.ANYONE:
        raise ValueError("only what anyone may see can be cached for everybody")

    def declare(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return declare


def access_of(app: Flask, endpoint: str) -> Access | None:
    """What the route declares, None where it declares nothing."""
    return getattr(app.view_functions[endpoint], "access", None)


def current_access() -> Access | None:
    """What the route of this request declares; None where no route matched."""
    endpoint = request.endpoint
    return access_of(current_app, endpoint) if endpoint else None


def check_inventory(app: Flask) -> None:
    """Refuse to start with an undeclared route. Raises UndeclaredRouteError naming them."""
    undeclared = [e for e in app.view_functions if access_of(app, e) is None]
    if undeclared:
        raise UndeclaredRouteError(
            f"{', '.join(sorted(undeclared))}: put @allow(Who...) below the route decorator."
        )
