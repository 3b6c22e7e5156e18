"""A comment was written: the owner of its article is told, by mail, in the same transaction."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.knowledge.comment import Comment, CommentState
from portal.mail import addresses
from portal.mail.letters import Button, write_letter
from portal.mail.outbox import OutgoingMail
from portal.mail.posting import post
from portal.people.person import Person, Role
from portal.settings import Settings


def tell_owner(
    db: Session, *, comment: Comment, settings: Settings, now: datetime
) -> OutgoingMail | None:
    """Mail whoever of the staff bears the name of the article's owner, if anybody does; nobody is
    told of their own words.
    """
    owner = _owner(db, comment.article.owner)
    if owner is None or owner.id == comment.person_id:
        return None
    title = comment.article.published.title if comment.article.published else comment.article.slug
    letter = write_letter(
        "staff_comment",
        settings=settings,
        subject=f"A comment on “{title}”",
        button=Button("Look at it", addresses.comments_on(settings, comment.article_id)),
        quoted=comment.body,
        name=comment.person.name,
        title=title,
        is_held=comment.state is CommentState.HELD,
    )
    return post(db, letter, recipient=owner.email, settings=settings, now=now)


def _owner(db: Session, name: str) -> Person | None:
    query = select(Person).where(
        func.lower(Person.name) == name.strip().lower(),
        Person.role != Role.CONTACT,
        Person.disabled_at.is_(None),
    )
    return db.scalar(query.order_by(Person.id).limit(1)) if name.strip() else None
