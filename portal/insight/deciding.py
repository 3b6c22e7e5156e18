"""What writers decide about an item of the work list: put it aside with a reason, take it up again,
or answer it.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.events import record_by
from portal.insight.said import Said
from portal.insight.work_item import WorkItem, WorkState
from portal.knowledge.article import Article
from portal.locale import N_
from portal.people.person import Person
from portal.search.directing import direct

LONGEST_REASON = 300
LEADS = N_("Leads to an article")


class ReasonMissingError(ValueError):
    """Whoever dismisses an item says why."""


def dismiss(db: Session, *, item: WorkItem, reason: str, by: Person, now: datetime) -> None:
    """Put an item aside until it has grown notably.

    Raises ReasonMissingError, and ItemClosedError when there is nothing to do any more.
    """
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise ReasonMissingError(item.text)
    item.close(WorkState.DISMISSED, outcome=reason, by=by.name, now=now)
    _tell(db, "work_dismissed", item, by=by, now=now, reason=reason)


def take_up(db: Session, *, item: WorkItem, by: Person, now: datetime) -> None:
    """A dismissed item is to be done after all; one that is not dismissed stays as it is."""
    if item.state is WorkState.DISMISSED:
        item.open_again(now=now)
        _tell(db, "work_taken_up", item, by=by, now=now)


def lead_to(db: Session, *, item: WorkItem, article: Article, by: Person, now: datetime) -> None:
    """Let every wording of the item's question lead to an article, which closes it.

    Raises NoWordsError, and ItemClosedError when there is nothing to do any more.
    """
    for text in _each_wording(item):
        direct(db, text=text, article=article, by=by, now=now)
    answered(item, Said(LEADS), by=by, article_id=article.id, now=now)


def answered(
    item: WorkItem, outcome: Said, *, by: Person, now: datetime, article_id: int | None = None
) -> None:
    """A writer did what the item asked for. Raises ItemClosedError."""
    item.close(WorkState.DONE, outcome=outcome, by=by.name, answer_id=article_id, now=now)


def _each_wording(item: WorkItem) -> Iterable[str]:
    return [item.text, *(words for words in item.words if words != item.text)]


def _tell(
    db: Session, kind: str, item: WorkItem, *, by: Person, now: datetime, reason: str = ""
) -> None:
    db.flush()
    record_by(
        db,
        kind,
        by=by,
        now=now,
        article_id=item.article_id,
        is_internal=True,
        item=item.text,
        reason=reason,
    )
