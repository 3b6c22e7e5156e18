"""The customer's path in a portal that speaks German: no page of it has English left."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.cases.case import Case
from portal.cases.policies import adopt
from portal.database import Database
from portal.locale import speaking
from portal.policy.profiles import profile, profile_source
from portal.web.zones import zone_choices
from tests import cast
from tests.cast import LONG_AGO, Cast
from tests.english import english_left, of_the_policy
from tests.web.conftest import MakeApp, SignInAs
from tests.web.support_visitor import Visitor

PROFILE = "communicado"
TYPED = {
    "Exports fail since Monday",
    "It stops at 40 percent.",
    "Nobody can work.",
    "Harbour Lines",
}


@pytest.fixture
def people(database: Database) -> Cast:
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source(PROFILE), now=LONG_AGO)
        return cast.everybody(db)


@pytest.fixture
def app(make_app: MakeApp, people: Cast) -> Flask:
    return make_app(languages="de en")


@pytest.fixture
def written() -> set[str]:
    return of_the_policy(profile(PROFILE)) | TYPED


def is_german(visitor: Visitor, written: set[str]) -> bool:
    """Whether the page is German, but for time zones' names in a list."""
    with speaking("de"):
        zones = {name for places in zone_choices("").values() for _, name in places}
    left = english_left(visitor.text, written | zones)
    assert not left, f"{visitor.path}: {left}: {visitor.text}"
    return '<html lang="de"' in visitor.page


def test_a_guest_goes_from_question_to_receipt(app: Flask, written: set[str]) -> None:
    guest = Visitor(app.test_client())
    steps = []
    for step in (
        guest.tell,
        guest.say_effect,
        lambda: guest.accept(business_effect="Nobody can work."),
        guest.give_details,
        guest.give_contact,
        guest.send_case,
    ):
        step()
        assert is_german(guest, written)
        steps.append(guest.heading)
    assert steps == [
        "Wie stark sind Sie betroffen?",
        "Wann Sie von uns hören",
        "Was wir noch wissen müssen",
        "An wen sollen wir uns wenden?",
        "Prüfen Sie Ihre Angaben",
        "Ihre Anfrage ist eingegangen",
    ]
    assert "Ihre Eingangsnummer ist" in guest.text


def test_what_is_wrong_is_said_in_german(app: Flask, written: set[str]) -> None:
    guest = Visitor(app.test_client())
    guest.open("/cases/new")
    guest.send("/cases/new", kind="", subject="", description="")
    assert guest.status == 422
    assert is_german(guest, written)
    assert "Wählen Sie, welche Art von Hilfe Sie brauchen." in guest.text


def test_a_contact_follows_and_acts_on_a_case(
    app: Flask, sign_in_as: SignInAs, people: Cast, database: Database, written: set[str]
) -> None:
    ines = Visitor(sign_in_as(people.ines))
    ines.up_to_check()
    ines.send_case()
    with database.reading() as db:
        reference = db.scalars(select(Case)).one().reference
    here = f"/cases/{reference}"
    ines.open("/cases")
    assert is_german(ines, written)
    ines.open(here)
    assert "Wir sind am Zug." in ines.text
    assert is_german(ines, written)
    ines.send(f"{here}/reply", body="", form_token="a")
    assert "Schreiben Sie Ihre Nachricht, oder wählen Sie eine Datei." in ines.text
    ines.send(f"{here}/escalation", **{"escalation-reason": "Nobody can work."})
    assert "Sie haben um Eskalation gebeten" in ines.text
    assert is_german(ines, written)
    ines.open(f"{here}/priority")
    assert is_german(ines, written)
    ines.send(f"{here}/closure", **{"closure-reason": "solved"})
    assert "Vom Kunden abgeschlossen: Es ist gelöst" in ines.text
    assert is_german(ines, written)


def test_two_readers_of_one_case_read_it_each_in_their_language(
    people: Cast, sign_in_as: SignInAs
) -> None:
    """Nothing that is stored decides for a reader."""
    ines, english = (Visitor(sign_in_as(people.ines)) for _ in range(2))
    english.client.set_cookie("language", "en", domain="localhost")
    ines.up_to_check()
    ines.send_case()
    here = f"/cases/{ines.reference}"
    ines.open(here)
    english.open(here)
    assert "Wir sind am Zug. Erste Antwort fällig bis" in ines.text
    assert "It’s our turn. First answer due by" in english.text
    assert "Anfrage gestellt" in ines.text
    assert "Case opened" in english.text
