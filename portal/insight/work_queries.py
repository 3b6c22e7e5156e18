"""What stands on the work list, as its page shows it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.base import ExecutableOption

from portal.insight.work_item import WorkItem, WorkList, WorkState
from portal.knowledge.article import Article

MOST_CLOSED = 100


def open_items(db: Session, kind: WorkList) -> list[WorkItem]:
    """What is to be done on one list: what grows, then what happens most often."""
    query = select(WorkItem).where(WorkItem.state == WorkState.OPEN, WorkItem.kind == kind)
    by_weight = WorkItem.recent.desc(), WorkItem.count.desc(), WorkItem.last_at.desc()
    return list(db.scalars(query.options(*_with_articles()).order_by(*by_weight)))


def closed_items(db: Session, state: WorkState) -> list[WorkItem]:
    """What was done, or dismissed, the latest first."""
    query = select(WorkItem).where(WorkItem.state == state).options(*_with_articles())
    return list(db.scalars(query.order_by(WorkItem.closed_at.desc()).limit(MOST_CLOSED)))


def count_items(db: Session) -> tuple[dict[WorkList, int], dict[WorkState, int]]:
    """How many items are open on each list, and how many are in each state."""
    rows = db.execute(
        select(WorkItem.state, WorkItem.kind, func.count()).group_by(WorkItem.state, WorkItem.kind)
    ).all()
    by_list = {kind: number for state, kind, number in rows if state is WorkState.OPEN}
    states = dict.fromkeys(WorkState, 0)
    for state, _kind, number in rows:
        states[state] += number
    return by_list, states


def find_item(db: Session, item_id: int) -> WorkItem | None:
    return db.scalar(
        select(WorkItem)
        .where(WorkItem.id == item_id)
        .options(*_with_articles())
        .with_for_update(of=WorkItem)
    )


def _with_articles() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(WorkItem.article).joinedload(Article.published),
        joinedload(WorkItem.answer).joinedload(Article.published),
    )
