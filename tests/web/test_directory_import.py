"""Managers take tables in on a page: looked at first, stored whole, and exported again."""

import io

import pytest
from sqlalchemy import func, select, update

from portal.cases.policies import adopt
from portal.database import Database
from portal.people.person import Person, Role
from portal.policy.profiles import profile_source
from tests import cast
from tests.cast import LONG_AGO
from tests.web.conftest import SignInAs
from tests.web.directory_visitor import Visitor, forms_of

IMPORT = "/desk/people/import"
STORE = f"{IMPORT}/storage"


@pytest.fixture
def manager(database: Database, sign_in_as: SignInAs) -> Visitor:
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source("communicado"), now=LONG_AGO)
        people = cast.everybody(db)
    return Visitor(sign_in_as(people.manager))


def look(manager: Visitor, data: bytes, kind: str = "") -> tuple[int, str]:
    fields = manager.form(IMPORT, IMPORT)
    answer = manager.browser.post(
        IMPORT, data=fields | {"file": (io.BytesIO(data), "people.csv"), "kind": kind}
    )
    return answer.status_code, answer.text


def count(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count(Person.id))) or 0


def test_a_good_file_is_shown_first_and_stored_by_the_second_press(
    manager: Visitor, database: Database
) -> None:
    before = count(database)
    status, page = look(manager, b"email;name\nada@x.example;Ada Byron\n")
    assert status == 200
    assert "Nothing is stored yet" in page
    assert "1 new, 0 changed, 0 unchanged" in page
    assert count(database) == before
    assert manager.send(STORE, forms_of(page)[STORE]).status_code == 303
    assert count(database) == before + 1


@pytest.mark.usefixtures("time_stands")
def test_looking_at_a_file_waits_for_nobody_who_writes(
    manager: Visitor, database: Database
) -> None:
    with database.open_writing() as writer:
        writer.execute(update(Person).values(phone=Person.phone))
        status, page = look(manager, b"email;name\nada@x.example;Ada Byron\n")
        writer.rollback()
    assert (status, "1 new" in page) == (200, True)


def test_a_wrong_file_names_its_rows_as_text_and_stores_nothing(
    manager: Visitor, database: Database
) -> None:
    before = count(database)
    bad = b"email,name\n<script>alert(1)</script>,Ada\ngood@x.example,Good\n"
    status, page = look(manager, bad)
    assert status == 422
    assert "1 thing is wrong" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert STORE not in forms_of(page)
    assert count(database) == before


def test_what_is_wrong_by_the_second_press_is_told(manager: Visitor, database: Database) -> None:
    _, page = look(manager, b"email,name,organisation\na@x.example,A,cedar\n")
    form = forms_of(page)[STORE]
    with database.writing() as db:
        cast.person(db, "Sam Staff", Role.AGENT, email="a@x.example")
    answer = manager.send(STORE, form)
    assert answer.status_code == 422
    assert "It belongs to a member of staff" in answer.text


def test_no_file_and_a_huge_file_are_told(manager: Visitor) -> None:
    assert "Choose a file." in look(manager, b"")[1]
    status, page = look(manager, b"email,name\n" + b"x" * 800_000)
    assert status == 422
    assert "larger than 700 kB" in page


def test_what_is_exported_on_the_page_is_taken_in_again_unchanged(manager: Visitor) -> None:
    for kind in ("organisations", "contracts", "installations", "people"):
        written = manager.browser.get(f"/desk/people/export/{kind}.csv")
        assert written.mimetype == "text/csv"
        status, page = look(manager, written.data, kind)
        assert status == 200, page
        assert "0 new, 0 changed" in page
    manager.page("/desk/people/export/secrets.csv", 404)
