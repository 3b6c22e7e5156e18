"""A case that came by mail is completed on its page, by its contact or by whoever has its link."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.cases.case import Case
from portal.clock import now as this_moment
from portal.database import Database
from portal.files import FileStore
from portal.mail.inbound.receiving import receive
from portal.mail.outbox import OutgoingMail
from portal.people.person import Person
from portal.settings import Settings
from tests import cast
from tests.casework import adopted
from tests.mail.written import raw
from tests.web.conftest import hidden_fields

SignInAs = Callable[[Person], FlaskClient]


@pytest.fixture
def everybody(database: Database) -> cast.Cast:
    with database.writing() as db:
        db.expire_on_commit = False
        adopted(db, now=this_moment())
        return cast.everybody(db)


def mailed(database: Database, settings: Settings, **more: str) -> str:
    files = FileStore(settings.files_folder)
    return receive(
        database, files, raw(**more), way="pipe", settings=settings, now=this_moment()
    ).reference


def test_what_the_mail_did_not_say_is_asked_for_and_added(
    everybody: cast.Cast, database: Database, settings: Settings, sign_in_as: SignInAs
) -> None:
    reference = mailed(database, settings)
    ines = sign_in_as(everybody.ines)
    assert "To help you we still need" in ines.get(f"/cases/{reference}").text
    address = f"/cases/{reference}/information"
    form = ines.get(address).text
    assert "Type of installation" in form
    sent = {
        "csrf_token": hidden_fields(form)["csrf_token"],
        "detail-location": "Pier 4",
        "detail-company_name": "Another company",
        "detail-description": "Not this one",
    }
    page = ines.post(address, data=sent, follow_redirects=True).text
    assert "Pier 4" in page
    with database.reading() as db:
        case = db.scalars(select(Case)).one()
        assert case.details["location"] == "Pier 4"
        assert case.details["company_name"] == "Harbour Lines", "nothing is overwritten"
        assert "Phones" in case.description


def test_a_guest_completes_the_request_through_the_mailed_link(
    everybody: cast.Cast, database: Database, settings: Settings, client: FlaskClient
) -> None:
    reference = mailed(database, settings, sender="gus@guest.example")
    with database.reading() as db:
        text = db.scalars(select(OutgoingMail.text)).one()
    link = text.partition("http://localhost")[2].split()[0]
    page = client.get(link, follow_redirects=True).text
    assert "Something is missing" in page
    assert client.get(f"/cases/{reference}/information").status_code == 200


def test_nobody_else_completes_it(
    everybody: cast.Cast, database: Database, settings: Settings, sign_in_as: SignInAs
) -> None:
    reference = mailed(database, settings)
    stranger = sign_in_as(everybody.bea)
    assert stranger.get(f"/cases/{reference}/information").status_code == 404
