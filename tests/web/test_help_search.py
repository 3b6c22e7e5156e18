"""Searching on the site: results, suggestions, no dead ends, and a log without persons."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from portal.clock import now as this_moment
from portal.database import Database
from portal.insight import searches
from portal.knowledge.article import Audience
from portal.people.person import Person
from portal.search import indexing
from portal.search.log import SearchRecord
from portal.search.opening import open_index
from portal.settings import Settings
from tests.casework import adopted, opened
from tests.search.hostile import HOSTILE
from tests.search.library import article, shelf

BROWSER = {"User-Agent": "Mozilla/5.0 (X11) Firefox/140.0"}


@pytest.fixture
def library(database: Database, settings: Settings) -> None:
    with database.writing() as db:
        article(db, "How do I reset my password?", body="Press the button. " * 80 + "End.")
        for number in range(12):
            article(db, f"Printing trouble {number}", category=shelf(db, "printing", "Printing"))
        article(db, "Vault password", audience=Audience.STAFF)
    indexing.catch_up(database, open_index(settings))


def read(client: FlaskClient, path: str, **query: str) -> str:
    answer = client.get(path, query_string=query, headers=BROWSER)
    assert answer.status_code == 200
    answer.close()  # only now does the server see that the answer is on its way
    return answer.text


@pytest.mark.usefixtures("library")
def test_results_say_their_count_and_mark_the_words(client: FlaskClient) -> None:
    page = read(client, "/search", q="buttons")
    assert "1 result for “buttons”" in page
    assert "<mark>button</mark>" in page
    assert 'value="buttons"' in page


@pytest.mark.usefixtures("library")
def test_a_plural_and_a_typo_find_the_article(client: FlaskClient) -> None:
    page = read(client, "/search", q="reset pasword")
    assert "How do I reset my password?" in page
    assert "Showing results for" in page
    assert "/search?q=reset+pasword&amp;exact=1" in page
    assert "How do I reset my password?" in read(client, "/search", q="passwords")
    assert "No results" in read(client, "/search", q="pasword", exact="1")


@pytest.mark.usefixtures("library")
def test_many_results_have_pages_and_topics_narrow_them(client: FlaskClient) -> None:
    page = read(client, "/search", q="trouble password")
    assert "Narrow by topic" in page
    first = read(client, "/search", q="printing trouble")
    assert "12 results" in first
    assert 'aria-current="page"' in first
    assert "/search?page=2&amp;q=printing+trouble" in first
    second = read(client, "/search", q="printing trouble", page="2")
    assert second.count('class="result') == 3 or second.count('<li class="result') == 2
    narrowed = read(client, "/search", q="trouble password", category="printing")
    assert "remove this filter" in narrowed
    assert "reset my password" not in narrowed


@pytest.mark.parametrize("page", ["0", "-1", "99999", "9" * 60, "x", "1.5", ""])
@pytest.mark.usefixtures("library")
def test_any_page_number_shows_some_page(client: FlaskClient, page: str) -> None:
    assert "12 results" in read(client, "/search", q="printing trouble", page=page)


@pytest.mark.usefixtures("library")
def test_nothing_found_is_no_dead_end(client: FlaskClient) -> None:
    page = read(client, "/search", q="zzqqx printing wwvvk", exact="1", category="accounts")
    assert "No results for" in page
    assert "Search all topics" in page
    assert "/cases/new?q=zzqqx+printing+wwvvk" in page


@pytest.mark.usefixtures("library")
def test_suggestions_have_the_agreed_shape(client: FlaskClient) -> None:
    answer = client.get("/search/suggestions?q=rese", headers=BROWSER)
    assert answer.json == {
        "query": "rese",
        "suggestions": [
            {
                "title": "How do I reset my password?",
                "url": "/articles/how-do-i-reset-my-password",
                "category": "Accounts",
            }
        ],
    }


@pytest.mark.usefixtures("library")
def test_hostile_questions_never_break_a_page_or_show_hidden_text(client: FlaskClient) -> None:
    for text in HOSTILE[::2]:
        for path in ("/search", "/search/suggestions"):
            answer = client.get(path, query_string={"q": text, "category": text, "page": text})
            assert answer.status_code == 200, text
            assert "Vault" not in answer.text
            assert answer.is_json or "<script>alert" not in answer.text


@pytest.mark.usefixtures("library")
def test_search_goes_on_in_the_database_when_the_index_is_lost(
    client: FlaskClient, settings: Settings
) -> None:
    for path in sorted(settings.index_folder.rglob("*"), reverse=True):
        if path.is_file():
            path.unlink()
    assert "How do I reset my password?" in read(client, "/search", q="passwords")
    assert "reset" in read(client, "/search/suggestions", q="reset")
    assert "reset my password" in read(client, "/articles/how-do-i-reset-my-password")


@pytest.mark.usefixtures("library")
def test_searches_are_kept_without_persons_and_listed_for_writers(
    client: FlaskClient, database: Database
) -> None:
    for _ in range(2):
        read(client, "/search", q="Quantum flux")
    read(client, "/search", q="mail me at gus@guest.example or +49 30 5550100")
    found = read(client, "/search", q="reset password")
    read(client, "/search", q="printing")
    link = found.split("<h2>")[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert client.get(link, headers=BROWSER).status_code == 200
    since = this_moment() - timedelta(hours=1)
    with database.reading() as db:
        kept = " ".join(record.text for record in db.query(SearchRecord))
        assert "gus@" not in kept
        assert "5550100" not in kept
        missing = searches.without_result(db, since=since, now=this_moment())
        assert (missing[0].text, missing[0].count) == ("Quantum flux", 2)
        unopened = searches.without_click(db, since=since, now=this_moment())
        assert [gap.text for gap in unopened] == ["printing"]


@pytest.mark.usefixtures("library")
def test_crawlers_and_further_pages_are_not_counted(
    client: FlaskClient, database: Database
) -> None:
    client.get("/search?q=printing", headers={"User-Agent": "ExampleBot/2.0"})
    client.get("/search?q=printing&page=2", headers=BROWSER)
    client.get("/search?q=", headers=BROWSER)
    with database.reading() as db:
        assert db.query(SearchRecord).count() == 0


@pytest.mark.usefixtures("library")
def test_results_of_signed_in_people_are_stored_nowhere(
    sign_in_as: Callable[[Person], FlaskClient], make_person: Callable[..., Person]
) -> None:
    contact = sign_in_as(make_person("ines@customer.example"))
    answer = contact.get("/search?q=password", headers=BROWSER)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Vault" not in answer.text


@pytest.mark.usefixtures("library")
def test_the_number_of_ones_own_case_leads_to_the_case(
    client: FlaskClient,
    database: Database,
    sign_in_as: Callable[[Person], FlaskClient],
    make_person: Callable[..., Person],
) -> None:
    own, other = make_person("ines@customer.example"), make_person("bea@other.example")
    with database.writing() as db:
        adopted(db, now=this_moment() - timedelta(days=1))
        case = opened(db, person=db.merge(own), now=this_moment())
        reference = case.reference
    typed = {"q": f" {reference.lower()} "}
    answer = sign_in_as(own).get("/search", query_string=typed)
    assert (answer.status_code, answer.location) == (303, f"/cases/{reference}")
    assert sign_in_as(other).get("/search", query_string=typed).status_code == 200
    assert client.get("/search", query_string=typed).status_code == 200


@pytest.mark.usefixtures("library")
def test_a_product_searched_within_is_said_kept_and_taken_off(client: FlaskClient) -> None:
    page = read(client, "/search", q="trouble or password", product="Press 9")
    assert "For Press 9" in page
    assert 'href="/search?q=trouble+or+password"' in page
    assert "category=printing&amp;product=Press+9" in page
    assert 'aria-label="Narrow by product"' not in page
    nothing = read(client, "/search", q="zzqqx", product="Press 9")
    assert "You searched for Press 9 only." in nothing
