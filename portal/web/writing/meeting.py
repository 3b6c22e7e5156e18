"""Two writers at one article: whoever saves second gets both texts brought together, to look at
and to save. Where both changed the same thing, both sides are shown; nothing is overwritten unseen.
"""

import json
from dataclasses import dataclass
from typing import Any

from portal.knowledge import holdings
from portal.knowledge.differences import Passage, differences
from portal.knowledge.holdings import Holding
from portal.knowledge.merging import merge, merge_lines, merge_value
from portal.knowledge.words import words_of
from portal.locale import gettext as _
from portal.web.transaction import db
from portal.web.writing.editor import author_of, seen_of, values_now
from portal.web.writing.forms import FACTS, ArticleForm

_LISTS = ("applies_to", "search_words")
Values = dict[str, Any]


@dataclass(frozen=True)
class Meeting:
    """What came together: who was first, what they changed, and what both changed.

    `decide` is how many passages of the text are marked; `theirs` are fields that both changed,
    with what the other wrote.
    """

    author: str
    number: int
    changes: list[Passage]
    decide: int
    theirs: list[tuple[str, str]]


def only_facts(theirs: list[tuple[str, str]]) -> Meeting:
    """Nobody saved other words, but facts that this writer changed too."""
    return Meeting(_("Somebody"), 0, [], 0, theirs)


def bring_together(form: ArticleForm, holding: Holding) -> Meeting:
    """Put into the form what somebody else saved since it was shown."""
    current, base = values_now(holding), _base_words(form, holding)
    theirs = [
        *_merge_words(form, base, current),
        *merge_facts(form, current),
    ]
    author = author_of(holding.latest) or _("Somebody")
    body = merge(base["body"], form.words.body, current["body"], their_name=author)
    form.body.data = body.text
    before = holdings.find_version(db(), holding.article, form.based_on_number or 0)
    form.based_on.data = str(holding.latest.number)
    changes = differences(words_of(before), words_of(holding.latest)) if before else []
    return Meeting(author, holding.latest.number, changes, len(body.conflicts), theirs)


def merge_facts(form: ArticleForm, current: Values) -> list[tuple[str, str]]:
    """Facts that only somebody else changed are taken over; those that both changed are told."""
    seen, theirs = _seen(form), []
    for name in FACTS:
        field = form[name]
        value, is_conflict = merge_value(seen.get(name, current[name]), field.data, current[name])
        field.data = value
        if is_conflict:
            theirs.append((_(field.label.text), str(current[name]) or _("Nothing")))
    form.seen.data = seen_of(current)
    return theirs


def _merge_words(form: ArticleForm, base: Values, current: Values) -> list[tuple[str, str]]:
    theirs = []
    for name in ("title", "summary"):
        field = form[name]
        field.data, is_conflict = merge_value(base[name], field.text, current[name])
        if is_conflict:
            theirs.append((_(field.label.text), current[name] or _("Nothing")))
    for name in _LISTS:
        form[name].data = merge_lines(base[name], form[name].text, current[name])
    return theirs


def _base_words(form: ArticleForm, holding: Holding) -> Values:
    """The words that this writer began with; nothing where they are unknown."""
    before = holdings.find_version(db(), holding.article, form.based_on_number or 0)
    words = words_of(before) if before else None
    return {
        "title": words.title if words else "",
        "summary": words.summary if words else "",
        "body": words.body if words else "",
        "applies_to": "\n".join(words.applies_to) if words else "",
        "search_words": "\n".join(words.search_words) if words else "",
    }


def _seen(form: ArticleForm) -> Values:
    """The facts that stood in the form when it was shown."""
    try:
        seen = json.loads(form.seen.data or "{}")
    except ValueError:
        return {}
    return seen if isinstance(seen, dict) else {}
