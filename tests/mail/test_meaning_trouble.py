"""Search by meaning that can't work takes nothing down, and administrators are told once."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.commands.context import Opened
from portal.commands.meaning_hand import MeaningHand
from portal.database import Database
from portal.files import FileStore
from portal.mail.outbox import OutgoingMail
from portal.search.meaning.weights import ModelUnavailableError
from portal.settings import Settings
from tests import cast
from tests.search.meaning.models import write_model


def told(database: Database) -> list[tuple[str, str]]:
    with database.reading() as db:
        mails = db.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
        return [(mail.recipient.partition("@")[0], " ".join(mail.text.split())) for mail in mails]


def test_administrators_hear_once_why_and_again_when_it_broke_anew(
    database: Database, settings: Settings, now: datetime, tmp_path: Path
) -> None:
    files = write_model(tmp_path / "model")
    wanted = replace(
        settings,
        search_meaning=True,
        search_model=str(files.folder),
        search_model_sha256=files.sha256,
    )
    portal = Opened(wanted, database, FileStore(tmp_path))
    with database.writing() as db:
        for member in (cast.manager(db), cast.administrator(db)):
            assert member.id
    weights, away = files.weights, tmp_path / "away"

    def work() -> None:
        """A worker that has just been started."""
        hand = MeaningHand(portal)
        for _turn in range(2):
            hand(now)

    def fail() -> None:
        with pytest.raises(ModelUnavailableError):
            work()

    weights.rename(away)
    fail()
    fail()
    ((recipient, words),) = told(database)
    assert recipient == "ada"
    assert f"{weights} can't be read" in words
    assert "portal search model check" in words
    away.rename(weights)
    work()
    assert len(told(database)) == 1
    weights.rename(away)
    fail()
    assert len(told(database)) == 2
