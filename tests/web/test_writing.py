"""Writers at their plain page: write, preview, save, publish, retire, move, and never overwrite."""

import io
import re
from dataclasses import dataclass, replace
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.clock import now as this_moment
from portal.database import Database
from portal.knowledge.article import Article, Category, NoReason, Status, Version
from portal.knowledge.feedback import give_feedback
from portal.knowledge.versioning import save_version
from portal.knowledge.words import Words, words_of
from portal.people.organisation import Organisation
from portal.people.person import Role
from portal.search.indexing import catch_up
from tests.knowledge.shelves import png
from tests.web.conftest import MakeApp, MakePerson, SignInAs, hidden_fields

FIELDS = {
    "title": "How do I reset my password?",
    "summary": "Ask for a link on the sign-in page.",
    "body": "Ask for a **link**.\n\n1. Open the page.\n2. Press the button.\n",
    "slug": "reset-password",
    "new_category": "Signing in",
    "category": "",
    "type": "how-to",
    "audience": "public",
    "applies_to": "Portal 4\nPortal 5",
    "search_words": "login\nforgotten",
    "owner": "Wren",
    "verified_on": "2026-11-01",
    "review_every": "180",
    "aliases": "forgot-password",
    "note": "First",
}


def textarea(page: str, name: str) -> str:
    """What stands in a text area."""
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return unescape(found[1])


@dataclass
class Desk:
    """A writer's browser, and what lies in the database after it."""

    writer: FlaskClient
    database: Database

    def post(self, path: str, **fields: object) -> object:
        token = hidden_fields(self.writer.get("/writing/articles/new").text)["csrf_token"]
        return self.writer.post(path, data={"csrf_token": token, **fields})

    def add(self, **changes: object) -> int:
        response = self.post("/writing/articles", **{**FIELDS, **changes})
        assert response.status_code == 303, response.text
        return int(response.location.split("/")[3])

    def edit(self, article_id: int, **changes: object) -> object:
        page = self.writer.get(f"/writing/articles/{article_id}").text
        fields = {**FIELDS, "based_on": hidden_fields(page)["based_on"], **changes}
        return self.post(f"/writing/articles/{article_id}", **fields)

    def article(self, article_id: int) -> Article:
        with self.database.reading() as db:
            article = db.get_one(Article, article_id)
            _ = (article.versions, article.category, article.published, article.heir)
            _ = (article.organisations, article.images)
            return article


@pytest.fixture
def desk(sign_in_as: SignInAs, make_person: MakePerson, database: Database) -> Desk:
    return Desk(sign_in_as(make_person("wren@desk.example", role=Role.WRITER)), database)


def test_every_piece_of_front_matter_has_a_field_and_is_kept(desk: Desk) -> None:
    article = desk.article(desk.add(pinned="y"))
    latest = article.versions[-1]
    assert (article.slug, article.status, article.is_pinned) == (
        "reset-password",
        Status.DRAFT,
        True,
    )
    assert article.category.title == "Signing in"
    assert latest.search_words == ["login", "forgotten"]
    assert latest.applies_to == ["Portal 4", "Portal 5"]
    assert (article.owner, article.review_every_days) == ("Wren", 180)
    page = desk.writer.get(f"/writing/articles/{article.id}").text
    for kept in ("forgot-password", "login\nforgotten", "2026-11-01", "180", "First"):
        assert kept in page


def test_a_draft_is_read_by_nobody_and_a_published_article_at_once(
    desk: Desk, client: FlaskClient
) -> None:
    article_id = desk.add()
    assert client.get("/articles/reset-password").status_code == 404
    assert desk.post(f"/writing/articles/{article_id}/publication").status_code == 303
    assert "<strong>link</strong>" in client.get("/articles/reset-password").text
    assert client.get("/articles/forgot-password").status_code == 301


def test_what_is_published_is_found_by_search_at_once(
    desk: Desk, client: FlaskClient, app: Flask, database: Database
) -> None:
    desk.add(then="publish")
    catch_up(database, app.extensions["portal"].index)
    assert "How do I reset my password?" in client.get("/search?q=password").text


def test_a_withdrawn_article_is_gone_for_the_next_request(desk: Desk, client: FlaskClient) -> None:
    article_id = desk.add(then="publish")
    assert client.get("/articles/reset-password").status_code == 200
    assert "How do I reset" in client.get("/").text
    desk.post(f"/writing/articles/{article_id}/withdrawal")
    assert client.get("/articles/reset-password").status_code == 404
    assert "How do I reset" not in client.get("/").text


def test_U408_a_retired_article_leads_to_its_heir_or_says_that_it_is_gone(
    desk: Desk, client: FlaskClient
) -> None:
    old = desk.add(then="publish")
    heir = desk.add(slug="sign-in", aliases="", title="How do I sign in?", then="publish")
    desk.add(slug="guide", aliases="", body="See [it](reset-password.md).", then="publish")
    said = desk.writer.get(f"/writing/articles/{old}/retirement").text
    assert "1 published article leads here" in said
    refused = desk.post(f"/writing/articles/{old}/retirement", heir="nowhere")
    assert refused.status_code == 422
    assert "no article at “nowhere”" in refused.text
    desk.post(f"/writing/articles/{old}/retirement", heir="/articles/sign-in")
    moved = client.get("/articles/reset-password")
    assert (moved.status_code, moved.location) == (301, "/articles/sign-in")
    desk.post(f"/writing/articles/{heir}/retirement", heir="")
    assert client.get("/articles/sign-in").status_code == 410
    desk.post(f"/writing/articles/{heir}/revival")
    assert client.get("/articles/sign-in").status_code == 200


def test_U1007_a_category_asks_for_a_second_writer_before_anything_is_published(
    desk: Desk, client: FlaskClient, sign_in_as: SignInAs, make_person: MakePerson
) -> None:
    article_id = desk.add()
    page = f"/writing/articles/{article_id}/publication"
    manager = sign_in_as(make_person("mai@desk.example", role=Role.MANAGER, name="Mai"))
    second = Desk(manager, desk.database)
    assert desk.post("/writing/rules").status_code == 404
    shown = desk.writer.get("/writing/rules").text
    listed = desk.writer.get("/writing/articles")
    assert (listed.status_code, listed.location) == (301, "/writing")
    table = shown[shown.index("<main") : shown.index("</main>")]
    assert "Managers change these rules." in table
    assert "<form" not in table
    assert "<input" not in table
    category = desk.article(article_id).category_id
    assert second.post("/writing/rules", **{f"days-{category}": "often"}).status_code == 422
    rules = {f"approval-{category}": "y", f"days-{category}": "90"}
    assert second.post("/writing/rules", **rules).status_code == 303
    refused = desk.post(page)
    assert refused.status_code == 409
    assert "ask for a review first" in refused.text
    desk.edit(article_id, then="publish")
    assert client.get("/articles/reset-password").status_code == 404
    assert "Ask for a review of version 1" in desk.writer.get(page).text
    desk.post(f"/writing/articles/{article_id}/review")
    assert "somebody else has to look at it" in desk.writer.get(page).text
    assert desk.post(f"/writing/articles/{article_id}/approval", shown="1").status_code == 409
    assert "How do I reset" in second.writer.get("/writing?status=in_review").text
    assert second.post(f"/writing/articles/{article_id}/return", shown="1").status_code == 422
    second.post(f"/writing/articles/{article_id}/return", shown="1", text="Name the page.")
    assert "Name the page." in desk.writer.get(f"/writing/articles/{article_id}").text
    desk.edit(article_id, body="Ask for a **link** on the sign-in page.")
    desk.post(f"/writing/articles/{article_id}/review")
    assert second.post(f"/writing/articles/{article_id}/approval", shown="1").status_code == 409
    assert second.post(f"/writing/articles/{article_id}/approval", shown="2").status_code == 303
    assert desk.post(page).status_code == 303
    assert client.get("/articles/reset-password").status_code == 200


def test_U1007_an_article_is_scheduled_on_the_writers_own_clock(
    database: Database, sign_in_as: SignInAs, make_person: MakePerson
) -> None:
    zone = "Asia/Kolkata"
    wren = make_person("wren@desk.example", role=Role.WRITER, time_zone=zone)
    desk = Desk(sign_in_as(wren), database)
    article_id = desk.add()
    act = f"/writing/articles/{article_id}/schedule"
    for said in ("Enter the day on which", "Enter the time at which"):
        assert desk.post(act).text.count(said) == 2, "above the page, and at the field"
    assert "lies ahead" in desk.post(act, on="1 Jan 2020", at="9:00 am").text
    half = desk.post(act, on="1 Jan 2099", at="9")
    assert "This can be 9:00 am or 9:00 pm." in half.text
    assert 'value="1 Jan 2099"' in half.text
    assert 'value="9"' in half.text
    assert desk.post(act, on="1 Jan 2099", at="9 am").status_code == 303
    page = desk.writer.get(f"/writing/articles/{article_id}/publication").text
    assert "2099-01-01T03:30:00Z" in page
    assert "9:00 am IST" in page
    assert "Scheduled" in desk.writer.get("/writing?status=scheduled").text
    desk.post(f"/writing/articles/{article_id}/schedule-withdrawal")
    assert "Nothing matches" in desk.writer.get("/writing?status=scheduled").text


def test_what_was_changed_beside_the_words_waits_for_the_publication_too(
    desk: Desk, client: FlaskClient
) -> None:
    article_id = desk.add(then="publish")
    desk.edit(article_id, audience="customers", body="Other words.")
    assert "<strong>link</strong>" in client.get("/articles/reset-password").text
    page = desk.writer.get(f"/writing/articles/{article_id}/publication").text
    assert "Signed-in customers" in page
    assert "added: </span>Other words" in page
    desk.post(f"/writing/articles/{article_id}/publication")
    assert client.get("/articles/reset-password").status_code == 404


def test_a_changed_address_redirects_for_ever(desk: Desk, client: FlaskClient) -> None:
    article_id = desk.add(then="publish")
    assert desk.post(f"/writing/articles/{article_id}/address", slug="Bad Slug").status_code == 422
    desk.post(f"/writing/articles/{article_id}/address", slug="new-password")
    assert client.get("/articles/reset-password").location == "/articles/new-password"
    assert client.get("/articles/new-password").status_code == 200


def test_a_later_version_of_somebody_else_is_never_overwritten_unseen(desk: Desk) -> None:
    article_id = desk.add()
    with desk.database.writing() as db:
        article = db.get_one(Article, article_id)
        other = Words("How do I reset it?", "Colleague's better text.\n")
        save_version(db, article=article, words=other, by=None, now=this_moment())
    response = desk.edit(article_id, based_on="1", body="My own long text.", note="mine")
    assert response.status_code == 409
    marked = (
        "&lt;&lt;&lt;&lt;&lt;&lt;&lt; Yours\nMy own long text.\n=======\n"
        "Colleague&#39;s better text.\n&gt;&gt;&gt;&gt;&gt;&gt;&gt; Somebody"
    )
    assert marked in response.text
    assert "added: </span>Colleague&#39;s better text" in response.text
    assert len(desk.article(article_id).versions) == 2
    again = hidden_fields(response.text)["based_on"]
    undecided = desk.edit(article_id, based_on=again, body="<<<<<<< Yours\na\n>>>>>>> Mai")
    assert "Decide the passages" in undecided.text
    assert desk.edit(article_id, based_on=again, body="My own long text.").status_code == 303
    assert desk.article(article_id).versions[-1].body == "My own long text.\n"


def test_what_two_writers_changed_in_different_places_comes_together(desk: Desk) -> None:
    article_id = desk.add()
    with desk.database.writing() as db:
        article = db.get_one(Article, article_id)
        theirs = "Ask for a **link**.\n\n1. Open the page.\n2. Press the green button.\n"
        before = words_of(article.versions[-1])
        changed = replace(before, body=theirs, title="How do I get a new password?")
        save_version(db, article=article, words=changed, by=None, now=this_moment())
    mine = FIELDS["body"].replace("Open the page", "Open the sign-in page")
    response = desk.edit(article_id, based_on="1", body=mine, search_words="login\nlocked out")
    assert response.status_code == 409
    for line in (
        "1. Open the sign-in page.\n2. Press the green button.",
        "login\nlocked out",
        'value="How do I get a new password?"',
    ):
        assert line in response.text


def test_wrong_fields_are_named_and_everything_typed_stays(desk: Desk) -> None:
    response = desk.post(
        "/writing/articles",
        **{
            **FIELDS,
            "title": "",
            "verified_on": "yesterday",
            "review_every": "often",
            "audience": "organisations",
        },
    )
    assert response.status_code == 422
    for said in (
        "Enter the question this answers.",
        "Enter a date like 2026-11-23.",
        "Enter a number of days",
        "Choose at least one organisation",
    ):
        assert said in response.text
    for kept in ("Ask for a **link**.", "yesterday", "often", "forgot-password"):
        assert kept in response.text


def test_without_a_category_nothing_is_saved_and_no_nameless_one_is_made(desk: Desk) -> None:
    response = desk.post("/writing/articles", **{**FIELDS, "new_category": ""})
    assert response.status_code == 422
    assert "Choose a category, or enter a new one." in response.text
    assert "Ask for a **link**." in textarea(response.text, "body")
    with desk.database.reading() as db:
        assert not db.scalars(select(Category)).all()


def test_a_taken_address_is_refused_and_nothing_is_lost(desk: Desk) -> None:
    desk.add()
    response = desk.post("/writing/articles", **{**FIELDS, "aliases": "", "body": "Another text"})
    assert response.status_code == 422
    assert "is the address of another article" in response.text
    assert "Another text" in response.text


def test_a_text_that_cannot_be_rendered_is_refused_with_its_line(desk: Desk) -> None:
    response = desk.post("/writing/articles", **{**FIELDS, "body": "Fine\n\n" + "[" * 300})
    assert response.status_code == 422
    assert "Line 3: more than 200 brackets" in response.text


def test_the_preview_is_made_by_the_servers_own_pipeline(desk: Desk) -> None:
    fragment = desk.post("/writing/preview?fragment=1", body="**Bold** <script>x</script>")
    assert "<strong>Bold</strong> &lt;script&gt;" in fragment.text
    assert "<html" not in fragment.text
    page = desk.post("/writing/preview", **FIELDS)
    assert page.status_code == 200
    assert "<strong>link</strong>" in page.text
    assert "forgot-password" in page.text
    article_id = desk.add()
    assert "<strong>link</strong>" in desk.writer.get(f"/writing/articles/{article_id}").text
    kept = desk.post(f"/writing/articles/{article_id}/preview", **{**FIELDS, "body": "New *words*"})
    assert "<em>words</em>" in kept.text
    assert len(desk.article(article_id).versions) == 1


def test_B18_writers_read_what_was_not_helpful_beside_the_version_it_was_said_of(
    desk: Desk,
) -> None:
    article_id = desk.add(then="publish")
    with desk.database.writing() as db:
        first = db.scalars(select(Version)).one()
        for visitor, helped in (("a", True), ("b", False)):
            give_feedback(
                db,
                version=first,
                visitor_hash=visitor,
                helped=helped,
                reason=None if helped else NoReason.WRONG,
                comment="" if helped else "The <b>button</b> is gone",
                now=this_moment(),
            )
    desk.edit(article_id, body="Press the other button.")
    page = desk.writer.get(f"/writing/articles/{article_id}").text
    assert "1 yes, 1 no (wrong or out of date: 1)" in page
    assert "The &lt;b&gt;button&lt;/b&gt; is gone" in page


def test_A21_versions_can_be_compared_and_taken_up_again(desk: Desk) -> None:
    article_id = desk.add()
    desk.edit(article_id, body="Something else.")
    page = desk.writer.get(f"/writing/articles/{article_id}/versions/1").text
    assert "added: </span>Something else" in page
    assert "taken away: </span>Ask for a **link**" in page
    beside = desk.writer.get(f"/writing/articles/{article_id}/versions/1?view=beside&with=2").text
    assert "Version 1 beside Version 2" in beside
    desk.post(f"/writing/articles/{article_id}/restoration", number="1")
    versions = desk.article(article_id).versions
    assert [version.number for version in versions] == [1, 2, 3]
    assert words_of(versions[2]) == words_of(versions[0])


def test_A20_an_article_for_one_organisation_is_read_by_its_contacts_only(
    desk: Desk, client: FlaskClient, sign_in_as: SignInAs, make_person: MakePerson
) -> None:
    at = this_moment()
    with desk.database.writing() as db:
        db.expire_on_commit = False
        acme = Organisation(slug="acme", name="Acme", created_at=at)
        other = Organisation(slug="other", name="Other", created_at=at)
        db.add_all([acme, other])
    desk.add(audience="organisations", organisations=["acme"], then="publish")
    inside = sign_in_as(make_person("in@acme.example", organisation=acme))
    outside = sign_in_as(make_person("out@other.example", organisation=other))
    assert inside.get("/articles/reset-password").status_code == 200
    assert outside.get("/articles/reset-password").status_code == 404
    assert client.get("/articles/reset-password").status_code == 404


def test_the_list_holds_every_status_and_narrows(desk: Desk) -> None:
    desk.add(then="publish")
    desk.add(slug="other-one", aliases="", title="Why is the sky blue?")
    everything = desk.writer.get("/writing").text
    assert "How do I reset" in everything
    assert "Why is the sky" in everything
    drafts = desk.writer.get("/writing?status=draft").text
    assert "How do I reset" not in drafts
    assert "Why is the sky" in drafts
    assert "Why is the sky" in desk.writer.get("/writing?q=sky+blue").text
    assert "Nothing matches" in desk.writer.get("/writing?q=50%25").text


@pytest.mark.parametrize("role", [Role.AGENT, Role.CONTACT])
def test_only_writers_write(
    role: Role, desk: Desk, sign_in_as: SignInAs, make_person: MakePerson
) -> None:
    article_id = desk.add()
    other = sign_in_as(make_person("other@desk.example", role=role))
    expected = 200 if role is Role.AGENT else 404
    for path in ("/writing", f"/writing/articles/{article_id}"):
        assert other.get(path).status_code == expected
    assert other.get("/writing/articles/new").status_code in {403, 404}
    for act in ("", "/publication", "/retirement", "/address", "/preview", "/restoration"):
        response = other.post(f"/writing/articles/{article_id}{act}")
        assert response.status_code in {400, 403, 404}
    assert desk.article(article_id).status is Status.DRAFT


def test_who_changed_a_fact_is_not_overruled_by_who_did_not_touch_it(desk: Desk) -> None:
    article_id = desk.add()
    page = desk.writer.get(f"/writing/articles/{article_id}").text
    seen = unescape(hidden_fields(page)["seen"])
    desk.edit(article_id, owner="Mai", seen=seen)
    assert desk.edit(article_id, seen=seen, review_every="90").status_code == 303
    article = desk.article(article_id)
    assert (article.owner, article.review_every_days) == ("Mai", 90)
    both = desk.edit(article_id, seen=seen, owner="Nadia")
    assert both.status_code == 409
    assert "Owner" in both.text
    assert desk.article(article_id).owner == "Mai"


@pytest.mark.usefixtures("time_stands")
def test_U1005_what_was_typed_is_kept_and_stands_in_the_form_again(
    desk: Desk, sign_in_as: SignInAs, make_person: MakePerson
) -> None:
    article_id = desk.add()
    typed = {**FIELDS, "based_on": "1", "body": "Half a sent"}
    assert desk.post(f"/writing/articles/{article_id}/draft", **typed).status_code == 200
    page = desk.writer.get(f"/writing/articles/{article_id}").text
    assert "We brought back what you had not saved" in page
    assert "Half a sent" in page
    other = sign_in_as(make_person("mai@desk.example", role=Role.WRITER, name="Mai"))
    theirs = other.get(f"/writing/articles/{article_id}").text
    assert "Half a sent" not in theirs
    assert "Wren</strong> is writing in this article too" in theirs
    told = Desk(other, desk.database).post(f"/writing/articles/{article_id}/presence", based_on="0")
    assert "saved version 1 while you were writing" in told.text
    desk.edit(article_id, body="A whole sentence.")
    assert "brought back" not in desk.writer.get(f"/writing/articles/{article_id}").text


def test_U1005_a_new_article_that_was_begun_is_found_again(desk: Desk) -> None:
    key = hidden_fields(desk.writer.get("/writing/articles/new").text)["draft_key"]
    desk.post(f"/writing/drafts/{key}", title="How do I begin?", body="First", draft_key=key)
    assert "How do I begin?" in desk.writer.get("/writing/articles/new").text
    again = desk.writer.get(f"/writing/articles/new?draft={key}").text
    assert "First" in again
    assert hidden_fields(again)["draft_key"] == key
    desk.add(draft_key=key)
    assert "How do I begin?" not in desk.writer.get("/writing/articles/new").text
    assert desk.post("/writing/drafts/anything", title="x").status_code == 404


def test_U1003_an_image_is_seen_by_its_writer_and_by_readers_once_it_is_published(
    desk: Desk, client: FlaskClient, sign_in_as: SignInAs, make_person: MakePerson
) -> None:
    article_id = desk.add()
    sent = desk.post(
        f"/writing/articles/{article_id}/images", image=(io.BytesIO(png()), "The Switch.PNG")
    )
    path = sent.json["path"]
    assert path == "the-switch.png"
    again = desk.post(f"/writing/articles/{article_id}/images", image=(io.BytesIO(png()), path))
    assert again.json["path"] == "the-switch-2.png"
    refused = desk.post(
        f"/writing/articles/{article_id}/images", image=(io.BytesIO(b"<svg/>"), "a.png")
    )
    assert refused.status_code == 422
    assert "not a PNG" in refused.json["error"]
    body = f"![The switch]({path})"
    shown = desk.post(f"/writing/articles/{article_id}/preview?fragment=1", body=body).text
    address = re.search(r"/files/[0-9a-f]{64}/the-switch.png", shown)[0]
    assert desk.writer.get(address).data == png()
    other = sign_in_as(make_person("mai@desk.example", role=Role.WRITER))
    assert other.get(address).status_code == 404
    desk.edit(article_id, body=body)
    assert other.get(address).status_code == 200
    assert client.get(address).status_code == 404
    assert [image.path for image in desk.article(article_id).images] == [path]
    desk.post(f"/writing/articles/{article_id}/publication")
    assert client.get(address).data == png()


def test_U1003_without_script_an_image_is_chosen_in_the_form_and_needs_words(desk: Desk) -> None:
    article_id = desk.add()
    refused = desk.edit(article_id, image=(io.BytesIO(png()), "a.png"))
    assert refused.status_code == 422
    assert "Say what the image shows" in refused.text
    done = desk.edit(article_id, image=(io.BytesIO(png()), "a.png"), alt="The [red] switch")
    assert done.status_code == 303
    article = desk.article(article_id)
    assert article.versions[-1].body.endswith("![The red switch](a.png)\n")
    assert 'alt="The red switch"' in article.versions[-1].html


def test_an_article_as_a_file_is_the_same_article(desk: Desk) -> None:
    article_id = desk.add(pinned="y")
    page = desk.writer.get(f"/writing/articles/{article_id}").text
    carried = {name: unescape(hidden_fields(page)[name]) for name in ("based_on", "seen")}
    fields = {**FIELDS, **carried, "category": "signing-in", "new_category": "", "pinned": "y"}
    shown = desk.post(f"/writing/articles/{article_id}/source", **fields)
    source = textarea(shown.text, "source")
    assert "search_words:\n- login\n- forgotten\n" in source
    sent = {**carried, "status": "draft", "source": source, "note": "", "slug": "reset-password"}
    back = desk.post(f"/writing/articles/{article_id}/fields", **sent).text
    for kept in ("login\nforgotten", "2026-11-01", "forgot-password", 'name="pinned"'):
        assert kept in back
    assert desk.post(f"/writing/articles/{article_id}", **sent).status_code == 303
    assert len(desk.article(article_id).versions) == 1
    wrong = {**sent, "source": source.replace("audience: public", "audience: everyone")}
    refused = desk.post(f"/writing/articles/{article_id}", **wrong)
    assert refused.status_code == 422
    assert "can&#39;t be “everyone”" in refused.text
    changed = {**sent, "source": source.replace("login", "log in")}
    assert desk.post(f"/writing/articles/{article_id}", **changed).status_code == 303
    assert desk.article(article_id).versions[-1].search_words == ["log in", "forgotten"]


def test_links_to_other_articles_are_found_and_put_in_as_markdown(
    desk: Desk, app: Flask, database: Database
) -> None:
    article_id = desk.add(then="publish")
    catch_up(database, app.extensions["portal"].index)
    found = desk.writer.get("/writing/links?q=password").text
    assert 'data-text="[How do I reset my password?](reset-password)"' in found
    page = desk.post(f"/writing/articles/{article_id}/links", **FIELDS, find="password")
    assert "[How do I reset my password?](reset-password)" in page.text
    assert "Ask for a **link**." in page.text


def test_a_text_that_cannot_be_sent_because_the_sign_in_ended_can_be_sent_again(
    desk: Desk, app: Flask
) -> None:
    article_id = desk.add()
    stranger = app.test_client()
    token = hidden_fields(stranger.get("/sign-in").text)["csrf_token"]
    answer = stranger.post(
        f"/writing/articles/{article_id}",
        data={"csrf_token": token, **FIELDS, "body": "A long text"},
        headers={"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 403
    assert 'value="A long text"' in answer.text
    assert "Send it again" in answer.text


def test_U1008_faults_are_shown_and_keep_an_article_from_readers(
    desk: Desk, client: FlaskClient
) -> None:
    article_id = desk.add(summary="", then="publish")
    assert client.get("/articles/reset-password").status_code == 404
    page = desk.writer.get(f"/writing/articles/{article_id}/publication").text
    assert "Write a summary" in page
    refused = desk.post(f"/writing/articles/{article_id}/publication")
    assert refused.status_code == 409
    assert "Readers would stumble" in refused.text
    later = {"on": "1 Jan 2099", "at": "09:00"}
    assert desk.post(f"/writing/articles/{article_id}/schedule", **later).status_code == 409
    shown = desk.post("/writing/preview?fragment=1", title="Passwords", body="Hm")
    assert "reader’s question or task" in shown.text
    desk.edit(article_id, then="publish")
    assert client.get("/articles/reset-password").status_code == 200


def test_a_golden_query_that_drops_is_pointed_out_or_keeps_the_version_back(
    make_app: MakeApp,
    sign_in_as: SignInAs,
    make_person: MakePerson,
    database: Database,
    app: Flask,
) -> None:
    wren = make_person("wren@desk.example", role=Role.WRITER)
    desk = Desk(sign_in_as(wren), database)
    article_id = desk.add(then="publish")
    catch_up(database, app.extensions["portal"].index)
    wrong = desk.post("/writing/golden-queries", query="reset password", article="nowhere")
    assert "no article at “nowhere”" in wrong.text
    desk.post("/writing/golden-queries", query="reset password", article="reset-password")
    listed = desk.writer.get("/writing/golden-queries").text
    assert 'data-label="Place now">1<' in listed
    words = {"title": "How do I get in?", "body": "Ask.", "search_words": "", "aliases": ""}
    desk.edit(article_id, **words, summary="Ask for it.")
    page = desk.writer.get(f"/writing/articles/{article_id}/publication").text
    assert "Some would be answered worse than now" in page
    strict = make_app(golden_drop="block").test_client()
    strict.set_cookie("sign-in", desk.writer.get_cookie("sign-in").value, domain="localhost")
    refused = Desk(strict, database).post(f"/writing/articles/{article_id}/publication")
    assert refused.status_code == 409
    assert "Golden queries would be answered worse" in refused.text
    assert desk.post(f"/writing/articles/{article_id}/publication").status_code == 303
