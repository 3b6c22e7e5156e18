"""Comments on an article: off until a writer opens them there, written by whoever signed in and may
read the article, held until a writer has read them (unless the operator wants otherwise), reported
by readers, removed by writers. Closed comments can still be read.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from portal import written
from portal.events import record, record_by
from portal.knowledge.article import Article, Comments
from portal.knowledge.comment import Comment, CommentState
from portal.knowledge.noting import touch
from portal.knowledge.plain_words import body_of
from portal.locale import gettext as _
from portal.people.person import Person

LONGEST_COMMENT = 2_000
MOST_A_DAY = 10
MOST_SHOWN = 200


class CommentRefusedError(Exception):
    """A comment can't be taken; the message says why and what to do."""


def comment(
    db: Session, *, article: Article, by: Person, body: str, is_held: bool, now: datetime
) -> Comment:
    """Say something below an article. Raises CommentRefusedError.

    Staff are never held. The same words again, while they stand, are the same comment.
    """
    if article.comments is not Comments.OPEN:
        raise CommentRefusedError(_("Comments are closed here. Open a case instead."))
    body = body_of(body).strip()
    if not body:
        raise CommentRefusedError(_("Write what you want to say."))
    if len(body) > LONGEST_COMMENT:
        most = written.number(LONGEST_COMMENT)
        raise CommentRefusedError(_("Shorten this to %(most)s characters.", most=most))
    lately = _lately(db, by, now)
    if same := next((one for one in lately if _is_same(one, article, body)), None):
        return same
    if len(lately) >= MOST_A_DAY:
        raise CommentRefusedError(_("That is enough for one day. Come back tomorrow."))
    is_shown = by.is_staff or not is_held
    made = Comment(
        article=article,
        person=by,
        body=body,
        state=CommentState.SHOWN if is_shown else CommentState.HELD,
        written_at=now,
    )
    db.add(made)
    db.flush()
    _tell(db, "commented", made, by=by, now=now)
    return made


def report(db: Session, *, comment: Comment, by: Person, now: datetime) -> None:
    """A reader says that a comment should not stand there; writers look at it."""
    if comment.state is CommentState.SHOWN and comment.reported_at is None:
        comment.reported_at = now
        _tell(db, "comment_reported", comment, by=by, now=now)


def let_stand(db: Session, *, comment: Comment, by: Person, now: datetime) -> None:
    """Let everybody read it who may read the article."""
    _decide(db, comment, CommentState.SHOWN, by=by, now=now)


def remove(db: Session, *, comment: Comment, by: Person, now: datetime) -> None:
    """Nobody reads it any more but writers."""
    _decide(db, comment, CommentState.REMOVED, by=by, now=now)


def set_comments(
    db: Session, *, article: Article, comments: Comments, by: Person, now: datetime
) -> None:
    """Switch comments on an article on, off, or close them for new ones."""
    if article.comments is comments:
        return
    article.comments = comments
    db.flush()
    record(
        db,
        "comments_set",
        now=now,
        actor_id=by.id,
        actor_name=by.name,
        article_id=article.id,
        is_internal=True,
        comments=comments.value,
    )
    touch(db, f"article:{article.id}", now=now)


def shown_comments(db: Session, article: Article) -> Sequence[Comment]:
    """What stands below an article that the reader may read, the oldest first."""
    if article.comments is Comments.OFF:
        return ()
    query = select(Comment).where(
        Comment.article_id == article.id, Comment.state == CommentState.SHOWN
    )
    query = query.options(joinedload(Comment.person)).order_by(Comment.id)
    return db.scalars(query.limit(MOST_SHOWN)).all()


def comments_to_judge(db: Session) -> Sequence[Comment]:
    """Held and reported ones of all articles, the oldest first."""
    is_reported = (Comment.state == CommentState.SHOWN) & Comment.reported_at.is_not(None)
    query = select(Comment).where(or_(Comment.state == CommentState.HELD, is_reported))
    return db.scalars(
        query.options(joinedload(Comment.person), joinedload(Comment.article)).order_by(Comment.id)
    ).all()


def comments_on(db: Session, article: Article) -> Sequence[Comment]:
    """Every comment on an article, the latest first."""
    query = select(Comment).where(Comment.article_id == article.id)
    query = query.options(joinedload(Comment.person))
    return db.scalars(query.order_by(Comment.id.desc())).all()


def find_comment(db: Session, comment_id: int) -> Comment | None:
    return db.get(Comment, comment_id)


def _lately(db: Session, by: Person, now: datetime) -> Sequence[Comment]:
    since = now - timedelta(days=1)
    query = select(Comment).where(Comment.person_id == by.id, Comment.written_at > since)
    return db.scalars(query).all()


def _is_same(one: Comment, article: Article, body: str) -> bool:
    is_there = one.state is not CommentState.REMOVED
    return one.article_id == article.id and one.body == body and is_there


def _decide(
    db: Session, comment: Comment, state: CommentState, *, by: Person, now: datetime
) -> None:
    if comment.state is state and comment.reported_at is None:
        return
    comment.state, comment.reported_at = state, None
    comment.decided_at, comment.decided_by = now, by.name
    _tell(db, f"comment_{state.value}", comment, by=by, now=now)


def _tell(db: Session, kind: str, comment: Comment, *, by: Person, now: datetime) -> None:
    db.flush()
    record_by(
        db,
        kind,
        by=by,
        now=now,
        article_id=comment.article_id,
        is_internal=True,
        comment=comment.id,
    )
    touch(db, f"article:{comment.article_id}", now=now)
