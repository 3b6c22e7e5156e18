"""What a category asks of its articles before and after they are published."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.events import record
from portal.knowledge.article import Category
from portal.people.person import Person


@dataclass(frozen=True)
class Rule:
    """A second person's approval before publishing, and a check every so many days."""

    needs_approval: bool
    review_every_days: int | None


def set_rules(db: Session, *, wanted: Mapping[int, Rule], by: Person, now: datetime) -> int:
    """Let these rules hold, by category; how many categories changed."""
    changed = 0
    for category in db.scalars(select(Category).where(Category.id.in_(wanted))):
        before = Rule(category.needs_approval, category.review_every_days)
        rule = wanted[category.id]
        if before == rule:
            continue
        category.needs_approval = rule.needs_approval
        category.review_every_days = rule.review_every_days
        changed += 1
        record(
            db,
            "category_rule_changed",
            now=now,
            actor_id=by.id,
            actor_name=by.name,
            is_internal=True,
            category=category.slug,
            needs_approval=rule.needs_approval,
            review_every_days=rule.review_every_days,
        )
    db.flush()
    return changed
