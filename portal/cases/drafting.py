"""A case that is still being written is never lost.

It is kept for days, through sign-in, restart and reading articles. The browser that began it (it
holds the secret) may open it until somebody signs in with it; from then on only that person may.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from portal.cases.conversation import Attachment
from portal.cases.draft import Draft
from portal.people.person import Person

DAYS_KEPT = 7


def start_draft(
    db: Session, *, owner: Person | None, now: datetime, days: int = DAYS_KEPT
) -> tuple[Draft, str]:
    """A new draft and its secret; only the secret's hash is kept."""
    secret = secrets.token_urlsafe(24)
    draft = Draft(
        public_id=secrets.token_urlsafe(12),
        secret_hash=_hash(secret),
        owner_id=owner.id if owner else None,
        answers={},
        shown_articles=[],
        created_at=now,
        updated_at=now,
        expires_at=now + timedelta(days=days),
    )
    db.add(draft)
    db.flush()
    return draft, secret


def find_draft(
    db: Session,
    public_id: str,
    *,
    secret: str | None,
    person: Person | None,
    now: datetime,
    lock: bool = False,
) -> Draft | None:
    """The draft, if this browser or person may open it; anything else looks like no draft.

    `lock` makes other writers wait (PostgreSQL; SQLite has one writer anyway), and reads the draft
    as the last of them left it.
    """
    draft = db.scalar(_BY_ID_TO_CHANGE if lock else _BY_ID, {"public_id": public_id})
    is_holder = hmac.compare_digest(_hash(secret or ""), draft.secret_hash if draft else _hash("?"))
    if draft is None or draft.expires_at <= now:
        return None
    is_owner = person is not None and draft.owner_id == person.id
    return draft if is_owner or (is_holder and draft.owner_id is None) else None


_BY_ID = select(Draft).where(Draft.public_id == bindparam("public_id"))
_BY_ID_TO_CHANGE = _BY_ID.with_for_update().execution_options(populate_existing=True)


def save_answers(db: Session, *, draft: Draft, answers: Mapping[str, Any], now: datetime) -> None:
    """Keep these answers beside the earlier ones; an answer of None is taken back.

    Raises AlreadySentError once the draft became a case.
    """
    if draft.case_id is not None:
        raise AlreadySentError(draft.public_id)
    kept = {**draft.answers, **answers}
    draft.answers = {key: answer for key, answer in kept.items() if answer is not None}
    _touch(draft, now=now)
    db.flush()


def claim(db: Session, *, draft: Draft, person: Person, now: datetime) -> None:
    """The person who signed in while writing owns the draft from now on."""
    if draft.owner_id is None:
        draft.owner_id = person.id
        _touch(draft, now=now)
        db.flush()


def show_articles(
    db: Session, *, draft: Draft, articles: Iterable[tuple[int, str]], now: datetime
) -> None:
    """Remember which articles (id, title) were offered before filing; an opened one stays so."""
    known = {shown["article_id"]: shown for shown in draft.shown_articles}
    for article_id, title in articles:
        known.setdefault(article_id, {"article_id": article_id, "title": title, "opened": False})
    draft.shown_articles = list(known.values())
    _touch(draft, now=now)
    db.flush()


def open_article(db: Session, *, draft: Draft, article_id: int, now: datetime) -> None:
    """Remember that one of the offered articles was read."""
    draft.shown_articles = [
        {**shown, "opened": shown["opened"] or shown["article_id"] == article_id}
        for shown in draft.shown_articles
    ]
    _touch(draft, now=now)
    db.flush()


def solve_draft(db: Session, *, draft: Draft, now: datetime) -> None:
    """ "This solved it": no case is needed; the draft stays until it expires."""
    draft.is_solved = True
    _touch(draft, now=now)
    db.flush()


def sweep_drafts(db: Session, *, now: datetime) -> int:
    """Delete expired drafts and the files nobody sent; how many drafts. The file store's own
    sweep then removes the bytes that nothing names any more.
    """
    expired = select(Draft.id).where(Draft.expires_at <= now)
    db.execute(
        delete(Attachment).where(Attachment.draft_id.in_(expired), Attachment.case_id.is_(None))
    )
    found = db.scalars(select(Draft).where(Draft.expires_at <= now)).all()
    for draft in found:
        db.delete(draft)
    db.flush()
    return len(found)


class AlreadySentError(Exception):
    """The draft became a case; its answers can't be changed any more."""


def _touch(draft: Draft, *, now: datetime) -> None:
    days = draft.expires_at - draft.updated_at
    draft.updated_at = now
    draft.expires_at = max(draft.expires_at, now + days)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
