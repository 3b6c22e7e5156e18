"""One transaction a request: all of it or nothing, and reading never waits for a writer."""

import pytest
from flask import Flask, abort
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import now as this_moment
from portal.database import Database
from portal.events import Event, record
from portal.web.access import Csrf, Who, allow
from portal.web.transaction import db

OURS = {"Origin": "http://localhost"}


@pytest.fixture
def acting(app: Flask) -> Flask:
    @app.route("/act/<end>", methods=["GET", "POST"])
    @allow(Who.ANYONE, csrf=Csrf.ORIGIN)
    def act(end: str) -> tuple[str, int]:
        record(db(), "tried", now=this_moment())
        if end == "fault":
            raise RuntimeError("fault")
        if end == "abort":
            abort(404)
        return "done", 422 if end == "refused" else 200

    return app


def _kinds(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Event.kind)))


@pytest.mark.parametrize(
    ("end", "kept"), [("well", True), ("refused", True), ("fault", False), ("abort", False)]
)
def test_a_post_is_kept_when_its_view_returned(
    acting: Flask, database: Database, end: str, kept: bool
) -> None:
    acting.test_client().post(f"/act/{end}", headers=OURS)
    assert _kinds(database) == (["tried"] if kept else [])


def test_a_get_keeps_nothing(acting: Flask, database: Database) -> None:
    acting.test_client().get("/act/well")
    assert _kinds(database) == []


def test_mail_that_can_not_be_written_undoes_the_act(
    acting: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("no mail")

    monkeypatch.setattr("portal.web.transaction.write_notices", broken)
    answer = acting.test_client().post("/act/well", headers=OURS)
    assert answer.status_code == 500
    assert _kinds(database) == []


def test_the_events_of_the_act_are_given_to_mail(
    acting: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def listen(_db: Session, events: list[Event], **_more: object) -> None:
        told.extend(event.kind for event in events)

    monkeypatch.setattr("portal.web.transaction.write_notices", listen)
    acting.test_client().post("/act/well", headers=OURS)
    assert told == ["tried"]


def test_reading_goes_on_while_somebody_writes(acting: Flask, database: Database) -> None:
    client = acting.test_client()
    with database.writing() as writer:
        record(writer, "slow", now=this_moment())
        assert client.get("/sign-in").status_code == 200
        assert client.get("/").status_code == 200
