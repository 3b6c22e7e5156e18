"""Each letter is in its reader's language, whatever the one who causes it reads."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from portal.cases.following import add_follower
from portal.cases.responding import respond
from portal.events import take_recorded
from portal.locale import language, speaking
from portal.mail import notices
from portal.mail.speech import speaking_to
from portal.people.registering import choose_language
from portal.settings import Settings
from tests import cast
from tests.casework import adopted, opened


@pytest.fixture
def both(settings: Settings) -> Settings:
    return replace(settings, languages="en de")


def test_two_readers_of_one_case_are_written_to_in_two_languages(
    db: Session, both: Settings, now: datetime
) -> None:
    adopted(db, now=now)
    harbour = cast.harbour_lines(db)
    ines, theo, aldo = cast.ines(db, harbour), cast.theo(db, harbour), cast.agent(db)
    choose_language(db, person=theo, language="de", now=now)
    case = opened(db, person=ines, now=now)
    add_follower(db, case=case, person=theo, by=ines, by_name=ines.name, now=now)
    take_recorded(db)
    respond(db, case=case, author=aldo, body="Try it again.", now=now)
    with speaking("de"):
        mails = notices.write_notices(db, take_recorded(db), settings=both, now=now)
    said = {mail.recipient: mail for mail in mails}
    assert "See the case" in said[ines.email].text
    assert '<html lang="en">' in said[ines.email].html
    assert "Anfrage ansehen" in said[theo.email].text
    assert '<html lang="de">' in said[theo.email].html


@pytest.mark.parametrize(("wrote_in", "spoken"), [("de", "de"), ("fr", "en"), ("", "en")])
def test_a_guest_is_written_to_in_the_language_in_which_the_case_was_opened(
    db: Session, both: Settings, now: datetime, wrote_in: str, spoken: str
) -> None:
    adopted(db, now=now)
    case = opened(db, person=None, now=now, contact_language=wrote_in)
    with speaking_to(db, case.contact_email, settings=both, case=case):
        assert language() == spoken
    with speaking_to(db, "colleague@elsewhere.example", settings=both, case=case):
        assert language() == "en"


def test_whoever_asks_for_a_mail_reads_it_as_they_read_now_unless_they_chose(
    db: Session, both: Settings, now: datetime
) -> None:
    ines = cast.ines(db, cast.harbour_lines(db))
    with speaking("de"):
        with speaking_to(db, ines.email, settings=both, otherwise="de"):
            assert language() == "de"
        with speaking_to(db, ines.email, settings=both):
            assert language() == "en"
        choose_language(db, person=ines, language="en", now=now)
        with speaking_to(db, ines.email, settings=both, otherwise="de"):
            assert language() == "en"
        assert language() == "de"
