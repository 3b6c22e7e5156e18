"""Taking people up, and changing what they may."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.events import take_recorded
from portal.people import queries, registering, sign_in_links, signing_in
from portal.people.contracting import add_contract
from portal.people.enrolling import add_organisation
from portal.people.passwords import WeakPasswordError
from portal.people.person import Person, Role
from portal.people.sign_in import SignIn, SignInLink


@pytest.fixture
def ada(db: Session, now: datetime) -> Person:
    return registering.add_person(
        db, email=" Ada@Customer.Example", name="Ada", now=now, password="an orange kite"
    )


def test_a_person_is_found_by_any_spelling_of_the_address(db: Session, ada: Person) -> None:
    assert ada.email == "ada@customer.example"
    assert queries.find_by_email(db, "ADA@customer.example ") is ada


def test_an_address_belongs_to_one_person(db: Session, ada: Person, now: datetime) -> None:
    with pytest.raises(registering.EmailTakenError):
        registering.add_person(db, email="ADA@customer.example", name="Eve", now=now)


def test_nobody_starts_with_a_weak_password(db: Session, now: datetime) -> None:
    with pytest.raises(WeakPasswordError):
        registering.add_person(db, email="eve@x.example", name="Eve", now=now, password="password1")
    assert queries.find_by_email(db, "eve@x.example") is None


def test_a_contract_does_not_end_before_it_starts(db: Session, now: datetime) -> None:
    owner = add_organisation(db, slug="harbour", name="Harbour Lines", now=now)
    with pytest.raises(ValueError, match="would end"):
        add_contract(
            db,
            organisation=owner,
            name="x",
            starts_on=date(2026, 2, 1),
            ends_on=date(2026, 1, 1),
            now=now,
        )
    one_day = add_contract(
        db,
        organisation=owner,
        name="x",
        starts_on=date(2026, 2, 1),
        ends_on=date(2026, 2, 1),
        now=now,
    )
    assert owner.contract_on(date(2026, 2, 1)) is one_day
    assert owner.contract_on(date(2026, 2, 2)) is None


def test_the_password_is_looked_at(db: Session, ada: Person) -> None:
    email = "Ada@customer.example"
    assert signing_in.authenticate(db, email=email, password="an orange kite") is ada
    assert signing_in.authenticate(db, email=email, password="a green kite") is None
    assert signing_in.authenticate(db, email="eve@x.example", password="an orange kite") is None


def test_who_has_no_password_signs_in_by_link_only(db: Session, now: datetime) -> None:
    registering.add_person(db, email="eve@x.example", name="Eve", now=now)
    for password in ("", "nobody has this password"):
        assert signing_in.authenticate(db, email="eve@x.example", password=password) is None


def test_who_was_shut_out_stays_out(db: Session, ada: Person, now: datetime) -> None:
    token = signing_in.sign_in(db, person=ada, by="password", now=now)
    link = sign_in_links.issue(db, person=ada, now=now)
    registering.disable(db, person=ada, by=None, now=now)
    assert signing_in.find_sign_in(db, token, now=now) is None
    assert sign_in_links.use(db, link, now=now) is None
    assert signing_in.authenticate(db, email=ada.email, password="an orange kite") is None


def test_a_link_ends_with_its_time_and_with_its_use(
    db: Session, ada: Person, now: datetime
) -> None:
    first, second = (sign_in_links.issue(db, person=ada, now=now) for _ in range(2))
    assert sign_in_links.find(db, first, now=now + timedelta(minutes=20)) is None
    assert sign_in_links.use(db, first, now=now + timedelta(minutes=19)) is ada
    assert sign_in_links.use(db, first, now=now) is None
    assert sign_in_links.use(db, second, now=now) is None
    assert sign_in_links.use(db, "made up", now=now) is None


def test_the_database_holds_no_secret(db: Session, ada: Person, now: datetime) -> None:
    token = signing_in.sign_in(db, person=ada, by="password", now=now)
    link = sign_in_links.issue(db, person=ada, now=now)
    stored = [*db.scalars(select(SignIn.token_hash)), *db.scalars(select(SignInLink.token_hash))]
    assert not {token, link, "an orange kite"} & {*stored, ada.password_hash}
    assert len(token) >= 22
    assert len(link) >= 22


def test_what_is_over_is_swept(db: Session, ada: Person, now: datetime) -> None:
    signing_in.sign_in(db, person=ada, by="password", now=now - timedelta(days=15))
    sign_in_links.issue(db, person=ada, now=now - timedelta(days=1))
    current = signing_in.sign_in(db, person=ada, by="password", now=now)
    signing_in.sweep(db, now=now)
    sign_in_links.sweep(db, now=now)
    assert db.scalars(select(SignInLink)).all() == []
    assert [row.token_hash for row in db.scalars(select(SignIn))] == [
        signing_in.token_hash(current)
    ]


def test_every_act_leaves_an_event(db: Session, ada: Person, now: datetime) -> None:
    take_recorded(db)
    signing_in.sign_in(db, person=ada, by="link", now=now)
    registering.change_password(db, person=ada, password="a blue kite over", now=now)
    registering.change_role(db, person=ada, role=Role.AGENT, by=None, now=now)
    registering.change_profile(
        db, person=ada, name="A", phone="", time_zone=None, language="de", now=now
    )
    registering.disable(db, person=ada, by=None, now=now)
    events = take_recorded(db)
    assert [event.kind for event in events] == [
        "signed_in",
        "password_changed",
        "role_changed",
        "profile_changed",
        "disabled",
    ]
    assert "kite" not in str([event.detail for event in events])


def test_case_workers_are_those_who_may_work_cases(db: Session, now: datetime) -> None:
    for role in Role:
        registering.add_person(
            db, email=f"{role}@desk.example", name=role.value.title(), now=now, role=role
        )
    assert [person.role for person in queries.case_workers(db)] == [
        Role.ADMINISTRATOR,
        Role.AGENT,
        Role.MANAGER,
    ]
    assert len(queries.staff(db)) == 4
