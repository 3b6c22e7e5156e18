"""Managers keep organisations, contracts, installations and people on pages."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from portal.cases.policies import adopt
from portal.database import Database
from portal.mail.outbox import OutgoingMail
from portal.people.organisation import Contract, Installation, Organisation
from portal.people.person import Person, Role
from portal.people.queries import find_organisation
from portal.policy.profiles import profile_source
from tests import casework, cast
from tests.cast import LONG_AGO
from tests.web.conftest import SignInAs
from tests.web.directory_visitor import Visitor

HARBOUR = "/desk/organisations/harbour-lines"


@dataclass
class Scene:
    """The whole cast, with a manager and an administrator at their browsers."""

    database: Database
    people: cast.Cast
    manager: Visitor
    administrator: Visitor
    sign_in_as: SignInAs

    def organisation(self, slug: str = "harbour-lines") -> Organisation:
        with self.database.reading() as db:
            found = find_organisation(db, slug)
            assert found is not None
            _ = (found.contracts, found.installations)
            return found

    def person(self, person: Person) -> Person:
        with self.database.reading() as db:
            found = db.get_one(Person, person.id)
            _ = found.organisation
            return found

    def as_(self, person: Person) -> Visitor:
        return Visitor(self.sign_in_as(person))


@pytest.fixture
def scene(database: Database, sign_in_as: SignInAs) -> Scene:
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source("communicado"), now=LONG_AGO)
        people = cast.everybody(db)
    return Scene(
        database,
        people,
        Visitor(sign_in_as(people.manager)),
        Visitor(sign_in_as(people.administrator)),
        sign_in_as,
    )


def test_an_organisation_is_taken_up_changed_and_its_history_says_by_whom(scene: Scene) -> None:
    made = scene.manager.fill(
        "/desk/organisations/new", name="Müller & Söhne", partner="cedar", liaison_name="Mai"
    )
    assert made.location == "/desk/organisations/muller-sohne"
    changed = scene.manager.fill(f"{made.location}/change", liaison_name="Rosa", partner="")
    assert changed.status_code == 303
    page = scene.manager.page(made.location)
    assert "Liaison: Mai → Rosa" in page
    assert "Partner: Cedar &amp; Co. → nothing" in page
    assert page.count("<strong>Mai Tanaka</strong>") == 2


def test_a_short_name_is_taken_once_and_must_fit_an_address(scene: Scene) -> None:
    new = "/desk/organisations/new"
    taken = scene.manager.fill(new, name="Other", slug="cedar")
    assert taken.status_code == 422
    assert "Another organisation has this short name" in taken.text
    assert 'value="Other"' in taken.text
    assert scene.manager.fill(new, name="Other", slug="No/Good").status_code == 422
    assert scene.manager.fill(new, name="日本").status_code == 422  # nothing to make it of


def test_partners_do_not_go_round_in_a_circle(scene: Scene) -> None:
    answer = scene.manager.fill("/desk/organisations/cedar/change", partner="harbour-lines")
    assert answer.status_code == 422
    assert scene.organisation("cedar").partner_id is None


def test_A2_a_contract_has_a_name_a_plan_two_days_and_what_it_covers(scene: Scene) -> None:
    new = f"{HARBOUR}/contracts/new"
    reversed_days = scene.manager.fill(
        new, name="Support", starts_on="2027-01-01", ends_on="2026-01-01"
    )
    assert "a last day that isn&#39;t before the first" in reversed_days.text
    unsure = scene.manager.fill(new, name="Support", starts_on="03/04/2029", ends_on="31.12.2029")
    assert "This can be 4 March 2029 or 3 April 2029." in unsure.text
    assert 'value="03/04/2029"' in unsure.text
    assert 'value="31 Dec 2029"' in unsure.text
    scene.manager.fill(
        new,
        name="Support and Solution Maintenance",
        plan="premium",
        starts_on="1 Jan 2029",
        ends_on="31. Dezember 2029",
        entitlements="Two training days\r\n\r\nUpgrades on site",
    )
    found = scene.organisation().contract_on(date(2029, 6, 1))
    assert found is not None
    assert (found.plan, found.entitlements) == (
        "premium",
        ["Two training days", "Upgrades on site"],
    )
    page = scene.manager.page(HARBOUR)
    assert "Not yet begun" in page
    assert "Two training days; Upgrades on site" in page


@pytest.mark.parametrize("kind", ["contracts", "installations"])
def test_two_of_one_organisation_do_not_bear_one_name(scene: Scene, kind: str) -> None:
    one = getattr(scene.organisation(), kind)[0]
    new = f"{HARBOUR}/{kind}/new"
    days = {"starts_on": "2029-01-01", "ends_on": "2029-12-31"} if kind == "contracts" else {}
    refused = scene.manager.fill(new, name=one.name.upper(), **days)
    assert refused.status_code == 422
    assert "of this organisation has this name" in refused.text
    assert scene.manager.fill(new, name="Another", **days).status_code == 303
    assert scene.manager.fill(f"{HARBOUR}/{kind}/{one.id}", name="another").status_code == 422
    assert scene.manager.fill(f"{HARBOUR}/{kind}/{one.id}", name=one.name).status_code == 303


def test_cases_are_found_by_the_new_name_of_their_organisation(scene: Scene) -> None:
    with scene.database.writing() as db:
        ines = db.merge(scene.people.ines)
        casework.opened(db, person=ines, now=LONG_AGO, subject="Phones ring twice")
    assert "Phones ring twice" not in scene.manager.page("/desk?q=Zebra")
    scene.manager.fill(f"{HARBOUR}/change", name="Zebra Lines")
    assert "Phones ring twice" in scene.manager.page("/desk?q=Zebra")
    assert "Phones ring twice" not in scene.manager.page("/desk?q=Harbour")


def test_a_withdrawn_contract_covers_nothing_until_it_is_put_back(scene: Scene) -> None:
    one = scene.organisation().contracts[0]
    path = f"{HARBOUR}/contracts/{one.id}"
    scene.manager.press(path, f"{path}/end")
    assert scene.organisation().contract_on(date(2027, 1, 1)) is None
    assert "No contract is in force today" in scene.manager.page(HARBOUR)
    scene.manager.press(path, f"{path}/resume")
    assert scene.organisation().contract_on(date(2027, 1, 1)) is not None


def test_D12_D13_an_installation_has_the_fields_that_the_policy_keeps_with_it(
    scene: Scene,
) -> None:
    form = scene.manager.form(f"{HARBOUR}/installations/new")
    assert {"detail-database_type", "detail-pbx_manufacturer", "detail-location"} <= set(form)
    assert "detail-summary" not in form
    fields = {"name": "Hamburg", "detail-database_type": "Oracle 19", "detail-pbx_model": "X5"}
    scene.manager.fill(f"{HARBOUR}/installations/new", **fields)
    made = next(i for i in scene.organisation().installations if i.name == "Hamburg")
    assert made.details == {"database_type": "Oracle 19", "pbx_model": "X5"}
    path = f"{HARBOUR}/installations/{made.id}"
    scene.manager.fill(path, **{"detail-database_type": "Oracle 23"})
    page = scene.manager.page(HARBOUR)
    assert "Database: Oracle 19 → Oracle 23" in page


def test_what_the_policy_no_longer_asks_stays_with_the_installation(scene: Scene) -> None:
    one = scene.organisation().installations[0]
    scene.manager.fill(f"{HARBOUR}/installations/{one.id}", **{"detail-location": "Tacoma"})
    after = scene.organisation().installations[0].details
    assert after["version"] == "4.2"
    assert after["location"] == "Tacoma"


def test_a_retired_installation_is_not_offered_any_more(scene: Scene) -> None:
    one = scene.organisation().installations[0]
    path = f"{HARBOUR}/installations/{one.id}"
    scene.manager.press(path, f"{path}/end")
    assert scene.organisation().installations_in_use == []
    scene.manager.press(path, f"{path}/resume")
    assert len(scene.organisation().installations_in_use) == 1


def test_two_editors_the_second_is_told_and_nothing_is_lost(scene: Scene) -> None:
    path = f"{HARBOUR}/change"
    slow = scene.manager.form(path) | {"liaison_name": "Rosa, typed slowly"}
    scene.administrator.fill(path, liaison_name="Aldo")
    told = scene.manager.send(path, slow)
    assert told.status_code == 409
    assert "Somebody else changed this while you were writing" in told.text
    assert "Aldo" in told.text
    assert 'value="Rosa, typed slowly"' in told.text
    assert scene.organisation().liaison_name == "Aldo"
    scene.manager.send(path, slow | _marks(told.text))
    assert scene.organisation().liaison_name == "Rosa, typed slowly"


def test_a_mistake_in_the_form_does_not_hide_that_somebody_was_faster(scene: Scene) -> None:
    path = f"{HARBOUR}/change"
    slow = scene.manager.form(path) | {"name": ""}
    scene.administrator.fill(path, liaison_name="Aldo")
    wrong = scene.manager.send(path, slow)
    assert wrong.status_code == 422
    corrected = slow | _marks(wrong.text) | {"name": "Harbour Lines"}
    assert scene.manager.send(path, corrected).status_code == 409


def _marks(page: str) -> dict[str, str]:
    from tests.web.conftest import hidden_fields

    return {"seen": hidden_fields(page)["seen"]}


def test_whoever_is_shut_out_is_signed_out_at_once_and_can_be_let_in_again(scene: Scene) -> None:
    ines = scene.as_(scene.people.ines)
    assert ines.browser.get("/cases").status_code == 200
    path = f"/desk/people/{scene.people.ines.id}"
    scene.manager.press(path, f"{path}/end")
    assert ines.browser.get("/cases").status_code == 303
    assert scene.person(scene.people.ines).disabled_at is not None
    scene.manager.press(path, f"{path}/resume")
    assert scene.person(scene.people.ines).may_sign_in
    assert ines.browser.get("/cases").status_code == 303  # the old sign-in stays ended
    page = scene.manager.page(path)
    assert "shut out Ines Okafor" in page
    assert "let Ines Okafor sign in again" in page


def test_when_an_organisation_ends_its_people_are_out_until_it_is_resumed(scene: Scene) -> None:
    ines, bea = scene.as_(scene.people.ines), scene.as_(scene.people.bea)
    scene.manager.press(f"{HARBOUR}/change", f"{HARBOUR}/end")
    assert ines.browser.get("/cases").status_code == 303
    assert bea.browser.get("/cases").status_code == 200
    assert not scene.person(scene.people.theo).may_sign_in
    assert "No customer any more" in scene.manager.page(HARBOUR)
    assert "Harbour Lines" not in scene.manager.page("/desk/organisations")
    assert "Harbour Lines" in scene.manager.page("/desk/organisations?ended=yes")
    scene.manager.press(HARBOUR, f"{HARBOUR}/resume")
    assert scene.person(scene.people.theo).may_sign_in


def test_a_new_contact_is_invited_by_mail(scene: Scene) -> None:
    made = scene.manager.fill(
        "/desk/people/new?organisation=harbour-lines",
        name="Jonas Weber",
        email="Jonas@Harbour.example",
        is_emergency_contact="y",
    )
    assert made.status_code == 303, made.text
    with scene.database.reading() as db:
        person = db.scalars(select(Person).where(Person.name == "Jonas Weber")).one()
        mail = db.scalars(select(OutgoingMail).where(OutgoingMail.recipient == person.email)).one()
        assert person.organisation is not None
        assert person.organisation.slug == "harbour-lines"
    assert (person.is_emergency_contact, person.is_technical_contact) == (True, False)
    assert "/sign-in/link/" in mail.text


def test_nobody_gets_an_address_that_somebody_else_has(scene: Scene) -> None:
    email = scene.people.bea.email
    new = scene.manager.fill("/desk/people/new", name="Eve", email=email.upper())
    assert new.status_code == 422
    changed = scene.manager.fill(f"/desk/people/{scene.people.ines.id}/change", email=email)
    assert changed.status_code == 422
    assert "Somebody else has this address" in changed.text


def test_a_new_address_signs_out_and_makes_mailed_links_useless(scene: Scene) -> None:
    ines = scene.as_(scene.people.ines)
    path = f"/desk/people/{scene.people.ines.id}"
    scene.manager.press(path, f"{path}/invitation")
    with scene.database.reading() as db:
        mail = db.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
        assert mail is not None
        link = mail.text[mail.text.index("/sign-in/link/") :].split()[0]
    assert ines.browser.get(link).status_code == 200
    scene.manager.fill(f"{path}/change", email="ines.okafor@harbour.example")
    assert ines.browser.get("/cases").status_code == 303
    assert ines.browser.get(link).status_code == 410


@pytest.mark.parametrize("target", ["manager", "administrator"])
def test_managers_do_not_touch_managers_and_administrators(scene: Scene, target: str) -> None:
    kept: Person = getattr(scene.people, target)
    path = f"/desk/people/{kept.id}"
    assert f"{path}/end" not in scene.manager.page(path)
    token = scene.manager.form("/desk/people/new")["csrf_token"]
    before = scene.person(kept)
    for act, fields in (
        ("role", {"role": "contact"}),
        ("end", {}),
        ("invitation", {}),
        ("change", scene.manager.form(f"{path}/change") | {"email": "mine@evil.example"}),
    ):
        answer = scene.manager.send(f"{path}/{act}", {"csrf_token": token} | fields)
        assert answer.status_code == 303, act
    after = scene.person(kept)
    assert (after.email, after.role, after.disabled_at) == (before.email, before.role, None)
    with scene.database.reading() as db:
        assert db.scalars(select(OutgoingMail)).all() == []


def test_a_manager_makes_nobody_a_manager(scene: Scene) -> None:
    path = f"/desk/people/{scene.people.agent.id}"
    form = scene.manager.form(path, f"{path}/role")
    scene.manager.send(f"{path}/role", form | {"role": "administrator"})
    assert scene.person(scene.people.agent).role is Role.AGENT
    new = scene.manager.form("/desk/people/new") | {
        "name": "Eve",
        "email": "eve@x.example",
        "role": "administrator",
    }
    assert scene.manager.send("/desk/people/new", new).status_code == 422
    scene.administrator.press(path, f"{path}/role", role="manager")
    assert scene.person(scene.people.agent).role is Role.MANAGER


def test_the_last_administrator_stays(scene: Scene) -> None:
    path = f"/desk/people/{scene.people.administrator.id}"
    for act, fields in (("role", {"role": "agent"}), ("end", {})):
        answer = scene.administrator.press(path, f"{path}/{act}", **fields)
        assert answer.status_code == 303
        assert "the last administrator" in scene.administrator.page(path)
    found = scene.person(scene.people.administrator)
    assert (found.role, found.disabled_at) == (Role.ADMINISTRATOR, None)


def test_an_organisation_does_not_end_with_the_last_administrator_in_it(scene: Scene) -> None:
    with scene.database.writing() as db:
        customer = db.get_one(Person, scene.people.ines.id)
        customer.role, outsider = Role.ADMINISTRATOR, scene.people.administrator
        db.get_one(Person, outsider.id).disabled_at = LONG_AGO
    scene.manager.press(f"{HARBOUR}/change", f"{HARBOUR}/end")
    assert "the last administrator" in scene.manager.page(HARBOUR)
    assert scene.organisation().ended_at is None
    assert scene.person(scene.people.ines).may_sign_in


def test_a_changed_role_signs_out(scene: Scene) -> None:
    aldo = scene.as_(scene.people.agent)
    assert aldo.browser.get("/desk").status_code == 200
    path = f"/desk/people/{scene.people.agent.id}"
    scene.manager.press(path, f"{path}/role", role="writer")
    assert aldo.browser.get("/desk").status_code == 303


def test_agents_look_and_do_not_touch(scene: Scene) -> None:
    agent = scene.as_(scene.people.agent)
    pages = ("/desk/organisations", HARBOUR, "/desk/people", f"/desk/people/{scene.people.ines.id}")
    for path in pages:
        page = agent.page(path)
        assert 'method="post"' not in page.replace("/sign-out", "").split("<main")[1]
        assert "/change" not in page
    agent.page(f"{HARBOUR}/change", 404)


def test_lists_are_searched_and_come_a_page_at_a_time(scene: Scene) -> None:
    with scene.database.writing() as db:
        for number in range(120):
            cast.organisation(db, f"Customer {number:03d}")
    first, last = (scene.manager.page(f"/desk/organisations?page={n}") for n in (1, 999))
    assert "Customer 000" in first
    assert "Customer 119" not in first
    assert "Town of Brightwater" in last
    found = scene.manager.page("/desk/organisations?q=customer+117")
    assert "1 organisation<" in found
    assert "Customer 117" in found
    assert "Customer 116" not in found
    assert "No organisation is called that" in scene.manager.page("/desk/organisations?q=%25")
    people = scene.manager.page("/desk/people?q=harbour")
    assert "Ines Okafor" in people
    assert "Bea Nkosi" not in people


def test_what_is_typed_is_text_and_never_markup(scene: Scene) -> None:
    hostile = "<script>alert(1)</script>\"'{{7*7}}{what}"
    made = scene.manager.fill("/desk/organisations/new", name=hostile, slug="hostile")
    scene.manager.fill(
        f"{made.location}/contracts/new",
        name=hostile,
        starts_on="2026-01-01",
        ends_on="2027-01-01",
        entitlements=hostile,
    )
    scene.manager.fill(f"{made.location}/installations/new", name=hostile)
    page = scene.manager.page(made.location)
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 6
    assert "{{7*7}}{what}" in page.replace("&#34;", '"')


def test_nothing_of_one_organisation_opens_under_another(scene: Scene) -> None:
    contract, installation = (getattr(scene.organisation(), k)[0].id for k in _KINDS)
    for path in (f"contracts/{contract}", f"installations/{installation}"):
        scene.manager.page(f"/desk/organisations/cedar/{path}", 404)
    with scene.database.reading() as db:
        assert db.get(Contract, contract) is not None
        assert db.get(Installation, installation) is not None


def test_a_number_that_no_row_can_have_leads_nowhere(scene: Scene) -> None:
    for path in ("people", "people/requests", "organisations/harbour-lines/contracts"):
        scene.manager.page(f"/desk/{path}/{10**30}", 404)


_KINDS: Any = ("contracts", "installations")
