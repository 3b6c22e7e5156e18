from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.cases import access
from portal.cases.case import Case
from portal.people.person import Person
from tests.cases.conftest import Cast


def may_see(db: Session, person: Person | None, case: Case) -> bool:
    return access.find_case(db, case.reference, person=person) is case


def test_A23_colleagues_see_the_organisations_cases(db: Session, cast: Cast, opened: Case) -> None:
    assert may_see(db, cast.ines, opened)
    assert may_see(db, cast.jonas, opened)
    cast.jonas.sees_organisation_cases = False
    assert not may_see(db, cast.jonas, opened)


def test_a_partner_sees_its_customers_cases_and_a_stranger_sees_none(
    db: Session, cast: Cast, opened: Case
) -> None:
    assert may_see(db, cast.paula, opened)
    assert not may_see(db, cast.otto, opened)
    assert not may_see(db, None, opened)


def test_staff_who_work_cases_see_all_and_writers_see_none(
    db: Session, cast: Cast, opened: Case
) -> None:
    assert may_see(db, cast.agent, opened)
    assert may_see(db, cast.second, opened)
    assert not may_see(db, cast.writer, opened)


def test_a_disabled_person_sees_nothing(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    cast.ines.disabled_at = now
    assert not may_see(db, cast.ines, opened)


def test_the_filer_keeps_their_case_after_leaving_the_organisation(
    db: Session, cast: Cast, opened: Case
) -> None:
    cast.ines.organisation_id = cast.other.id
    assert may_see(db, cast.ines, opened)


@pytest.mark.parametrize("reference", ["", "-", "7KQ-4MPX", "R-AAAA-AAAAA", "%", "' or 1=1 --"])
def test_unknown_references_cost_the_same_query_as_known_ones(
    db: Session, cast: Cast, opened: Case, reference: str
) -> None:
    asked: list[str] = []
    event.listen(db.bind, "before_cursor_execute", lambda *a: asked.append(a[2]))
    assert access.find_case(db, opened.reference, person=cast.otto) is None
    known = list(asked)
    asked.clear()
    assert access.find_case(db, reference, person=cast.otto) is None
    assert asked == known


def test_a_case_number_and_a_wrong_address_open_nothing(
    db: Session, cast: Cast, opened: Case
) -> None:
    find = access.find_for_follow
    assert find(db, opened.reference, email=" INES@harbour.example ") is opened
    assert find(db, opened.reference, email="otto@harbour.example") is None
    assert find(db, "7KQ-4MPX", email="ines@harbour.example") is None
    assert find(db, opened.reference, email="") is None


def test_a_secret_link_opens_one_case_until_it_expires_or_is_revoked(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    token = access.issue_link(db, case=opened, email=opened.contact_email, now=now)
    assert access.find_by_link(db, token, now=now) is opened
    assert access.find_by_link(db, token[:-1], now=now) is None
    assert access.find_by_link(db, opened.reference, now=now) is None
    assert access.find_by_link(db, token, now=now + timedelta(days=31)) is None
    assert access.revoke_links(db, case=opened, now=now) == 1
    assert access.find_by_link(db, token, now=now) is None


def test_no_link_and_no_mail_leads_round_being_shut_out(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    email = opened.contact_email
    token = access.issue_link(db, case=opened, email=email, now=now)
    cast.ines.disabled_at = now
    assert access.find_by_link(db, token, now=now) is None
    assert access.find_for_follow(db, opened.reference, email=email) is None
    assert access.find_for_mail(db, opened.reference, address=email, person=cast.ines) is None
    cast.ines.disabled_at = None
    assert access.find_by_link(db, token, now=now) is opened


def test_the_secret_itself_is_not_kept(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    token = access.issue_link(db, case=opened, email=opened.contact_email, now=now)
    stored = db.connection().exec_driver_sql("select * from access_link").fetchall()
    assert token not in str(stored)
    assert len(token) >= 22


def test_only_the_address_the_link_was_mailed_to_becomes_proven(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    opened.is_email_proven = False
    other = access.issue_link(db, case=opened, email="other@harbour.example", now=now)
    access.prove_address(db, other, case=opened, now=now)
    assert not opened.is_email_proven
    token = access.issue_link(db, case=opened, email=opened.contact_email, now=now)
    access.prove_address(db, token, case=opened, now=now)
    assert opened.is_email_proven
