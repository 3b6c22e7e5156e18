"""Staff see cases like the one they work on; what is alike is told by telling words."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.desk.similar import similar_cases
from tests.desk.conftest import Desk


def test_cases_with_the_same_telling_words_are_similar(
    db: Session, desk: Desk, now: datetime
) -> None:
    case = desk.opened("Recorder drops calls after the certificate was renewed")
    best = desk.opened("Calls are dropped: recorder certificate expired, recorder drops")
    some = desk.opened("The recorder is slow after an update, drops nothing")
    desk.opened("How do I add a second cost centre?")
    found = similar_cases(db, case=case, person=desk.aldo)
    assert found[0] is best
    assert some in found
    assert case not in found
    assert len(found) == 2


def test_customers_and_vague_subjects_find_nothing(db: Session, desk: Desk, now: datetime) -> None:
    case = desk.opened("Recorder drops calls")
    desk.opened("Recorder drops calls")
    assert len(similar_cases(db, case=case, person=desk.aldo)) == 1
    case.subject = "It is not so"
    assert similar_cases(db, case=case, person=desk.aldo) == []
