"""Random libraries, read by everybody through the browser: nothing of a hidden article shows on
any surface, and everything that may be read is there.
"""

import io
import random
import re
from dataclasses import dataclass, replace
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.cases.policies import adopt
from portal.database import Database
from portal.files import FileStore
from portal.knowledge.announcing import subscribe
from portal.knowledge.article import (
    Article,
    ArticleImage,
    ArticleType,
    Audience,
    Category,
    Comments,
    Status,
)
from portal.knowledge.comment import Comment, CommentState
from portal.knowledge.help_key import HelpKey
from portal.knowledge.versioning import save_version
from portal.knowledge.withdrawing import retire
from portal.knowledge.words import words_of
from portal.mail.release_news import concerned
from portal.people.organisation import Organisation
from portal.people.person import Person, Role
from portal.policy.profiles import profile_source
from portal.search import indexing
from portal.search.directing import Direction
from portal.search.opening import open_index
from portal.settings import Settings
from tests import cast
from tests.cast import LONG_AGO
from tests.knowledge.shelves import png
from tests.search.library import WRITTEN_AT, article, shelf
from tests.web.conftest import SignInAs

COMMON = "walrus"
READERS = ("anyone", "harbour", "brightwater", "unaffiliated", "writer")
ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass(frozen=True)
class Told:
    """One article: `word` stands in its title, text, summary, search words, slug and image."""

    word: str
    slug: str
    shelf: str
    image: str
    status: Status
    audience: Audience
    organisations: frozenset[str]
    shelf_audience: Audience
    is_release: bool
    comments: Comments

    def is_for(self, reader: str) -> bool:
        if reader == "writer":
            return True
        return all(
            reader in self.organisations
            if audience is Audience.ORGANISATIONS
            else audience is Audience.PUBLIC
            or (audience is Audience.CUSTOMERS and reader != "anyone")
            for audience in (self.audience, self.shelf_audience)
        )

    def is_read_by(self, reader: str) -> bool:
        return self.status is Status.PUBLISHED and self.is_for(reader)


def word(chance: random.Random) -> str:
    return "q" + "".join(chance.choices("bcdfghjklmnprstvwxz", k=9))


@pytest.fixture
def told(request: pytest.FixtureRequest, database: Database, settings: Settings) -> list[Told]:
    """Fourteen articles by chance; a draft's words also wait behind a published version."""
    chance = random.Random(request.param)
    files = FileStore(settings.files_folder)
    with database.writing() as db:
        adopt(db, source=profile_source("communicado"), now=LONG_AGO)
        organisations = {"harbour": cast.harbour_lines(db), "brightwater": cast.brightwater(db)}
        return [_one(db, chance, organisations, files, n) for n in range(14)]


def _one(
    db, chance: random.Random, customers: dict[str, Organisation], files: FileStore, n: int
) -> Told:
    secret, status = word(chance), chance.choice([*Status, Status.PUBLISHED, Status.PUBLISHED])
    audience = chance.choice(list(Audience))
    named = frozenset(chance.sample(sorted(customers), chance.randint(0, 2)))
    place = f"shelf{chance.randint(0, 3)}" if chance.random() < 0.6 else f"shelf-{secret}"
    on_it = shelf(db, place, f"Shelf {place}")
    if place.startswith("shelf-"):  # its own, so it may say what it likes
        on_it.audience = chance.choice(list(Audience))
        on_it.organisations = [customers[each] for each in sorted(named)]
    stored = files.keep(io.BytesIO(png(30 + n, 20)), limit_bytes=10_000)
    picture = ArticleImage(
        path="x.png", content_hash=stored.content_hash, name=f"{secret}.png",
        media_type="image/png", size_bytes=stored.size_bytes, width=30 + n, height=20,
    )  # fmt: skip
    is_release = chance.random() < 0.5
    made = article(
        db,
        f"Title {secret} {COMMON}",
        type=ArticleType.RELEASE if is_release else ArticleType.HOW_TO,
        applies_to=(f"Product {secret}",),
        body=f"## Heading {secret}\n\nThe {COMMON} says {secret}.\n\n![{secret}](x.png)",
        summary=f"Summary {secret}",
        search_words=(secret, COMMON),
        audience=audience,
        organisations=[customers[each] for each in sorted(named)],
        category=on_it,
        slug=f"slug-{secret}",
        images=[picture],
        is_published=status is not Status.DRAFT,
    )
    if status is Status.RETIRED:
        retire(db, article=made, by=None, now=WRITTEN_AT)
    if status is Status.PUBLISHED:
        _draft_behind(db, made)
    made.comments = chance.choice(list(Comments))
    for state in CommentState:
        is_shown = state is CommentState.SHOWN
        _comment(db, made, state, f"Said {secret}" if is_shown else "qunpublished")
    db.add(HelpKey(key=f"key.{n}", article_id=made.id, made_at=WRITTEN_AT))
    if n == 0:
        db.add(Direction(words="flock lead", text="x", article_id=made.id, made_at=WRITTEN_AT))
    return Told(
        secret, made.slug, place, stored.content_hash, status, audience, named, on_it.audience,
        is_release, made.comments,
    )  # fmt: skip


def _comment(db, made: Article, state: CommentState, body: str) -> None:
    """Below every article, whether comments are on there or not."""
    by = db.query(Person).filter_by(name="Cora Reader").one_or_none() or cast.person(
        db, "Cora Reader"
    )
    db.add(Comment(article=made, person=by, body=body, state=state, written_at=WRITTEN_AT))


def _draft_behind(db, made: Article) -> None:
    """A later version that nobody published."""
    words = replace(words_of(made.versions[-1]), body="qunpublished words to come")
    save_version(db, article=made, words=words, by=None, now=WRITTEN_AT)


@pytest.mark.parametrize("told", range(4), indirect=True)
def test_nothing_of_a_hidden_article_shows_on_any_surface(
    told: list[Told], app: Flask, database: Database, settings: Settings, sign_in_as: SignInAs
) -> None:
    indexing.catch_up(database, open_index(settings))
    with database.writing() as db:
        db.expire_on_commit = False
        ids = {each.slug: each.id for each in db.query(Organisation)}
        persons = {
            "harbour": cast.person(db, "Hal", organisation_id=ids["harbour-lines"]),
            "brightwater": cast.person(db, "Bri", organisation_id=ids["brightwater"]),
            "unaffiliated": cast.person(db, "Una"),
            "writer": cast.person(db, "Wri", Role.WRITER),
        }
    check_news(database, persons, told)
    for reader in READERS:
        person = persons.get(reader)
        client = sign_in_as(person) if person else app.test_client()
        check_reader(client, reader, told)


def check_news(database: Database, persons: dict[str, Person], told: list[Told]) -> None:
    """Of those who asked for news of everything, exactly the readers of an article are told."""
    contacts = {name: person for name, person in persons.items() if name != "writer"}
    with database.writing() as db:
        shelves = list(db.scalars(select(Category.id)))
        for one in contacts.values():
            subscribe(db, person=one, products=(), category_ids=shelves, now=WRITTEN_AT)
    with database.reading() as db:
        for each in told:
            made = db.scalars(select(Article).where(Article.slug == each.slug)).one()
            heard = {one.id for one in concerned(db, made, [], now=WRITTEN_AT)}
            wanted = {one.id for name, one in contacts.items() if each.is_read_by(name)}
            assert {one.id for one in contacts.values()} & heard == wanted


def check_reader(client: FlaskClient, reader: str, told: list[Told]) -> None:
    shown = {each for each in told if each.is_read_by(reader)}
    hidden = [each for each in told if each not in shown]
    pages = surfaces(client, told)
    for path, page in pages.items():
        assert "qunpublished" not in page, path
        for each in hidden:
            asked_for = each.word in path or each.shelf in path
            if not (asked_for and each.word not in page.replace(path, "")):
                check_hidden(each, path, page, reader)
    for n, each in enumerate(told):
        check_addresses(client, each, reader)
        check_comments(pages, each, may_read=each in shown)
        check_help_key(client, f"/help/key.{n}", each, each.is_read_by(reader))
        check_help_key(client, f"/widget?key=key.{n}", each, each.is_read_by("anyone"))
    everyones = [each for each in told if each.is_read_by("anyone")]
    check_public_lists(client, everyones)
    check_counts(pages, shown)


def check_hidden(each: Told, path: str, page: str, reader: str) -> None:
    """The word that was searched for may be repeated as the question, nowhere else."""
    is_question = path.startswith(("/search?q=" + each.word, "/search/suggestions?q=" + each.word))
    if is_question:
        assert f"slug-{each.word}" not in page, (reader, path)
        assert f"Title {each.word}" not in page, (reader, path)
        assert f"Summary {each.word}" not in page, (reader, path)
    else:
        assert each.word not in page, (reader, path)


def surfaces(client: FlaskClient, told: list[Told]) -> dict[str, str]:
    paths = ["/", "/feed.xml", "/releases.xml", "/sitemap.xml", "/account/news"]
    paths += [f"/search?q={COMMON}", f"/search?q={COMMON}&page=2"]
    paths += [f"/search/suggestions?q={typed}" for typed in ("title", COMMON, "q", "ti")]
    paths += [f"/cases/answers?q={COMMON}", f"/cases/new?q={COMMON}", "/expectations"]
    paths += ["/widget", f"/widget?q={COMMON}", "/search?q=lead+flock", "/widget?q=lead+flock"]
    paths += [f"/categories/{place}" for place in sorted({each.shelf for each in told})]
    paths += [f"/articles/{each.slug}" for each in told]
    paths += [f"/articles/{each.slug}/comments" for each in told]
    paths += [f"/widget/articles/{each.slug}" for each in told]
    for each in told[::2]:
        paths += [f"/search?q={each.word}", f"/search/suggestions?q={each.word[:5]}"]
    browser = {"Sec-Fetch-Site": "same-origin"}
    read = {path: client.get(path, headers=browser) for path in paths}
    return {path: answer.text for path, answer in read.items() if answer.status_code == 200}


def check_addresses(client: FlaskClient, each: Told, reader: str) -> None:
    """The page, its source and its image are there for readers alone."""
    wanted = 200 if each.is_read_by(reader) else 404
    if each.status is Status.RETIRED and each.is_for(reader):
        wanted = 410
    for path in (f"/articles/{each.slug}", f"/articles/{each.slug}.md"):
        assert client.get(path).status_code == wanted, (reader, path)
    framed = client.get(f"/widget/articles/{each.slug}")
    assert (framed.status_code == 200) is each.is_read_by("anyone"), (reader, each)
    picture = client.get(f"/files/{each.image}/{each.word}.png")
    sees_drafts = reader == "writer"  # in the editor, before anything is published
    assert (picture.status_code == 200) is (sees_drafts or each.is_read_by(reader))


def check_comments(pages: dict[str, str], each: Told, *, may_read: bool) -> None:
    """Whoever may read an article reads the comments below it, unless they are off."""
    page = pages.get(f"/articles/{each.slug}", "")
    assert (f"Said {each.word}" in page) is (may_read and each.comments is not Comments.OFF)


def check_help_key(client: FlaskClient, path: str, each: Told, may_read: bool) -> None:
    answer = client.get(path)
    assert (answer.status_code == 302) is may_read, path
    assert each.word in answer.headers.get("Location", each.word)
    assert may_read or each.word not in answer.text


def check_public_lists(client: FlaskClient, everyones: list[Told]) -> None:
    """Feed and sitemap hold what anyone may read, whoever asks, and all of it."""
    feed = ElementTree.fromstring(client.get("/feed.xml").text)
    titles = {entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")}
    assert titles == {f"Title {each.word} {COMMON}" for each in everyones}
    feed = ElementTree.fromstring(client.get("/releases.xml").text)
    titles = {entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")}
    assert titles == {f"Title {each.word} {COMMON}" for each in everyones if each.is_release}
    listed = re.findall(r"/articles/([^<]+)<", client.get("/sitemap.xml").text)
    assert set(listed) == {each.slug for each in everyones}


def check_counts(pages: dict[str, str], shown: set[Told]) -> None:
    """The number of results is the number of what may be read."""
    found = re.search(r"(\d+) results? for", pages[f"/search?q={COMMON}"])
    assert int(found[1] if found else 0) == len(shown)
    for place in {each.shelf for each in shown}:
        here = [each for each in shown if each.shelf == place]
        page = pages[f"/categories/{place}"]
        assert all(f"/articles/{each.slug}" in page for each in here)
