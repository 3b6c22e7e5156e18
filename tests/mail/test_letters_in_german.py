"""Letters of a portal whose readers read German."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.cases import closing, contract_check, escalating, reopening, responding, waiting
from portal.cases.following import add_follower
from portal.cases.priorities import change_priority
from portal.events import take_recorded
from portal.locale import speaking
from portal.mail import notices
from portal.mail.outbox import OutgoingMail
from portal.people.person import Person
from portal.settings import Settings
from tests import cast
from tests.casework import adopted, opened
from tests.english import english_left
from tests.mail.test_notices import flat

Tell = Callable[[], list[OutgoingMail]]


@pytest.fixture
def german(settings: Settings) -> Settings:
    return replace(settings, languages="de", name="Hafen-Hilfe")


@pytest.fixture
def tell(db: Session, german: Settings, now: datetime) -> Tell:
    return lambda: notices.write_notices(db, take_recorded(db), settings=german, now=now)


@pytest.fixture
def ines(db: Session, now: datetime) -> Person:
    adopted(db, now=now)
    return cast.ines(db, cast.harbour_lines(db))


def test_the_receipt_is_german_with_the_promise_in_german_form(
    db: Session, ines: Person, now: datetime, tell: Tell
) -> None:
    case = opened(db, person=ines, now=now, priority="1")
    [mail] = tell()
    assert mail.subject == f"Anfrage {case.number}: {case.subject}"
    assert "Vielen Dank, Ines Okafor. Ihre Anfrage ist bei uns" in flat(mail)
    assert (
        "Üblicherweise antworten wir bis Montag, 23. November 2026, 11:00 Uhr US-Westküstenzeit "
        "(20:00 Uhr in Berlin)."
    ) in flat(mail)
    assert '<html lang="de">' in mail.html
    assert "Anfrage ansehen" in mail.html


def test_no_letter_about_a_case_has_english_left(
    db: Session, ines: Person, now: datetime, tell: Tell
) -> None:
    """Everything that happens to a case, to its contact, a follower and staff."""
    aldo, mara = cast.agent(db), cast.manager(db)
    assert ines.organisation
    colleague = cast.theo(db, ines.organisation)
    case = opened(db, person=ines, now=now, priority="1")
    add_follower(db, case=case, person=colleague, by=ines, by_name=ines.name, now=now)
    mails = tell()
    change_priority(db, case=case, priority="3", reason="Grund", by=aldo, now=now)
    mails += tell()
    waiting.pause(db, case=case, reason="customer", by=aldo, now=now)
    mails += tell()
    responding.respond(db, case=case, author=aldo, body="Bitte sehr", now=now)
    mails += tell()
    waiting.pause(
        db, case=case, reason="third_party", party="Mitel", until=now + timedelta(days=2),
        by=aldo, now=now,
    )  # fmt: skip
    mails += tell()
    escalating.ask_for_escalation(db, case=case, by=ines, reason="Grund", now=now)
    mails += tell()
    escalating.escalate(db, case=case, by=mara, reason="Grund", now=now)
    mails += tell()
    closing.solve(db, case=case, by=aldo, resolution="Grund", now=now)
    mails += tell()
    reopening.reopen(db, case=case, by=ines, reason="Grund", now=now)
    mails += tell()
    closing.close(db, case=case, by=aldo, reason="Grund", now=now)
    mails += tell()
    reopening.reopen(db, case=case, by=ines, reason="Grund", now=now)
    closing.solve(db, case=case, by=aldo, resolution="Grund", now=now)
    tell()
    closing.close_by_itself(db, case=case, now=now)
    [*_others, last] = tell()
    assert "Niemand hat widersprochen." in flat(last)
    mails.append(last)
    written = {
        case.subject, "System Down", "Normal", *(mail.recipient for mail in mails),
        "Manager of Technical Support or local Sales Manager",
        "https://help.example", "support@help.example",
    }  # fmt: skip
    assert len({mail.subject for mail in mails}) >= 2
    assert len(mails) >= 12
    for mail in mails:
        assert not english_left(_words_of(mail), written), mail.text


def test_a_guest_is_told_in_german_that_the_contract_is_checked(
    db: Session, now: datetime, tell: Tell
) -> None:
    adopted(db, "cts", now=now)
    case = opened(db, person=None, now=now)
    mails = tell()
    contract_check.refuse(db, case=case, by=cast.manager(db), reason="Grund", now=now)
    mails += tell()
    assert [mail.subject for mail in mails] == [f"Anfrage {case.receipt}"] * 2
    for mail in mails:
        assert not english_left(_words_of(mail), {"https://help.example"}), mail.text


def test_each_reader_is_written_to_in_their_own_language(
    db: Session, ines: Person, settings: Settings, now: datetime
) -> None:
    """One act, told to a contact, a follower and staff, whoever did it and whatever they read."""
    both = replace(settings, languages="en de")
    assert ines.organisation
    theo, aldo, mara = cast.theo(db, ines.organisation), cast.agent(db), cast.manager(db)
    ines.language, mara.language = "de", "de"
    case = opened(db, person=ines, now=now, priority="1")
    add_follower(db, case=case, person=theo, by=ines, by_name=ines.name, now=now)
    take_recorded(db)
    escalating.escalate(db, case=case, by=aldo, reason="Grund", now=now)
    with speaking("de"):
        mails = notices.write_notices(db, take_recorded(db), settings=both, now=now)
    buttons = {mail.recipient: mail.text for mail in mails}
    assert buttons.keys() == {ines.email, theo.email, mara.email}
    assert "Anfrage ansehen" in buttons[ines.email]
    assert "See the case" in buttons[theo.email]
    assert "Anfrage öffnen" in buttons[mara.email]


def test_a_guest_is_written_to_in_the_language_of_their_request(
    db: Session, settings: Settings, now: datetime
) -> None:
    adopted(db, "cts", now=now)
    case = opened(db, person=None, now=now)
    case.contact_language = "de"
    both = replace(settings, languages="en de")
    [mail] = notices.write_notices(db, take_recorded(db), settings=both, now=now)
    assert mail.subject == f"Anfrage {case.receipt}"


def _words_of(mail: OutgoingMail) -> str:
    """Subject and text without the addresses that its links lead to."""
    lines = [line for line in mail.text.splitlines() if not line.startswith("https://")]
    return " ".join([mail.subject, *" ".join(lines).split("https://")[:1]])
