"""The writers' list of what is missing: searches in vain, the most frequent first, with what to do.

An item goes away by itself as soon as its search succeeds.
"""

from datetime import timedelta

from flask import current_app, render_template

from portal.clock import now
from portal.insight import searches as gaps
from portal.insight.searches import Gap
from portal.knowledge.reader import Reader
from portal.search import searching
from portal.web.access import Who, allow
from portal.web.parts import parts
from portal.web.transaction import db
from portal.web.writing import blueprint

DAYS = 90
MOST_ITEMS = 30
CUSTOMER = Reader("contact")
SYNONYMS = "writing.synonyms"


@blueprint.get("/writing/searches")
@allow(Who.STAFF)
def searches() -> str:
    """Searches that found nothing, that nobody took anything from, or that led to a case."""
    since = now() - timedelta(DAYS)
    failed = gaps.without_result(db(), since=since, now=now(), limit=MOST_ITEMS)
    return render_template(
        "writing/searches.html",
        failed=_merged([gap for gap in failed if not _succeeds(gap)]),
        unopened=_merged(gaps.without_click(db(), since=since, now=now(), limit=MOST_ITEMS)),
        filed=_merged(gaps.followed_by_case(db(), since=since, now=now(), limit=MOST_ITEMS)),
        has_synonyms=SYNONYMS in current_app.view_functions,
        days=DAYS,
    )


def _merged(found: list[Gap]) -> list[Gap]:
    """The same question in other words is one item."""
    return gaps.merged(found, parts().index.alike([gap.text for gap in found]))


def _succeeds(gap: Gap) -> bool:
    found = searching.search(db(), parts().index, text=gap.text, reader=CUSTOMER, forgives=False)
    return bool(found.total)
