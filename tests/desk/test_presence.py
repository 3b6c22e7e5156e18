"""Two people at one case see each other before they answer twice."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.cases.noting import note
from portal.cases.responding import respond
from portal.desk.presence import GONE_AFTER, be_present, others_at, written_since
from tests.desk.conftest import Desk


def test_the_others_are_told_and_oneself_is_not(db: Session, desk: Desk, now: datetime) -> None:
    case, other = desk.opened(), desk.opened()
    be_present(db, case_id=case.id, person=desk.aldo, is_replying=False, now=now)
    be_present(db, case_id=case.id, person=desk.ben, is_replying=True, now=now)
    be_present(db, case_id=other.id, person=desk.mai, is_replying=True, now=now)
    seen = [
        (each.person.name, each.is_replying)
        for each in others_at(db, case_id=case.id, person=desk.mai, now=now)
    ]
    assert seen == [("Ben Carter", True), ("Aldo Marchetti", False)]
    assert [p.person for p in others_at(db, case_id=case.id, person=desk.ben, now=now)] == [
        desk.aldo
    ]


def test_whoever_says_nothing_for_a_minute_is_gone(db: Session, desk: Desk, now: datetime) -> None:
    case, later = desk.opened(), now + GONE_AFTER
    be_present(db, case_id=case.id, person=desk.aldo, is_replying=True, now=now)
    assert others_at(db, case_id=case.id, person=desk.ben, now=later)
    gone = later + timedelta(seconds=1)
    assert not others_at(db, case_id=case.id, person=desk.ben, now=gone)
    be_present(db, case_id=case.id, person=desk.aldo, is_replying=False, now=gone)
    [back] = others_at(db, case_id=case.id, person=desk.ben, now=gone)
    assert not back.is_replying


def test_what_others_wrote_since_is_told(db: Session, desk: Desk, now: datetime) -> None:
    case = desk.opened()
    seen = case.messages[-1].id
    respond(db, case=case, author=desk.ben, body="Please restart it", now=now)
    note(db, case=case, author=desk.aldo, body="Mine", now=now)
    written = written_since(db, case_id=case.id, person=desk.aldo, message_id=seen)
    assert [message.author_name for message in written] == ["Ben Carter"]
    assert not written_since(db, case_id=case.id, person=desk.aldo, message_id=written[-1].id)
