"""Reading without an account: home, topics, articles, feeds; moved and withdrawn articles."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import BytesIO
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from portal.cases.policies import adopt
from portal.clock import now as this_moment
from portal.database import Database
from portal.files import FileStore
from portal.knowledge.addressing import change_slug
from portal.knowledge.article import (
    Article,
    ArticleImage,
    ArticleType,
    Audience,
    Feedback,
    NoReason,
)
from portal.knowledge.withdrawing import retire
from portal.people.person import Person
from portal.policy.profiles import profile_source
from portal.search import indexing
from portal.search.opening import open_index
from portal.settings import Settings
from tests.search.library import WRITTEN_AT, article, shelf

ATOM = "{http://www.w3.org/2005/Atom}"
BODY = "Choose *Forgotten*.\n\n## First\n\nOne.\n\n## Second\n\nTwo.\n\n## Third\n\nThree.\n"
SAME_ORIGIN = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def library(database: Database, settings: Settings) -> None:
    with database.writing() as db:
        adopt(db, source=profile_source("communicado"), now=this_moment() - timedelta(days=1))
        accounts, operations = shelf(db), shelf(db, "operations", "Operations")
        shelf(db, "secret-shelf", "Secret shelf")
        article(
            db,
            "How do I reset my password?",
            body=BODY,
            summary='Ask for a new one & "wait".',
            category=accounts,
        )
        article(db, "How do I change my password?", body="In your profile.", category=accounts)
        article(db, "Which backups are made?", category=operations)
        article(
            db,
            "Vault procedure",
            audience=Audience.STAFF,
            category=shelf(db, "secret-shelf"),
        )
    indexing.catch_up(database, open_index(settings))


def read(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.text[:500]
    return answer.text


@pytest.mark.usefixtures("library")
def test_home_asks_shows_topics_and_says_whether_support_is_open(client: FlaskClient) -> None:
    page = read(client, "/")
    assert "How can we help?" in page
    assert "Accounts" in page
    assert "How do I reset my password?" in page
    assert "Open now" in page or "Closed now" in page
    assert "Secret shelf" not in page
    assert "Vault" not in page


@pytest.mark.parametrize(
    "path",
    ["/", "/categories/accounts", "/articles/how-do-i-reset-my-password", "/expectations",
     "/search?q=password", "/search?q=qqqqq", "/articles/how-do-i-reset-my-password/feedback",
     "/articles/nowhere"],
)  # fmt: skip
@pytest.mark.usefixtures("library")
def test_A1_the_desks_phone_number_stands_on_every_page(client: FlaskClient, path: str) -> None:
    assert 'href="tel:8664898722"' in client.get(path).text


@pytest.mark.parametrize(
    "path",
    ["/", "/categories/accounts", "/articles/how-do-i-reset-my-password", "/search?q=password",
     "/search/suggestions?q=pass", "/feed.xml", "/sitemap.xml", "/expectations",
     "/articles/how-do-i-reset-my-password.md"],
)  # fmt: skip
@pytest.mark.usefixtures("library")
def test_D6_everything_public_is_open_to_anyone_without_a_cookie(
    client: FlaskClient, path: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    cookies = answer.headers.getlist("Set-Cookie")
    if path.startswith("/search?"):  # who asks for help has a visit, which is nobody's name
        cookies = [one for one in cookies if not one.startswith("visit=")]
    assert cookies == []
    assert "Vault" not in answer.text
    assert "secret-shelf" not in answer.text


def test_without_a_policy_and_without_articles_every_page_still_stands(
    client: FlaskClient,
) -> None:
    assert "No articles yet" in read(client, "/")
    assert "has not published" in read(client, "/expectations")
    assert read(client, "/search?q=anything")
    assert ElementTree.fromstring(read(client, "/feed.xml")).tag == f"{ATOM}feed"
    assert read(client, "/sitemap.xml")


@pytest.mark.usefixtures("library")
def test_an_article_says_what_it_is_in_words_and_for_machines(client: FlaskClient) -> None:
    page = read(client, "/articles/how-do-i-reset-my-password")
    assert "<em>Forgotten</em>" in page
    assert "On this page" in page
    assert 'rel="canonical" href="http://localhost/articles/how-do-i-reset-my-password"' in page
    assert 'content="Ask for a new one &amp; &#34;wait&#34;."' in page
    data = [json.loads(found) for found in re.findall(r'ld\+json">(.*?)</script>', page)]
    assert [one["@type"] for one in data] == ["TechArticle", "BreadcrumbList"]
    assert data[0]["headline"] == "How do I reset my password?"
    assert data[0]["author"]["name"] == data[0]["publisher"]["name"]
    assert "/cases/new?article=how-do-i-reset-my-password" in page
    assert re.search(r'id="related".*How do I change my password', page, re.DOTALL)


@pytest.mark.usefixtures("library")
def test_public_pages_are_the_same_bytes_and_revalidate(client: FlaskClient) -> None:
    for path in ("/", "/articles/how-do-i-reset-my-password", "/categories/accounts"):
        first, second = client.get(path), client.get(path)
        assert first.data == second.data
        assert "public" in first.headers["Cache-Control"]
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304


@pytest.mark.usefixtures("library")
def test_words_of_the_search_are_marked_and_can_be_unmarked(client: FlaskClient) -> None:
    page = read(client, "/articles/how-do-i-reset-my-password?q=forgot+%3Cscript%3E")
    assert "<mark>Forgotten</mark>" in page or "Words from your search" in page
    assert "Show without marks" in page
    assert "<mark>" not in read(client, "/articles/how-do-i-reset-my-password")


@pytest.mark.usefixtures("library")
def test_the_source_can_be_read_as_markdown(client: FlaskClient) -> None:
    answer = client.get("/articles/how-do-i-reset-my-password.md")
    assert answer.mimetype == "text/markdown"
    assert answer.text.startswith("---\ntitle: How do I reset my password?")
    assert "Choose *Forgotten*." in answer.text


@pytest.mark.usefixtures("library")
def test_a_withdrawn_article_is_gone_from_every_page_for_the_next_request(
    client: FlaskClient, database: Database
) -> None:
    paths = [
        "/",
        "/categories/accounts",
        "/articles/how-do-i-reset-my-password",
        "/feed.xml",
        "/sitemap.xml",
        "/search?q=change+password",
        "/search/suggestions?q=change",
    ]
    for path in paths:
        assert "how-do-i-change-my-password" in read(client, path), path
    with database.writing() as db:
        gone = db.query(Article).filter(Article.slug == "how-do-i-change-my-password").one()
        retire(db, article=gone, by=None, now=WRITTEN_AT)
    for path in paths:
        assert "how-do-i-change-my-password" not in read(client, path), path
    page = read(client, "/articles/how-do-i-change-my-password", 410)
    assert "has been withdrawn" in page
    assert 'name="q"' in page


@pytest.mark.usefixtures("library")
def test_old_addresses_lead_to_the_new_one_for_good(
    client: FlaskClient, database: Database
) -> None:
    with database.writing() as db:
        moved = db.query(Article).filter(Article.slug == "how-do-i-change-my-password").one()
        change_slug(db, article=moved, slug="change-password", by=None, now=WRITTEN_AT)
        heir = db.query(Article).filter(Article.slug == "how-do-i-reset-my-password").one()
        old = db.query(Article).filter(Article.slug == "which-backups-are-made").one()
        retire(db, article=old, by=None, now=WRITTEN_AT, heir=heir)
    for path, target in (
        ("/articles/how-do-i-change-my-password", "/articles/change-password"),
        ("/articles/how-do-i-change-my-password.md", "/articles/change-password.md"),
        ("/articles/which-backups-are-made", "/articles/how-do-i-reset-my-password"),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (301, target)


@pytest.mark.usefixtures("library")
def test_the_feed_is_atom_and_the_sitemap_lists_each_public_page(client: FlaskClient) -> None:
    feed = ElementTree.fromstring(read(client, "/feed.xml"))
    for name in ("title", "id", "updated", "author"):
        assert feed.find(f"{ATOM}{name}") is not None
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 3
    assert all(entry.findtext(f"{ATOM}updated") for entry in entries)
    sitemap = ElementTree.fromstring(read(client, "/sitemap.xml"))
    places = [place.text for place in sitemap.iter() if place.tag.endswith("loc")]
    assert "http://localhost/articles/how-do-i-reset-my-password" in places
    assert "http://localhost/categories/operations" in places
    assert len(places) == 7
    assert "Sitemap: http://localhost/sitemap.xml" in read(client, "/robots.txt")


@pytest.mark.usefixtures("library")
def test_staff_articles_are_read_by_staff_only(
    client: FlaskClient, database: Database, sign_in_as: Callable[[Person], FlaskClient],
    make_person: Callable[..., Person],
) -> None:  # fmt: skip
    read(client, "/articles/vault-procedure", 404)
    read(client, "/articles/vault-procedure.md", 404)
    read(client, "/categories/secret-shelf", 404)
    contact = sign_in_as(make_person("ines@customer.example"))
    read(contact, "/articles/vault-procedure", 404)
    assert contact.get("/").headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("library")
def test_yes_thanks_and_no_asks_why(client: FlaskClient, database: Database) -> None:
    address = "/articles/how-do-i-reset-my-password/feedback"
    no = client.post(address, data={"helped": "no", "version": "1"}, headers=SAME_ORIGIN)
    assert no.status_code == 303
    page = read(client, no.location)
    assert "It was hard to understand" in page
    assert "/cases/new?article=how-do-i-reset-my-password" in page
    why = client.post(
        f"{address}/reason",
        data={"reason": "wrong", "comment": "Step <2>", "version": "1"},
        headers=SAME_ORIGIN,
    )
    assert why.status_code == 303
    with database.reading() as db:
        kept = db.query(Feedback).one()
        assert (kept.helped, kept.reason, kept.comment) == (False, NoReason.WRONG, "Step <2>")
    yes = client.post(address, data={"helped": "yes"}, headers=SAME_ORIGIN)
    assert "Thank you" in client.get(yes.location).text
    with database.reading() as db:
        assert db.query(Feedback).one().helped


@pytest.mark.usefixtures("library")
def test_a_vote_needs_a_choice_and_our_own_page(client: FlaskClient, database: Database) -> None:
    address = "/articles/how-do-i-reset-my-password/feedback"
    assert client.post(address, data={}, headers=SAME_ORIGIN).status_code == 400
    foreign = {"Origin": "https://evil.example"}
    assert client.post(address, data={"helped": "yes"}, headers=foreign).status_code == 400
    missing = client.post(f"{address}/reason", data={"reason": ""}, headers=SAME_ORIGIN)
    assert missing.status_code == 422
    nowhere = client.post("/articles/no/feedback", data={"helped": "yes"}, headers=SAME_ORIGIN)
    assert nowhere.status_code == 404
    with database.reading() as db:
        assert db.query(Feedback).count() == 0


@pytest.mark.usefixtures("library")
def test_D26_D27_expectations_stand_in_a_table_and_come_from_the_policy_alone(
    client: FlaskClient,
) -> None:
    page = read(client, "/expectations")
    assert "System Down" in page
    assert "6:30 am to 5:30 pm Pacific time" in page
    assert "Within 60 business minutes" in page
    assert "typical; set by this portal, not published" in page
    assert "Holidays to come" in page
    assert "maintenance contract" in page
    assert "Not stated" in page
    assert "How to report it" in page
    assert "not to a solution" in page


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ("cipplanner", ["Day and night", "Usually by close of the same business day"]),
        ("cipplanner", ["Emergencies: day and night", "8:00 am to 5:00 pm"]),
        ("civicplus", ["For named contacts", "Anyone else: as “Question, concern or suggestion”"]),
        ("civicplus", ["By telephone: as calls arrive, within 4 business hours"]),
        ("civicplus", ["anything else: at the liaison's discretion", "USD 200 per hour"]),
        ("cts", ["Immediately, within 15 business minutes", "Continuously, within 60"]),
        ("communicado", ["Outside support hours: within 4 business hours"]),
    ],
)
def test_the_table_says_for_whom_by_which_way_and_in_whose_words(
    client: FlaskClient, database: Database, profile: str, said: list[str]
) -> None:
    with database.writing() as db:
        adopt(db, source=profile_source(profile), now=this_moment())
    page = unescape(read(client, "/expectations"))
    for words in said:
        assert words in page


@pytest.mark.parametrize("profile", ["cipplanner", "civicplus", "cts", "communicado"])
def test_each_vendors_policy_is_told_without_an_error(
    client: FlaskClient, database: Database, profile: str
) -> None:
    with database.writing() as db:
        adopt(db, source=profile_source(profile), now=this_moment())
    assert "How soon we answer" in read(client, "/expectations")


def test_hostile_words_in_an_article_stay_words(
    client: FlaskClient, database: Database, settings: Settings
) -> None:
    nasty = '</script><script>alert(1)</script> & ]]> "quoted" {{ 7*7 }}'
    with database.writing() as db:
        article(db, nasty, summary=nasty, search_words=[nasty], slug="nasty", body="alert words")
    indexing.catch_up(database, open_index(settings))
    for path in ("/", "/categories/accounts", "/articles/nasty", "/articles/nasty?q=alert",
                 "/search?q=alert", "/articles/nasty/feedback"):  # fmt: skip
        assert "<script>alert" not in read(client, path), path
    assert ElementTree.fromstring(read(client, "/feed.xml")).tag == f"{ATOM}feed"


def test_D7_each_kind_of_help_is_open_to_anyone_and_says_what_it_is(
    client: FlaskClient, database: Database
) -> None:
    words = {
        ArticleType.MANUAL: "Manual",
        ArticleType.FAQ: "Question and answer",
        ArticleType.PROBLEM: "Known problem",
        ArticleType.REFERENCE: "Reference",
        ArticleType.HOW_TO: "How-to",
        ArticleType.TRAINING: "Training",
        ArticleType.RELEASE: "Release notes",
    }
    assert set(words) == set(ArticleType)
    with database.writing() as db:
        for type_ in words:
            article(db, f"Help of the kind {type_.name.lower()}", slug=type_.value, type=type_)
    for type_, word in words.items():
        assert f"<span>{word}</span>" in read(client, f"/articles/{type_.value}")


def test_images_are_shown_to_those_who_may_read_their_article(
    client: FlaskClient, database: Database, settings: Settings,
    sign_in_as: Callable[[Person], FlaskClient], make_person: Callable[..., Person],
) -> None:  # fmt: skip
    store = FileStore(settings.files_folder)
    kept = [
        store.keep(BytesIO(b"\x89PNG\r\n\x1a\n" + word), limit_bytes=1_000)
        for word in (b"open", b"closed", b"unused")
    ]
    images = [
        ArticleImage(
            path="a.png", content_hash=one.content_hash, name="a.png", media_type=one.media_type,
            size_bytes=one.size_bytes, width=1, height=1,
        )
        for one in kept
    ]  # fmt: skip
    with database.writing() as db:
        article(db, "Open", images=images[:1])
        article(db, "Closed", images=images[1:2], audience=Audience.CUSTOMERS)
    shown = client.get(f"/files/{kept[0].content_hash}/a.png")
    assert (shown.status_code, shown.mimetype) == (200, "image/png")
    assert "immutable" in shown.headers["Cache-Control"]
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert client.get(f"/files/{kept[1].content_hash}/a.png").status_code == 404
    assert client.get(f"/files/{kept[2].content_hash}/a.png").status_code == 404
    assert client.get("/files/not-a-hash/a.png").status_code == 404
    contact = sign_in_as(make_person("ines@customer.example"))
    own = contact.get(f"/files/{kept[1].content_hash}/a.png")
    assert own.status_code == 200
    assert "public" not in own.headers["Cache-Control"]
