"""How a mail is worded: each letter is one text template in templates/mail, and its plain and its
HTML form are made from the same paragraphs, so that they can't say different things.

The HTML form escapes everything; no text of anybody's is ever taken for markup.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape

from portal import resources
from portal.languages import direction_of
from portal.locale import SPOKEN_IN_CODE, language
from portal.settings import Settings
from portal.template_words import SpokenTemplates, give_words


@dataclass(frozen=True)
class Button:
    """Where a letter leads: the words and the address."""

    words: str
    url: str


@dataclass(frozen=True)
class Letter:
    """A finished mail, but for its recipient."""

    subject: str
    text: str
    html: str
    stop_url: str = ""


def write_letter(
    name: str,
    /,
    *,
    settings: Settings,
    subject: str,
    button: Button,
    quoted: str = "",
    stop_url: str = "",
    **values: Any,
) -> Letter:
    """Word the letter called `name`; `quoted` is what somebody wrote and is set apart;
    `stop_url` is where its reader turns such mail off.
    """
    words = _templates().get_template(f"mail/{name}.txt").render(settings=settings, **values)
    frame = {
        "settings": settings,
        "subject": subject,
        "paragraphs": _paragraphs(words),
        "quoted": quoted.strip(),
        "button": button,
        "stop_url": stop_url,
        "language": language(),
        "direction": direction_of(language()),
    }
    return Letter(
        subject=subject,
        text=_templates().get_template("mail/_frame.txt").render(frame),
        html=_templates().get_template("mail/_frame.html").render(frame),
        stop_url=stop_url,
    )


@cache
def _templates() -> SpokenTemplates:
    templates = SpokenTemplates(
        loader=FileSystemLoader(resources.folder("templates")),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    give_words(templates)
    templates.filters["going_on"] = _going_on
    return templates


def _going_on(sentence: str) -> str:
    """A sentence that goes on after a colon: English writes it small, others as it stands."""
    is_english = language() == SPOKEN_IN_CODE
    return sentence[:1].lower() + sentence[1:] if is_english else sentence


def _paragraphs(words: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", words) if part.strip()]
