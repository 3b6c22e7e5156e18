"""What becomes of a mail that comes in: a case, a reply, a report, or a place to wait."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select

from portal.cases.access import find_for_mail
from portal.cases.attachments import Limits, Upload, keep_files
from portal.cases.case import Case, CaseStatus
from portal.cases.closing import close, solve
from portal.cases.completing import still_missing
from portal.cases.contract_check import confirm
from portal.cases.conversation import Attachment, Message
from portal.cases.happenings import Happening
from portal.cases.noting import note
from portal.cases.responding import respond
from portal.cases.timeline import timeline_for_customer, timeline_for_staff
from portal.database import Database
from portal.events import Event, take_recorded
from portal.files import FileStore
from portal.mail.inbound import judging, receiving
from portal.mail.inbound.administering import try_again
from portal.mail.inbound.inbox import InboxStatus, IncomingMail, Outcome
from portal.mail.inbound.keeping import keep
from portal.mail.inbound.receiving import Handled, handle, handle_due, receive
from portal.mail.notices import write_notices
from portal.mail.outbox import MailStatus, OutgoingMail
from portal.mail.threads import new_message_id, reply_address
from portal.people.person import Person
from portal.settings import Settings
from tests import cast
from tests.casework import adopted
from tests.mail.written import bounce, message, raw

Take = Callable[..., Handled]
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


@pytest.fixture
def files(settings: Settings) -> FileStore:
    return FileStore(settings.files_folder)


@pytest.fixture
def people(database: Database, now: datetime) -> cast.Cast:
    """Everybody, under a policy that gives numbers only under a contract."""
    with database.writing() as db:
        adopted(db, now=now)
        everybody = cast.everybody(db)
        db.flush()
        db.expunge_all()
    return everybody


@pytest.fixture
def take(database: Database, files: FileStore, settings: Settings, now: datetime) -> Take:
    """Take in the raw bytes of one mail."""

    def taken(content: bytes, *, at: datetime = now, **more: object) -> Handled:
        given = more.pop("settings", settings)
        assert isinstance(given, Settings)
        return receive(database, files, content, way="pipe", settings=given, now=at, **more)  # type: ignore[arg-type]

    return taken


def only_case(database: Database) -> Case:
    with database.reading() as db:
        case = db.scalars(select(Case)).one()
        assert case.messages is not None
        assert case.policy_version.source
        return case


def outbox(database: Database) -> list[OutgoingMail]:
    with database.reading() as db:
        return list(db.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def flat(mail: OutgoingMail) -> str:
    return " ".join(mail.text.split())


def staff_answer(database: Database, settings: Settings, now: datetime, body: str) -> OutgoingMail:
    """Aldo answers the only case; the mail that tells of it."""
    with database.writing() as db:
        case = db.scalars(select(Case)).one()
        aldo = db.scalars(select(Person).where(Person.name == "Aldo Marchetti")).one()
        respond(db, case=case, author=aldo, body=body, now=now)
        write_notices(db, take_recorded(db), settings=settings, now=now)
    return outbox(database)[-1]


def test_A6_a_contacts_mail_becomes_a_case_on_the_channel_email(
    people: cast.Cast, database: Database, take: Take
) -> None:
    handled = take(raw("Phones don't ring.\n\nSince this morning.", subject="Phones dead"))
    case = only_case(database)
    assert (handled.status, handled.outcome) == (InboxStatus.TAKEN, Outcome.CASE)
    assert handled.reference == case.number
    assert (case.channel, case.subject, case.status) == (
        "email",
        "Phones dead",
        CaseStatus.RECEIVED,
    )
    assert case.contact_name == "Ines Okafor"
    assert case.organisation_id is not None
    assert case.messages[0].body == "Phones don't ring.\n\nSince this morning."


def test_the_channels_own_target_is_promised(database: Database, take: Take, now: datetime) -> None:
    with database.writing() as db:
        adopted(db, "civicplus", now=now)
        cast.ines(db, cast.harbour_lines(db))
    take(raw())
    case = only_case(database)
    # Monday noon, Central time: action on mail within four hours of support
    assert case.first_response_due_at == now + timedelta(hours=4)


def test_D15_the_subject_is_the_brief_description(
    people: cast.Cast, database: Database, take: Take
) -> None:
    take(raw(subject="=?utf-8?q?Fwd=3A?= Re: WG:  Zw=?utf-8?b?w7ZsZg==?= phones"))
    assert only_case(database).subject.endswith("phones")
    assert not only_case(database).subject.casefold().startswith(("re", "fwd", "wg"))


def test_the_receipt_asks_politely_for_what_the_policy_requires(
    people: cast.Cast, database: Database, take: Take
) -> None:
    take(raw())
    [receipt] = outbox(database)
    case = only_case(database)
    labels = [field.label.rstrip("?") for field in still_missing(case)]
    assert labels
    assert all(label in flat(receipt) for label in labels)
    assert f"/cases/{case.number}" in receipt.text
    assert "The promised time counts all the same" in flat(receipt)


def test_a_receipt_repeats_nothing_that_an_unproven_mail_said(
    people: cast.Cast, database: Database, take: Take
) -> None:
    take(raw("Buy pills", subject="Cheap pills", sender="Pill Shop <ines@customer.example>"))
    take(raw("Buy pills", subject="Cheap pills", sender="Pill Shop <gus@guest.example>"))
    to_ines, to_gus = outbox(database)
    for mail in (to_ines, to_gus):
        assert "pill" not in f"{mail.subject}{mail.text}{mail.html}".casefold()
    assert "we still need" not in flat(to_gus)


def test_a_mail_that_our_own_server_vouches_for_is_answered_in_full(
    people: cast.Cast, database: Database, take: Take, settings: Settings
) -> None:
    vouching = replace(settings, mail_authserv_id="mx.help.example")
    good = "mx.help.example; dmarc=pass header.from=customer.example"
    take(raw(subject="Phones dead", Authentication_Results=good), settings=vouching)
    [receipt] = outbox(database)
    assert receipt.subject.endswith(": Phones dead")
    assert only_case(database).is_email_proven


@pytest.mark.parametrize(
    ("result", "status"),
    [
        ("mx.help.example; dmarc=fail", InboxStatus.QUARANTINED),
        ("mx.evil.example; dmarc=pass", InboxStatus.TAKEN),
        ("mx.help.example; spf=pass smtp.mailfrom=x@evil.example", InboxStatus.TAKEN),
    ],
)
def test_only_our_own_server_is_believed_about_the_sender(  # noqa: PLR0917
    people: cast.Cast,
    database: Database,
    take: Take,
    settings: Settings,
    result: str,
    status: InboxStatus,
) -> None:
    vouching = replace(settings, mail_authserv_id="mx.help.example")
    handled = take(raw(Authentication_Results=result), settings=vouching)
    assert handled.status is status
    with database.reading() as db:
        assert not db.scalars(select(Case).where(Case.is_email_proven)).all()


def test_D4_without_a_contract_a_mail_is_held_with_a_receipt_as_a_guests_form_is(
    people: cast.Cast, database: Database, take: Take
) -> None:
    handled = take(raw(sender="gus@guest.example"))
    case = only_case(database)
    assert (case.status, case.number) == (CaseStatus.HELD, None)
    assert handled.reference == case.receipt
    [receipt] = outbox(database)
    assert receipt.subject == f"Request {case.receipt}"


def test_D3_D16_an_answer_to_our_mail_joins_its_case(
    people: cast.Cast, database: Database, take: Take, settings: Settings, now: datetime
) -> None:
    take(raw())
    answer = staff_answer(database, settings, now, "Which version?")
    handled = take(
        raw("4.2\n\nOn Monday, Support wrote:\n> Which version?", In_Reply_To=answer.message_id)
    )
    assert handled.outcome is Outcome.REPLY
    said = only_case(database).messages[-1]
    assert (said.body, said.author_name, said.channel) == ("4.2", "Ines Okafor", "email")
    assert said.folded == "On Monday, Support wrote:\n> Which version?"


def test_the_seal_in_the_address_is_enough(
    people: cast.Cast, database: Database, take: Take, settings: Settings
) -> None:
    take(raw())
    tagged = replace(settings, mail_tagged_addresses=True)
    address = reply_address(tagged, only_case(database).receipt)
    assert take(raw("Here", to=address, subject="no number")).outcome is Outcome.REPLY


def test_D16_the_number_in_the_subject_is_enough_for_the_contact(
    people: cast.Cast, database: Database, take: Take
) -> None:
    number = take(raw()).reference
    assert take(raw("More", subject=f"About {number.lower()}")).outcome is Outcome.REPLY
    assert len(only_case(database).messages) == 2


def test_a_forged_from_and_a_number_join_with_a_mark_that_staff_and_customer_read(
    people: cast.Cast, database: Database, take: Take
) -> None:
    number = take(raw()).reference
    take(raw("Send the keys to Mallory", subject=f"About {number}"))
    with database.reading() as db:
        case = db.scalars(select(Case)).one()
        for entries in (timeline_for_staff(db, case), timeline_for_customer(db, case)):
            doubts = {entry.body: entry.is_doubtful for entry in entries if entry.body}
            assert doubts == {"Phones don't ring.": False, "Send the keys to Mallory": True}


def test_an_answer_to_our_mail_bears_no_such_mark(
    people: cast.Cast, database: Database, take: Take, settings: Settings, now: datetime
) -> None:
    take(raw())
    answer = staff_answer(database, settings, now, "Which version?")
    take(raw("4.2", In_Reply_To=answer.message_id))
    assert only_case(database).messages[-1].is_sender_proven


@pytest.mark.parametrize(
    ("result", "joins"),
    [
        ("mx.help.example; dmarc=pass header.from=customer.example", True),
        ("mx.help.example; spf=pass smtp.mailfrom=x@evil.example", False),
        ("mx.evil.example; dmarc=pass", False),
    ],
)
def test_where_our_server_checks_senders_a_number_joins_only_what_it_vouches_for(  # noqa: PLR0917
    people: cast.Cast, database: Database, take: Take, settings: Settings, result: str, joins: bool
) -> None:
    vouching = replace(settings, mail_authserv_id="mx.help.example")
    number = take(raw()).reference
    named = raw("More", subject=f"About {number}", Authentication_Results=result)
    handled = take(named, settings=vouching)
    assert (handled.outcome is Outcome.REPLY) is joins
    case = only_case(database)
    assert all(said.is_sender_proven for said in case.messages)
    if joins:
        return
    assert handled.status is InboxStatus.QUARANTINED
    assert f"names {number}" in handled.reason
    with database.reading() as db:
        titles = [entry.title for entry in timeline_for_staff(db, db.get_one(Case, case.id))]
        assert sum("waits under “Mail in”" in title for title in titles) == 1


def test_an_administrator_lets_such_a_mail_join_its_case(  # noqa: PLR0917
    people: cast.Cast,
    database: Database,
    files: FileStore,
    take: Take,
    settings: Settings,
    now: datetime,
) -> None:
    vouching = replace(settings, mail_authserv_id="mx.help.example")
    number = take(raw()).reference
    handled = take(raw("More", subject=f"About {number}"), settings=vouching)
    with database.writing() as db:
        mail = db.get_one(IncomingMail, handled.mail_id)
        ada = db.scalars(select(Person).where(Person.name == "Ada Kowalski")).one()
        try_again(db, mail=mail, by=ada, is_released=True, now=now)
    handle(database, files, handled.mail_id, settings=vouching, now=now)
    said = only_case(database).messages[-1]
    assert (said.body, said.is_sender_proven) == ("More", True)


def test_a_number_with_a_wrong_check_character_names_no_case(
    people: cast.Cast, database: Database, take: Take
) -> None:
    number = take(raw()).reference
    wrong = number[:-1] + ("2" if number[-1] != "2" else "3")
    assert take(raw("More", subject=f"About {wrong}")).outcome is Outcome.CASE


def test_a_colleague_who_sees_the_case_may_add_to_it_and_a_stranger_may_not(
    people: cast.Cast, database: Database, take: Take, settings: Settings
) -> None:
    number = take(raw()).reference
    sealed = outbox(database)[0].message_id
    theo = "Theo Lindqvist <theo@customer.example>"
    bea = "Bea Nkosi <bea@customer.example>"
    assert take(raw("Me too", sender=theo, In_Reply_To=sealed)).outcome is Outcome.REPLY
    assert take(raw("Me too", sender=bea, In_Reply_To=sealed)).status is InboxStatus.QUARANTINED
    assert take(raw("Me", sender="gus@guest.example", References=sealed)).status is (
        InboxStatus.QUARANTINED
    )
    other = take(raw("Mine", sender=bea, subject=f"Re: {number}"))
    assert other.outcome is Outcome.CASE
    assert other.reference != number


def test_a_seal_that_we_did_not_make_opens_nothing(
    people: cast.Cast, database: Database, take: Take, settings: Settings
) -> None:
    take(raw())
    forged = new_message_id(replace(settings, secret="x" * 40), only_case(database).receipt)
    assert take(raw("Again", In_Reply_To=forged)).outcome is Outcome.CASE


def test_a_mail_to_a_closed_case_opens_it_again_for_some_days_and_then_a_follow_up_case(
    people: cast.Cast, database: Database, take: Take, now: datetime
) -> None:
    number = take(raw()).reference
    with database.writing() as db:
        case = db.scalars(select(Case)).one()
        aldo = db.scalars(select(Person).where(Person.name == "Aldo Marchetti")).one()
        solve(db, case=case, by=aldo, now=now)
        close(db, case=case, by=case.contact, by_customer=True, now=now)
    soon, late = now + timedelta(days=3), now + timedelta(days=40)
    assert take(raw("Again", subject=number), at=soon).outcome is Outcome.REPLY
    assert only_case(database).status is CaseStatus.IN_PROGRESS
    with database.writing() as db:
        case = db.scalars(select(Case)).one()
        close(db, case=case, by=case.contact, by_customer=True, now=soon)
    follow_up = take(raw("And again", subject=number), at=late)
    assert follow_up.outcome is Outcome.CASE
    with database.reading() as db:
        made = db.scalars(select(Case).where(Case.number == follow_up.reference)).one()
        assert made.follows is not None
        assert made.follows.number == number


def test_files_are_kept_by_the_one_rule_and_refusals_are_told(
    people: cast.Cast, database: Database, take: Take, files: FileStore
) -> None:
    mail = message()
    mail.add_attachment(PNG, maintype="image", subtype="png", filename="shot.png")
    mail.add_attachment(b"MZ\x90\x00", maintype="application", subtype="x", filename="fix.exe")
    mail.add_attachment(
        b"\x78\x9f\x3e\x22", maintype="application", subtype="ms-tnef", filename="a"
    )
    take(mail.as_bytes())
    with database.reading() as db:
        [kept] = db.scalars(select(Attachment))
        assert (kept.name, kept.media_type) == ("shot.png", "image/png")
        assert files.path(kept.content_hash).read_bytes() == PNG
        refused = db.scalars(select(Event).where(Event.kind == Happening.FILES_REFUSED)).one()
    words = " ".join(refused.detail["refused"])
    assert "fix.exe: Files of this kind can carry programs" in words
    assert "winmail.dat" in words


def test_a_picture_of_every_signature_is_kept_once(
    people: cast.Cast, database: Database, take: Take
) -> None:
    number = take(raw()).reference
    for _ in range(2):
        mail = message(subject=number)
        mail.add_attachment(PNG, maintype="image", subtype="png", filename="logo.png")
        assert take(mail.as_bytes()).outcome is Outcome.REPLY
    with database.reading() as db:
        assert db.scalar(select(func.count(Attachment.id))) == 1


def test_a_file_that_only_a_note_has_is_kept_for_the_customer_too(
    people: cast.Cast, database: Database, take: Take, files: FileStore, now: datetime
) -> None:
    number = take(raw()).reference
    kept, _ = keep_files(files, [Upload("shot.png", BytesIO(PNG))], limits=Limits(10_000, 10))
    with database.writing() as db:
        case = db.scalars(select(Case)).one()
        aldo = db.scalars(select(Person).where(Person.name == "Aldo Marchetti")).one()
        note(db, case=case, author=aldo, body="From the call", kept=kept, now=now)
    mail = message(subject=number)
    mail.add_attachment(PNG, maintype="image", subtype="png", filename="shot.png")
    take(mail.as_bytes())
    with database.reading() as db:
        notes = select(Message.is_internal).join(Message.attachments).order_by(Message.id)
        assert db.scalars(notes).all() == [True, False]


def may_be_changed(database: Database) -> bool:
    """Whether somebody else could change a case now. SQLite lets one write at a time."""
    if not database.is_sqlite:
        free = select(Case.id).with_for_update(skip_locked=True, of=Case)
        with database.writing() as other:
            return bool(other.scalars(free).all())
    with closing(sqlite3.connect(str(database.engine.url.database), timeout=0)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        return True


def test_a_strangers_mail_waits_for_whoever_changes_the_case(
    people: cast.Cast, database: Database, take: Take
) -> None:
    number = take(raw(sender=cast.GUEST_EMAIL)).reference
    assert may_be_changed(database)
    with database.writing() as db:
        assert find_for_mail(db, number, address=cast.GUEST_EMAIL, person=None)
        assert not may_be_changed(database)
    assert may_be_changed(database)


def test_the_same_mail_by_two_ways_is_taken_once(
    people: cast.Cast, database: Database, take: Take
) -> None:
    first = raw(Message_ID="<same@customer.example>")
    again = b"Received: by another way\r\n" + first
    assert take(first).outcome is Outcome.CASE
    assert take(again).status is InboxStatus.IGNORED
    other = raw("Something else", Message_ID="<same@customer.example>")
    assert take(other).outcome is Outcome.CASE, "two mails under one Message-ID are two"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Auto_Submitted": "auto-replied"}, InboxStatus.IGNORED),
        ({"X_Autoreply": "yes"}, InboxStatus.IGNORED),
        ({"Precedence": "auto_reply"}, InboxStatus.IGNORED),
        ({"Return_Path": "<>"}, InboxStatus.IGNORED),
        ({"Auto_Submitted": "auto-generated"}, InboxStatus.QUARANTINED),
        ({"Precedence": "bulk"}, InboxStatus.QUARANTINED),
        ({"List_Id": "<news.customer.example>"}, InboxStatus.QUARANTINED),
        ({"sender": "noreply@customer.example"}, InboxStatus.QUARANTINED),
        ({"sender": "Support <support@help.example>"}, InboxStatus.IGNORED),
        ({"sender": "aldo@desk.example"}, InboxStatus.QUARANTINED),
    ],
)
def test_what_no_customer_wrote_is_never_answered_and_makes_no_case(
    people: cast.Cast,
    database: Database,
    take: Take,
    headers: dict[str, str],
    status: InboxStatus,
) -> None:
    handled = take(raw(**headers))
    assert handled.status is status
    assert handled.reason
    assert outbox(database) == []


def test_our_own_mail_that_comes_back_is_ignored(
    people: cast.Cast, database: Database, take: Take
) -> None:
    take(raw())
    ours = outbox(database)[0].message_id
    assert take(raw("Back", Message_ID=ours)).status is InboxStatus.IGNORED


def test_a_null_return_path_is_never_answered(people: cast.Cast, take: Take) -> None:
    assert take(raw(), envelope_sender="").status is InboxStatus.IGNORED


def test_a_mail_whose_sender_wants_no_automatic_answer_is_a_case_without_a_receipt(
    people: cast.Cast, database: Database, take: Take
) -> None:
    assert take(raw(X_Auto_Response_Suppress="DR, OOF, AutoReply")).outcome is Outcome.CASE
    assert outbox(database) == []


def test_two_machines_that_write_to_each_other_come_to_an_end(
    people: cast.Cast, database: Database, take: Take
) -> None:
    handled = [take(raw(f"Hello {n}")) for n in range(judging.MAILS_AN_HOUR + 5)]
    cases = [each for each in handled if each.outcome is Outcome.CASE]
    assert len(cases) == judging.MAILS_AN_HOUR
    assert {each.status for each in handled[judging.MAILS_AN_HOUR :]} == {InboxStatus.QUARANTINED}
    assert len(outbox(database)) == receiving.RECEIPTS_AN_HOUR


def test_a_bounce_is_recorded_with_its_mail_and_its_case(
    people: cast.Cast, database: Database, take: Take
) -> None:
    take(raw())
    ours = outbox(database)[0].message_id
    assert take(bounce(ours, action="delayed")).outcome is Outcome.BOUNCE
    assert outbox(database)[0].status is MailStatus.WAITING
    assert take(bounce(ours), envelope_sender="").outcome is Outcome.BOUNCE
    mail, *told = outbox(database)
    assert {each.recipient for each in told} >= {"aldo@desk.example"}, "staff are told once"
    assert (mail.status, mail.last_error) == (
        MailStatus.RETURNED,
        "5.1.1 550 5.1.1 No such mailbox",
    )
    with database.reading() as db:
        events = db.scalars(select(Event).where(Event.kind == Happening.MAIL_RETURNED)).all()
        assert [event.case_id for event in events] == [only_case(database).id] * 2
        assert all(event.is_internal for event in events)


def test_a_notice_to_staff_that_comes_back_makes_no_other_notice(
    people: cast.Cast, database: Database, take: Take
) -> None:
    take(raw())
    take(bounce(outbox(database)[0].message_id))
    notices = outbox(database)[1:]
    take(bounce(notices[0].message_id, recipient=notices[0].recipient))
    assert len(outbox(database)) == 1 + len(notices)


def test_a_bounce_of_somebody_elses_mail_changes_nothing(
    people: cast.Cast, database: Database, take: Take
) -> None:
    take(raw())
    assert take(bounce("<other@evil.example>")).status is InboxStatus.IGNORED
    assert outbox(database)[0].status is MailStatus.WAITING


def test_what_cannot_be_read_waits_whole_and_can_be_told_from_others(
    people: cast.Cast, database: Database, take: Take, files: FileStore
) -> None:
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(3_000)
    )
    hostile = b"From: Ines <ines@customer.example>\r\nSubject: Deep\r\n" + nested
    handled = take(hostile)
    assert handled.status is InboxStatus.QUARANTINED
    assert handled.reason.startswith("It could not be read")
    with database.reading() as db:
        mail = db.scalars(select(IncomingMail)).one()
        assert (mail.sender, mail.subject) == ("ines@customer.example", "Deep")
        assert files.path(mail.content_hash).read_bytes() == hostile


def test_a_huge_mail_is_kept_and_not_opened(
    people: cast.Cast, take: Take, settings: Settings
) -> None:
    small = replace(settings, mail_limit_bytes=10_000)
    handled = take(raw("x" * 20_000), settings=small)
    assert handled.status is InboxStatus.QUARANTINED
    assert "larger than" in handled.reason


def test_more_words_than_a_case_shows_are_kept_as_a_file(
    people: cast.Cast, database: Database, take: Take, files: FileStore
) -> None:
    words = "\n".join(f"line {n}" for n in range(5_000))
    take(raw(words))
    assert len(only_case(database).messages[0].body) <= 20_000
    with database.reading() as db:
        [whole] = db.scalars(select(Attachment))
        assert files.path(whole.content_hash).read_text() == words


def test_a_very_long_quote_is_not_carried_by_every_page_of_the_case(
    people: cast.Cast, database: Database, take: Take, files: FileStore
) -> None:
    quote = "\n".join(f"> line {n}" for n in range(20_000))
    take(raw(f"It still rings.\n\n{quote}"))
    first = only_case(database).messages[0]
    assert first.body == "It still rings."
    assert len(first.folded) <= 100_000
    with database.reading() as db:
        [whole] = db.scalars(select(Attachment))
        assert "> line 19999" in files.path(whole.content_hash).read_text()


def test_a_mail_that_only_was_kept_is_handled_by_the_worker(
    people: cast.Cast, database: Database, files: FileStore, settings: Settings, now: datetime
) -> None:
    keep(database, files, raw(), way="smtp", now=now)
    assert handle_due(database, files, settings=settings, now=now)
    assert not handle_due(database, files, settings=settings, now=now)
    assert only_case(database).channel == "email"


def test_a_fault_leaves_the_mail_waiting_and_a_lasting_one_is_set_aside(  # noqa: PLR0917
    people: cast.Cast,
    database: Database,
    files: FileStore,
    settings: Settings,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_given: object, **_more: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(receiving, "file_case", broken)
    mail_id = keep(database, files, raw(), way="smtp", now=now)
    at = now
    for _ in range(receiving.MOST_TRIES):
        assert handle(database, files, mail_id, settings=settings, now=at).status is (
            InboxStatus.WAITING
        )
        at += timedelta(hours=1)
    handled = handle(database, files, mail_id, settings=settings, now=at)
    assert handled.status is InboxStatus.QUARANTINED
    assert outbox(database) == []


def test_a_held_requests_number_comes_in_the_same_thread(
    people: cast.Cast, database: Database, take: Take, settings: Settings, now: datetime
) -> None:
    take(raw(sender="gus@guest.example"))
    with database.writing() as db:
        aldo = db.scalars(select(Person).where(Person.name == "Aldo Marchetti")).one()
        confirm(db, case=db.scalars(select(Case)).one(), by=aldo, now=now)
        write_notices(db, take_recorded(db), settings=settings, now=now)
    held, given = outbox(database)
    assert given.in_reply_to == held.message_id


def test_our_answer_follows_what_the_customer_wrote_last(
    people: cast.Cast, database: Database, take: Take, settings: Settings, now: datetime
) -> None:
    take(raw(Message_ID="<first@customer.example>"))
    answer = staff_answer(database, settings, now, "Which version?")
    assert answer.in_reply_to == "<first@customer.example>"
    assert answer.thread.split() == [outbox(database)[0].message_id, "<first@customer.example>"]
