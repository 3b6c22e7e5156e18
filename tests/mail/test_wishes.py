"""News go out as their reader wishes; nobody forgets whom to tell of what."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import closing, escalating, responding
from portal.cases.case import Case
from portal.cases.happenings import Happening
from portal.cases.merging import merge, unmerge
from portal.database import Database
from portal.events import take_recorded
from portal.mail import news, notices
from portal.mail.choices import DigestEntry, Wish
from portal.mail.digests import write_due_digest
from portal.mail.outbox import OutgoingMail
from portal.mail.staff_notices import STAFF_CHOICES
from portal.mail.table import NOT_TOLD_TO_CUSTOMERS
from portal.mail.wishes import (
    next_digest_at,
    reader_of,
    set_notices,
    stop_url,
    wish,
    wish_of,
    zone_of,
)
from portal.people.person import Person
from portal.settings import Settings
from tests import cast
from tests.casework import adopted, opened

Tell = Callable[[], list[OutgoingMail]]
TOLD_OTHERWISE = {Happening.FOLLOWER_ADDED}  # to the follower alone


@pytest.fixture
def tell(db: Session, settings: Settings, now: datetime) -> Tell:
    return lambda: notices.write_notices(db, take_recorded(db), settings=settings, now=now)


@pytest.fixture
def case(db: Session, now: datetime, tell: Tell) -> Case:
    adopted(db, now=now)
    made = opened(db, person=cast.ines(db, cast.harbour_lines(db)), now=now, priority="2")
    tell()
    return made


@pytest.fixture
def aldo(db: Session) -> Person:
    return cast.agent(db)


def test_every_kind_says_whether_the_customer_is_told_and_if_not_why() -> None:
    told = set(news._TOLD) | TOLD_OTHERWISE
    assert told.isdisjoint(NOT_TOLD_TO_CUSTOMERS)
    assert told | set(NOT_TOLD_TO_CUSTOMERS) == set(Happening)
    assert all(NOT_TOLD_TO_CUSTOMERS.values())


def test_every_notice_to_staff_can_be_turned_off_by_its_own_words() -> None:
    from portal.mail.staff_notices import _NOTICES

    assert set(STAFF_CHOICES) == set(_NOTICES)


def test_each_mail_about_a_case_says_where_it_is_turned_off(
    db: Session, case: Case, settings: Settings
) -> None:
    mail = db.scalars(select(OutgoingMail)).one()
    assert mail.stop_url == stop_url(settings, case, "ines@customer.example")
    assert mail.stop_url in mail.text
    assert mail.stop_url in mail.html
    seal = mail.stop_url.rpartition("/")[2]
    assert reader_of(db, settings, case, seal) == "ines@customer.example"
    assert reader_of(db, settings, case, seal[:-1] + "x") is None


def test_a_mail_about_a_case_that_was_merged_turns_off_what_comes_now(
    db: Session, case: Case, settings: Settings, aldo: Person, now: datetime
) -> None:
    survivor = opened(db, person=case.contact, now=now)
    seal = stop_url(settings, case, case.contact_email).rpartition("/")[2]
    assert reader_of(db, settings, survivor, seal) is None
    merge(db, duplicate=case, survivor=survivor, by=aldo, now=now)
    assert reader_of(db, settings, survivor, seal) == "ines@customer.example"


def test_who_hears_of_a_case_only_because_theirs_was_merged_keeps_the_wish_made_there(
    db: Session, case: Case, aldo: Person, now: datetime, tell: Tell
) -> None:
    assert case.organisation is not None
    theo = cast.theo(db, case.organisation)
    theirs = opened(db, person=theo, now=now)
    last = opened(db, person=cast.nadia(db, case.organisation), now=now)
    wish(db, address=theo.email, wish=Wish.NEVER, case=theirs, now=now)
    merge(db, duplicate=theirs, survivor=case, by=aldo, now=now)
    merge(db, duplicate=case, survivor=last, by=aldo, now=now)
    tell()
    responding.respond(db, case=last, author=aldo, body="Try this", now=now)
    assert {mail.recipient for mail in tell()} == {
        "ines@customer.example",
        "nadia@customer.example",
    }
    assert wish_of(db, theo.email, last) is Wish.NEVER
    wish(db, address=theo.email, wish=Wish.AT_ONCE, case=last, now=now)
    assert wish_of(db, theo.email, last) is Wish.AT_ONCE, "said of this case itself"


def test_a_wish_about_a_duplicate_does_not_silence_the_case_that_they_have_themselves(
    db: Session, case: Case, aldo: Person, now: datetime
) -> None:
    other = opened(db, person=case.contact, now=now)
    wish(db, address=case.contact_email, wish=Wish.NEVER, case=other, now=now)
    merge(db, duplicate=other, survivor=case, by=aldo, now=now)
    assert wish_of(db, case.contact_email, case) is Wish.AT_ONCE
    unmerge(db, duplicate=other, by=aldo, now=now)
    assert wish_of(db, case.contact_email, other) is Wish.NEVER


def test_who_turned_mail_off_for_a_case_hears_of_it_no_more_but_of_others(
    db: Session, case: Case, aldo: Person, now: datetime, tell: Tell
) -> None:
    assert case.contact is not None
    wish(db, address=case.contact_email, wish=Wish.NEVER, case=case, now=now)
    responding.respond(db, case=case, author=aldo, body="Try this", now=now)
    assert tell() == []
    other = opened(db, person=case.contact, now=now)
    assert [mail.case_id for mail in tell()] == [other.id]


def test_receipts_go_out_whatever_is_wished(
    db: Session, case: Case, now: datetime, tell: Tell
) -> None:
    wish(db, address=case.contact_email, wish=Wish.NEVER, now=now)
    opened(db, person=case.contact, now=now)
    assert len(tell()) == 1


def test_a_wish_about_one_case_goes_before_that_about_all(
    db: Session, case: Case, aldo: Person, now: datetime, tell: Tell
) -> None:
    wish(db, address=case.contact_email, wish=Wish.NEVER, now=now)
    wish(db, address=case.contact_email, wish=Wish.AT_ONCE, case=case, now=now)
    responding.respond(db, case=case, author=aldo, body="Try this", now=now)
    assert len(tell()) == 1
    wish(db, address=case.contact_email, wish=None, case=case, now=now)
    responding.respond(db, case=case, author=aldo, body="Try that", now=now)
    assert tell() == []


def test_the_daily_mail_tells_everything_once_at_eight_in_the_readers_morning(
    database: Database, settings: Settings, now: datetime
) -> None:
    with database.writing() as db:
        adopted(db, now=now)
        case = opened(db, person=cast.ines(db, cast.harbour_lines(db)), now=now)
        aldo = cast.agent(db)
        notices.write_notices(db, take_recorded(db), settings=settings, now=now)
        wish(db, address=case.contact_email, wish=Wish.DAILY, now=now)
        responding.respond(db, case=case, author=aldo, body="Try this", now=now)
        closing.solve(db, case=case, by=aldo, now=now)
        notices.write_notices(db, take_recorded(db), settings=settings, now=now)
        due = next_digest_at(zone_of(case.contact, case), now)
    assert due == datetime.fromisoformat("2026-11-24T08:00:00+01:00"), "Ines lives in Berlin"
    assert not write_due_digest(database, settings=settings, now=due - timedelta(seconds=1))
    assert write_due_digest(database, settings=settings, now=due)
    assert not write_due_digest(database, settings=settings, now=due)
    with database.reading() as db:
        [_, digest] = db.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
        assert db.scalars(select(DigestEntry)).all() == []
    assert "Phones don't ring" in digest.text
    assert "Solved" in digest.text
    assert digest.in_reply_to, "it stands in the thread of its one case"


def test_the_daily_mail_tells_nothing_that_its_reader_may_no_longer_read(
    database: Database, settings: Settings, now: datetime
) -> None:
    with database.writing() as db:
        adopted(db, now=now)
        ines = cast.ines(db, cast.harbour_lines(db))
        case = opened(db, person=ines, now=now)
        notices.write_notices(db, take_recorded(db), settings=settings, now=now)
        wish(db, address=case.contact_email, wish=Wish.DAILY, now=now)
        responding.respond(db, case=case, author=cast.agent(db), body="Try this", now=now)
        notices.write_notices(db, take_recorded(db), settings=settings, now=now)
        due = next_digest_at(zone_of(case.contact, case), now)
        ines.disabled_at = now
    assert write_due_digest(database, settings=settings, now=due)
    with database.reading() as db:
        [_receipt] = db.scalars(select(OutgoingMail))
        assert db.scalars(select(DigestEntry)).all() == []


def test_staff_turn_off_the_notices_that_they_do_not_want(
    db: Session, case: Case, aldo: Person, now: datetime, tell: Tell
) -> None:
    mai = cast.manager(db)
    kinds = [kind.value for kind in STAFF_CHOICES]
    escalating.ask_for_escalation(db, case=case, by=case.contact, reason="Slow", now=now)
    assert mai.email in {mail.recipient for mail in tell()}
    set_notices(db, address=mai.email, kinds=kinds, wanted=kinds[:1], now=now)
    escalating.ask_for_escalation(db, case=case, by=case.contact, reason="Slow", now=now)
    assert mai.email not in {mail.recipient for mail in tell()}
    set_notices(db, address=mai.email, kinds=kinds, wanted=kinds, now=now)
    escalating.ask_for_escalation(db, case=case, by=case.contact, reason="Slow", now=now)
    assert mai.email in {mail.recipient for mail in tell()}
