"""Articles before a case: readable in place, never a wall, remembered with the case."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.cases.case import Case
from portal.cases.draft import Draft
from portal.cases.policies import adopt
from portal.database import Database
from portal.knowledge.article import Article, Audience
from portal.policy.profiles import profile_source
from portal.search.indexing import catch_up
from tests import cast
from tests.cast import LONG_AGO, Cast
from tests.search.library import article
from tests.web.conftest import SignInAs
from tests.web.support_visitor import Visitor

SUBJECT = "The printer prints empty pages"


@pytest.fixture
def people(database: Database, app: Flask) -> Cast:
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source("communicado"), now=LONG_AGO)
        everybody = cast.everybody(db)
        article(db, "Why does the printer print empty pages?", body="Press **both** keys.")
        article(db, "Printer prints empty pages: internal", body="zebra", audience=Audience.STAFF)
        for n in range(4):
            article(
                db, f"How do I set up printer {n}?", body="It prints pages, none of them empty."
            )
    catch_up(database, app.extensions["portal"].index)
    return everybody


@pytest.fixture
def guest(app: Flask, people: Cast) -> Visitor:
    visitor = Visitor(app.test_client())
    visitor.open("/cases/new")
    visitor.send("/cases/new", kind="problem", subject=SUBJECT, description="Since this morning.")
    return visitor


def test_at_most_three_articles_are_readable_in_place(guest: Visitor) -> None:
    assert guest.heading == "These may solve it"
    assert 1 <= guest.page.count("<details data-opened") <= 3
    assert "<strong>both</strong>" in guest.page
    assert "zebra" not in guest.page


def test_going_on_is_one_press_of_equal_weight(guest: Visitor) -> None:
    solved = guest.page.index("This solved it")
    on = guest.page.index("Continue with my case")
    classes = [guest.page.rindex('class="button secondary"', 0, at) for at in (solved, on)]
    assert len(set(classes)) == 2
    guest.send(f"{guest.draft}/answers", outcome="continue")
    assert guest.heading == "How badly does it affect you?"


def test_this_solved_it_keeps_the_count_and_the_draft(guest: Visitor, database: Database) -> None:
    guest.send(f"{guest.draft}/answers", outcome="solved")
    assert guest.heading == "Glad that solved it"
    with database.reading() as db:
        draft = db.scalars(select(Draft)).one()
        assert draft.is_solved
        assert db.scalars(select(Case)).all() == []
    guest.open(f"{guest.draft}/effect")
    assert guest.heading == "How badly does it affect you?"


def test_what_was_shown_and_opened_stays_with_the_case(guest: Visitor, database: Database) -> None:
    with database.reading() as db:
        first = db.scalars(select(Article).where(Article.slug.contains("why"))).one().id
    guest.send(f"{guest.draft}/answers", outcome="continue", opened=str(first))
    guest.say_effect()
    guest.accept()
    guest.give_details()
    guest.give_contact()
    guest.send_case()
    with database.reading() as db:
        shown = db.scalars(select(Case)).one().shown_articles
    assert {one["article_id"]: one["opened"] for one in shown}[first] is True
    assert sum(one["opened"] for one in shown) == 1


def test_related_articles_stand_on_the_confirmation(guest: Visitor) -> None:
    guest.send(f"{guest.draft}/answers", outcome="continue")
    guest.say_effect()
    guest.accept()
    guest.give_details()
    guest.give_contact()
    guest.send_case()
    assert guest.heading == "We have your request"
    assert "zebra" not in guest.page


def test_nothing_that_answers_means_no_detour(app: Flask, people: Cast) -> None:
    visitor = Visitor(app.test_client())
    visitor.open("/cases/new")
    visitor.send("/cases/new", kind="problem", subject="Qwerty zxcvb", description="Asdfgh.")
    assert visitor.heading == "How badly does it affect you?"


def test_for_the_most_urgent_no_second_attempt_is_made(guest: Visitor) -> None:
    draft = guest.draft
    guest.send(f"{draft}/answers", outcome="continue")
    guest.say_effect(system_down="yes")
    guest.open(f"{draft}/question")
    guest.send(f"{draft}/question", kind="problem", subject=SUBJECT, description="All is down.")
    assert guest.heading == "When you will hear from us"


def test_the_list_while_typing_is_a_fragment_of_public_articles(
    guest: Visitor, people: Cast, sign_in_as: SignInAs
) -> None:
    page = guest.client.get(f"/cases/answers?q={SUBJECT}").get_data(as_text=True)
    assert "<html" not in page
    assert "Why does the printer print empty pages?" in page
    assert "internal" not in page
    assert guest.client.get("/cases/answers?q=").get_data(as_text=True).strip() == ""


def test_what_was_read_before_is_named_in_the_subject(app: Flask, people: Cast) -> None:
    visitor = Visitor(app.test_client())
    visitor.open("/cases/new?article=why-does-the-printer-print-empty-pages")
    assert 'value="Why does the printer print empty pages?"' in visitor.page
    visitor.open("/cases/new?article=printer-prints-empty-pages-internal")
    assert "internal" not in visitor.value_of("subject")


def test_D1_a_partner_files_for_the_customers_that_name_it(
    people: Cast, sign_in_as: SignInAs, database: Database
) -> None:
    piet = Visitor(sign_in_as(people.piet))
    piet.open("/cases/new")
    assert "Whom is it for?" in piet.text
    assert "no contract in force" not in piet.text
    piet.tell(subject="Qwerty zxcvb", organisation=str(people.harbour_lines.id))
    piet.say_effect()
    piet.accept()
    assert 'value="Harbour Lines"' in piet.page
    piet.give_details()
    piet.give_contact()
    assert "For Harbour Lines" in piet.text
    piet.send_case()
    assert piet.heading == "Case sent"
    with database.reading() as db:
        assert db.scalars(select(Case)).one().organisation_id == people.harbour_lines.id


def test_nobody_files_for_an_organisation_that_is_not_theirs(
    people: Cast, sign_in_as: SignInAs, database: Database
) -> None:
    bea = Visitor(sign_in_as(people.bea))
    bea.up_to_check(subject="Qwerty zxcvb", organisation=str(people.harbour_lines.id))
    bea.send_case()
    with database.reading() as db:
        assert db.scalars(select(Case)).one().organisation_id == people.brightwater.id
