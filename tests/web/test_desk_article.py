"""What one customer asked becomes the beginnings of an article, without the customer in it."""

import pytest
from sqlalchemy import select

from portal.cases.article_drafting import prefilled
from portal.cases.case import Case
from portal.knowledge.article import Article, Status
from tests.search.library import shelf
from tests.web.at_the_desk import Desk, desk, page, sent

__all__ = ["desk"]


def address(desk: Desk) -> str:
    return f"/desk/cases/{desk.phones.reference}/article"


@pytest.fixture(autouse=True)
def _shelf(desk: Desk) -> None:
    with desk.database.writing() as db:
        shelf(db)


def test_U1206_the_draft_is_filled_in_and_names_nobody(desk: Desk) -> None:
    with desk.database.writing() as db:
        case = db.get_one(Case, desk.phones.id)
        case.description = (
            "Nadia Petrov (nadia@customer.example, +49 30 555 0100) of Harbour Lines says: "
            "[it] *fails*"
        )
        case.resolution = "Restart the recorder."
        _, body = prefilled(case)
    for told in ("Nadia", "customer.example", "555", "Harbour"):
        assert told not in body
    assert r"\[it\] \*fails\*" in body
    assert "Restart the recorder." in body
    shown = page(desk.aldo, address(desk))
    assert "Phones don&#39;t ring" in shown
    assert "Take out what belongs to one customer" in shown


def test_U1206_the_draft_is_kept_linked_and_unread(desk: Desk) -> None:
    told = {"title": "Why don't phones ring?", "body": "## Symptoms\n\nThey don't.", "category": ""}
    for number in (1, 2):
        done = sent(desk.aldo, address(desk), address(desk), **told | {"category": "accounts"})
        assert "The draft is kept" in done
        with desk.database.reading() as db:
            articles = db.scalars(select(Article).order_by(Article.id)).all()
            assert len(articles) == number
            assert articles[-1].status is Status.DRAFT
            assert articles[-1].slug == "why-don-t-phones-ring" + "-2" * (number == 2)
    case = page(desk.aldo, f"/desk/cases/{desk.phones.reference}")
    assert "Article started from this case: “Why don&#39;t phones ring?”" in case


def test_a_draft_without_a_question_is_not_kept(desk: Desk) -> None:
    found = sent(desk.aldo, address(desk), address(desk), title=" ", body="x", category="accounts")
    assert "Enter the question that this answers." in found


def test_similar_cases_stand_on_a_page_and_in_a_part_of_it(desk: Desk) -> None:
    case = f"/desk/cases/{desk.phones.reference}"
    assert f"{case}/similar" in page(desk.aldo, case)
    assert "Similar articles" in page(desk.aldo, f"{case}/similar")
    assert "<html" not in page(desk.aldo, f"{case}/similar?part=1")
