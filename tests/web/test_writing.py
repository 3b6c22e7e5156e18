"""Writers at their plain page: write, preview, save, publish, retire, move, and never overwrite."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.clock import now as this_moment
from portal.database import Database
from portal.knowledge.article import Article, NoReason, Status, Version
from portal.knowledge.feedback import give_feedback
from portal.knowledge.publishing import save_version
from portal.knowledge.words import Words, words_of
from portal.people.organisation import Organisation
from portal.people.person import Role
from portal.search.indexing import catch_up
from tests.web.conftest import MakePerson, SignInAs, hidden_fields

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
        return int(response.location.rpartition("/")[2])

    def edit(self, article_id: int, **changes: object) -> object:
        page = self.writer.get(f"/writing/articles/{article_id}").text
        fields = {**FIELDS, "based_on": hidden_fields(page)["based_on"], **changes}
        return self.post(f"/writing/articles/{article_id}", **fields)

    def article(self, article_id: int) -> Article:
        with self.database.reading() as db:
            article = db.get_one(Article, article_id)
            _ = (article.versions, article.category, article.published, article.heir)
            _ = article.organisations
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
    refused = desk.post(f"/writing/articles/{old}/retirement", heir="nowhere")
    assert refused.status_code == 422
    assert "no article at “nowhere”" in refused.text
    desk.post(f"/writing/articles/{old}/retirement", heir="/articles/sign-in")
    moved = client.get("/articles/reset-password")
    assert (moved.status_code, moved.location) == (301, "/articles/sign-in")
    desk.post(f"/writing/articles/{heir}/retirement", heir="")
    assert client.get("/articles/sign-in").status_code == 410


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
    assert "My own long text." in response.text
    assert "+ Colleague&#39;s better text." in response.text
    assert "- Ask for a **link**." in response.text
    assert len(desk.article(article_id).versions) == 2
    again = hidden_fields(response.text)["based_on"]
    assert desk.edit(article_id, based_on=again, body="My own long text.").status_code == 303
    assert desk.article(article_id).versions[-1].body == "My own long text.\n"


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
    assert "+ Something else." in page
    assert "- Ask for a **link**." in page
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
