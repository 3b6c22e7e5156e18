"""Contacts see their organisation as support has it; the technical contact keeps it right."""

import re
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from portal.cases.case import Case
from portal.cases.policies import adopt
from portal.database import Database
from portal.people.account_request import AccountRequest
from portal.people.installing import change_installation
from portal.people.organisation import Installation
from portal.policy.profiles import profile_source
from tests import cast
from tests.cast import LONG_AGO
from tests.web.conftest import SignInAs
from tests.web.directory_visitor import Visitor, forms_of
from tests.web.support_visitor import Visitor as Customer

MINE = "/account/organisation"
SITE = {
    "install_type": "Own server",
    "location": "Tacoma",
    "database_type": "SQL Server 2022",
    "vxtracker_server": "9.1 on Windows",
    "pbx_manufacturer": "Avaya",
    "pbx_model": "IP Office 500",
}


@dataclass
class Scene:
    database: Database
    people: cast.Cast
    site: int
    sign_in_as: SignInAs

    def as_(self, name: str) -> Visitor:
        return Visitor(self.sign_in_as(getattr(self.people, name)))

    def installation(self) -> Installation:
        with self.database.reading() as db:
            return db.get_one(Installation, self.site)


@pytest.fixture
def scene(database: Database, sign_in_as: SignInAs) -> Scene:
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source("communicado"), now=LONG_AGO)
        people = cast.everybody(db)
        people.harbour_lines.liaison_name = "Mai Tanaka"
        people.harbour_lines.contracts[0].entitlements = ["Two training days"]
        site = people.harbour_lines.installations[0]
        change_installation(
            db, installation=site, name="Terminal 4", details=SITE, by=None, now=LONG_AGO
        )
    return Scene(database, people, site.id, sign_in_as)


def test_A2_B14_a_contact_sees_liaison_contract_contacts_and_installations(scene: Scene) -> None:
    page = scene.as_("nadia").page(MINE)
    for told in (
        "Mai Tanaka",
        "Support and Maintenance",
        "In force",
        "Two training days",
        "1 January 2026 to 31 December 2028",
        "Ines Okafor",
        "ask for help in emergencies",
        "Terminal 4",
        "SQL Server 2022",
        "Cedar &amp; Co. may file cases for you",
    ):
        assert told in page, told
    assert "Brightwater" not in page
    assert "Harbour Lines" in scene.as_("piet").page(MINE)  # for whom the partner files


def test_staff_and_people_without_an_organisation_have_no_such_page(scene: Scene) -> None:
    scene.as_("agent").page(MINE, 404)
    with scene.database.writing() as db:
        db.expire_on_commit = False
        alone = cast.person(db, "Alone Indeed")
    Visitor(scene.sign_in_as(alone)).page(MINE, 404)


def test_D12_the_technical_contact_corrects_and_confirms_what_is_installed(scene: Scene) -> None:
    theo, path = scene.as_("theo"), f"{MINE}/installations/{scene.site}"
    assert theo.press(MINE, f"{path}/confirmation").status_code == 303
    assert scene.installation().confirmed_at is not None
    theo.fill(path, **{"detail-pbx_model": "IP Office 600"})
    assert scene.installation().details["pbx_model"] == "IP Office 600"
    record = scene.as_("manager").page("/desk/organisations/harbour-lines")
    assert "<strong>Theo Lindqvist</strong> changed the installation Terminal 4" in record
    assert "Model number of your PBX: IP Office 500 → IP Office 600" in record


def test_customer_and_staff_who_edit_at_once_lose_nothing(scene: Scene) -> None:
    theo, path = scene.as_("theo"), f"{MINE}/installations/{scene.site}"
    slow = theo.form(path) | {"detail-location": "Seattle"}
    desk = f"/desk/organisations/harbour-lines/installations/{scene.site}"
    scene.as_("manager").fill(desk, **{"detail-location": "Portland"})
    told = theo.send(path, slow)
    assert told.status_code == 409
    assert "Portland" in told.text
    assert 'value="Seattle"' in told.text


@pytest.mark.parametrize("name", ["nadia", "ines", "piet", "bea", "agent"])
def test_nobody_else_corrects_it(scene: Scene, name: str) -> None:
    who, path = scene.as_(name), f"{MINE}/installations/{scene.site}"
    who.page(path, 404)
    token = forms_of(who.page("/account"))["/account"]["csrf_token"]
    for act in (path, f"{path}/confirmation"):
        assert who.send(act, {"csrf_token": token, "name": "Mine now"}).status_code == 404
    assert scene.installation().name == "Terminal 4"
    assert scene.installation().confirmed_at is None


def test_whoever_looks_after_the_details_asks_for_a_colleagues_account(scene: Scene) -> None:
    ines = scene.as_("ines")
    assert f"{MINE}/colleagues" not in ines.page(MINE)
    with scene.database.writing() as db:
        db.merge(scene.people.ines).is_organisation_manager = True
    asked = ines.press(MINE, f"{MINE}/colleagues", name="Jonas", email="jonas@harbour.example")
    assert asked.status_code == 303
    with scene.database.reading() as db:
        request = db.scalars(select(AccountRequest)).one()
        assert (request.asked_by_id, request.organisation_id) == (
            scene.people.ines.id,
            scene.people.harbour_lines.id,
        )
    page = scene.as_("manager").form("/desk/people/requests/1", "/desk/people/requests/1/approval")
    assert page["organisation"] == "harbour-lines"


def typed_in(customer: Customer, action: str, **typed: str) -> int:
    """Send the form as it stands with these texts typed into it; how many were typed."""
    form = next(form for form in forms_of(customer.page).values() if set(typed) <= set(form))
    choices = dict.fromkeys(re.findall(r'name="(detail-[^"]+)"', customer.page), "no")
    boxes = {"remote_access": "y"} if "remote_access" in customer.page else {}
    unticked = {name: value for name, value in choices.items() if name not in form}
    form.pop("csrf_token", None)
    customer.send(action, **{**form, **unticked, **boxes, **typed})
    return len(typed)


def test_D11_D14_a_second_case_of_a_site_asks_for_at_most_four_texts(scene: Scene) -> None:
    customer = Customer(scene.sign_in_as(scene.people.ines))
    customer.tell()
    customer.say_effect()
    customer.accept()
    typed = 2  # the problem in one line, and in detail
    assert customer.path.endswith("/details")
    typed += typed_in(customer, customer.path, **{"detail-steps_taken": "Restarted it."})
    assert customer.path.endswith("/contact"), customer.text
    typed += typed_in(customer, customer.path)
    assert customer.path.endswith("/check"), customer.text
    customer.send_case()
    assert typed <= 4
    with scene.database.reading() as db:
        case = db.scalars(select(Case)).one()
        assert case.installation_id == scene.site
        assert {name: case.details.get(name) for name in SITE} == SITE
        assert case.details["company_name"] == "Harbour Lines"
        assert (case.contact_name, case.contact_phone) == ("Ines Okafor", "+49 30 5550100")
