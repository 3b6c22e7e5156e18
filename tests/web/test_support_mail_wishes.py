"""From a mail one changes how one is mailed: a page first, or one press in the mail program."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.clock import now as this_moment
from portal.database import Database
from portal.events import take_recorded
from portal.mail.choices import MailChoice, Wish
from portal.mail.notices import write_notices
from portal.mail.outbox import OutgoingMail
from portal.people.person import Person
from portal.settings import Settings
from tests import cast
from tests.casework import adopted, opened
from tests.web.conftest import hidden_fields

SignInAs = Callable[[Person], FlaskClient]


@pytest.fixture
def path(database: Database, settings: Settings) -> str:
    """Where the mail about a guest's case leads."""
    with database.writing() as db:
        adopted(db, "cts", now=this_moment())
        opened(db, person=None, now=this_moment())
        write_notices(db, take_recorded(db), settings=settings, now=this_moment())
        return db.scalars(select(OutgoingMail.stop_url)).one().removeprefix("http://localhost")


def choices(database: Database) -> list[tuple[str, Wish]]:
    with database.reading() as db:
        return [(each.address, each.wish) for each in db.scalars(select(MailChoice))]


def test_following_the_link_changes_nothing_and_the_page_does(
    path: str, client: FlaskClient, database: Database
) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert choices(database) == []
    sent = {"csrf_token": hidden_fields(page.text)["csrf_token"], "wish": "daily"}
    assert client.post(f"{path}/choice", data=sent).status_code == 303
    assert choices(database) == [(cast.GUEST_EMAIL, Wish.DAILY)]
    assert 'value="daily" checked' in " ".join(client.get(path).text.split())


def test_one_press_in_a_mail_program_is_enough(
    path: str, client: FlaskClient, database: Database
) -> None:
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 204
    assert choices(database) == [(cast.GUEST_EMAIL, Wish.NEVER)]


def test_a_seal_of_anybody_elses_opens_nothing(
    path: str, client: FlaskClient, database: Database
) -> None:
    wrong = path[:-1] + ("a" if path[-1] != "a" else "b")
    assert client.get(wrong).status_code == 404
    assert client.post(wrong).status_code == 404
    assert client.get("/mail-wishes/R-2222-22222/x").status_code == 404
    assert choices(database) == []


def test_a_contact_and_staff_choose_on_their_profile(
    database: Database, sign_in_as: SignInAs
) -> None:
    with database.writing() as db:
        db.expire_on_commit = False
        everybody = cast.everybody(db)
    ines, mai = sign_in_as(everybody.ines), sign_in_as(everybody.manager)
    token = hidden_fields(ines.get("/account").text)["csrf_token"]
    ines.post("/account/mail", data={"csrf_token": token, "wish": "daily"})
    assert ("ines@customer.example", Wish.DAILY) in choices(database)
    token = hidden_fields(mai.get("/account").text)["csrf_token"]
    mai.post("/account/mail", data={"csrf_token": token, "notices": ["escalated"]})
    page = " ".join(mai.get("/account").text.split())
    assert 'value="escalated" checked' in page
    assert 'value="promise_near" checked' not in page


def test_writers_choose_among_the_mails_that_writers_get(
    database: Database, sign_in_as: SignInAs
) -> None:
    with database.writing() as db:
        db.expire_on_commit = False
        everybody = cast.everybody(db)
    wren, aldo = sign_in_as(everybody.writer), sign_in_as(everybody.agent)
    page = wren.get("/account").text
    assert "Another writer asks for a review" in page
    assert "A case went a level up" not in page
    assert "Another writer asks for a review" not in aldo.get("/account").text
    token = hidden_fields(page)["csrf_token"]
    wren.post(
        "/account/mail", data={"csrf_token": token, "notices": ["check_overdue", "escalated"]}
    )
    page = " ".join(wren.get("/account").text.split())
    assert 'value="check_overdue" checked' in page
    assert 'value="review_asked" checked' not in page
