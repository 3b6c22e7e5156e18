"""A comment was written: the owner of its article is told, by mail, in the same transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.knowledge.comment import Comment, CommentState
from portal.locale import gettext as _
from portal.mail import addresses
from portal.mail.letters import Button, write_letter
from portal.mail.outbox import OutgoingMail
from portal.mail.posting import post
from portal.mail.speech import speaking_to
from portal.mail.writer_notices import WriterNotice, who_want
from portal.people.person import Person
from portal.people.queries import writers
from portal.settings import Settings


def tell_owner(
    db: Session, *, comment: Comment, settings: Settings, now: datetime
) -> OutgoingMail | None:
    """Mail the writer who bears the name of the article's owner, if one does; nobody is told of
    their own words.
    """
    owner = _owner(db, comment.article.owner)
    if owner is None or owner.id == comment.person_id:
        return None
    title = comment.article.published.title if comment.article.published else comment.article.slug
    with speaking_to(db, owner.email, settings=settings):
        letter = write_letter(
            "staff_comment",
            settings=settings,
            subject=_("A comment on “%(title)s”", title=title),
            button=Button(_("Look at it"), addresses.comments_on(settings, comment.article_id)),
            quoted=comment.body,
            name=comment.person.name,
            title=title,
            is_held=comment.state is CommentState.HELD,
        )
    return post(db, letter, recipient=owner.email, settings=settings, now=now)


def _owner(db: Session, name: str) -> Person | None:
    """The writer who bears this name, and wants to know."""
    named = [one for one in writers(db) if one.name.casefold() == name.strip().casefold()]
    return next(iter(who_want(db, named, WriterNotice.COMMENTED)), None)
