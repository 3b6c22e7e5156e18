"""Staff find a case by anything said in it, and narrow the queue by everything it shows."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.cases import case_words, contract_check, noting, responding
from portal.cases.assigning import assign
from portal.cases.case import Case, CaseStatus
from portal.cases.narrowing import ME, NOBODY, Narrowing
from portal.cases.queue import MOST_COUNTED, Moments, View, count_each, queue
from portal.people.person import Person
from tests.desk.conftest import Desk, desk

__all__ = ["desk"]


def moments(at: datetime) -> Moments:
    return Moments(at, at + timedelta(hours=1), at + timedelta(hours=12))


def found(db: Session, person: Person, at: datetime, to: Narrowing) -> set[int]:
    page = queue(db, person=person, moments=moments(at), view=View.ALL, to=to)
    return {case.id for group in page.groups for case in group.cases}


@pytest.mark.parametrize(
    "typed",
    [
        "ring",
        "PHONES ring",
        "restarted TWICE",
        "harbour",
        "nadia",
        "phon rin",
        "lisbon",
        "müllschlucker",
        "MULLSCHLUCKER",
    ],
)
def test_a_case_is_found_by_words_of_all_that_was_said(
    db: Session, desk: Desk, now: datetime, typed: str
) -> None:
    case, other = desk.opened(), desk.opened("The fax is slow", description="It is slow.")
    responding.respond(db, case=case, author=desk.aldo, body="Is it only in Lisbon?", now=now)
    noting.note(db, case=case, author=desk.aldo, body="Müllschlucker again", now=now)
    result = found(db, desk.mai, now, Narrowing(words=typed))
    assert case.id in result
    assert other.id not in result or typed in {"harbour", "nadia"}


@pytest.mark.parametrize("typed", ["nothinglikeit", "ring nothinglikeit", "%", "_", "'", '"*'])
def test_what_stands_nowhere_finds_nothing(
    db: Session, desk: Desk, now: datetime, typed: str
) -> None:
    desk.opened()
    assert found(db, desk.mai, now, Narrowing(words=typed)) == set()


def test_a_number_finds_its_case_however_it_is_typed(
    db: Session, desk: Desk, now: datetime
) -> None:
    case, _other = desk.opened(), desk.opened()
    assert case.number is not None
    for typed in (case.number, case.number.lower(), case.number.replace("-", " "), case.receipt):
        assert found(db, desk.mai, now, Narrowing(words=typed)) == {case.id}


def test_a_held_request_is_found_by_the_number_it_is_given(
    db: Session, desk: Desk, now: datetime
) -> None:
    case = desk.opened(person=None)
    number = contract_check.confirm(db, case=case, by=desk.mai, now=now)
    assert found(db, desk.mai, now, Narrowing(words=number.partition("-")[2])) == {case.id}


def test_the_words_can_be_read_anew_from_the_cases(db: Session, desk: Desk, now: datetime) -> None:
    case = desk.opened()
    db.execute(text(f"DELETE FROM {case_words.TABLE}"))
    assert found(db, desk.mai, now, Narrowing(words="ring")) == set()
    case_words.rebuild(db.connection())
    assert found(db, desk.mai, now, Narrowing(words="ring restarted")) == {case.id}


def test_a_new_case_is_found_by_the_words_by_which_it_is_found_read_anew(
    db: Session, desk: Desk
) -> None:
    desk.opened()
    desk.opened(person=None)
    stored = text(f"SELECT words FROM {case_words.TABLE}")
    as_opened = sorted(db.scalars(stored))
    case_words.rebuild(db.connection())
    assert sorted(db.scalars(stored)) == as_opened


def test_every_filter_keeps_what_has_it(db: Session, desk: Desk, now: datetime) -> None:
    one, other = desk.opened(), desk.opened(person=None, priority="4")
    assign(db, case=one, assignee=desk.aldo, by=desk.aldo, now=now)
    one.level = 2
    for to, wanted in (
        (Narrowing(status=CaseStatus.HELD), other),
        (Narrowing(priority=one.priority), one),
        (Narrowing(priority="4"), other),
        (Narrowing(level=2), one),
        (Narrowing(level=1), other),
        (Narrowing(assignee=str(desk.aldo.id)), one),
        (Narrowing(assignee=NOBODY), other),
        (Narrowing(organisation="harb"), one),
        (Narrowing(organisation="harb", words="ring", level=2), one),
    ):
        assert found(db, desk.mai, now, to) == {wanted.id}, to
    assert found(db, desk.aldo, now, Narrowing(assignee=ME)) == {one.id}
    assert found(db, desk.mai, now, Narrowing(channel="phone")) == set()
    assert found(db, desk.mai, now, Narrowing(opened_from=now)) == {one.id, other.id}
    assert found(db, desk.mai, now, Narrowing(opened_before=now)) == set()


def test_views_are_counted_in_one_statement_and_not_beyond_what_a_tab_can_say(
    db: Session, desk: Desk, now: datetime
) -> None:
    desk.opened()
    desk.opened("The fax is slow")
    wanted = [
        (View.OPEN, Narrowing()),
        (View.ALL, Narrowing(words="fax")),
        (View.MINE, Narrowing()),
    ]
    assert count_each(db, person=desk.mai, moments=moments(now), wanted=wanted) == [2, 1, 0]
    assert count_each(db, person=desk.mai, moments=moments(now), wanted=[]) == []
    assert MOST_COUNTED == 100


@given(typed=st.text(max_size=60))
def test_nothing_typed_breaks_the_search(db: Session, typed: str) -> None:
    condition = case_words.speaks_of(db, typed)
    if condition is not None:
        assert db.scalars(select(Case.id).where(condition)).all() == []
