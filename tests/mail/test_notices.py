"""What customers are told of their cases, and what nobody is told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases import closing, contract_check, escalating, noting, reopening, responding, waiting
from portal.cases.access import find_by_link
from portal.cases.assigning import assign
from portal.cases.case import Case, CaseStatus
from portal.cases.following import add_follower
from portal.cases.priorities import change_priority
from portal.events import Event, take_recorded
from portal.mail import notices, restraint
from portal.mail.letters import Letter
from portal.mail.outbox import OutgoingMail
from portal.mail.posting import RefusedAddressError, post
from portal.people.person import Person, Role
from portal.settings import Settings
from tests import cast
from tests.casework import adopted, opened

Tell = Callable[[], list[OutgoingMail]]
SECRETIVE = "Ring <script>alert(1)</script> http://evil.example"


@pytest.fixture
def tell(db: Session, settings: Settings, now: datetime) -> Tell:
    """Write the mails about everything that happened since the last call."""

    def write() -> list[OutgoingMail]:
        return notices.write_notices(db, take_recorded(db), settings=settings, now=now)

    return write


@pytest.fixture
def ines(db: Session, now: datetime) -> Person:
    adopted(db, now=now)
    return cast.ines(db, cast.harbour_lines(db))


@pytest.fixture
def aldo(db: Session) -> Person:
    return cast.agent(db)


@pytest.fixture
def case(db: Session, ines: Person, now: datetime, tell: Tell) -> Case:
    """A contact's case of which she was told already."""
    made = opened(db, person=ines, now=now, priority="2")
    tell()
    return made


@pytest.fixture
def guest_case(db: Session, now: datetime, tell: Tell) -> Case:
    """A guest's request; told of already."""
    adopted(db, "cts", now=now)
    made = opened(db, person=None, now=now)
    tell()
    return made


def flat(mail: OutgoingMail) -> str:
    """The plain text without its line breaks."""
    return " ".join(mail.text.split())


def both(mail: OutgoingMail) -> str:
    return f"{mail.subject}\n{mail.text}\n{mail.html}"


def test_A7_a_case_number_is_given_at_once_and_mailed(
    db: Session, ines: Person, now: datetime, tell: Tell
) -> None:
    case = opened(db, person=ines, now=now)
    [mail] = tell()
    assert case.number is not None
    assert mail.recipient == "ines@customer.example"
    assert mail.subject.startswith(f"Case {case.number}")
    assert case.number in mail.text
    assert case.number in mail.html
    assert f"https://help.example/cases/{case.number}" in mail.text


def test_D3_the_same_number_stands_on_every_later_mail(
    db: Session, case: Case, aldo: Person, now: datetime, tell: Tell
) -> None:
    later = []
    responding.respond(db, case=case, author=aldo, body="Try this", now=now)
    later += tell()
    closing.solve(db, case=case, by=aldo, now=now)
    later += tell()
    reopening.reopen(db, case=case, by=case.contact, now=now)
    later += tell()
    assert len(later) == 3
    assert all(mail.subject.startswith(f"Case {case.number}") for mail in later)
    first = db.scalar(select(OutgoingMail).order_by(OutgoingMail.id))
    assert first is not None
    assert {mail.in_reply_to for mail in later} == {first.message_id}


def test_the_receipt_says_by_when_in_both_zones_and_what_that_measures(
    db: Session, ines: Person, now: datetime, tell: Tell
) -> None:
    opened(db, person=ines, now=now, priority="1")
    [mail] = tell()
    assert "Monday 23 November 2026, 11:00 am Pacific time (8:00 pm in Berlin)" in flat(mail)
    assert "first response, not to a resolution" in flat(mail)


def test_the_receipt_says_why_the_clock_starts_when_it_does(
    db: Session, ines: Person, tell: Tell
) -> None:
    saturday_night = datetime.fromisoformat("2026-11-21T22:00:00-08:00")
    opened(db, person=ines, now=saturday_night, priority="1")
    [mail] = tell()
    assert (
        "Because it is the weekend (Sat), the clock starts Mon 6:30 am Pacific time; "
        'priority "System Down" is answered within 4 business hours.'
    ) in flat(mail)
    assert "10:30 am Pacific time (7:30 pm in Berlin)" in flat(mail)


def test_without_a_promised_time_no_reason_is_given_for_one(db: Session, tell: Tell) -> None:
    at = datetime.fromisoformat("2026-11-21T22:00:00-08:00")
    adopted(db, "cts", now=at)
    person = cast.ines(db, cast.harbour_lines(db))
    opened(db, person=person, now=at, priority="4")
    [mail] = tell()
    assert "There is no published time for this priority." in flat(mail)
    assert "the clock starts" not in flat(mail)


def test_a_held_request_gets_a_receipt_first_and_its_number_later(
    db: Session, aldo: Person, now: datetime, tell: Tell
) -> None:
    adopted(db, now=now)
    bea = cast.person(db, "Bea Nkosi", organisation_id=cast.brightwater(db).id)
    case = opened(db, person=bea, now=now)
    [held] = tell()
    assert held.subject.startswith(f"Request {case.receipt}")
    number = contract_check.confirm(db, case=case, by=aldo, now=now)
    [given] = tell()
    assert number in given.text
    assert given.in_reply_to == held.message_id


def test_a_refused_contract_is_told_with_the_reason(
    db: Session, aldo: Person, now: datetime, tell: Tell
) -> None:
    adopted(db, now=now)
    bea = cast.person(db, "Bea Nkosi", organisation_id=cast.brightwater(db).id)
    case = opened(db, person=bea, now=now)
    tell()
    contract_check.refuse(db, case=case, by=aldo, reason="The contract ended in 2025.", now=now)
    [mail] = tell()
    assert "The contract ended in 2025." in mail.text


def test_an_answer_of_staff_is_mailed_with_its_words_escaped(
    db: Session, case: Case, aldo: Person, now: datetime, tell: Tell
) -> None:
    responding.respond(db, case=case, author=aldo, body=f"Hello\n{SECRETIVE}", now=now)
    [mail] = tell()
    assert f"> {SECRETIVE}" in mail.text
    assert "<script>" not in mail.html
    assert "&lt;script&gt;" in mail.html


@pytest.mark.parametrize("is_over", ["person", "organisation"])
def test_who_was_shut_out_hears_of_no_case_any_more_be_it_as_a_follower(  # noqa: PLR0917
    db: Session, case: Case, ines: Person, aldo: Person, now: datetime, tell: Tell, is_over: str
) -> None:
    assert ines.organisation is not None
    theo = cast.theo(db, ines.organisation)
    add_follower(db, case=case, person=theo, by=aldo, by_name=aldo.name, now=now)
    assert len(tell()) == 1
    if is_over == "organisation":
        ines.organisation.ended_at = now
    else:
        ines.disabled_at = theo.disabled_at = now
    responding.respond(db, case=case, author=aldo, body="The keys are under the mat", now=now)
    closing.solve(db, case=case, by=aldo, now=now)
    assert tell() == []


def test_one_act_makes_one_mail_however_much_it_changes(
    db: Session, case: Case, aldo: Person, now: datetime, tell: Tell
) -> None:
    responding.respond(
        db, case=case, author=aldo, body="Which version?", now=now, then=CaseStatus.WAITING
    )
    [mail] = tell()
    assert "> Which version?" in mail.text
    assert "needs something from you" in flat(mail)


def test_internal_notes_and_assignments_are_told_to_nobody(
    db: Session, case: Case, aldo: Person, now: datetime, tell: Tell
) -> None:
    noting.note(db, case=case, author=aldo, body="Customer is in a bad mood", now=now)
    waiting.start_work(db, case=case, by=aldo, now=now)
    assert tell() == []


def test_a_lowered_priority_is_told_with_its_reason_and_a_raised_one_is_not(
    db: Session, case: Case, aldo: Person, now: datetime, tell: Tell
) -> None:
    change_priority(db, case=case, priority="1", by=aldo, reason="Worse", now=now)
    assert tell() == []
    change_priority(db, case=case, priority="3", by=aldo, reason="One phone of forty", now=now)
    [mail] = tell()
    assert "One phone of forty" in mail.text


def test_solved_says_when_it_closes_and_closed_until_when_it_opens_again(
    db: Session, case: Case, aldo: Person, now: datetime, tell: Tell
) -> None:
    closing.solve(db, case=case, by=aldo, resolution="New firmware", now=now)
    [solved] = tell()
    assert "New firmware" in solved.text
    assert "Monday 30 November 2026" in flat(solved)
    closing.close(db, case=case, by=case.contact, by_customer=True, now=now)
    [closed] = tell()
    assert "as you asked" in flat(closed)
    assert "Monday 7 December 2026" in flat(closed)


def test_asking_for_escalation_is_acknowledged(
    db: Session, case: Case, now: datetime, tell: Tell
) -> None:
    escalating.ask_for_escalation(db, case=case, by=case.contact, reason="Too slow", now=now)
    [mail] = tell()
    assert "escalation" in mail.text


def test_no_step_up_is_told_to_whoever_was_shut_out_or_is_no_agent_any_more(
    db: Session, case: Case, aldo: Person, now: datetime, tell: Tell
) -> None:
    mai = cast.manager(db)
    assign(db, case=case, assignee=aldo, by=mai, now=now)
    tell()
    for shut_out, role in ((now, Role.AGENT), (None, Role.CONTACT)):
        aldo.disabled_at, aldo.role = shut_out, role
        escalating.escalate(db, case=case, by=None, reason="Still not solved", now=now)
        told = {mail.recipient for mail in tell()}
        assert mai.email in told
        assert aldo.email not in told


def test_a_guests_receipt_carries_nothing_that_its_submitter_wrote(
    db: Session, now: datetime, tell: Tell
) -> None:
    adopted(db, "cts", now=now)
    case = opened(
        db, person=None, now=now, subject=SECRETIVE, contact_name="Buy pills at evil.example"
    )
    [mail] = tell()
    assert mail.subject == f"Request {case.receipt}"
    for word in ("script", "evil", "pills", "restarted"):
        assert word not in both(mail)


def test_a_guests_link_opens_this_one_case(db: Session, now: datetime, tell: Tell) -> None:
    adopted(db, "cts", now=now)
    case = opened(db, person=None, now=now)
    [mail] = tell()
    token = mail.text.partition("https://help.example/follow/")[2].split()[0]
    assert find_by_link(db, token, now=now) is case


def test_an_unproven_address_hears_that_there_is_news_but_not_which(
    db: Session, guest_case: Case, aldo: Person, now: datetime, tell: Tell
) -> None:
    responding.respond(db, case=guest_case, author=aldo, body="Try turning it", now=now)
    [mail] = tell()
    assert "turning" not in both(mail)
    guest_case.is_email_proven = True
    responding.respond(db, case=guest_case, author=aldo, body="Try turning it again", now=now)
    [proven] = tell()
    assert "Try turning it again" in proven.text


def test_a_stranger_is_written_to_once_an_hour_and_five_times_a_day(
    db: Session, settings: Settings, now: datetime
) -> None:
    adopted(db, "cts", now=now)
    written = []
    for minutes in range(0, 24 * 60, 30):
        moment = now + timedelta(minutes=minutes)
        opened(db, person=None, now=moment)
        mails = notices.write_notices(db, take_recorded(db), settings=settings, now=moment)
        written += [moment for _ in mails]
    assert len(written) == 5
    assert all(b - a >= timedelta(hours=1) for a, b in pairwise(written))


def test_a_flood_to_strangers_stops_and_raises_one_alarm(
    db: Session, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    asked = restraint.ALL_ADDRESSES_AN_HOUR + 50
    allowed = [
        restraint.may_write_to_stranger(db, f"s{n}@guest.example", purpose="case", now=now)
        for n in range(asked)
    ]
    assert sum(allowed) == restraint.ALL_ADDRESSES_AN_HOUR
    alarms = db.scalar(select(func.count()).where(Event.kind == "mail_cap_reached"))
    assert alarms == 1
    later = now + timedelta(hours=1)
    assert restraint.may_write_to_stranger(db, "new@guest.example", purpose="case", now=later)


def test_staff_reach_a_stranger_however_many_cases_there_are(
    db: Session, guest_case: Case, aldo: Person, now: datetime, tell: Tell
) -> None:
    for n in range(3):
        responding.respond(db, case=guest_case, author=aldo, body=f"Answer {n}", now=now)
        assert len(tell()) == 1


def test_a_new_link_is_mailed_seldom(
    db: Session, guest_case: Case, settings: Settings, now: datetime
) -> None:
    first = notices.follow_link(db, case=guest_case, settings=settings, now=now)
    again = notices.follow_link(db, case=guest_case, settings=settings, now=now)
    assert first is not None
    assert again is None


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "a@b.example;c@d.example",
        "<a@b.example>",
        '"a b"@c.example',
        "nobody",
        "",
        "a@" + "b" * 260,
    ],
)
def test_what_is_not_one_plain_address_gets_no_mail(
    db: Session, settings: Settings, now: datetime, address: str
) -> None:
    letter = Letter("Subject", "text", "<p>text</p>")
    with pytest.raises(RefusedAddressError):
        post(db, letter, recipient=address, settings=settings, now=now)


def test_a_line_break_never_gets_into_a_subject(
    db: Session, settings: Settings, now: datetime
) -> None:
    letter = Letter("One\r\nBcc: x@y.example\u2028two", "text", "<p>text</p>")
    mail = post(db, letter, recipient="a@b.example", settings=settings, now=now)
    assert mail.subject == "One Bcc: x@y.example two"
