"""Every actor tries every act on somebody's case, draft and articles by a raw request.

What one may not do looks like what isn't there, and changes nothing.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.cases import drafting
from portal.cases.access import issue_link
from portal.cases.attachments import KeptFile
from portal.cases.case import Case
from portal.cases.conversation import Attachment, Message
from portal.cases.noting import note
from portal.cases.policies import adopt
from portal.cases.replying import reply
from portal.clock import now as this_moment
from portal.database import Database
from portal.events import Event
from portal.files import FileStore
from portal.knowledge.article import Article, Status, Version
from portal.people.person import Person, Role
from portal.policy.profiles import profile_source
from portal.settings import Settings
from tests import casework, cast
from tests.cast import LONG_AGO
from tests.search.library import article
from tests.web.conftest import SignInAs, hidden_fields

OURS = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
STEPS = ("question", "answers", "effect", "details", "contact", "check")

CUSTOMER_READS = ("", "/entries", "/promise.ics", "/priority", "/files/{file}")
CUSTOMER_ACTS = ("reply", "closure", "reopening", "escalation", "rating", "priority")
DESK_ACTS = ("reply", "note", "status", "assignment", "priority", "contract", "escalation")
WRITING_ACTS = (
    *("publication", "retirement", "withdrawal", "revival", "address", "restoration", "preview"),
    *("review", "review-withdrawal", "approval", "return", "remarks", "remarks/1/settlement"),
    *("schedule", "schedule-withdrawal", "verification", "draft", "draft-removal", "presence"),
    *("images", "links", "source", "fields"),
)
FIELDS = {
    "body": "I was here",
    "closure-reason": "solved",
    "reopening-reason": "I was here",
    "escalation-reason": "I was here",
    "rating-score": "1",
    "priority": "1",
    "outcome": "change",
    "shown": "1",
    "status": "solved",
    "then": "solved",
    "assignee": "1",
    "reason": "I was here",
    "slug": "i-was-here",
    "title": "I was here",
    "version": "1",
}
MAY_READ_THE_CASE = {"filer", "colleague", "partner", "holder"}
WORKS_CASES = {"agent", "manager", "administrator"}
MAY_SEE_ARTICLES = WORKS_CASES | {"writer"}
ACTORS = [
    *("nobody", "holder", "other holder", "filer", "colleague", "shy colleague", "stranger"),
    *("partner", "former", "writer", "agent", "manager", "administrator"),
]


@dataclass
class Scene:
    """A case of Ines's with a file and an internal one, another case, a draft and an article."""

    database: Database
    actor: FlaskClient
    reference: str
    other: str
    file: str
    internal: str
    draft: str
    article: int

    def token(self) -> str:
        page = self.actor.get("/sign-in", follow_redirects=True).text
        fields = hidden_fields(page) or hidden_fields(self.actor.get("/cases/new").text)
        return fields["csrf_token"]

    def state(self) -> tuple[object, ...]:
        """Everything that an act could have changed."""
        with self.database.reading() as db:
            counts = [
                db.scalar(select(func.count()).select_from(kind))
                for kind in (Message, Event, Attachment, Version)
            ]
            cases = [(c.status, c.priority, c.revision) for c in db.scalars(select(Case))]
            articles = [(a.slug, a.status) for a in db.scalars(select(Article))]
            return (*counts, *cases, *articles)


@pytest.fixture
def scene(
    request: pytest.FixtureRequest,
    app: Flask,
    database: Database,
    settings: Settings,
    sign_in_as: SignInAs,
) -> Scene:
    """What there is to act on, with the browser of one actor."""
    at = this_moment() - timedelta(hours=1)
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
        case = casework.opened(db, person=people.ines, now=at)
        other = casework.opened(db, person=people.bea, now=at, contact_email=people.bea.email)
        stored = FileStore(settings.files_folder).keep(io.BytesIO(b"hello"), limit_bytes=99)
        kept = [KeptFile("a.txt", stored)]
        shown = reply(db, case=case, author=people.ines, body="See", now=at, kept=kept)
        inside = note(db, case=case, author=people.agent, body="Hm", now=at, kept=kept)
        draft, _ = drafting.start_draft(db, owner=people.ines, now=this_moment())
        made = article(db, "Draft of Wren", is_published=False)
        files = {m.is_internal: m.attachments[0].token for m in (shown, inside)}
        links = {
            "holder": issue_link(db, case=case, email=case.contact_email, now=this_moment()),
            "other holder": issue_link(
                db, case=other, email=other.contact_email, now=this_moment()
            ),
        }
    persons: dict[str, Person] = {
        **{"filer": people.ines, "colleague": people.nadia, "shy colleague": shy},
        **{"stranger": people.bea, "partner": people.piet, "former": people.theo},
        **{"writer": people.writer, "agent": people.agent, "manager": people.manager},
        "administrator": people.administrator,
    }
    name: str = request.param
    browser = sign_in_as(persons[name]) if name in persons else app.test_client()
    if name in links:
        assert browser.get(f"/follow/{links[name]}").status_code == 303
    if name == "former":
        with database.writing() as db:
            db.get_one(Person, people.theo.id).disabled_at = this_moment()
    return Scene(
        database,
        browser,
        case.reference,
        other.reference,
        files[False],
        files[True],
        draft.public_id,
        made.id,
    )


def each_actor(test: Callable[..., None]) -> Callable[..., None]:
    pairs = [pytest.param(name, name, id=name) for name in ACTORS]
    return pytest.mark.parametrize(("scene", "name"), pairs, indirect=["scene"])(test)


def is_refused(name: str, status: int) -> bool:
    """Signed in: as if it weren't there. Else: the way to prove who one is."""
    return status in ({303, 403} if name in {"nobody", "other holder", "former"} else {404})


@each_actor
def test_each_reads_what_is_theirs_and_nothing_else(scene: Scene, name: str) -> None:
    check_case_pages(scene, name)
    check_files(scene, name)
    if name not in MAY_READ_THE_CASE | MAY_SEE_ARTICLES:
        check_unknown_looks_the_same(scene)


@each_actor
def test_each_acts_where_they_may_and_elsewhere_nothing_changes(scene: Scene, name: str) -> None:
    token, before = scene.token(), scene.state()
    check_case_acts(scene, name, token)
    check_draft(scene, name, token)
    check_articles(scene, name, token)
    assert scene.state() == before


def check_case_pages(scene: Scene, name: str) -> None:
    for part in CUSTOMER_READS:
        path = f"/cases/{scene.reference}{part.format(file=scene.file)}"
        answer = scene.actor.get(path)
        if name in MAY_READ_THE_CASE:
            assert answer.status_code == 200, path
        elif name in MAY_SEE_ARTICLES:
            assert answer.status_code == 303, path
            assert answer.location == f"/desk/cases/{scene.reference}"
        else:
            assert is_refused(name, answer.status_code), path
            assert "don't ring" not in answer.text


def check_files(scene: Scene, name: str) -> None:
    """No file opens by another case's address, and those of notes at the desk alone."""
    for reference, token in ((scene.other, scene.file), (scene.reference, scene.internal)):
        for place in ("/cases", "/desk/cases"):
            answer = scene.actor.get(f"{place}/{reference}/files/{token}")
            may = name in WORKS_CASES and place.startswith("/desk") and token == scene.internal
            assert (answer.status_code == 200) is may, (place, token)


def check_case_acts(scene: Scene, name: str, token: str) -> None:
    acts = [("/cases", act) for act in CUSTOMER_ACTS if name not in MAY_READ_THE_CASE]
    acts += [("/desk/cases", act) for act in DESK_ACTS if name not in WORKS_CASES]
    for place, act in acts:
        path = f"{place}/{scene.reference}/{act}"
        data = {**FIELDS, "csrf_token": token, "form_token": "x"}
        answer = scene.actor.post(path, data=data, headers=OURS)
        assert answer.status_code in {404, 303, 403}, path
        if answer.status_code == 303:
            assert answer.location.startswith(("/sign-in", "/follow"))


def check_draft(scene: Scene, name: str, token: str) -> None:
    """A draft is its owner's alone."""
    statuses = set()
    for step in (*STEPS, "sent", "solved", "expectation?priority=1"):
        statuses.add(scene.actor.get(f"/cases/drafts/{scene.draft}/{step}").status_code)
    for step in (*STEPS, "files"):
        data = {**FIELDS, "csrf_token": token}
        path = f"/cases/drafts/{scene.draft}/{step}"
        statuses.add(scene.actor.post(path, data=data, headers=OURS).status_code)
    assert (statuses == {404}) is (name != "filer")


def check_articles(scene: Scene, name: str, token: str) -> None:
    """Articles are written by writers alone."""
    if name in MAY_SEE_ARTICLES - {"agent"}:
        return
    acts = [f"/writing/articles/{scene.article}/{act}" for act in WRITING_ACTS]
    for path in (*acts, f"/writing/articles/{scene.article}", "/writing/articles"):
        data = {**FIELDS, "csrf_token": token}
        assert scene.actor.post(path, data=data, headers=OURS).status_code in {404, 303, 403}, path
    with scene.database.reading() as db:
        assert db.get_one(Article, scene.article).status is Status.DRAFT


def check_unknown_looks_the_same(scene: Scene) -> None:
    """A case that one may not see answers, to the letter, like a number that nobody has."""
    scene.actor.get("/cases/new")
    for part in CUSTOMER_READS:
        real, unknown = (
            scene.actor.get(f"/cases/{reference}{part.format(file=scene.file)}")
            for reference in (scene.reference, "7KQ-4MPX")
        )
        assert real.status_code == unknown.status_code
        assert sorted(real.headers.keys()) == sorted(unknown.headers.keys())
        assert blanked(real.text, scene.reference) == blanked(unknown.text, "7KQ-4MPX")


def blanked(page: str, reference: str) -> str:
    """A page without what is different at every request."""
    page = page.replace(reference, "NUMBER")
    page = re.sub(r'name="csrf_token" value="[^"]+"', "", page)
    return re.sub(r'class="incident">[0-9A-F-]+<', "", page)


def test_the_table_of_actors_covers_every_role() -> None:
    staff = {role.value for role in Role} - {"contact"}
    assert staff <= set(ACTORS)
