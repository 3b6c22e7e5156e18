"""The desk as staff use it: queue, case page, every act, conflicts, and who may not."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.cases import submission
from portal.cases.case import Case, CaseStatus
from portal.cases.escalating import ask_for_escalation
from portal.cases.policies import adopt
from portal.cases.replying import reply
from portal.cases.request import Request
from portal.clock import now as this_moment
from portal.database import Database
from portal.mail.outbox import OutgoingMail
from portal.people.person import Person, Role
from portal.policy.profiles import profile_source
from tests import cast
from tests.cases.conftest import ANSWERS

SignInAs = Callable[[Person], FlaskClient]


@dataclass
class Desk:
    """A desk with one ordinary case and one that waits for its contract."""

    database: Database
    agent: FlaskClient
    reference: str
    receipt: str
    ids: dict[str, int]

    def post(self, act: str, reference: str | None = None, **fields: object) -> object:
        return submit(self.agent, reference or self.reference, act, **fields)

    def case(self, reference: str | None = None) -> Case:
        with self.database.reading() as db:
            wanted = reference or self.reference
            query = select(Case).where((Case.number == wanted) | (Case.receipt == wanted))
            found = db.scalars(query).one()
            _ = (found.messages, found.assignee)
            return found


@pytest.fixture
def desk(database: Database, sign_in_as: SignInAs) -> Desk:
    at = this_moment()
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source("communicado"), now=at)
        harbour = cast.harbour_lines(db)
        ines, agent, second = cast.nadia(db, harbour), cast.agent(db), cast.manager(db)
        case = submission.open_case(db, request=Request(ANSWERS, ines), now=at)
        held = submission.open_case(
            db, request=Request({**ANSWERS, "contact_email": cast.GUEST_EMAIL}, None), now=at
        )
    ids = {"ines": ines.id, "agent": agent.id, "second": second.id, "case": case.id}
    return Desk(database, sign_in_as(agent), case.reference, held.receipt, ids)


def page_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def hidden(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form with this action."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.S)
    assert form is not None, action
    found = re.findall(r'<input[^>]*type="hidden"[^>]*>', form[0])
    names = [(re.search(r'name="([^"]*)"', f), re.search(r'value="([^"]*)"', f)) for f in found]
    return {n[1]: v[1] if v else "" for n, v in names if n}


def submit(client: FlaskClient, reference: str, act: str, **fields: object) -> object:
    page = page_of(client, f"/desk/cases/{reference}")
    action = f"/desk/cases/{reference}/{act}"
    if act == "priority":
        preview = f"{action}?priority={fields['priority']}"
        page = page_of(client, preview)
    data = {**hidden(page, action), **fields}
    return client.post(action, data=data, content_type="multipart/form-data")


def test_the_queue_shows_cases_in_groups_with_their_counts(desk: Desk) -> None:
    page = page_of(desk.agent, "/desk")
    assert desk.reference in page
    assert "Contract check" in page
    assert re.search(r"Contract check\s*<span class=\"count\">\(1\)", page, re.I)


def test_a_broken_promise_is_overdue_in_words_and_stands_first(desk: Desk) -> None:
    with desk.database.writing() as db:
        case = db.get_one(Case, desk.ids["case"])
        case.next_due_at = this_moment() - timedelta(minutes=5)
    page = page_of(desk.agent, "/desk")
    first = re.findall(r"<h2>(.*?)</h2>", page, re.S)[0]
    assert "Overdue" in first
    assert "▲" in first


@pytest.mark.parametrize(
    ("view", "is_there"),
    [("open", True), ("mine", False), ("unassigned", True), ("over", False), ("held", False)],
)
def test_views_are_addresses(desk: Desk, view: str, is_there: bool) -> None:
    assert (desk.reference in page_of(desk.agent, f"/desk?view={view}")) is is_there


def test_filters_are_part_of_the_address(desk: Desk) -> None:
    assert desk.reference in page_of(desk.agent, f"/desk?q={desk.reference.lower()}")
    assert desk.reference in page_of(desk.agent, "/desk?q=calls+recorded&priority=3")
    assert "Nothing matches" in page_of(desk.agent, "/desk?q=nosuchword")
    assert "Nothing matches" in page_of(desk.agent, "/desk?q=%25&status=closed&page=99999999999")
    assert desk.reference not in page_of(desk.agent, "/desk?priority=1")


def test_the_case_page_shows_everything_one_must_know(desk: Desk) -> None:
    page = page_of(desk.agent, f"/desk/cases/{desk.reference}")
    for words in (
        ANSWERS["description"],
        "Support and Maintenance",
        "Why this date",
        "Asked for",
        "Send to customer",
        "Save internal note",
        "Communicado Technical Support, version 1",
        "Mitel",
        "not to the fix",
    ):
        assert words in page, words


def test_staff_read_an_answer_in_the_words_that_the_customer_chose(desk: Desk) -> None:
    with desk.database.writing() as db:
        case = db.get_one(Case, desk.ids["case"])
        case.details = {**case.details, "other_product_involved": "yes"}
    page = page_of(desk.agent, f"/desk/cases/{desk.reference}")
    answer = re.search(r"Is another product involved\?</dt>\s*<dd[^>]*>\s*([^<]*?)\s*<", page)
    assert answer is not None
    assert answer[1] == "Yes"


def test_an_answer_goes_to_the_customer_and_keeps_the_promise(desk: Desk) -> None:
    answer = desk.post("reply", body="We look at it.", then="waiting_for_customer")
    assert answer.status_code == 303
    case = desk.case()
    assert case.status is CaseStatus.WAITING
    assert case.first_responded_at is not None
    assert [m.is_internal for m in case.messages] == [False, False]
    page = page_of(desk.agent, f"/desk/cases/{desk.reference}")
    assert "Your answer was sent" in page
    assert "<p>We look at it.</p>" in page


def test_a_note_stays_inside(desk: Desk) -> None:
    assert desk.post("note", body="Suspicious log").status_code == 303
    assert [m.is_internal for m in desk.case().messages] == [False, True]
    with desk.database.reading() as db:
        mails = db.scalars(select(OutgoingMail)).all()
        assert all("Suspicious" not in mail.text + mail.subject for mail in mails)


def test_the_same_form_sent_twice_makes_one_message(desk: Desk) -> None:
    page = page_of(desk.agent, f"/desk/cases/{desk.reference}")
    action = f"/desk/cases/{desk.reference}/reply"
    data = {**hidden(page, action), "body": "Once", "then": "in_progress"}
    for _ in range(3):
        assert desk.agent.post(action, data=data).status_code == 303
    assert [m.body for m in desk.case().messages][1:] == ["Once"]


def test_an_empty_answer_is_refused_with_the_remedy(desk: Desk) -> None:
    answer = desk.post("reply", body="  ")
    assert answer.status_code == 422
    assert "Write your answer first." in answer.get_data(as_text=True)


def test_a_refused_file_is_named_and_the_text_stays(desk: Desk) -> None:
    files = (io.BytesIO(b"<script>"), "evil.html")
    answer = desk.post("reply", body="Typed text", then="in_progress", files=files)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "evil.html: " in page
    assert "Typed text" in page
    assert len(desk.case().messages) == 1


def test_somebody_elses_change_is_shown_and_what_was_typed_is_kept(desk: Desk) -> None:
    page = page_of(desk.agent, f"/desk/cases/{desk.reference}")
    action = f"/desk/cases/{desk.reference}/reply"
    data = {**hidden(page, action), "body": "My long answer", "then": "solved"}
    with desk.database.writing() as db:
        case = db.get_one(Case, desk.ids["case"])
        ines = db.get_one(Person, desk.ids["ines"])
        reply(db, case=case, author=ines, body="It works again!", now=this_moment())
    refused = desk.agent.post(action, data=data)
    shown = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert "The case changed while you were writing" in shown
    assert "It works again!" in shown.split("What you typed is kept")[1]
    assert "My long answer</textarea>" in shown
    assert len(desk.case().messages) == 2
    again = {**hidden(shown, action), "body": "My long answer", "then": "solved"}
    assert desk.agent.post(action, data=again).status_code == 303
    assert desk.case().status is CaseStatus.SOLVED


def test_assigning_leaves_who_when_before_and_after(desk: Desk) -> None:
    assert desk.post("assignment", assignee=str(desk.ids["second"])).status_code == 303
    assert desk.case().assignee_id == desk.ids["second"]
    page = page_of(desk.agent, f"/desk/cases/{desk.reference}")
    assert "Assigned to Mai Tanaka" in page
    assert desk.post("assignment", assignee=str(desk.ids["ines"])).status_code == 422
    assert desk.post("assignment", assignee="").status_code == 303
    assert desk.case().assignee_id is None


def test_the_new_promise_is_shown_before_the_priority_changes(desk: Desk) -> None:
    page = page_of(desk.agent, f"/desk/cases/{desk.reference}/priority?priority=1")
    assert "Promised now" in page
    assert "Promised then" in page
    assert "(optional)" not in page, "the reason is needed"
    assert desk.case().priority == "3"
    for priority in ("2", "4"):
        refused = desk.post("priority", priority=priority, reason="")
        assert refused.status_code == 422
        assert "they will read it" in refused.get_data(as_text=True)
    assert desk.post("priority", priority="4", reason="There is a way round").status_code == 303
    assert desk.case().priority == "4"
    shown = page_of(desk.agent, f"/desk/cases/{desk.reference}")
    assert "There is a way round" in shown


@pytest.mark.parametrize("priority", ["9", "", "3"])
def test_a_priority_that_is_not_possible_is_refused(desk: Desk, priority: str) -> None:
    address = f"/desk/cases/{desk.reference}/priority?priority={priority}"
    assert desk.agent.get(address).status_code == 422


def test_only_possible_statuses_are_offered_and_taken(desk: Desk) -> None:
    assert desk.post("status", status="held").status_code == 422
    assert desk.post("status", status="solved").status_code == 422, "what solved it is asked"
    assert desk.post("status", status="solved", reason="Restarted").status_code == 303
    assert desk.case().status is CaseStatus.SOLVED
    assert desk.post("status", status="waiting_for_customer").status_code == 422
    assert desk.post("status", status="in_progress").status_code == 303
    assert desk.case().status is CaseStatus.IN_PROGRESS


def test_D4_a_held_request_gets_its_number_when_the_contract_is_confirmed(desk: Desk) -> None:
    due = desk.case(desk.receipt).first_response_due_at
    answer = desk.post("contract", desk.receipt, decision="confirm")
    assert answer.status_code == 303
    case = desk.case(desk.receipt)
    assert case.number is not None
    assert answer.location.endswith(f"/desk/cases/{case.number}")
    assert case.first_response_due_at == due
    moved = desk.agent.get(f"/desk/cases/{desk.receipt}")
    assert moved.status_code == 302


def test_a_refused_contract_needs_words_for_the_customer(desk: Desk) -> None:
    assert desk.post("contract", desk.receipt, decision="refuse", reason="").status_code == 422
    answer = desk.post("contract", desk.receipt, decision="refuse", reason="It ended in May.")
    assert answer.status_code == 303
    assert desk.case(desk.receipt).status is CaseStatus.CLOSED


def test_D30_a_wish_for_escalation_is_seen_and_answered(desk: Desk) -> None:
    with desk.database.writing() as db:
        case = db.get_one(Case, desk.ids["case"])
        ask_for_escalation(db, case=case, by=case.contact, reason="Slow", now=this_moment())
    assert "Escalation asked for" in page_of(desk.agent, "/desk?view=escalated")
    assert desk.post("escalation", reason="Agreed").status_code == 303
    assert desk.case().level == 2


def test_files_are_saved_and_never_run(desk: Desk) -> None:
    files = (io.BytesIO(b"<b>plain text</b>"), "log.txt")
    assert desk.post("note", body="See file", files=files).status_code == 303
    page = page_of(desk.agent, f"/desk/cases/{desk.reference}")
    address = re.search(r'href="(/desk/cases/[^"]*/files/[^"]*)"', page)
    assert address is not None
    answer = desk.agent.get(address[1])
    assert answer.data == b"<b>plain text</b>"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.mimetype == "application/octet-stream"
    assert desk.agent.get(address[1] + "x").status_code == 404
    assert desk.agent.get(address[1].replace(desk.reference, desk.receipt)).status_code == 404


def test_what_customers_write_is_shown_as_they_wrote_it(desk: Desk) -> None:
    hostile = "<script>alert(1)</script> {{ 7*7 }} \u202e"
    with desk.database.writing() as db:
        case = db.get_one(Case, desk.ids["case"])
        case.subject = case.contact_name = hostile
        reply(db, case=case, author=case.contact, body=hostile, now=this_moment())
    for address in ("/desk", f"/desk/cases/{desk.reference}"):
        page = page_of(desk.agent, address)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


ACTS = ["reply", "note", "status", "assignment", "priority", "contract", "escalation"]


@pytest.mark.parametrize("role", [None, Role.CONTACT, Role.WRITER])
def test_nobody_but_those_who_work_cases_reaches_the_desk(
    desk: Desk, client: FlaskClient, sign_in_as: SignInAs, role: Role | None
) -> None:
    if role is not None:
        with desk.database.writing() as db:
            db.expire_on_commit = False
            person = cast.person(db, "Somebody Else", role)
        client = sign_in_as(person)
    expected = {303, 400, 403} if role is None else {404, 400}
    pages = ["/desk", "/desk/outbox", f"/desk/cases/{desk.reference}"]
    assert {client.get(page).status_code for page in pages} <= ({303} if role is None else {404})
    for act in ACTS:
        answer = client.post(f"/desk/cases/{desk.reference}/{act}", data={"body": "x"})
        assert answer.status_code in expected
    assert len(desk.case().messages) == 1


def test_a_case_that_is_not_there_is_not_found(desk: Desk) -> None:
    for reference in ("7KQ-4MPX", "1", "R-AAAA-AAAAA", "%27"):
        assert desk.agent.get(f"/desk/cases/{reference}").status_code == 404


def test_the_outbox_is_for_administrators_and_its_html_can_run_nothing(
    desk: Desk, sign_in_as: SignInAs
) -> None:
    with desk.database.writing() as db:
        db.expire_on_commit = False
        ada = cast.administrator(db)
    assert desk.post("reply", body="Hello there", then="in_progress").status_code == 303
    administrator = sign_in_as(ada)
    page = page_of(administrator, "/desk/outbox")
    number = re.search(r'href="/desk/outbox/(\d+)"', page)
    assert number is not None
    assert "See the HTML form" in page_of(administrator, f"/desk/outbox/{number[1]}")
    html = administrator.get(f"/desk/outbox/{number[1]}/html")
    assert html.headers["Content-Security-Policy"].startswith("sandbox;")
    assert desk.agent.get("/desk/outbox").status_code == 404
    assert administrator.get("/desk/outbox/99999").status_code == 404


def test_a_page_of_the_queue_takes_few_queries_however_many_cases(desk: Desk, app: object) -> None:
    from sqlalchemy import event

    engine = app.extensions["portal"].database.engine  # type: ignore[attr-defined]
    page_of(desk.agent, "/desk")
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    page_of(desk.agent, "/desk")
    few = len(asked)
    with desk.database.writing() as db:
        ines = db.get_one(Person, desk.ids["ines"])
        for _ in range(20):
            submission.open_case(db, request=Request(ANSWERS, ines), now=this_moment())
    asked.clear()
    page_of(desk.agent, "/desk")
    assert len(asked) <= few + 2  # the policy in force is read anew now and then
    assert few <= 12
