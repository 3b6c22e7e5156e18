"""What a customer's pages ask of the database, which is most of what they cost: a question more
than before is a decision, not an accident. The counts include the transaction's own BEGIN.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from portal.cases.policies import adopt
from portal.database import Database
from portal.policy.profiles import profile_source
from tests import cast
from tests.cast import LONG_AGO, Cast
from tests.web.conftest import SignInAs
from tests.web.support_visitor import Visitor

pytestmark = pytest.mark.usefixtures("time_stands")


@pytest.fixture
def people(database: Database) -> Cast:
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source("communicado"), now=LONG_AGO)
        return cast.everybody(db)


@pytest.fixture
def ines(people: Cast, sign_in_as: SignInAs) -> Visitor:
    return Visitor(sign_in_as(people.ines))


@contextmanager
def asked_of(app: Flask) -> Iterator[list[str]]:
    """The statements that the portal sends to its database meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    engine = app.extensions["portal"].database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def test_list_and_case_cost_as_many_questions_however_much_there_is(
    app: Flask, ines: Visitor
) -> None:
    for subject in ("Exports fail", "Reports are empty", "Nobody can sign in"):
        ines.up_to_check(effect={"part_down": "yes"}, subject=subject)
        ines.send_case()
    path = f"/cases/{ines.reference}"
    ines.open("/cases")
    with asked_of(app) as for_list:
        ines.open("/cases")
    with asked_of(app) as for_case:
        ines.open(path)
    assert len(for_list) <= 5, for_list
    assert len(for_case) <= 11, for_case


def test_sending_a_case_asks_no_more_than_it_did(app: Flask, ines: Visitor) -> None:
    ines.up_to_check(effect={"part_down": "yes"})
    ines.send_case()
    ines.up_to_check(effect={"part_down": "yes"}, subject="Another one")
    with asked_of(app) as asked:
        ines.send_case()
    assert len(asked) <= 28, "\n".join(asked)
