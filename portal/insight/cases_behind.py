"""Which cases stand behind an item of the work list, for those who may work cases."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.access import cases_visible_to
from portal.cases.case import Case
from portal.insight.attempt import Filing, HelpAttempt, HelpSign, Sign
from portal.insight.findings import LOOKED_BACK, signs_before_cases
from portal.insight.work_item import WorkItem, WorkList
from portal.knowledge.article import Article
from portal.people.person import Person

MOST_CASES = 50


def cases_behind(db: Session, item: WorkItem, *, person: Person, now: datetime) -> Sequence[Case]:
    """The cases that were filed although the item's article had been shown, the latest first; none
    for whoever may not work cases, who knows only how many there are.
    """
    if item.kind is not WorkList.SHOWN or not person.may_work_cases:
        return ()
    attempts = signs_before_cases(select(HelpSign.attempt_id)).where(
        Article.id == item.article_id, HelpSign.at >= now - LOOKED_BACK
    )
    filed = (
        select(Filing.case_id)
        .join(HelpAttempt, HelpAttempt.visit == Filing.visit)
        .join(HelpSign, HelpSign.attempt_id == HelpAttempt.id)
        .where(
            Filing.visit != "",
            HelpSign.kind == Sign.FILED,
            HelpSign.at == Filing.at,
            HelpAttempt.id.in_(attempts),
        )
    )
    query = select(Case).where(Case.id.in_(filed), cases_visible_to(person))
    return db.scalars(query.order_by(Case.opened_at.desc(), Case.id.desc()).limit(MOST_CASES)).all()
