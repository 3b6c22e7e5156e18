"""Facts that wait: what a writer changed of a published article beside its words holds only once
that version is published, like the words themselves.
"""

from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.knowledge.article import Article, ArticleType, Audience, Category, Version
from portal.knowledge.next_version import ApprovalMissingError, NextVersion
from portal.knowledge.words import Facts, facts_of
from portal.locale import gettext as _
from portal.people.organisation import Organisation

Said = dict[str, Any]
"""Facts as they are kept with a version: categories and organisations by slug."""


def said_of(facts: Facts) -> Said:
    """The facts in the form in which they wait."""
    return {
        "category": facts.category.slug,
        "type": facts.type.value,
        "audience": facts.audience.value,
        "organisations": sorted(one.slug for one in facts.organisations),
        "owner": facts.owner,
        "verified_on": facts.verified_on.isoformat() if facts.verified_on else None,
        "review_every_days": facts.review_every_days,
        "is_pinned": facts.is_pinned,
    }


def facts_of_said(db: Session, said: Said) -> Facts:
    """The facts again."""
    named = Organisation.slug.in_(said["organisations"])
    verified_on = said["verified_on"]
    return Facts(
        category=db.scalars(select(Category).where(Category.slug == said["category"])).one(),
        type=ArticleType(said["type"]),
        audience=Audience(said["audience"]),
        organisations=tuple(db.scalars(select(Organisation).where(named).order_by("slug"))),
        owner=said["owner"],
        verified_on=date.fromisoformat(verified_on) if verified_on else None,
        review_every_days=said["review_every_days"],
        is_pinned=said["is_pinned"],
    )


def facts_to_come(db: Session, article: Article, version: Version) -> Facts:
    """The facts that will hold once this version is published."""
    waiting = version.waiting_facts
    return facts_of_said(db, waiting) if waiting else facts_of(article)


def apply(article: Article, facts: Facts) -> None:
    """From now on these facts hold."""
    article.category = facts.category
    article.type = facts.type
    article.audience = facts.audience
    article.organisations = list(facts.organisations)
    article.owner = facts.owner
    article.verified_on = facts.verified_on
    article.review_every_days = facts.review_every_days
    article.is_pinned = facts.is_pinned


def overtake(db: Session, article: Article) -> None:
    """Nothing waits any more: the facts were changed at once."""
    db.execute(
        update(Version)
        .where(Version.article_id == article.id, Version.waiting_facts.is_not(None))
        .values(waiting_facts=None)
    )


def check_approval(
    db: Session, article: Article, version: Version, facts: Facts | None = None
) -> None:
    """Raise ApprovalMissingError when the category, now or to come, asks for the approval that
    this version hasn't. What was published once may be published again.
    """
    if not needs_approval(article, facts) or article.published_version_id == version.id:
        return
    following = db.get(NextVersion, article.id)
    if following is None or not following.is_approved(version):
        raise ApprovalMissingError(
            _(
                "Articles of this category are published after another writer approved them: "
                "ask for a review first."
            )
        )


def needs_approval(article: Article, facts: Facts | None = None) -> bool:
    """Whether a second person has to approve before it is published."""
    return article.category.needs_approval or bool(facts and facts.category.needs_approval)
