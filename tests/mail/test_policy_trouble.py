"""A policy version that can't be used never takes the portal down, and those who can mend it are
told once."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from portal.cases import policies
from portal.cases.case import PolicyVersion
from portal.cases.policies import policy_in_force
from portal.database import Database
from portal.mail.outbox import OutgoingMail
from portal.mail.policy_trouble import tell_of_unusable_policies
from portal.policy.profiles import profile_source
from portal.settings import Settings
from tests import cast

DAMAGES: list[dict[str, Any]] = [
    {"source": "damaged"},
    {"source": 'a = "' + "[" * 9_000},
    {"holiday_snapshot": {"us-federal": {"years": [2000, 2061], "days": {"never": 1}}}},
    {"holiday_snapshot": {"us-federal": {"years": ["x", "y"], "days": {}}}},
]


def told(database: Database) -> list[OutgoingMail]:
    with database.reading() as db:
        return list(db.scalars(select(OutgoingMail)))


@pytest.mark.parametrize("damage", DAMAGES, ids=["no policy", "no TOML", "no date", "no years"])
def test_the_version_before_goes_on_and_managers_are_told_once(
    damage: dict[str, Any], database: Database, settings: Settings, now: datetime
) -> None:
    first = profile_source("communicado")
    with database.writing() as db:
        for member in (cast.manager(db), cast.administrator(db), cast.agent(db)):
            assert member.id
        policies.adopt(db, source=first, now=cast.LONG_AGO)
        second = first.replace("version = 1", "version = 2").replace("2026-01-01", "2026-02-02")
        policies.adopt(db, source=second, now=cast.LONG_AGO)
        assert tell_of_unusable_policies(db, settings=settings, now=now) == 0
    with database.writing() as db:
        version = db.scalars(select(PolicyVersion).where(PolicyVersion.version == 2)).one()
        version.content_hash = f"damaged {sorted(damage)}{len(str(damage))}"
        for name, value in damage.items():
            setattr(version, name, value)
    with database.writing() as db:
        assert policy_in_force(db, now=now)[0].version == 1
        assert tell_of_unusable_policies(db, settings=settings, now=now) == 1
        assert tell_of_unusable_policies(db, settings=settings, now=now) == 0
    mails = told(database)
    assert {mail.recipient.partition("@")[0] for mail in mails} == {"mai", "ada"}
    assert mails[0].subject == "Policy communicado, version 2, can't be used"
    assert "version 1 goes on" in " ".join(mails[0].text.split())
    assert "https://help.example/desk/policies" in mails[0].text


def test_without_any_version_that_can_be_used_that_is_said(
    database: Database, settings: Settings, now: datetime
) -> None:
    with database.writing() as db:
        cast.administrator(db)
        version = policies.adopt(db, source=profile_source("cts"), now=cast.LONG_AGO)
        version.source, version.content_hash = "damaged", "damaged alone"
    with database.writing() as db:
        assert tell_of_unusable_policies(db, settings=settings, now=now) == 1
    assert "nothing can be promised" in told(database)[0].text
