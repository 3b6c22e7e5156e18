"""Linked cases show each other, to whoever may see both and to nobody else."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.cases.link import LinkKind
from portal.cases.linking import BY_HAND, NotLinkableError, link, related_to, unlink
from portal.cases.policies import adopt
from portal.cases.timeline import timeline_for_customer, timeline_for_staff
from portal.people.person import Person
from portal.policy.profiles import profile_source
from tests import casework
from tests.cast import Cast, everybody


@pytest.fixture
def cast(db: Session, now: datetime) -> Cast:
    adopt(db, source=profile_source("communicado"), now=now - timedelta(days=30))
    return everybody(db)


@pytest.fixture
def cases(db: Session, cast: Cast, now: datetime) -> tuple[Case, Case, Case]:
    """Two of Harbour Lines and one of Brightwater."""
    ours = casework.opened(db, person=cast.ines, now=now)
    other = casework.opened(db, person=cast.theo, now=now)
    return ours, other, casework.opened(db, person=cast.bea, now=now)


def seen(db: Session, case: Case, person: Person | None) -> list[tuple[str, str]]:
    return [(each.words, each.case.reference) for each in related_to(db, case, person=person)]


@pytest.mark.parametrize("kind", BY_HAND)
def test_each_kind_reads_right_from_both_sides(
    db: Session, cast: Cast, cases: tuple[Case, Case, Case], now: datetime, kind: LinkKind
) -> None:
    one, two, _ = cases
    link(db, case=one, other=two, kind=kind, by=cast.agent, now=now)
    ((forward, there),) = seen(db, one, cast.ines)
    ((backward, here),) = seen(db, two, cast.ines)
    assert (there, here) == (two.reference, one.reference)
    assert (forward == backward) is (kind is LinkKind.RELATED)


def test_a_link_to_another_customer_is_shown_to_staff_alone(
    db: Session, cast: Cast, cases: tuple[Case, Case, Case], now: datetime
) -> None:
    ours, _, theirs = cases
    link(db, case=ours, other=theirs, kind=LinkKind.CAUSED_BY, by=cast.agent, now=now)
    assert seen(db, ours, cast.agent) == [("Caused by", theirs.reference)]
    assert seen(db, theirs, cast.agent) == [("Causes", ours.reference)]
    for case, person, number in ((ours, cast.ines, theirs), (theirs, cast.bea, ours)):
        assert seen(db, case, person) == []
        told = str(timeline_for_customer(db, case))
        assert number.reference not in told
    assert theirs.reference in str(timeline_for_staff(db, ours))


def test_whoever_holds_a_link_sees_the_same_contacts_cases(
    db: Session, cast: Cast, now: datetime
) -> None:
    one, two = (casework.opened(db, person=None, now=now) for _ in range(2))
    ours = casework.opened(db, person=cast.ines, now=now)
    for other in (two, ours):
        link(db, case=one, other=other, kind=LinkKind.RELATED, by=cast.agent, now=now)
    assert seen(db, one, None) == [("Related to", two.reference)]


def test_a_follow_up_case_stands_on_both_sides(
    db: Session, cast: Cast, cases: tuple[Case, Case, Case], now: datetime
) -> None:
    old = cases[0]
    new = casework.opened(
        db, person=cast.ines, now=now, existing_case_number=old.reference, subject="Again"
    )
    assert seen(db, new, cast.ines) == [("Continues", old.reference)]
    assert seen(db, old, cast.ines) == [("Continued by", new.reference)]


def test_linking_twice_or_to_itself_is_refused_and_unlinking_is_not_for_strangers(
    db: Session, cast: Cast, cases: tuple[Case, Case, Case], now: datetime
) -> None:
    one, two, third = cases
    made = link(db, case=one, other=two, kind=LinkKind.RELATED, by=cast.agent, now=now)
    with pytest.raises(NotLinkableError, match="linked to this case already"):
        link(db, case=two, other=one, kind=LinkKind.CAUSED_BY, by=cast.agent, now=now)
    with pytest.raises(NotLinkableError, match="the same one"):
        link(db, case=one, other=one, kind=LinkKind.RELATED, by=cast.agent, now=now)
    assert not unlink(db, case=third, link_id=made.id, by=cast.agent, now=now)
    assert unlink(db, case=two, link_id=made.id, by=cast.agent, now=now)
    assert seen(db, one, cast.agent) == []
