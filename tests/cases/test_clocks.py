from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.cases.clocks import evaluation_of
from portal.cases.replying import reply
from portal.cases.responding import respond
from tests.cases.conftest import Cast


def test_a_system_clock_that_was_set_back_breaks_no_case(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    respond(db, case=opened, author=cast.agent, body="We see it.", now=now + timedelta(hours=2))
    reply(db, case=opened, author=cast.ines, body="Thank you.", now=now + timedelta(hours=1))
    respond(db, case=opened, author=cast.agent, body="And now?", now=now + timedelta(minutes=30))
    assert evaluation_of(db, opened).first_response.state == "met"
