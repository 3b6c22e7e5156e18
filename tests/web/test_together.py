"""Splitting, merging, linking and following, as staff and customers do it on the pages."""

import re
from dataclasses import dataclass

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.cases.access import issue_link
from portal.cases.policies import adopt
from portal.clock import now as this_moment
from portal.database import Database
from portal.mail.outbox import OutgoingMail
from portal.policy.profiles import profile_source
from tests import casework, cast
from tests.cast import LONG_AGO
from tests.web.conftest import SignInAs
from tests.web.support_visitor import Visitor


@dataclass
class Scene:
    """Ines's case, Nadia's about the same, and one of Brightwater; who is signed in where."""

    agent: Visitor
    ines: Visitor
    shy: Visitor
    first: str
    second: str
    strange: str
    token: str


@pytest.fixture
def scene(database: Database, sign_in_as: SignInAs) -> Scene:
    at = this_moment()
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source("communicado"), now=LONG_AGO)
        people = cast.everybody(db)
        shy = cast.person(
            db,
            "Shy Colleague",
            organisation_id=people.harbour_lines.id,
            sees_organisation_cases=False,
        )
        first = casework.opened(db, person=people.ines, now=at)
        second = casework.opened(db, person=people.nadia, now=at, subject="No phone rings")
        strange = casework.opened(db, person=people.bea, now=at)
        token = issue_link(db, case=second, email=second.contact_email, now=at)
    visitors = [Visitor(sign_in_as(who)) for who in (people.agent, people.ines, shy)]
    return Scene(*visitors, first.reference, second.reference, strange.reference, token)


def mails_to(database: Database, address: str) -> list[str]:
    with database.reading() as db:
        query = select(OutgoingMail.text).where(OutgoingMail.recipient == address)
        return list(db.scalars(query.order_by(OutgoingMail.id)))


def test_D19_staff_split_a_case_and_the_customer_finds_the_parts(
    scene: Scene, database: Database
) -> None:
    agent = scene.agent
    agent.open(f"/desk/cases/{scene.first}")
    assert "/parts" in agent.open(f"/desk/cases/{scene.first}/together")
    agent.open(f"/desk/cases/{scene.first}/parts")
    message = re.search(r'name="part-1-messages"\s+value="(\d+)"', agent.page)
    assert message
    agent.send(
        f"/desk/cases/{scene.first}/parts",
        count="2",
        **{
            "part-1-subject": "The fax is silent",
            "part-1-messages": message[1],
            "part-1-priority": "2",
            "part-2-priority": "3",
        },
    )
    assert agent.status == 200, agent.text
    part = re.search(r"Opened ([0-9A-Z]{3}-[0-9A-Z]{4})", agent.text)
    assert part
    page = scene.ines.open(f"/cases/{scene.first}")
    assert f"/cases/{part[1]}" in page
    assert f"/cases/{scene.first}" in scene.ines.open(f"/cases/{part[1]}")
    assert any(part[1] in text for text in mails_to(database, "ines@customer.example"))


def test_what_is_missing_of_a_part_is_said_and_what_was_typed_stays(scene: Scene) -> None:
    scene.agent.open(f"/desk/cases/{scene.first}/parts")
    scene.agent.send(
        f"/desk/cases/{scene.first}/parts",
        count="2",
        **{"part-1-description": "Half of it", "part-1-priority": "3", "part-2-priority": "3"},
    )
    assert scene.agent.status == 422
    assert "Give this part a subject" in scene.agent.text
    assert "Half of it" in scene.agent.page
    scene.agent.send(f"/desk/cases/{scene.first}/parts", count="2")
    assert scene.agent.status == 422
    assert "Say what becomes a case of its own" in scene.agent.text


def test_a_duplicate_is_merged_after_a_look_and_leads_on(scene: Scene, app: Flask) -> None:
    agent, path = scene.agent, f"/desk/cases/{scene.second}/merge"
    agent.open(path)
    assert f"into={scene.first}" in agent.page, "the customer's open cases are offered"
    agent.open(f"{path}?into={scene.first}")
    assert "The earlier promise of both holds" in agent.text
    agent.send(path, into=scene.first, revision=agent.value_of("revision"), reason="The same.")
    assert agent.path == f"/desk/cases/{scene.first}"
    assert "No phone rings" in agent.text
    scene.ines.open(f"/cases/{scene.second}")
    assert scene.ines.path == f"/cases/{scene.first}"
    scene.ines.open(f"/search?q={scene.second}")
    assert scene.ines.path == f"/cases/{scene.first}"
    guest = Visitor(app.test_client())
    guest.open(f"/follow/{scene.token}")
    assert guest.path == f"/cases/{scene.first}"
    guest.open(f"/cases/{scene.second}")
    assert guest.path == f"/cases/{scene.first}"


def test_a_merge_is_undone_on_the_page(scene: Scene) -> None:
    agent, path = scene.agent, f"/desk/cases/{scene.second}/merge"
    agent.open(f"{path}?into={scene.first}")
    agent.send(path, into=scene.first, revision=agent.value_of("revision"))
    agent.open(f"/desk/cases/{scene.first}/together")
    agent.send(f"/desk/cases/{scene.first}/merge/undoing", duplicate=scene.second)
    assert agent.path == f"/desk/cases/{scene.second}"
    assert "stands for itself again" in agent.text


def test_merging_across_customers_is_refused_with_the_reason(scene: Scene) -> None:
    path = f"/desk/cases/{scene.second}/merge"
    scene.agent.open(f"{path}?into={scene.strange}")
    assert "different customers are never merged" in scene.agent.text
    scene.agent.send(path, into=scene.strange)
    assert scene.agent.status == 422
    scene.agent.open(f"{path}?into=nonsense")
    assert "No case has this number" in scene.agent.text


def test_a_case_that_changed_while_one_looked_is_not_merged_unseen(scene: Scene) -> None:
    path = f"/desk/cases/{scene.second}/merge"
    scene.agent.open(f"{path}?into={scene.first}")
    scene.agent.send(path, into=scene.first, revision="0")
    assert scene.agent.status == 409
    assert "changed while you were looking" in scene.agent.text


def test_links_are_made_shown_and_removed(scene: Scene) -> None:
    agent, path = scene.agent, f"/desk/cases/{scene.first}"
    agent.open(f"{path}/together")
    agent.send(f"{path}/links", kind="caused_by", other=scene.second)
    assert f"Caused by {scene.second}" in agent.text
    assert (
        f"Causes {scene.first}" in scene.agent.open(f"/desk/cases/{scene.second}/together")
        or f"Causes {scene.first}" in agent.text
    )
    assert f"/cases/{scene.second}" in scene.ines.open(f"/cases/{scene.first}")
    agent.open(f"{path}/together")
    agent.send(f"{path}/links", kind="related", other="R-000")
    assert agent.status == 422
    agent.open(f"{path}/together")
    removal = re.search(r'action="([^"]+/removal)"', agent.page)
    assert removal
    agent.send(removal[1])
    assert "No other case is linked" in agent.text


def test_U811_a_customer_adds_a_colleague_who_is_told_and_may_leave(
    scene: Scene, database: Database
) -> None:
    path = f"/cases/{scene.first}"
    scene.shy.open(path)
    assert scene.shy.status == 404
    scene.ines.open(path)
    assert "Who sees this case" in scene.ines.text
    scene.ines.send(f"{path}/followers", **{"follower-who": "shy colleague"})
    assert "Shy Colleague follows this case now" in scene.ines.text
    (mail,) = mails_to(database, "shy@customer.example")
    assert scene.first in mail
    assert f"/cases/{scene.first}" in mail
    scene.shy.open(path)
    assert scene.shy.status == 200
    scene.shy.send(f"{path}/leaving")
    scene.shy.open(path)
    assert scene.shy.status == 404


def test_U811_followers_hear_what_the_contact_hears_and_get_no_secret_link(
    scene: Scene, database: Database
) -> None:
    scene.ines.open(f"/cases/{scene.first}")
    scene.ines.send(f"/cases/{scene.first}/followers", **{"follower-who": "shy@customer.example"})
    page = scene.agent.open(f"/desk/cases/{scene.first}")
    fields = dict(re.findall(r'name="(revision|seen)"\s+value="(\d+)"', page))
    scene.agent.send(
        f"/desk/cases/{scene.first}/reply", body="We found it.", then="in_progress", **fields
    )
    news = mails_to(database, "shy@customer.example")
    assert len(news) == 2
    assert "We found it." in news[1]
    assert "/follow/" not in "".join(news)


def test_U811_nobody_outside_the_organisation_can_be_added(scene: Scene) -> None:
    path = f"/cases/{scene.first}"
    scene.ines.open(path)
    answers = set()
    with time_machine.travel(this_moment(), tick=False):
        for who in ("bea@customer.example", "aldo@desk.example", "nobody@example.com"):
            scene.ines.send(f"{path}/followers", **{"follower-who": who})
            assert scene.ines.status == 422
            answers.add(scene.ines.text.replace(who, "WHO"))
    assert len(answers) == 1
