"""Followers: a colleague is added within the access rule, sees the case, and can leave again."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.cases.access import find_case
from portal.cases.case import Case
from portal.cases.following import (
    NotAColleagueError,
    add_follower,
    find_colleague,
    followers_of,
    leave,
)
from portal.cases.policies import adopt
from portal.cases.queries import case_list
from portal.people.person import Person
from portal.policy.profiles import profile_source
from tests import casework
from tests.cast import Cast, everybody, person


@pytest.fixture
def cast(db: Session, now: datetime) -> Cast:
    adopt(db, source=profile_source("communicado"), now=now - timedelta(days=30))
    return everybody(db)


@pytest.fixture
def case(db: Session, cast: Cast, now: datetime) -> Case:
    return casework.opened(db, person=cast.ines, now=now)


@pytest.fixture
def shy(db: Session, cast: Cast) -> Person:
    """A colleague who sees only their own cases."""
    place = cast.harbour_lines.id
    return person(db, "Shy Colleague", organisation_id=place, sees_organisation_cases=False)


def follow(db: Session, case: Case, who: Person, now: datetime) -> bool:
    return add_follower(db, case=case, person=who, by=None, by_name="Ines", now=now)


def test_U811_a_follower_sees_the_case_on_page_and_list_and_can_leave(
    db: Session, case: Case, shy: Person, now: datetime
) -> None:
    assert find_case(db, case.reference, person=shy) is None
    assert follow(db, case, find_colleague(db, case, "Shy Colleague"), now)
    assert not follow(db, case, shy, now), "twice is once"
    assert followers_of(db, case) == [shy]
    assert find_case(db, case.reference, person=shy) is case
    assert case in case_list(db, person=shy).cases
    assert leave(db, case=case, person=shy, now=now)
    assert not leave(db, case=case, person=shy, now=now)
    assert find_case(db, case.reference, person=shy) is None


def test_U811_a_partner_can_follow_and_a_stranger_cannot(
    db: Session, cast: Cast, case: Case, now: datetime
) -> None:
    assert follow(db, case, find_colleague(db, case, cast.piet.email), now)
    for text in (cast.bea.email, cast.bea.name, cast.agent.email, "nobody@example.com", ""):
        with pytest.raises(NotAColleagueError):
            find_colleague(db, case, text)
    with pytest.raises(NotAColleagueError):
        follow(db, case, cast.bea, now)


def test_whoever_leaves_the_organisation_sees_nothing_any_more(
    db: Session, cast: Cast, case: Case, shy: Person, now: datetime
) -> None:
    follow(db, case, shy, now)
    shy.organisation_id = cast.brightwater.id
    db.flush()
    assert find_case(db, case.reference, person=shy) is None
    assert followers_of(db, case) == []


def test_the_contact_does_not_follow_their_own_case(
    db: Session, cast: Cast, case: Case, now: datetime
) -> None:
    assert not follow(db, case, cast.ines, now)
    assert followers_of(db, case) == []


def test_nobody_follows_the_case_of_a_guest(db: Session, cast: Cast, now: datetime) -> None:
    guest = casework.opened(db, person=None, now=now)
    with pytest.raises(NotAColleagueError):
        find_colleague(db, guest, cast.ines.email)
