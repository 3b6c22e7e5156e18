"""Whether an address or a case number is known can't be told from the answer, nor from the work."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from portal.cases.policies import adopt
from portal.clock import now as this_moment
from portal.database import Database
from portal.mail.outbox import OutgoingMail
from portal.policy.profiles import profile_source
from tests import casework, cast
from tests.cast import LONG_AGO
from tests.web.conftest import PASSWORD, MakePerson, token_of

KNOWN, UNKNOWN = "gus@guest.example", "sue@guest.example"


@pytest.fixture
def reference(database: Database, make_person: MakePerson) -> str:
    """Gus has an account and a case."""
    make_person(KNOWN, name="Gus", password=PASSWORD)
    with database.writing() as db:
        adopt(db, source=profile_source("communicado"), now=LONG_AGO)
        cast.everybody(db)
        return casework.opened(db, person=None, now=this_moment(), contact_email=KNOWN).reference


@contextmanager
def counting(app: Flask) -> Iterator[list[str]]:
    """What the portal asks of its database."""
    asked: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement.split(maxsplit=1)[0])

    engine = app.extensions["portal"].database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def answered(app: Flask, path: str, fields: dict[str, str]) -> tuple[Any, int]:
    """The answer without what differs each time, and how many statements it took."""
    browser = app.test_client()
    data = {**fields, "csrf_token": token_of(browser, path)}
    with counting(app) as asked:
        answer = browser.post(path, data=data)
    page = re.sub(r'(name="csrf_token" )?value="[^"]*"', "", answer.text)
    for typed in fields.values():
        page = page.replace(typed, "TYPED")
    headers = sorted(name for name, _ in answer.headers)
    said = (answer.status_code, answer.headers.get("Location"), headers, page)
    return said, len(asked)


def both(app: Flask, path: str, known: dict[str, str], unknown: dict[str, str]) -> None:
    answered(app, path, {**unknown, "email": "warm@guest.example"})
    one, work = answered(app, path, known)
    other, no_less_work = answered(app, path, unknown)
    assert one == other
    assert abs(work - no_less_work) <= 2, (work, no_less_work)


def test_signing_in_tells_nothing_of_an_address(app: Flask, reference: str) -> None:
    typed = {"password": "not the password"}
    both(app, "/sign-in", {"email": KNOWN, **typed}, {"email": UNKNOWN, **typed})


def test_asking_for_a_sign_in_link_tells_nothing_of_an_address(app: Flask, reference: str) -> None:
    both(app, "/sign-in/link", {"email": KNOWN}, {"email": UNKNOWN})


@pytest.mark.parametrize(
    ("number", "email"), [("", UNKNOWN), ("7KQ-4MPX", KNOWN), ("nonsense", KNOWN)]
)
def test_asking_for_a_case_link_tells_nothing_of_number_or_address(
    app: Flask, database: Database, reference: str, number: str, email: str
) -> None:
    known = {"reference": reference, "email": KNOWN}
    both(app, "/follow", known, {"reference": number or reference, "email": email})
    with database.reading() as db:
        assert list(db.scalars(select(OutgoingMail.recipient))) == [KNOWN]
