"""The facts of an article in a reader's words: what publishing a version changes of them."""

from portal.knowledge.words import Facts
from portal.locale import N_, ngettext
from portal.locale import gettext as _
from portal.web.filters import day
from portal.web.writing.forms import TYPE_WORDS
from portal.web.writing.words import READERS

Change = tuple[str, str, str]


def changed_facts(before: Facts, after: Facts) -> list[Change]:
    """Each fact that changes: its name, what it was, what it will be."""
    pairs = zip(_told(before), _told(after), strict=True)
    return [(name, was, will_be) for (name, was), (_name, will_be) in pairs if was != will_be]


def _told(facts: Facts) -> list[tuple[str, str]]:
    days = facts.review_every_days
    return [
        (N_("Category"), facts.category.title),
        (N_("Kind"), _(TYPE_WORDS[facts.type])),
        (N_("Who may read it"), _(READERS[facts.audience])),
        (N_("Organisations"), ", ".join(one.name for one in facts.organisations) or _("None")),
        (N_("Owner"), facts.owner or _("Nobody")),
        (N_("Last checked on"), day(facts.verified_on) if facts.verified_on else _("Never")),
        (N_("Check again after"), _after(days)),
        (N_("Stands first in its category"), _("Yes") if facts.is_pinned else _("No")),
    ]


def _after(days: int | None) -> str:
    if not days:
        return _("As its category says")
    return ngettext("%(number)s day", "%(number)s days", days)
