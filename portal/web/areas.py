"""Two areas, articles and cases: each open to anyone, or only to people with an account.

What is not named here as open in any case is closed with its area, so that a new page of an area
can't be forgotten.
"""

from flask import g, request

from portal.web.parts import parts

_ALWAYS_OPEN = frozenset(
    {
        "help.expectations",  # how support is reached, and when
        "help.robots",
        "help.widget",  # shows a stranger nothing, and must not lead out of its frame
        "help.widget_article",
        "help.widget_script",
        "support.follow",
        "support.ask_for_link",
        "support.follow_sent",
        "support.open_link",
    }
)


def needs_account() -> bool:
    """Whether this request is for an area that is closed to people without an account.

    A case's own page decides by itself: a secret link opens it, which only its contact has.
    """
    if request.endpoint in _ALWAYS_OPEN:
        return False
    if request.blueprint == "help":
        return _closed(not parts().settings.opens_articles)
    if request.blueprint == "support" and "reference" not in (request.view_args or {}):
        return _closed(not parts().settings.opens_cases)
    return False


def _closed(is_closed: bool) -> bool:
    """Remember that this answer depends on who asks, so that no cache keeps it."""
    if is_closed:
        g.is_personal = True
    return is_closed
