"""The facts of an article in a reader's words: what publishing a version changes of them."""

from portal.knowledge.words import Facts
from portal.web.filters import day
from portal.web.writing.forms import AUDIENCE_WORDS, TYPE_WORDS

Change = tuple[str, str, str]


def changed_facts(before: Facts, after: Facts) -> list[Change]:
    """Each fact that changes: its name, what it was, what it will be."""
    pairs = zip(_told(before), _told(after), strict=True)
    return [(name, was, will_be) for (name, was), (_, will_be) in pairs if was != will_be]


def _told(facts: Facts) -> list[tuple[str, str]]:
    days = facts.review_every_days
    return [
        ("Category", facts.category.title),
        ("Kind", TYPE_WORDS[facts.type]),
        ("Who may read it", AUDIENCE_WORDS[facts.audience]),
        ("Organisations", ", ".join(one.name for one in facts.organisations) or "None"),
        ("Owner", facts.owner or "Nobody"),
        ("Last checked on", day(facts.verified_on) if facts.verified_on else "Never"),
        ("Check again after", f"{days} days" if days else "As its category says"),
        ("Stands first in its category", "Yes" if facts.is_pinned else "No"),
    ]
