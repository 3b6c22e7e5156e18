"""In which language a visitor reads: the one they chose, else what their browser asks for.

Whoever is signed in may have chosen for good. Everybody else's choice is a cookie that holds a
language tag and nothing of the person, so that public pages can be kept for all who read in it. A
library in one language looks at none of these.
"""

import re
from collections.abc import Callable
from typing import Any

import flask_babel
from flask import Flask, current_app, g, request
from markupsafe import Markup

from portal import locale
from portal.languages import FIRST, Languages, best_match, direction_of, name_of
from portal.template_words import give_words
from portal.web.parts import parts
from portal.written import language_called

COOKIE = "language"
VARY = "Accept-Encoding, Accept-Language, Cookie"
_CHOSEN = re.compile(rf"(?:^|;\s*){COOKIE}=([A-Za-z0-9-]{{2,12}})(?:;|$)")


def wanted_language(environ: dict[str, Any], tags: tuple[str, ...]) -> str:
    """The one of the library's languages that a request is answered in; "" if it has only one."""
    if len(tags) < 2:
        return ""
    chosen = _CHOSEN.search(environ.get("HTTP_COOKIE", ""))
    if chosen and chosen[1] in tags:
        return chosen[1]
    return best_match(environ.get("HTTP_ACCEPT_LANGUAGE", ""), tags) or tags[0]


def prepare(app: Flask, *, own_language: Callable[[], str | None]) -> None:
    """From the first moment of a request on, the portal speaks its reader's language, which
    `own_language` tells of whoever is signed in.
    """
    app.extensions["own_language"] = own_language
    flask_babel.Babel(app, configure_jinja=False, locale_selector=_babels_name)
    give_words(app.jinja_env)
    app.before_request(_speak)
    app.teardown_request(lambda _error: locale.speak(locale.SPOKEN_IN_CODE))


def _speak() -> None:
    """First as the browser tells, so that even a database that is away is told of in words that
    its reader knows.
    """
    tags = library_languages()
    locale.speak(locale.interface_language(wanted_language(request.environ, tags) or tags[0]))
    if has_choice():
        locale.speak(str(flask_babel.get_locale()).replace("_", "-"))


def _babels_name() -> str:
    """The same language as Babel calls it."""
    return page_language().replace("-", "_")


def page_language() -> str:
    """The tag of the language that the portal's own words are in for this visitor."""
    languages = reading_languages()
    return locale.interface_language(languages.wanted if languages else library_languages()[0])


def library_languages() -> tuple[str, ...]:
    """The library's languages, the first one first."""
    found: tuple[str, ...] | None = current_app.extensions.get("library_languages")
    if found is None:
        found = parts().settings.library_languages
        current_app.extensions["library_languages"] = found
    return found


def has_choice() -> bool:
    """Whether there is more than one language to read in."""
    return len(library_languages()) > 1


def reading_languages() -> Languages | None:
    """What this visitor wants to read in; None where there is no choice."""
    if not has_choice():
        return None
    if "languages" not in g:
        tags, own = library_languages(), current_app.extensions["own_language"]()
        wanted = own if own in tags else wanted_language(request.environ, tags)
        g.languages = Languages(wanted, tags[0])
    found: Languages = g.languages
    return found


def told_language() -> str:
    """What to remember of a visitor who writes to us; "" where there is no choice."""
    languages = reading_languages()
    return languages.wanted if languages else ""


def tag_of(stored: str) -> str:
    """The tag of a stored language."""
    return stored or library_languages()[0]


def language_marks(stored: str) -> Markup:
    """The attributes that tell browsers and screen readers of another language than the page's."""
    tag = tag_of(stored)
    if tag == locale.language():
        return Markup("")
    return Markup(' lang="{}" dir="{}"').format(tag, direction_of(tag))


def page_direction() -> Markup:
    """The attribute of a page that is read from the right to the left."""
    return Markup(' dir="rtl"') if direction_of(locale.language()) == "rtl" else Markup("")


def language_choices() -> list[tuple[str, str, Markup, bool]]:
    """Each language with its own name, its attributes, and whether it is the one that is read."""
    languages = reading_languages()
    wanted = languages.wanted if languages else ""
    return [(tag, name_of(tag), language_marks(tag), tag == wanted) for tag in library_languages()]


def stored_language(tag: str) -> str | None:
    """How a chosen language is stored; None for one that the library doesn't have."""
    if tag not in library_languages():
        return None
    return FIRST if tag == library_languages()[0] else tag


def language_name(stored: str) -> str:
    """What a stored language calls itself."""
    return name_of(tag_of(stored))


def language_in_words(stored: str) -> str:
    """What a stored language is called in a sentence of the page."""
    return language_called(tag_of(stored))


def language_of_row(stored: str) -> dict[str, str]:
    """The same as `language_marks`, for scripts."""
    tag = tag_of(stored)
    return {} if tag == locale.language() else {"lang": tag, "dir": direction_of(tag)}
