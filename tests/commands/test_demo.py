"""The demonstration shows every stage of a case, and making it again adds nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.cases.case import Case, CaseStatus
from portal.clock import now
from portal.database import Database
from portal.knowledge.article import Article
from portal.mail.outbox import OutgoingMail
from portal.people.person import Person
from portal.search.indexing import latest_revision
from portal.search.opening import open_index
from portal.settings import Settings
from tests.running import portal


def count(home: Path) -> dict[str, int]:
    database = Database(f"sqlite:///{home / 'portal.db'}")
    with database.reading() as db:
        kinds = (Person, Case, OutgoingMail, Article)
        found = {k.__name__: db.scalar(select(func.count()).select_from(k)) or 0 for k in kinds}
        found["revision"] = latest_revision(db)
    database.close()
    return found


def test_making_it_again_changes_nothing(fresh: Path) -> None:
    assert portal(fresh, "demo").returncode == 0
    first = count(fresh)
    assert portal(fresh, "demo").returncode == 0
    assert count(fresh) == first
    assert first["Article"] > 0


def test_its_index_is_ready_when_it_stands(fresh: Path) -> None:
    portal(fresh, "demo")
    settings = Settings(fresh, "s" * 40, "http://127.0.0.1", f"sqlite:///{fresh / 'portal.db'}")
    assert open_index(settings).revision() == count(fresh)["revision"]


@pytest.mark.parametrize("policy", ["cipplanner", "civicplus", "cts", "communicado"])
def test_under_each_policy_cases_stand_at_every_stage(fresh: Path, policy: str) -> None:
    done = portal(fresh, "demo", "--policy", policy)
    assert done.returncode == 0, done.stderr
    database = Database(f"sqlite:///{fresh / 'portal.db'}")
    with database.reading() as db:
        cases = db.scalars(select(Case)).all()
    database.close()
    assert {case.status for case in cases} == set(CaseStatus)
    assert all(now() - case.opened_at < timedelta(days=30) for case in cases)


def test_an_unknown_policy_is_refused_with_the_known_names(fresh: Path) -> None:
    done = portal(fresh, "demo", "--policy", "nope")
    assert done.returncode == 2
    assert "communicado" in done.stderr
