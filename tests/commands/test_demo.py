"""The demonstration shows every stage of a case, and making it again adds nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal import resources
from portal.cases.case import Case, CaseStatus
from portal.cases.rating import Rating
from portal.clock import now
from portal.commands.demonstration import stamp
from portal.database import Database
from portal.desk.canned_answer import CannedAnswer
from portal.knowledge.article import Article
from portal.mail.inbound.inbox import IncomingMail
from portal.mail.outbox import OutgoingMail
from portal.people.person import Person
from portal.people.team import Team
from portal.search.indexing import latest_revision
from portal.search.log import SearchRecord
from portal.search.opening import open_index
from portal.settings import Settings, load_settings
from tests.running import portal


def count(home: Path) -> dict[str, int]:
    database = Database(f"sqlite:///{home / 'portal.db'}")
    with database.reading() as db:
        kinds = (Person, Case, OutgoingMail, Article, Team, CannedAnswer, IncomingMail, Rating)
        found = {k.__name__: db.scalar(select(func.count()).select_from(k)) or 0 for k in kinds}
        found["revision"] = latest_revision(db)
        searches = db.scalars(select(SearchRecord.hits)).all()
        found |= {"searches": len(searches), "in vain": sum(not hits for hits in searches)}
    database.close()
    return found


def test_making_it_again_changes_nothing(fresh: Path) -> None:
    assert portal(fresh, "demo").returncode == 0
    first = count(fresh)
    assert portal(fresh, "demo").returncode == 0
    assert count(fresh) == first
    assert all(first.values())
    assert 0 < first["in vain"] < first["searches"]


def test_a_refused_article_is_told_and_the_next_run_takes_it(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = tmp_path / "articles" / "basics"
    shelf.mkdir(parents=True)
    own = resources.folder
    monkeypatch.setattr(
        resources, "folder", lambda name: shelf.parent if name == "articles" else own(name)
    )
    (shelf / "how.md").write_text("---\ntitle: How?\nstatus: nonsense\n---\nSo.\n")
    done = portal(fresh, "demo")
    assert done.returncode == 1
    assert "how.md" in done.stderr
    assert "run it again" in done.stderr
    assert "stands" not in done.stdout
    (shelf / "how.md").write_text(
        "---\ntitle: How?\nsummary: So.\naudience: public\nstatus: published\n---\nSo.\n"
    )
    done = portal(fresh, "demo")
    assert (done.returncode, count(fresh)["Article"]) == (0, 1), done.stderr


def test_what_has_not_changed_is_not_looked_at_again(fresh: Path) -> None:
    portal(fresh, "demo")
    known = stamp_of(fresh)
    settings = load_settings({"PORTAL_HOME": str(fresh)})
    assert stamp.holds(settings, resources.folder("articles"))
    (fresh / stamp.NAME).write_text("of another program")
    assert not stamp.holds(settings, resources.folder("articles"))
    assert portal(fresh, "demo").returncode == 0
    assert stamp_of(fresh) == known


def test_a_changed_article_or_a_lost_database_undoes_the_stamp(fresh: Path, tmp_path: Path) -> None:
    portal(fresh, "demo")
    settings, shelf = load_settings({"PORTAL_HOME": str(fresh)}), tmp_path / "shelf"
    shelf.mkdir()
    stamp.put(settings, shelf)
    assert stamp.holds(settings, shelf)
    (shelf / "new.md").write_text("New.")
    assert not stamp.holds(settings, shelf)
    stamp.put(settings, shelf)
    (fresh / "portal.db").unlink()
    assert not stamp.holds(settings, shelf)


def stamp_of(home: Path) -> str:
    return (home / stamp.NAME).read_text()


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
    assert any(case.escalation_requested_at for case in cases)
    assert {"scheduled_on", "proposed_on", "fix_due_on"} <= {
        name for case in cases for name, value in vars(case).items() if value
    }
    assert all(now() - case.opened_at < timedelta(days=30) for case in cases)


def test_an_unknown_policy_is_refused_with_the_known_names(fresh: Path) -> None:
    done = portal(fresh, "demo", "--policy", "nope")
    assert done.returncode == 2
    assert "communicado" in done.stderr
