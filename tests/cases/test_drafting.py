from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.cases import drafting
from portal.cases.attachments import KeptFile, add_to_draft, files_of_draft, remove_from_draft
from portal.cases.draft import Draft
from portal.database import Database
from portal.files import StoredFile
from tests.cases.conftest import Cast

A_FILE = KeptFile("log.txt", StoredFile("a" * 64, 12, "text/plain"))


def found(db: Session, draft: Draft, now: datetime, **who: object) -> Draft | None:
    who = {"secret": None, "person": None, **who}
    return drafting.find_draft(db, draft.public_id, now=now, **who)  # type: ignore[arg-type]


def test_only_the_browser_with_the_secret_opens_a_strangers_draft(
    db: Session, cast: Cast, now: datetime
) -> None:
    draft, secret = drafting.start_draft(db, owner=None, now=now)
    assert found(db, draft, now, secret=secret) is draft
    assert found(db, draft, now, secret="x" * 32) is None
    assert found(db, draft, now) is None
    assert found(db, draft, now, person=cast.ines) is None
    assert secret not in str(vars(draft))


def test_a_draft_survives_signing_in_and_then_belongs_to_that_person(
    db: Session, cast: Cast, now: datetime
) -> None:
    draft, secret = drafting.start_draft(db, owner=None, now=now)
    drafting.save_answers(db, draft=draft, answers={"summary": "Help"}, now=now)
    assert found(db, draft, now, secret=secret, person=cast.ines) is draft
    drafting.claim(db, draft=draft, person=cast.ines, now=now)
    assert found(db, draft, now, person=cast.ines) is draft
    assert found(db, draft, now, secret=secret, person=cast.jonas) is None
    assert found(db, draft, now, secret=secret) is None
    assert draft.answers == {"summary": "Help"}


def test_a_draft_survives_a_restart(home: object, database: Database, now: datetime) -> None:
    with database.writing() as db:
        draft, secret = drafting.start_draft(db, owner=None, now=now)
        drafting.save_answers(db, draft=draft, answers={"summary": "Kept"}, now=now)
        public_id = draft.public_id
    again = Database(str(database.engine.url))
    with again.reading() as db:
        kept = drafting.find_draft(
            db, public_id, secret=secret, person=None, now=now + timedelta(days=6)
        )
        assert kept is not None
        assert kept.answers == {"summary": "Kept"}
    again.close()


def test_answers_are_added_replaced_and_taken_back(db: Session, now: datetime) -> None:
    draft, _ = drafting.start_draft(db, owner=None, now=now)
    drafting.save_answers(db, draft=draft, answers={"a": "1", "b": "2"}, now=now)
    drafting.save_answers(db, draft=draft, answers={"a": "3", "b": None}, now=now)
    assert draft.answers == {"a": "3"}


def test_a_draft_is_kept_seven_days_after_it_was_last_touched(db: Session, now: datetime) -> None:
    draft, secret = drafting.start_draft(db, owner=None, now=now)
    later = now + timedelta(days=5)
    drafting.save_answers(db, draft=draft, answers={"a": "1"}, now=later)
    assert draft.expires_at == later + timedelta(days=7)
    assert found(db, draft, later + timedelta(days=7), secret=secret) is None
    assert found(db, draft, later + timedelta(days=6, hours=23), secret=secret) is draft


def test_expired_drafts_are_swept_with_their_files(db: Session, now: datetime) -> None:
    old, _ = drafting.start_draft(db, owner=None, now=now)
    add_to_draft(db, draft=old, kept=[A_FILE], now=now)
    young, _ = drafting.start_draft(db, owner=None, now=now + timedelta(days=5))
    add_to_draft(db, draft=young, kept=[A_FILE], now=now)
    assert drafting.sweep_drafts(db, now=now + timedelta(days=8)) == 1
    assert db.query(Draft).all() == [young]
    assert len(files_of_draft(db, young)) == 1
    assert drafting.sweep_drafts(db, now=now + timedelta(days=8)) == 0


def test_a_file_can_be_taken_back_only_from_its_own_draft(db: Session, now: datetime) -> None:
    one, _ = drafting.start_draft(db, owner=None, now=now)
    two, _ = drafting.start_draft(db, owner=None, now=now)
    [file] = add_to_draft(db, draft=one, kept=[A_FILE], now=now)
    assert not remove_from_draft(db, draft=two, token=file.token)
    assert remove_from_draft(db, draft=one, token=file.token)
    assert files_of_draft(db, one) == []


def test_articles_shown_are_kept_once_and_opened_ones_stay_so(db: Session, now: datetime) -> None:
    draft, _ = drafting.start_draft(db, owner=None, now=now)
    drafting.show_articles(db, draft=draft, articles=[(1, "One"), (2, "Two")], now=now)
    drafting.open_article(db, draft=draft, article_id=2, now=now)
    drafting.show_articles(db, draft=draft, articles=[(2, "Two"), (3, "Three")], now=now)
    assert [(s["article_id"], s["opened"]) for s in draft.shown_articles] == [
        (1, False),
        (2, True),
        (3, False),
    ]


def test_a_sent_draft_takes_no_more_answers(db: Session, now: datetime) -> None:
    draft, _ = drafting.start_draft(db, owner=None, now=now)
    draft.case_id = 1
    with pytest.raises(drafting.AlreadySentError), db.no_autoflush:
        drafting.save_answers(db, draft=draft, answers={"a": "1"}, now=now)
    draft.case_id = None
