"""Answers kept ready: found by their words, filled in from the case, never overwritten unseen."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from portal.desk.canned_answer import CannedAnswer
from portal.desk.canning import (
    ChangedMeanwhileError,
    TitleTakenError,
    canned_answers,
    change_answer,
    filled_in,
    keep_answer,
    remove_answer,
)
from portal.events import take_recorded
from tests.desk.conftest import Desk


@pytest.fixture
def restart(db: Session, desk: Desk, now: datetime) -> CannedAnswer:
    body = "Dear {contact}, please restart the recorder. Your case is {case}. {agent}"
    return keep_answer(db, title="Restart the recorder", body=body, by=desk.aldo, now=now)


def test_all_words_must_stand_in_title_or_text(
    db: Session, desk: Desk, restart: CannedAnswer
) -> None:
    for words, is_found in (
        ("", True),
        ("RECORDER please", True),
        ("dear restart", True),
        ("recorder fax", False),
        ("%", False),
    ):
        assert (restart in canned_answers(db, words=words)) is is_found, words


def test_the_places_say_what_the_case_knows(db: Session, desk: Desk, restart: CannedAnswer) -> None:
    case = desk.opened()
    assert filled_in(restart.body, case=case, by=desk.aldo) == (
        f"Dear {case.contact_name}, please restart the recorder. Your case is {case.reference}. "
        "Aldo Marchetti"
    )


def test_a_guest_has_no_organisation_to_name(db: Session, desk: Desk) -> None:
    guest = desk.opened(person=None)
    assert filled_in("{organisation}", case=guest, by=desk.aldo) == "your organisation"


def test_a_name_that_looks_like_a_place_stays_a_name(db: Session, desk: Desk) -> None:
    case = desk.opened()
    case.contact_name = "{case} {agent}"
    assert filled_in("Dear {contact}", case=case, by=desk.aldo) == "Dear {case} {agent}"
    assert filled_in("{nothing} {", case=case, by=desk.aldo) == "{nothing} {"


def test_titles_tell_answers_apart(
    db: Session, desk: Desk, restart: CannedAnswer, now: datetime
) -> None:
    with pytest.raises(TitleTakenError):
        keep_answer(db, title=restart.title, body="Other", by=desk.ben, now=now)
    other = keep_answer(db, title="Other", body="Other", by=desk.ben, now=now)
    with pytest.raises(TitleTakenError):
        change_answer(
            db, answer=other, title=restart.title, body="x", by=desk.ben, now=now, revision=1
        )


def test_the_second_of_two_writers_is_told(
    db: Session, desk: Desk, restart: CannedAnswer, now: datetime
) -> None:
    title, body = restart.title, "Restart it twice."
    change_answer(db, answer=restart, title=title, body=body, by=desk.ben, now=now, revision=1)
    with pytest.raises(ChangedMeanwhileError):
        change_answer(
            db, answer=restart, title=title, body="Mine", by=desk.aldo, now=now, revision=1
        )
    assert restart.body == body


def test_every_change_is_on_record_with_before_and_after(
    db: Session, desk: Desk, restart: CannedAnswer, now: datetime
) -> None:
    take_recorded(db)
    before = restart.body
    change_answer(db, answer=restart, title="Restart", body="New", by=desk.ben, now=now, revision=1)
    remove_answer(db, answer=restart, by=desk.mai, now=now)
    changed, removed = take_recorded(db)
    assert changed.detail["before"] == {"title": "Restart the recorder", "body": before}
    assert changed.detail["after"] == {"title": "Restart", "body": "New"}
    assert (changed.actor_name, removed.actor_name) == ("Ben Carter", "Mai Tanaka")
    assert canned_answers(db) == []
