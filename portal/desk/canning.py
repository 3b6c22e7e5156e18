"""Keeping canned answers, finding them by their words, and filling in what the case knows."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from portal.cases.case import Case
from portal.database import contains
from portal.desk.canned_answer import PLACES, CannedAnswer
from portal.events import record
from portal.locale import gettext as _
from portal.people.person import Person


class TitleTakenError(Exception):
    """There is a canned answer of this title already."""


class ChangedMeanwhileError(Exception):
    """Somebody changed the answer after this form was shown."""


def canned_answers(db: Session, *, words: str = "", limit: int = 200) -> Sequence[CannedAnswer]:
    """Those in whose title or body all words stand, by title."""
    query = select(CannedAnswer).options(joinedload(CannedAnswer.updated_by))
    for word in words.split()[:8]:
        query = query.where(
            or_(contains(CannedAnswer.title, word), contains(CannedAnswer.body, word))
        )
    return db.scalars(query.order_by(CannedAnswer.title, CannedAnswer.id).limit(limit)).all()


def keep_answer(db: Session, *, title: str, body: str, by: Person, now: datetime) -> CannedAnswer:
    """Raises TitleTakenError."""
    _must_be_free(db, title, None)
    answer = CannedAnswer(
        title=title, body=body, created_at=now, updated_at=now, updated_by_id=by.id
    )
    db.add(answer)
    db.flush()
    record(db, "canned_answer_kept", now=now, actor_id=by.id, actor_name=by.name, title=title)
    return answer


def change_answer(
    db: Session,
    *,
    answer: CannedAnswer,
    title: str,
    body: str,
    by: Person,
    now: datetime,
    revision: int | None,
) -> None:
    """Raises TitleTakenError, ChangedMeanwhileError."""
    if revision != answer.revision:
        raise ChangedMeanwhileError(answer.title)
    _must_be_free(db, title, answer)
    before, answer.title, answer.body = (answer.title, answer.body), title, body
    answer.revision += 1
    answer.updated_at, answer.updated_by_id = now, by.id
    record(
        db,
        "canned_answer_changed",
        now=now,
        actor_id=by.id,
        actor_name=by.name,
        before={"title": before[0], "body": before[1]},
        after={"title": title, "body": body},
    )


def remove_answer(db: Session, *, answer: CannedAnswer, by: Person, now: datetime) -> None:
    """What was sent with it stays as it was sent."""
    db.delete(answer)
    before = {"title": answer.title, "body": answer.body}
    record(db, "canned_answer_removed", now=now, actor_id=by.id, actor_name=by.name, before=before)


def filled_in(body: str, *, case: Case, by: Person) -> str:
    """The answer as the contact of this case will read it."""
    known = {
        "{contact}": case.contact_name,
        "{case}": case.reference,
        "{organisation}": case.organisation.name if case.organisation else _("your organisation"),
        "{agent}": by.name,
    }
    return _PLACE.sub(lambda found: known[found[0]], body)


_PLACE = re.compile("|".join(re.escape(place) for place in PLACES))
"""All at once, so that a name which looks like a place stays a name."""


def _must_be_free(db: Session, title: str, but: CannedAnswer | None) -> None:
    query = select(CannedAnswer).where(CannedAnswer.title == title)
    if any(each is not but for each in db.scalars(query)):
        raise TitleTakenError(title)
