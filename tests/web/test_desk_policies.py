"""A manager changes the policy: errors at their line, preview, rehearsal, adoption, re-basing."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.cases import submission
from portal.cases.case import Case, PolicyVersion
from portal.cases.policies import adopt, policy_in_force
from portal.cases.request import Request
from portal.clock import now as this_moment
from portal.database import Database
from portal.events import Event
from portal.mail.outbox import OutgoingMail
from portal.people.person import Person
from portal.policy.profiles import profile_source
from tests import cast
from tests.cases.conftest import ANSWERS
from tests.web.conftest import hidden_fields

SignInAs = Callable[[Person], FlaskClient]
MONDAY_MORNING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # 10:00 in Los Angeles


def changed(version: int = 2, target: str = "2 business hours", days: int = 0) -> str:
    """The policy with another target for priority 3, from today on."""
    zone_day = this_moment().astimezone(policy_zone()).date() + timedelta(days=days)
    source = profile_source("communicado").replace("version = 1", f"version = {version}")
    source = source.replace("effective_from = 2026-01-01", f"effective_from = {zone_day}")
    return source.replace("11 business hours", target)


def policy_zone() -> ZoneInfo:
    return ZoneInfo("America/Los_Angeles")


@dataclass
class Office:
    """A manager and a customer before one open case under version 1."""

    database: Database
    manager: FlaskClient
    customer: FlaskClient
    agent: FlaskClient
    reference: str

    def page(self, address: str) -> str:
        answer = self.manager.get(address)
        assert answer.status_code == 200, answer.status_code
        return answer.text

    def write(self, source: str, act: str = "check", **more: object) -> tuple[int, str]:
        """Look at what a text does; adopt it from the page that shows that."""
        shown = hidden_fields(self.page("/desk/policies/new"))
        status, page = self.send(shown, source, "check", **more)
        if act == "check" or status != 200:
            return status, page
        return self.send(hidden_fields(page), source, act, **more)

    def send(self, shown: dict[str, str], source: str, act: str, **more: object) -> tuple[int, str]:
        data = {**shown, "source": source, "act": act, **more}
        answer = self.manager.post(
            "/desk/policies/new", data=data, content_type="multipart/form-data"
        )
        return answer.status_code, answer.text

    def rebase(self, **more: str) -> tuple[int, str]:
        shown = hidden_fields(self.page("/desk/policies/rebasing"))
        data = {**shown, "case": self.reference, **more}
        answer = self.manager.post("/desk/policies/rebasing", data=data, follow_redirects=True)
        return answer.status_code, answer.text

    def case(self) -> Case:
        with self.database.reading() as db:
            case = db.scalars(select(Case)).one()
            _ = case.policy_version.version
            return case

    def count(self, kind: type[PolicyVersion] | type[OutgoingMail]) -> int:
        with self.database.reading() as db:
            return db.scalar(select(func.count()).select_from(kind)) or 0


@pytest.fixture
def clock() -> Iterator[None]:
    with time_machine.travel(MONDAY_MORNING, tick=False):
        yield


@pytest.fixture
def office(clock: None, database: Database, sign_in_as: SignInAs) -> Office:
    at = this_moment() - timedelta(minutes=5)
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source("communicado"), now=datetime(2026, 1, 1, tzinfo=UTC))
        ines = cast.ines(db, cast.harbour_lines(db))
        manager, agent = cast.manager(db), cast.agent(db)
        case = submission.open_case(db, request=Request(ANSWERS, ines), now=at)
    return Office(
        database, sign_in_as(manager), sign_in_as(ines), sign_in_as(agent), case.reference
    )


def test_only_managers_see_the_policies(office: Office) -> None:
    for address in ("/desk/policies", "/desk/policies/new", "/desk/policies/rebasing"):
        assert office.agent.get(address).status_code == 404
        assert office.manager.get(address).status_code == 200
    assert "/desk/policies" not in office.agent.get("/desk").text
    assert "/desk/policies" in office.page("/desk")


def test_errors_stand_at_their_line_and_the_text_is_kept(office: Office) -> None:
    source = changed().replace('"2 business hours"', '"2 business days"')
    assert source != changed()
    line = next(n for n, t in enumerate(source.splitlines(), 1) if "2 business days" in t)
    status, page = office.write(source, "adopt")
    assert status == 422
    assert f"Line {line}," in page
    assert "2 business days" in page.split("<textarea")[0]
    assert "2 business days" in page.split("<textarea")[1]
    assert office.count(PolicyVersion) == 1


@pytest.mark.parametrize("broken", ["", "policy = [", "\x00" * 5, "[policy]\nid = 'x'"])
def test_a_broken_policy_never_takes_effect_and_the_version_in_force_goes_on(
    office: Office, broken: str
) -> None:
    assert office.write(broken, "adopt")[0] == 422
    assert office.count(PolicyVersion) == 1
    with office.database.reading() as db:
        assert policy_in_force(db, now=this_moment())[0].version == 1


def test_a_version_has_to_follow_the_one_in_force(office: Office) -> None:
    source = changed(version=1).replace(
        f"effective_from = {this_moment().astimezone(policy_zone()).date()}",
        "effective_from = 2025-01-01",
    )
    status, page = office.write(source, "adopt")
    assert status == 422
    assert "Write 2." in page
    assert "or a later day" in page


def test_a_check_shows_preview_and_rehearsal_and_moves_nothing(office: Office) -> None:
    before = office.case()
    status, page = office.write(changed())
    assert status == 200
    assert "1 open case would move" in page
    assert "9 h" in page or "earlier" in page
    assert "In force now" in page
    assert "Changed" in page
    assert "Worth knowing" in page
    after = office.case()
    assert (after.first_response_due_at, after.revision) == (
        before.first_response_due_at,
        before.revision,
    )
    assert office.count(PolicyVersion) == 1


def test_A25_an_adopted_version_moves_no_case_until_it_is_re_based_on_purpose(
    office: Office,
) -> None:
    promised = office.case().first_response_due_at
    assert office.write(changed(), "adopt")[0] == 303
    assert office.case().first_response_due_at == promised
    assert "version 1" in office.customer.get(f"/cases/{office.reference}").text
    mails = office.count(OutgoingMail)
    assert office.rebase()[0] == 200
    case = office.case()
    assert promised is not None
    assert case.first_response_due_at is not None
    assert case.first_response_due_at < promised
    assert case.policy_version.version == 2
    page = office.customer.get(f"/cases/{office.reference}").text
    assert "Now under version 2 of our support policy" in page
    assert "instead of" in page
    assert "version 2 of" in page
    assert office.count(OutgoingMail) == mails + 1
    with office.database.reading() as db:
        event = db.scalars(select(Event).where(Event.kind == "rebased")).one()
    assert (event.detail["before"], event.detail["after"]) == (1, 2)
    assert event.detail["changes"][0]["before"] == promised.isoformat()


def test_re_basing_leaves_a_case_alone_that_changed_meanwhile(office: Office) -> None:
    office.write(changed(), "adopt")
    _, page = office.rebase(**{f"revision-{office.reference}": "77"})
    assert "changed meanwhile" in page
    assert office.case().policy_version.version == 1


def test_all_cases_that_the_page_shows_are_re_based_together(office: Office) -> None:
    office.write(changed(), "adopt")
    _, page = office.rebase(case="", act="all")
    assert f"Re-based: {office.reference}." in page
    assert office.case().policy_version.version == 2


def test_nothing_chosen_is_said(office: Office) -> None:
    office.write(changed(), "adopt")
    token = hidden_fields(office.page("/desk/policies/rebasing"))["csrf_token"]
    answer = office.manager.post("/desk/policies/rebasing", data={"csrf_token": token})
    assert answer.status_code == 422
    assert "Choose at least one case" in answer.text


def test_two_managers_cannot_overwrite_each_other(office: Office) -> None:
    mine = changed(3, "3 business hours", 1)
    slow = hidden_fields(office.write(mine)[1])
    assert office.write(changed(), "adopt")[0] == 303
    status, page = office.send(slow, mine, "adopt")
    assert status == 409
    assert "Somebody adopted version 2" in page
    assert "3 business hours" in page
    assert office.count(PolicyVersion) == 2


def test_a_text_that_changed_since_it_was_looked_at_is_shown_again_first(office: Office) -> None:
    _, page = office.write(changed())
    assert "No mistake was found" in page
    seen = hidden_fields(page)
    status, page = office.send(seen, changed(target="3 business hours"), "adopt")
    assert status == 409
    assert "The text changed after you looked at what it does" in page
    assert office.count(PolicyVersion) == 1
    status, _ = office.send(hidden_fields(page), changed(target="3 business hours"), "adopt")
    assert status == 303
    assert office.count(PolicyVersion) == 2


def test_a_coming_version_waits_for_its_day_and_can_be_withdrawn(office: Office) -> None:
    assert office.write(changed(days=3), "adopt")[0] == 303
    page = office.page("/desk/policies")
    assert "Coming" in page
    assert "In force" in page
    with office.database.reading() as db:
        assert policy_in_force(db, now=this_moment())[0].version == 1
        coming = db.scalars(select(PolicyVersion.id).where(PolicyVersion.version == 2)).one()
    address = f"/desk/policies/{coming}"
    token = hidden_fields(office.page(address))["csrf_token"]
    answer = office.manager.post(f"{address}/withdrawal", data={"csrf_token": token})
    assert answer.status_code == 303
    assert office.count(PolicyVersion) == 1


def test_the_version_in_force_cannot_be_withdrawn(office: Office) -> None:
    with office.database.reading() as db:
        first = db.scalars(select(PolicyVersion.id)).one()
    token = hidden_fields(office.page("/desk/policies/new"))["csrf_token"]
    office.manager.post(f"/desk/policies/{first}/withdrawal", data={"csrf_token": token})
    assert office.count(PolicyVersion) == 1


def test_a_file_can_be_uploaded_instead_of_typed(office: Office) -> None:
    upload = (io.BytesIO(changed().encode()), "policy.toml")
    status, page = office.write("anything", file=upload)
    assert status == 200
    assert "2 business hours" in page.split("<textarea")[1]
    picture = (io.BytesIO(b"\x89PNG\xff\xfe"), "logo.png")
    status, page = office.write(changed(), file=picture)
    assert status == 422
    assert "logo.png is no text file" in page


def test_a_stored_version_that_cannot_be_read_is_passed_over_and_told(office: Office) -> None:
    office.write(changed(), "adopt")
    with office.database.writing() as db:
        version = db.scalars(select(PolicyVersion).where(PolicyVersion.version == 2)).one()
        version.source, version.content_hash = "damaged", "damaged"
    with office.database.reading() as db:
        assert policy_in_force(db, now=this_moment())[0].version == 1
    assert "A version can’t be read" in office.page("/desk/policies")
    assert office.customer.get(f"/cases/{office.reference}").status_code == 200
    assert office.customer.get("/expectations").status_code == 200


def test_a_version_shows_its_text_and_gives_the_file(office: Office) -> None:
    office.write(changed(), "adopt")
    with office.database.reading() as db:
        second = db.scalars(select(PolicyVersion.id).where(PolicyVersion.version == 2)).one()
    page = office.page(f"/desk/policies/{second}")
    assert re.search(r"Version 2.*Version 1", page, re.S)
    answer = office.manager.get(f"/desk/policies/{second}/policy.toml")
    assert answer.text == changed()
    assert office.manager.get("/desk/policies/999").status_code == 404
