"""When a known issue is fixed, everybody who waits is told once: also after a crash, and not twice
by being contact of a case and subscriber both.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.cases.case import Case, CaseStatus
from portal.cases.issue_cases import attach, cases_of, solve_together
from portal.cases.policies import adopt
from portal.cases.timeline import timeline_for_customer
from portal.database import Database
from portal.knowledge.known_issue import KnownIssue, Words, fix, post
from portal.knowledge.subscribing import ask, confirm, forget_old, subscribe
from portal.knowledge.subscription import Subscription
from portal.mail import issue_news
from portal.mail.issue_news import tell_some
from portal.mail.outbox import OutgoingMail
from portal.people.organisation import Organisation
from portal.people.person import Person
from portal.policy.profiles import profile_source
from portal.settings import Settings
from tests import casework
from tests.cast import Cast, everybody


@dataclass
class Scene:
    """An issue with Ines's case attached, and who waits for it."""

    database: Database
    settings: Settings
    issue_id: int
    case_id: int
    cast: Cast
    now: datetime

    def fix(self, **more: object) -> None:
        with self.database.writing() as db:
            issue, by = db.get_one(KnownIssue, self.issue_id), self.cast.agent
            fix(db, issue=issue, by=by, now=self.now, **more)  # type: ignore[arg-type]

    def tell(self) -> None:
        while tell_some(self.database, settings=self.settings, now=self.now):
            pass

    def told(self) -> list[str]:
        """Who was written to, in the order of the outbox."""
        with self.database.reading() as db:
            return list(db.scalars(select(OutgoingMail.recipient).order_by(OutgoingMail.id)))

    def wait(self, *addresses: str) -> None:
        with self.database.writing() as db:
            issue = db.get_one(KnownIssue, self.issue_id)
            for address in addresses:
                confirm(
                    db,
                    subscription=ask(db, issue=issue, email=address, now=self.now),
                    now=self.now,
                )


@pytest.fixture
def scene(database: Database, database_url: str, home: Path, now: datetime) -> Scene:
    settings = Settings(
        home=home, secret="s" * 40, base_url="http://localhost", database_url=database_url
    )
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source("communicado"), now=now - timedelta(days=30))
        cast = everybody(db)
        issue = post(db, words=Words("Exports are down"), by=cast.agent, now=now)
        case = casework.opened(db, person=cast.ines, now=now)
        attach(db, case=case, issue=issue, by=cast.agent, now=now)
    return Scene(database, settings, issue.id, case.id, cast, now)


def test_everybody_who_waits_is_told_once(scene: Scene) -> None:
    guests = [f"guest{number}@guest.example" for number in range(120)]
    scene.wait(*guests)
    scene.fix(fixed_in="9.1.4")
    scene.tell()
    scene.tell()
    assert sorted(scene.told()) == sorted([*guests, scene.cast.ines.email])
    with scene.database.reading() as db:
        mail = db.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
        case = db.get_one(Case, scene.case_id)
        titles = [entry.title for entry in timeline_for_customer(db, case)]
    assert mail is not None
    assert "9.1.4" in mail.text
    assert "/known-issues/subscriptions/" in mail.text, "and how to hear no more"
    assert sum("is fixed in 9.1.4" in title for title in titles) == 1


def test_a_crash_in_the_middle_leaves_nobody_untold_and_nobody_told_twice(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    guests = [f"guest{number}@guest.example" for number in range(70)]
    scene.wait(*guests)
    scene.fix()
    posted = issue_news.post
    calls = iter(range(1000))

    def post_or_die(*given: object, **more: object) -> OutgoingMail:
        if next(calls) == 60:
            raise KeyboardInterrupt
        return posted(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(issue_news, "post", post_or_die)
    with pytest.raises(KeyboardInterrupt):
        scene.tell()
    assert 0 < len(scene.told()) < 71
    scene.tell()
    assert sorted(scene.told()) == sorted([*guests, scene.cast.ines.email])


def test_whoever_did_not_confirm_or_stopped_or_has_a_case_gets_no_second_mail(
    scene: Scene,
) -> None:
    with scene.database.writing() as db:
        issue = db.get_one(KnownIssue, scene.issue_id)
        ask(db, issue=issue, email="unsure@guest.example", now=scene.now)
        stopped = ask(db, issue=issue, email="stopped@guest.example", now=scene.now)
        confirm(db, subscription=stopped, now=scene.now)
        stopped.ended_at = scene.now
        ines = db.get_one(Person, scene.cast.ines.id)
        subscribe(db, issue=issue, person=ines, now=scene.now)
    scene.fix()
    scene.tell()
    assert scene.told() == [scene.cast.ines.email]


def test_A17_an_announced_fix_is_told_to_every_organisation_with_a_contract(scene: Scene) -> None:
    """Harbour Lines has a contract and a technical contact; Brightwater's contract has ended."""
    scene.fix(fixed_in="9.1.4", is_announced=True)
    scene.tell()
    assert sorted(scene.told()) == sorted([scene.cast.ines.email, scene.cast.theo.email])


@pytest.mark.parametrize("what", ["contract", "organisation"])
def test_who_is_no_customer_any_more_is_told_of_no_fix_that_is_announced(
    scene: Scene, what: str
) -> None:
    with scene.database.writing() as db:
        theirs = db.get_one(Organisation, scene.cast.theo.organisation_id)
        ended = theirs.contracts if what == "contract" else [theirs]
        for each in ended:
            each.ended_at = scene.now
    scene.fix(is_announced=True)
    scene.tell()
    assert scene.cast.theo.email not in scene.told()


def test_an_address_that_nobody_confirmed_is_forgotten_after_a_month(scene: Scene) -> None:
    with scene.database.writing() as db:
        issue = db.get_one(KnownIssue, scene.issue_id)
        ask(db, issue=issue, email="unsure@guest.example", now=scene.now)
    scene.wait("sure@guest.example")
    for days, left in ((29, 2), (31, 1)):
        with scene.database.writing() as db:
            forget_old(db, now=scene.now + timedelta(days))
            assert db.scalar(select(func.count()).select_from(Subscription)) == left


def test_without_a_fix_nothing_is_told(scene: Scene) -> None:
    scene.wait("gus@guest.example")
    assert not tell_some(scene.database, settings=scene.settings, now=scene.now)
    assert scene.told() == []


def test_the_attached_cases_are_solved_in_one_act(scene: Scene) -> None:
    scene.fix()
    with scene.database.writing() as db:
        issue = db.get_one(KnownIssue, scene.issue_id)
        ids = [case.id for case in cases_of(db, issue)]
        solved, refused = solve_together(
            db,
            issue=issue,
            case_ids=[*ids, 999],
            resolution="Version 9.1.4 exports again.",
            by=db.get_one(Person, scene.cast.agent.id),
            now=scene.now,
        )
        assert [case.id for case in solved] == ids == [scene.case_id]
        assert refused == []
        case = db.get_one(Case, scene.case_id)
        assert case.status is CaseStatus.SOLVED
        assert case.resolution == "Version 9.1.4 exports again."
