from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases import contract_check, drafting, submission
from portal.cases.access import find_case
from portal.cases.attachments import KeptFile, add_to_draft
from portal.cases.case import Case, CaseStatus, PolicyVersion
from portal.cases.conversation import Attachment, Message
from portal.cases.draft import Draft
from portal.cases.happenings import Happening
from portal.cases.numbers import read_reference
from portal.cases.policies import adopt, load, policy_in_force
from portal.cases.request import Request, preview
from portal.cases.words import STATUS_WORDS, shown_status
from portal.events import Event, take_recorded
from portal.files import StoredFile
from portal.people.person import Person
from portal.policy.profiles import profile_source
from tests.cases.conftest import ANSWERS, Cast

PACIFIC = ZoneInfo("America/Los_Angeles")


def drafted(db: Session, person: Person | None, now: datetime, **more: str) -> Draft:
    draft, _ = drafting.start_draft(db, owner=person, now=now)
    drafting.save_answers(db, draft=draft, answers={**ANSWERS, **more}, now=now)
    return draft


def sent(db: Session, person: Person | None, now: datetime, **more: str) -> Case:
    return submission.submit(db, draft=drafted(db, person, now, **more), person=person, now=now)


def test_A7_number_promise_message_and_event_exist_with_the_case(
    db: Session, cast: Cast, communicado: PolicyVersion, now: datetime
) -> None:
    case = sent(db, cast.ines, now, system_down="yes")
    assert case.number is not None
    assert read_reference(case.number) == case.number
    assert case.status is CaseStatus.RECEIVED
    assert case.subject == ANSWERS["summary"]
    assert [m.body for m in case.messages] == [ANSWERS["description"]]
    assert {p.clock for p in case.promises} >= {"first_response"}
    assert [e.kind for e in take_recorded(db)] == [Happening.OPENED]


def test_sending_a_draft_any_number_of_times_gives_one_case(
    db: Session, cast: Cast, communicado: PolicyVersion, now: datetime
) -> None:
    draft = drafted(db, cast.ines, now)
    cases = {
        submission.submit(db, draft=draft, person=cast.ines, now=now + timedelta(seconds=n)).id
        for n in range(10)
    }
    assert len(cases) == 1
    assert db.scalar(select(func.count(Case.id))) == 1
    assert db.scalar(select(func.count(Message.id))) == 1


def test_files_of_the_draft_move_to_the_first_message(
    db: Session, cast: Cast, communicado: PolicyVersion, now: datetime
) -> None:
    draft = drafted(db, cast.ines, now)
    file = KeptFile("log.txt", StoredFile("a" * 64, 12, "text/plain"))
    add_to_draft(db, draft=draft, kept=[file], now=now)
    case = submission.submit(db, draft=draft, person=cast.ines, now=now)
    [attachment] = db.scalars(select(Attachment))
    db.refresh(attachment)
    assert (attachment.case_id, attachment.message_id) == (case.id, case.messages[0].id)
    drafting.sweep_drafts(db, now=now + timedelta(days=30))
    assert db.scalar(select(func.count(Attachment.id))) == 1


def test_shown_articles_stay_with_the_case(
    db: Session, cast: Cast, communicado: PolicyVersion, now: datetime
) -> None:
    draft = drafted(db, cast.ines, now)
    drafting.show_articles(db, draft=draft, articles=[(7, "Recording")], now=now)
    case = submission.submit(db, draft=draft, person=cast.ines, now=now)
    assert case.shown_articles == [{"article_id": 7, "title": "Recording", "opened": False}]


def test_D4_without_a_contract_the_request_is_held_with_a_receipt_and_a_reason(
    db: Session, cast: Cast, communicado: PolicyVersion, now: datetime
) -> None:
    cast.harbour.contracts.clear()
    case = sent(db, cast.ines, now)
    assert (case.status, case.number) == (CaseStatus.HELD, None)
    assert case.reference == case.receipt
    assert case.receipt.startswith("R-")
    assert case.held_reason == "no_contract"
    assert STATUS_WORDS[shown_status(case)] == "Received"
    assert case.first_response_due_at is not None
    expected = preview(db, load(communicado), ANSWERS, person=cast.ines, now=now)
    assert expected.is_conditional
    assert "contract" in expected.first_response(now=now).notes[0]


def test_D4_a_guest_is_held_and_the_promise_counts_from_receipt_once_confirmed(
    db: Session, cast: Cast, communicado: PolicyVersion, now: datetime
) -> None:
    case = sent(db, None, now)
    promised = case.first_response_due_at
    number = contract_check.confirm(db, case=case, by=cast.agent, now=now + timedelta(hours=2))
    assert case.number == number
    assert case.status is CaseStatus.RECEIVED
    assert case.held_reason == ""
    assert case.first_response_due_at == promised
    assert len([p for p in case.promises if p.clock == "first_response"]) == 1
    assert find_case(db, case.receipt, person=cast.agent) is case
    assert find_case(db, number, person=cast.agent) is case


def test_D4_a_refused_contract_closes_the_request_with_the_reason(
    db: Session, cast: Cast, communicado: PolicyVersion, now: datetime
) -> None:
    case = sent(db, None, now)
    contract_check.refuse(db, case=case, by=cast.agent, reason="Ended in May.", now=now)
    assert (case.status, case.number, case.next_due_at) == (CaseStatus.CLOSED, None, None)
    event = db.scalars(select(Event).where(Event.kind == Happening.CONTRACT_REFUSED)).one()
    assert event.detail["reason"] == "Ended in May."


def test_A5_an_empty_limit_counts_nothing_and_a_set_one_holds(
    db: Session, cast: Cast, now: datetime
) -> None:
    source = profile_source("communicado")
    adopt(db, source=source, now=now)
    for _ in range(5):
        assert sent(db, cast.ines, now).number is not None
    limited = source.replace("version = 1", "version = 2").replace(
        "effective_from = 2026-01-01", "effective_from = 2026-12-01"
    )
    limited = limited.replace("[entitlement]", "[entitlement]\ncase_limit = 6")
    adopt(db, source=limited, now=now)
    december = datetime(2026, 12, 2, 18, tzinfo=UTC)
    assert sent(db, cast.ines, december).number is not None
    held = sent(db, cast.ines, december)
    assert held.held_reason == "cases_used_up"


@pytest.mark.parametrize("channel", ["web", "email", "phone"])
def test_A6_a_request_from_every_channel_becomes_a_tracked_case(
    db: Session, cast: Cast, communicado: PolicyVersion, now: datetime, channel: str
) -> None:
    request = Request(ANSWERS, cast.ines, channel)
    case = submission.open_case(db, request=request, now=now)
    assert case.channel == channel
    assert find_case(db, case.reference, person=cast.agent) is case


def test_D18_description_steps_and_priority_by_questions_are_kept(
    db: Session, cast: Cast, communicado: PolicyVersion, now: datetime
) -> None:
    case = sent(db, cast.ines, now, part_down="yes")
    assert case.details["steps_taken"] == ANSWERS["steps_taken"]
    assert case.requested_priority == "2"
    assert case.trace["settled"] == "2"
    assert [s["answer"] for s in case.trace["steps"]] == [True]


def test_D22_the_requesters_own_choice_is_binding_and_said(
    db: Session, cast: Cast, communicado: PolicyVersion, now: datetime
) -> None:
    case = sent(
        db,
        cast.ines,
        now,
        part_down="yes",
        chosen_priority="1",
        chosen_priority_reason="All agents idle",
    )
    assert (case.requested_priority, case.priority) == ("1", "1")
    assert case.trace["chosen"] == "1"
    assert case.trace["chosen_reason"] == "All agents idle"


def test_what_the_policy_requires_cannot_be_left_out(
    db: Session, cast: Cast, communicado: PolicyVersion, now: datetime
) -> None:
    with pytest.raises(submission.IncompleteError) as refused:
        sent(db, cast.ines, now, pbx_model=" ", other_product_involved="yes")
    ids = [missed.id for missed in refused.value.fields]
    assert ids == ["pbx_model", "third_party_product_and_version"]
    assert db.scalar(select(func.count(Case.id))) == 0


def test_a_kind_reserved_for_the_technical_contact_says_which_condition_failed(
    db: Session, cast: Cast, communicado: PolicyVersion, now: datetime
) -> None:
    with pytest.raises(submission.KindNotOpenError) as refused:
        sent(db, cast.ines, now, request_kind="upgrade", wanted_version="10")
    assert len(refused.value.conditions) == 1
    cast.ines.is_technical_contact = True
    case = sent(db, cast.ines, now, request_kind="upgrade", wanted_version="10")
    assert case.requested_priority == "4"


def test_B6_emergency_cover_is_for_named_contacts_and_others_are_told_why(
    db: Session, cast: Cast, now: datetime
) -> None:
    adopt(db, source=profile_source("civicplus"), now=now)
    _, policy = policy_in_force(db, now=now)
    saturday = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
    answers = {**ANSWERS, "chosen_priority": "emergency"}
    told = preview(db, policy, answers, person=cast.ines, now=saturday)
    assert told.is_not_named
    assert told.priority_id == "normal"
    assert "named contacts" in told.first_response(now=saturday).reason
    case = sent(db, cast.ines, saturday, chosen_priority="emergency")
    assert (case.requested_priority, case.priority) == ("emergency", "normal")
    assert case.first_response_due_at == told.evaluation.first_response.due_at
    cast.ines.is_emergency_contact = True
    urgent = sent(db, cast.ines, saturday, chosen_priority="emergency")
    assert urgent.priority == "emergency"
    assert urgent.first_response_due_at == saturday + timedelta(minutes=60)


def test_B9_nothing_paid_starts_without_recorded_consent(
    db: Session, cast: Cast, now: datetime
) -> None:
    adopt(db, source=profile_source("civicplus"), now=now)
    cast.ines.is_emergency_contact = True
    saturday = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
    waits = sent(db, cast.ines, saturday)
    assert waits.consent == {}
    assert waits.first_response_due_at == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    agreed = sent(db, cast.ines, saturday, fee_consent="yes")
    assert agreed.consent == {
        "agreed_at": saturday.isoformat(),
        "by": "Ines Falk",
        "rate": "USD 200 per hour",
    }
    assert agreed.first_response_due_at == saturday + timedelta(hours=4)
    assert sent(db, cast.ines, now, fee_consent="yes").consent == {}


def test_B9_consent_of_somebody_else_is_no_consent(db: Session, cast: Cast, now: datetime) -> None:
    adopt(db, source=profile_source("civicplus"), now=now)
    saturday = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
    case = sent(db, cast.ines, saturday, fee_consent="yes")
    assert case.consent == {}


def test_a_partner_files_for_its_customer_and_for_nobody_elses(
    db: Session, cast: Cast, communicado: PolicyVersion, now: datetime
) -> None:
    theirs = sent(db, cast.paula, now, organisation_id=str(cast.harbour.id))
    assert theirs.organisation is cast.harbour
    assert theirs.number is not None
    foreign = sent(db, cast.paula, now, organisation_id=str(cast.other.id))
    assert foreign.organisation is cast.partner


def test_a_foreign_installation_is_not_taken(
    db: Session, cast: Cast, communicado: PolicyVersion, now: datetime
) -> None:
    assert sent(db, cast.ines, now, installation_id=str(cast.site.id)).installation is cast.site
    assert sent(db, cast.otto, now, installation_id=str(cast.site.id)).installation is None
    assert sent(db, cast.ines, now, installation_id="1 or 1").installation is None


def test_a_continuing_case_names_the_one_it_follows_if_it_may_be_seen(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    again = sent(db, cast.ines, now, about_open_case="yes", existing_case_number=opened.reference)
    assert again.follows is opened
    foreign = sent(db, cast.otto, now, about_open_case="yes", existing_case_number=opened.reference)
    assert foreign.follows is None


def test_C14_the_customers_own_words_and_answers_are_never_overwritten(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    from portal.cases.priorities import change_priority

    before = (opened.description, dict(opened.trace), opened.requested_priority)
    change_priority(
        db, case=opened, priority="1", reason="Worse", by=cast.agent, now=now + timedelta(minutes=5)
    )
    assert (opened.description, dict(opened.trace), opened.requested_priority) == before


MOMENTS = [
    datetime(2026, 11, 23, 16, 59, 59, tzinfo=PACIFIC),
    datetime(2026, 11, 23, 17, 0, 0, tzinfo=PACIFIC),
    datetime(2026, 11, 20, 17, 29, 59, tzinfo=PACIFIC),
    datetime(2026, 11, 20, 17, 30, 0, tzinfo=PACIFIC),
    datetime(2026, 10, 31, 23, 30, tzinfo=PACIFIC),
    datetime(2026, 3, 7, 23, 30, tzinfo=PACIFIC),
    datetime(2026, 11, 1, 1, 30, tzinfo=PACIFIC, fold=1),
    datetime(2026, 11, 25, 17, 30, tzinfo=PACIFIC),
]


@pytest.mark.parametrize("name", ["cipplanner", "civicplus", "communicado", "cts"])
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda m: m.isoformat())
def test_the_preview_is_the_stored_promise_to_the_second(
    db: Session, cast: Cast, name: str, moment: datetime
) -> None:
    at = moment.astimezone(UTC)
    version = adopt(db, source=profile_source(name), now=at)
    policy = load(version)
    for priority in policy.priorities:
        answers = {**ANSWERS, "chosen_priority": priority.id}
        if priority.patch_date is not None:
            answers |= {}
        told = preview(db, policy, answers, person=cast.ines, now=at).evaluation
        case = submission.open_case(db, request=Request(answers, cast.ines), now=at)
        assert case.first_response_due_at == told.first_response.due_at
        stored = {p.clock: p.due_at for p in case.promises}
        shown = {c.clock: c.due_at for c in told.clocks if c.has_promise or c.words}
        assert stored == shown
