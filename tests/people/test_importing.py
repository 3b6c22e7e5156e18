"""Tables of customers: every fault is named, all or nothing is stored, twice is once."""

from collections.abc import Iterable
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.database import Database
from portal.events import Event, take_recorded
from portal.people import contracting, enrolling, installing, registering
from portal.people.importing.exporting import export_table
from portal.people.importing.importing import Report, import_table
from portal.people.importing.kinds import Kind
from portal.people.importing.rehearsing import rehearse
from portal.people.importing.rows import Done
from portal.people.organisation import Contract, Installation, Organisation
from portal.people.person import Person
from portal.people.queries import find_by_email, find_organisation
from portal.spreadsheet import BYTE_ORDER_MARK, defused, restored
from tests import cast

DETAILS = ("location", "database_type", "pbx_model")
PEOPLE = "email,name,organisation\nada@x.example,Ada,cedar\n"


def take(db: Session, text: str | bytes, *, now: datetime, dry_run: bool = False) -> Report:
    data = text if isinstance(text, bytes) else text.encode()
    return (rehearse if dry_run else import_table)(db, data=data, details=DETAILS, now=now)


def said(report: Report) -> list[tuple[int, str]]:
    return [(fault.line, fault.column) for fault in report.faults]


@pytest.fixture(autouse=True)
def _cedar(db: Session) -> None:
    cast.cedar(db)


def test_people_are_taken_up_with_everything_that_the_file_says(db: Session, now: datetime) -> None:
    report = take(
        db,
        "E-mail address;Name;Organisation;Telephone;Time zone;Emergency contact;Technical contact\n"
        "Ada@X.example;Ada Byron;cedar;+49 30 1;Europe/Berlin;yes;x\n"
        "bob@x.example;Bob;;;;no;\n",
        now=now,
    )
    assert report.faults == []
    assert report.counts == {Done.ADDED: 2}
    ada, bob = (find_by_email(db, f"{name}@x.example") for name in ("ada", "bob"))
    assert ada is not None
    assert bob is not None
    assert (ada.name, ada.phone, ada.time_zone) == ("Ada Byron", "+49 30 1", "Europe/Berlin")
    assert (ada.is_emergency_contact, ada.is_technical_contact) == (True, True)
    assert ada.organisation is not None
    assert (bob.organisation, bob.is_technical_contact) == (None, False)
    assert bob.sees_organisation_cases


def test_every_fault_is_named_with_its_line_column_and_remedy_and_nothing_is_stored(
    db: Session, now: datetime
) -> None:
    take_recorded(db)
    report = take(
        db,
        "email,name,organisation,phone,time_zone,emergency_contact\n"
        "good@x.example,Good,cedar,1,,\n"
        "no address,Ada,cedar,1,,\n"
        "bob@x.example,,cedar,1,,\n"
        "eve@x.example,Eve,nowhere,1,,\n"
        "kim@x.example,Kim,cedar,4.93E+11,,\n"
        "lee@x.example,Lee,cedar,1,Mars/Base,perhaps\n"
        "good@x.example,Again,cedar,1,,\n"
        "max@x.example,Max\n"
        "tom@x.example,Tom,cedar,1,,no,too much\n"
        "\n"
        '"zoe@x.example,Zoe,cedar,1,,no\n',
        now=now,
    )
    assert said(report) == [
        (3, "email"),
        (4, "name"),
        (5, "organisation"),
        (6, "phone"),
        (7, "time_zone"),
        (7, "emergency_contact"),
        (8, "email"),
        (9, ""),
        (10, ""),
        (12, ""),
    ]
    text = "\n".join(map(str, report.faults))
    assert "line 3, email: “no address” is no e-mail address. Write it in full" in text
    assert "line 5, organisation: There is no organisation “nowhere”." in text
    assert "line 8, email: The same email stands on line 2 already." in text
    assert not report.is_stored
    assert db.scalar(select(func.count(Person.id))) == 0
    assert take_recorded(db) == []


def test_unknown_doubled_and_missing_columns_are_named(db: Session, now: datetime) -> None:
    report = take(db, "email,nam,phone,phone\na@x.example,A,1,2\n", now=now)
    assert said(report) == [(1, "nam"), (1, "phone"), (1, "name")]
    lost = take(db, "colour,size\nred,1\n", now=now)
    assert "can’t be told" in str(lost.faults[0])


def test_a_dry_run_stores_nothing_and_says_what_would_be(db: Session, now: datetime) -> None:
    report = take(db, PEOPLE, now=now, dry_run=True)
    assert (report.is_good, report.is_stored, report.counts) == (True, False, {Done.ADDED: 1})
    assert db.scalar(select(func.count(Person.id))) == 0
    assert db.scalar(select(func.count(Event.id)).where(Event.kind == "imported")) == 0


def test_a_dry_run_only_reads_so_it_waits_for_nobody_who_writes(
    db: Session, database: Database, now: datetime
) -> None:
    db.execute(update(Person).values(phone=Person.phone))
    with database.reading() as reading:
        report = take(reading, "email,name\nada@x.example,Ada\n", now=now, dry_run=True)
    assert report.counts == {Done.ADDED: 1}


def test_the_same_file_twice_changes_nothing(db: Session, now: datetime) -> None:
    take(db, PEOPLE, now=now)
    count = db.scalar(select(func.count(Event.id)))
    again = take(db, PEOPLE, now=now)
    assert again.counts == {Done.SAME: 1}
    assert db.scalar(select(func.count(Event.id))) == (count or 0) + 1  # that it was imported


def test_a_missing_column_leaves_what_stands_and_an_empty_cell_empties_it(
    db: Session, now: datetime
) -> None:
    take(db, "email,name,phone,technical_contact\na@x.example,A,1,yes\n", now=now)
    report = take(db, "email,name,phone\na@x.example,A,\n", now=now)
    assert report.counts == {Done.CHANGED: 1}
    found = find_by_email(db, "a@x.example")
    assert found is not None
    assert (found.phone, found.is_technical_contact) == ("", True)


def test_whoever_ended_in_the_file_is_shut_out(db: Session, now: datetime) -> None:
    take(db, PEOPLE, now=now)
    report = take(db, "email,name,ended\nada@x.example,Ada,yes\n", now=now)
    assert report.counts == {Done.CHANGED: 1}
    found = find_by_email(db, "ada@x.example")
    assert found is not None
    assert found.disabled_at == now


def test_staff_are_not_kept_by_a_table(db: Session, now: datetime) -> None:
    staff = cast.administrator(db)
    report = take(db, f"email,name\n{staff.email},Mallory\n", now=now)
    assert said(report) == [(2, "email")]
    assert staff.name == "Ada Kowalski"


def test_partners_may_stand_further_down(db: Session, now: datetime) -> None:
    report = take(db, "slug,name,partner,liaison\na,Aha,b,Mai\nb,Beh,,\nc,Ceh,c,\n", now=now)
    assert said(report) == [(4, "partner")]
    report = take(db, "slug,name,partner,liaison\na,Aha,b,Mai\nb,Beh,,\n", now=now)
    assert report.counts == {Done.ADDED: 2}
    a, b = (find_organisation(db, slug) for slug in "ab")
    assert a is not None
    assert b is not None
    assert (a.partner_id, a.liaison_name) == (b.id, "Mai")
    assert take(db, "slug,name,partner\na,Aha,\n", now=now).counts == {Done.CHANGED: 1}
    assert a.partner_id is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("31.12.2026", date(2026, 12, 31)),
        ("2026-12-31 00:00:00", date(2026, 12, 31)),
        ("12/31/2026", None),
        ("2026-02-30", None),
        ("46022", None),
        ("soon", None),
    ],
)
def test_days_are_read_or_refused_and_never_guessed(
    db: Session, now: datetime, written: str, meant: date | None
) -> None:
    heads = "organisation,name,plan,starts_on,ends_on\n"
    report = take(db, f"{heads}cedar,Support,,2020-01-01,{written}\n", now=now)
    found = db.scalar(select(Contract))
    assert (found.ends_on if found else None) == meant
    assert said(report) == ([] if meant else [(2, "ends_on")])


def test_a_contract_that_ends_before_it_starts_is_a_fault(db: Session, now: datetime) -> None:
    heads = "organisation,name,starts_on,ends_on\n"
    report = take(db, f"{heads}cedar,Support,2026-01-02,2026-01-01\n", now=now)
    assert said(report) == [(2, "ends_on")]


def test_D12_installations_take_the_fields_of_the_policy(db: Session, now: datetime) -> None:
    table = 'organisation;name;Location;database_type\ncedar;Hall;"Main\nstreet";Oracle\n'
    assert take(db, table, now=now).faults == []
    found = db.scalars(select(Installation)).one()
    assert found.details == {"location": "Main\nstreet", "database_type": "Oracle"}


@pytest.mark.parametrize(
    "encoded",
    [
        "email;name\r\nj@x.example;Jürgen Müßig\r\n".encode("utf-8-sig"),
        "email;name\r\nj@x.example;Jürgen Müßig\r\n".encode("cp1252"),
        "email\tname\r\nj@x.example\tJürgen Müßig\r\n".encode("utf-16"),
        "sep=;\r\nemail;name;;\r\nj@x.example;Jürgen Müßig;;\r\n;;;\r\n".encode(),
        "\ufeffE-Mail;Name\rj@x.example;Jürgen Müßig\r".encode(),
    ],
)
def test_whatever_a_spreadsheet_writes_is_read(db: Session, now: datetime, encoded: bytes) -> None:
    assert take(db, encoded, now=now).faults == []
    found = find_by_email(db, "j@x.example")
    assert found is not None
    assert found.name == "Jürgen Müßig"


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"\x00" * 50,
        b"PK\x03\x04 a workbook",
        b'"' * 3_001,
        b"\xff\xfe",
        b"email,name\n" + b'"x,\n' * 5_001,
        b"email,name\n" + b"a@x.example," + b"A" * 200_000,
        b"email,name\na@x.example,\xe2\x80\xaeevil\n",
        b"email," * 3_000,
        b"\n" * 100_000,
    ],
    ids=lambda given: repr(given[:16]),
)
def test_no_file_does_harm(db: Session, now: datetime, hostile: bytes) -> None:
    report = take(db, hostile, now=now)
    assert report.faults
    assert len(report.faults) < 5_000
    assert db.scalar(select(func.count(Person.id))) == 0


@given(garbage=st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_at_all_give_a_report(db: Session, garbage: bytes) -> None:
    report = take(db, b"email,name\n" + garbage, now=cast.LONG_AGO, dry_run=True)
    assert report.is_good or all(fault.line >= 1 for fault in report.faults)


@given(cell=st.text(max_size=30) | st.from_regex(r"\A['= +@＝-]{0,4}[a-z]{0,3}\Z"))
def test_a_cell_is_harmless_and_comes_back_as_it_was(cell: str) -> None:
    assert restored(defused(cell)) == cell
    assert not defused(cell).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))


LINE = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cf")), min_size=1, max_size=20
).map(lambda text: text.strip() or "x")
ODD = ["=1+1", "'=x", "+49 30", "a;b,c", 'the "old" hall', "'t Hooft", "''", "- x"]
NASTY = LINE | st.sampled_from(ODD)


@settings(max_examples=40)
@given(
    names=st.lists(NASTY, min_size=1, max_size=4),
    flags=st.lists(st.booleans(), min_size=5, max_size=5),
    days=st.tuples(st.dates(), st.dates()),
    things=st.lists(NASTY, max_size=3),
)
def test_what_is_exported_can_be_imported_and_changes_nothing(
    db: Session,
    names: list[str],
    flags: list[bool],
    days: tuple[date, date],
    things: list[str],
) -> None:
    at = cast.LONG_AGO
    with db.begin_nested() as trial:
        _settle(db, names, flags, sorted(days), things)
        tables = {kind: export_table(db, kind, details=DETAILS) for kind in Kind}
        for kind, written in tables.items():
            report = take(db, written, now=at)
            assert report.faults == [], kind
            assert set(report.counts) <= {Done.SAME}, kind
            assert export_table(db, kind, details=DETAILS) == written
        trial.rollback()
    with db.begin_nested() as trial:  # and into an empty portal: the same customers
        db.delete(find_organisation(db, "cedar"))
        db.flush()
        for kind in (Kind.ORGANISATIONS, Kind.CONTRACTS, Kind.INSTALLATIONS, Kind.PEOPLE):
            assert take(db, tables[kind], now=at).faults == []
        for kind, written in tables.items():
            assert export_table(db, kind, details=DETAILS) == written
        trial.rollback()


def _settle(
    db: Session, names: list[str], flags: list[bool], days: Iterable[date], things: list[str]
) -> None:
    at, (first, last) = cast.LONG_AGO, days
    owner = find_organisation(db, "cedar")
    for number, name in enumerate(names):
        one: Organisation = enrolling.add_organisation(
            db, slug=f"o{number}", name=name, liaison_name=name, partner=owner, now=at
        )
        contracting.add_contract(
            db,
            organisation=one,
            name=name,
            starts_on=first,
            ends_on=last,
            entitlements=things,
            now=at,
        )
        details = dict(zip(DETAILS, things, strict=False))
        site = installing.add_installation(db, organisation=one, name=name, details=details, now=at)
        person = registering.add_person(
            db,
            email=f"p{number}@x.example",
            name=name,
            phone=name,
            organisation=one,
            is_emergency_contact=flags[0],
            is_organisation_manager=flags[1],
            sees_organisation_cases=flags[2],
            now=at,
        )
        if flags[3]:
            installing.retire_installation(db, installation=site, by=None, now=at)
            registering.disable(db, person=person, by=None, now=at)
        if flags[4]:
            enrolling.end_organisation(db, organisation=one, by=None, now=at)


def test_exports_begin_with_a_mark_and_hold_no_formula(db: Session, now: datetime) -> None:
    registering.add_person(db, email="e@x.example", name="=HYPERLINK(1)", phone="+1", now=now)
    written = export_table(db, Kind.PEOPLE)
    assert written.startswith(BYTE_ORDER_MARK)
    assert '"\'=HYPERLINK(1)"' in written
    assert '"\'+1"' in written
