from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session, joinedload

from portal.cases import submission
from portal.cases.case import Case, CaseStatus, PolicyVersion
from portal.cases.closing import close, solve
from portal.cases.noting import note
from portal.cases.policies import NoPolicyError, adopt, load, policy_in_force
from portal.cases.prefilling import known_answers
from portal.cases.queries import CaseFilter, case_list, last_case_of, open_cases_of
from portal.cases.queue import Group, Moments, View, queue
from portal.cases.request import Request
from portal.cases.responding import respond
from portal.cases.timeline import timeline_for_customer
from portal.cases.turns import Side
from portal.cases.words import STATUS_MEANINGS, STATUS_WORDS, whose_turn
from portal.people.person import Person
from portal.policy.profiles import profile_source
from tests.cases.conftest import ANSWERS, Cast


def opened_by(db: Session, person: Person | None, now: datetime, **more: str) -> Case:
    return submission.open_case(db, request=Request({**ANSWERS, **more}, person), now=now)


def moments(now: datetime) -> Moments:
    return Moments(now, now + timedelta(hours=1), now + timedelta(hours=14))


def test_what_waits_for_the_customer_comes_first_then_open_then_closed(
    db: Session, cast: Cast, communicado: PolicyVersion, now: datetime
) -> None:
    closed, first, asked, second = (opened_by(db, cast.ines, now) for _ in range(4))
    respond(db, case=asked, author=cast.agent, body="?", now=now, then=CaseStatus.WAITING)
    close(db, case=closed, by=cast.ines, now=now + timedelta(hours=1))
    note(db, case=first, author=cast.agent, body="!", now=now + timedelta(minutes=1))
    page = case_list(db, person=cast.ines)
    assert page.cases == [asked, first, second, closed]
    assert [whose_turn(c) for c in page.cases] == [Side.CUSTOMER, Side.US, Side.US, Side.OVER]


def test_a_list_is_paged_without_losing_or_repeating_a_case(
    db: Session, cast: Cast, communicado: PolicyVersion, now: datetime
) -> None:
    made = {opened_by(db, cast.ines, now).id for _ in range(7)}
    pages = [case_list(db, person=cast.ines, page=n, size=3) for n in (1, 2, 3)]
    assert [c.id for page in pages for c in page.cases] == sorted(made, reverse=True)
    assert (pages[0].count, pages[0].total) == (3, 7)
    assert case_list(db, person=cast.ines, page=99, size=3).number == 3
    assert case_list(db, person=cast.ines, page=-1, size=3).number == 1


@pytest.mark.parametrize(
    ("filters", "is_found"),
    [
        (CaseFilter(words="recorded CALLS"), True),
        (CaseFilter(words="recorded nothing-like-it"), False),
        (CaseFilter(words="%"), False),
        (CaseFilter(words="_"), False),
        (CaseFilter(words="Falk"), True),
        (CaseFilter(priority="3"), True),
        (CaseFilter(priority="1"), False),
        (CaseFilter(statuses=frozenset({CaseStatus.RECEIVED})), True),
        (CaseFilter(statuses=frozenset({CaseStatus.CLOSED})), False),
        (CaseFilter(whose="own"), True),
        (CaseFilter(whose="organisation"), False),
        (CaseFilter(requester="ines"), True),
        (CaseFilter(requester="jonas"), False),
    ],
)
def test_lists_are_narrowed_by_what_is_asked(
    db: Session, cast: Cast, opened: Case, filters: CaseFilter, is_found: bool
) -> None:
    assert (case_list(db, person=cast.ines, filters=filters).total == 1) is is_found


def test_a_number_typed_any_way_finds_its_case_and_dates_narrow(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    typed = opened.reference.lower().replace("-", " ")
    assert case_list(db, person=cast.ines, filters=CaseFilter(words=typed)).total == 1
    after = CaseFilter(opened_from=now + timedelta(seconds=1))
    before = CaseFilter(opened_from=now, opened_before=now + timedelta(seconds=1))
    assert case_list(db, person=cast.ines, filters=after).total == 0
    assert case_list(db, person=cast.ines, filters=before).total == 1


def test_a_list_shows_only_what_its_reader_may_see(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    for reader, count in ((cast.jonas, 1), (cast.paula, 1), (cast.otto, 0), (cast.agent, 1)):
        assert case_list(db, person=reader).total == count
    assert open_cases_of(db, person=cast.jonas) == []
    assert open_cases_of(db, person=cast.ines) == [opened]


def test_the_queue_is_sorted_by_the_next_promise_in_groups_that_add_up(
    db: Session, cast: Cast, communicado: PolicyVersion, now: datetime
) -> None:
    later = opened_by(db, cast.ines, now, only_a_question="yes")
    soon = opened_by(db, cast.ines, now, system_down="yes")
    late = opened_by(db, cast.ines, now - timedelta(hours=4), part_down="yes")
    late.next_due_at = now - timedelta(seconds=1)
    asked = opened_by(db, cast.ines, now)
    respond(db, case=asked, author=cast.agent, body="?", now=now, then=CaseStatus.WAITING)
    held = opened_by(db, None, now)
    held_and_late = opened_by(db, None, now)
    held_and_late.next_due_at = now - timedelta(hours=1)
    over = opened_by(db, cast.ines, now)
    solve(db, case=over, by=cast.agent, now=now)
    found = queue(db, person=cast.agent, moments=moments(now))
    shown = [(g.group, list(g.cases)) for g in found.groups]
    assert shown == [
        (Group.OVERDUE, [held_and_late, late]),
        (Group.WITHIN_THE_HOUR, [soon]),
        (Group.LATER, [later]),
        (Group.WAITING, [asked]),
        (Group.HELD, [held]),
    ]
    assert found.total == sum(g.count for g in found.groups) == found.view_counts[View.OPEN] == 6
    assert found.view_counts[View.UNASSIGNED] == 6
    assert found.view_counts[View.DUE_SOON] == 3
    over_view = queue(db, person=cast.agent, moments=moments(now), view=View.OVER)
    assert [list(g.cases) for g in over_view.groups] == [[over]]


def test_each_view_counts_exactly_what_it_lists(
    db: Session, cast: Cast, communicado: PolicyVersion, now: datetime
) -> None:
    for n in range(4):
        case = opened_by(db, cast.ines, now)
        case.assignee = [None, cast.agent][n % 2]
        case.level = 1 + n // 2
    found = queue(db, person=cast.agent, moments=moments(now))
    for view, count in found.view_counts.items():
        assert queue(db, person=cast.agent, moments=moments(now), view=view).total == count


def test_lists_cost_the_same_number_of_queries_however_long(
    db: Session, cast: Cast, communicado: PolicyVersion, now: datetime
) -> None:
    asked: list[str] = []
    event.listen(db.bind, "before_cursor_execute", lambda *a: asked.append(a[2]))

    def cost() -> int:
        db.flush()
        db.expunge_all()
        as_signed_in = [joinedload(Person.organisation)]
        reader, staff = (
            db.get_one(Person, each.id, options=as_signed_in) for each in (cast.ines, cast.agent)
        )
        asked.clear()
        for row in case_list(db, person=reader).cases:
            _ = (row.policy_version.version, row.contact_name, row.subject, row.reference)
            _ = (row.next_due_at, row.first_responded_at, row.first_response_due_at)
            _ = (row.is_open, row.priority, row.opened_at, row.updated_at, row.contact_id)
        for group in queue(db, person=staff, moments=moments(now)).groups:
            _ = [case.organisation.name for case in group.cases]
        return len(asked)

    for _ in range(2):
        opened_by(db, cast.ines, now)
    few = cost()
    ines = db.get_one(Person, cast.ines.id)
    for _ in range(15):
        opened_by(db, ines, now)
    assert cost() == few <= 6


def test_what_is_known_is_filled_in_and_what_happened_is_not(
    db: Session, cast: Cast, communicado: PolicyVersion, opened: Case
) -> None:
    policy = load(communicado)
    known = known_answers(
        db, policy, person=cast.ines, organisation=cast.harbour, installation=cast.site
    )
    assert known["contact_name"] == "Ines Falk"
    assert known["company_name"] == "Harbour"
    assert known["database_type"] == "Oracle"
    fresh = known_answers(db, policy, person=cast.ines, organisation=cast.harbour)
    assert fresh["location"] == ANSWERS["location"]
    assert "steps_taken" not in fresh
    assert last_case_of(db, person=cast.jonas) is None


def test_D33_every_shown_time_names_what_it_measures(
    db: Session, cast: Cast, now: datetime
) -> None:
    from portal.cases.request import preview

    for name in ("cipplanner", "civicplus", "communicado", "cts"):
        version = adopt(db, source=profile_source(name), now=now)
        told = preview(db, load(version), ANSWERS, person=cast.ines, now=now)
        for clock in told.shown(now=now, reader_zone="Europe/Berlin"):
            assert clock.measures
            assert clock.instant is None or clock.elsewhere
        assert "not to the fix" in told.first_response(now=now).measures


def test_a_time_is_shown_once_to_a_reader_in_the_desks_own_zone(
    db: Session, cast: Cast, communicado: PolicyVersion, now: datetime
) -> None:
    from portal.cases.request import preview

    told = preview(db, load(communicado), ANSWERS, person=cast.ines, now=now)
    assert told.first_response(now=now, reader_zone="America/Los_Angeles").elsewhere == ""
    assert "Pacific time" in told.first_response(now=now, reader_zone="Europe/Berlin").elsewhere


def test_a_policy_begins_at_its_own_date_and_an_older_one_holds_before(
    db: Session, now: datetime
) -> None:
    with pytest.raises(NoPolicyError):
        policy_in_force(db, now=now)
    source = profile_source("communicado")
    first = adopt(db, source=source, now=now)
    newer = source.replace("version = 1", "version = 2").replace(
        "effective_from = 2026-01-01", "effective_from = 2026-12-01"
    )
    second = adopt(db, source=newer, now=now)
    midnight = datetime.fromisoformat("2026-12-01T00:00:00-08:00")
    assert policy_in_force(db, now=midnight - timedelta(seconds=1))[0] is first
    assert policy_in_force(db, now=midnight)[0] is second
    assert adopt(db, source=source, now=now) is first
    assert load(first) is load(first)


def test_each_status_has_its_word_and_each_word_its_meaning() -> None:
    assert set(STATUS_WORDS) == set(CaseStatus)
    assert set(STATUS_WORDS.values()) == set(STATUS_MEANINGS)
    assert len(STATUS_MEANINGS) == 5


def test_the_timeline_tells_the_words_of_both_sides_in_order(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    respond(db, case=opened, author=cast.agent, body="First", now=now + timedelta(minutes=1))
    bodies = [(e.side, e.body) for e in timeline_for_customer(db, opened) if e.body]
    assert bodies == [("you", ANSWERS["description"]), ("us", "First")]
