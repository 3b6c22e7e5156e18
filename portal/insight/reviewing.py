"""The work list follows what readers do: what is found is put on it, what was answered closes by
itself and says by what, and what was dismissed comes back only when it has grown notably.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.insight.attempt import HelpSign
from portal.insight.finding import Finding
from portal.insight.findings import count_since, findings
from portal.insight.settling import outcome_of
from portal.insight.work_item import WorkItem, WorkList, WorkState
from portal.knowledge.article import Feedback, LibraryChange
from portal.knowledge.help_key import HelpKey, HelpKeyDay
from portal.search.directing import Direction
from portal.search.index import Index
from portal.search.log import SearchRecord
from portal.search.synonyms import Synonym

Marks = tuple[int | None, ...]

RETURNS_AT_LEAST = 5
"""A dismissed item comes back when it has happened as often again as before, but at least this
often.
"""
KEPT = timedelta(days=180)


def review(
    db: Session, index: Index, *, now: datetime, languages: tuple[str, ...] = ("en",)
) -> None:
    """Bring the whole list up to date; `languages` are the library's, the first one first."""
    items = list(db.scalars(select(WorkItem).order_by(WorkItem.id)))
    standing: set[int] = set()
    for finding in findings(db, index.alike, now=now, languages=languages):
        item = _take_in(db, index, items, finding, now)
        if item is not None:
            standing.add(item.id)
    for item in items:
        is_open = item.state is WorkState.OPEN and not settle(db, index, item, now=now)
        if is_open and item.id not in standing:
            db.delete(item)
    _forget_old(db, now)


def what_it_rests_on(db: Session, *, now: datetime) -> tuple[Marks, Marks]:
    """What writers taught, and what readers did: numbers that differ as soon as there is more."""
    latest = (LibraryChange.revision, Synonym.id, Direction.id)
    taught = [db.scalar(select(func.max(column))) for column in latest]
    taught += [db.scalar(select(func.count()).select_from(kind)) for kind in (Synonym, Direction)]
    done = [db.scalar(select(func.max(kind.id))) for kind in (SearchRecord, HelpSign, Feedback)]
    done.append(db.scalar(select(func.sum(HelpKeyDay.missed))))
    taught.append(db.scalar(select(func.max(HelpKey.id))))
    return tuple(taught), (*done, now.date().toordinal())


def settle(db: Session, index: Index, item: WorkItem, *, now: datetime) -> bool:
    """Close an open item whose reason is gone; whether it was."""
    outcome = outcome_of(db, index, item, now=now)
    if outcome is None:
        return False
    item.close(WorkState.DONE, outcome=outcome.said, answer_id=outcome.article_id, now=now)
    return True


def settle_list(db: Session, index: Index, *, kind: WorkList, now: datetime) -> None:
    """Close what an act has answered on one list, without waiting for the next review."""
    query = select(WorkItem).where(WorkItem.kind == kind, WorkItem.state == WorkState.OPEN)
    for item in db.scalars(query):
        settle(db, index, item, now=now)


def settle_articles(db: Session, index: Index, *, article_id: int, now: datetime) -> None:
    """Close what an act on an article has answered, without waiting for the next review."""
    query = select(WorkItem).where(
        WorkItem.article_id == article_id, WorkItem.state == WorkState.OPEN
    )
    for item in db.scalars(query):
        settle(db, index, item, now=now)


def _take_in(
    db: Session, index: Index, items: list[WorkItem], finding: Finding, now: datetime
) -> WorkItem | None:
    item = _item_for(items, finding)
    if item is None:
        item = _item(finding, now)
        if outcome_of(db, index, item, now=now) is not None:
            return None
        db.add(item)
        items.append(item)
    elif item.state is not WorkState.OPEN:
        if not _comes_back(db, item, finding):
            return item
        item.open_again(now=now)
    _refresh(item, finding)
    db.flush()
    return item


def _item_for(items: Iterable[WorkItem], finding: Finding) -> WorkItem | None:
    """The item that this is about: the same article, or a question in the same words."""
    for item in items:
        if item.kind is finding.kind and (
            item.key == finding.key or not set(item.words).isdisjoint(finding.words)
        ):
            return item
    return None


def _item(finding: Finding, now: datetime) -> WorkItem:
    item = WorkItem(key=finding.key, kind=finding.kind, state=WorkState.OPEN, opened_at=now)
    _refresh(item, finding)
    return item


def _refresh(item: WorkItem, finding: Finding) -> None:
    item.text, item.notes = finding.text, [note.stored() for note in finding.notes]
    item.words = sorted({*(item.words or ()), *finding.words})
    item.article_id, item.version_id = finding.article_id, finding.version_id
    item.count, item.recent, item.before = finding.count, finding.recent, finding.before
    item.last_at = finding.last_at


def _comes_back(db: Session, item: WorkItem, finding: Finding) -> bool:
    """Whether a closed item is to be done again, by what happened since it was closed."""
    if item.kind is WorkList.OVERDUE:
        return item.closed_at is not None and finding.last_at > item.closed_at
    assert item.closed_at is not None
    since = count_since(db, item, item.closed_at)
    if item.state is WorkState.DONE:
        return since > 0
    return since >= max(item.count, RETURNS_AT_LEAST)


def _forget_old(db: Session, now: datetime) -> None:
    """What was done is told for half a year; what was dismissed stays dismissed."""
    done = (WorkItem.state == WorkState.DONE) & (WorkItem.closed_at < now - KEPT)
    db.execute(delete(WorkItem).where(done))
