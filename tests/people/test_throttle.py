"""Counting attempts: within a window, under a key, and never for ever."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.people import throttle
from portal.people.guessing import Guess, may_try, succeeded
from portal.people.sign_in import Attempt

MINUTE = timedelta(minutes=1)


def _allow(db: Session, now: datetime, key: str = "key") -> bool:
    return throttle.allow(db, key, limit=3, window=MINUTE, now=now)


def test_as_many_as_the_limit_are_allowed(db: Session, now: datetime) -> None:
    assert [_allow(db, now) for _ in range(5)] == [True, True, True, False, False]


def test_each_key_has_its_own_count(db: Session, now: datetime) -> None:
    for _ in range(4):
        _allow(db, now)
    assert _allow(db, now, "other")


def test_after_the_window_it_begins_again(db: Session, now: datetime) -> None:
    for _ in range(4):
        _allow(db, now)
    assert not _allow(db, now + MINUTE - timedelta(seconds=1))
    assert _allow(db, now + MINUTE)


def test_a_clock_set_back_locks_nobody_out(db: Session, now: datetime) -> None:
    for _ in range(4):
        _allow(db, now + timedelta(days=400))
    assert _allow(db, now)


def test_old_counts_are_swept(db: Session, now: datetime) -> None:
    _allow(db, now - timedelta(days=91), "old")
    _allow(db, now, "new")
    throttle.sweep(db, now=now)
    assert db.scalars(select(Attempt.key)).all() == ["new"]


def test_a_familiar_place_is_not_slowed_down_by_guesses_elsewhere(
    db: Session, now: datetime
) -> None:
    home = Guess("ada", "home")
    assert may_try(db, home, now=now)
    succeeded(db, home, now=now)
    for number in range(300):
        may_try(db, Guess("ada", f"place {number}"), now=now)
    assert not may_try(db, Guess("ada", "new place"), now=now)
    assert may_try(db, home, now=now)


def test_one_place_can_not_try_many_accounts(db: Session, now: datetime) -> None:
    tries = [may_try(db, Guess(f"person {number}", "here"), now=now) for number in range(100)]
    assert tries.count(True) == 60
