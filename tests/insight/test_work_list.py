"""The writers' work list: what readers run into stands on it, counted and grouped; it closes by
itself when the question is answered, and says by what.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.database import Database
from portal.insight import attempting
from portal.insight.attempt import HelpSign, Place, Sign
from portal.insight.attempting import Visitor
from portal.insight.cases_behind import cases_behind
from portal.insight.deciding import ReasonMissingError, dismiss, lead_to, take_up
from portal.insight.reviewing import RETURNS_AT_LEAST, review
from portal.insight.work_item import ItemClosedError, WorkItem, WorkList, WorkState
from portal.knowledge.article import Article
from portal.knowledge.feedback import give_feedback
from portal.knowledge.publishing import publish
from portal.knowledge.verifying import verify
from portal.knowledge.versioning import save_version
from portal.knowledge.withdrawing import retire
from portal.knowledge.words import words_of
from portal.people.person import Person
from portal.search import indexing
from portal.search.index import Index
from portal.search.log import SearchRecord, new_token, record_click, record_filing, record_search
from portal.search.synonyms import add_group
from portal.search.whoosh_index import WhooshIndex
from tests import cast
from tests.casework import adopted, opened
from tests.search.library import article


class Shop:
    """A small library with its readers: what they do, and what the list then says."""

    def __init__(self, database: Database, index: Index, now: datetime) -> None:
        self.database, self.index, self.now = database, index, now
        self.db: Session = database.open_writing()
        self.writer: Person = cast.writer(self.db)

    def search(self, text: str, *, hits: int = 0, times: int = 1, days_ago: float = 1) -> str:
        at = self.now - timedelta(days=days_ago)
        for _ in range(times):
            token = new_token()
            record_search(self.db, token=token, text=text, hits=hits, read_as=None, now=at)
        return token

    def review(self) -> None:
        self.db.commit()
        indexing.catch_up(self.database, self.index)
        review(self.db, self.index, now=self.now)
        self.db.commit()

    def items(self, state: WorkState = WorkState.OPEN) -> list[WorkItem]:
        return list(self.db.scalars(select(WorkItem).where(WorkItem.state == state)))

    def one(self, state: WorkState = WorkState.OPEN) -> WorkItem:
        (found,) = self.items(state)
        return found

    def later(self, days: float = 1) -> None:
        self.now += timedelta(days=days)


@pytest.fixture
def shop(database: Database, now: datetime, home) -> Iterator[Shop]:
    made = Shop(database, WhooshIndex(home / "index"), now)
    article(made.db, "How do I reset my password?", body="Ask for a link.")
    yield made
    made.db.close()


def test_C8_a_failed_search_stands_on_the_list_counted_grouped_and_trended(shop: Shop) -> None:
    shop.search("zeppelin landing", times=3)
    shop.search("landing a zeppelin", times=1, days_ago=40)
    shop.search("password", hits=1)
    shop.review()
    item = shop.one()
    assert (item.kind, item.text, item.count) == (WorkList.FAILED, "zeppelin landing", 4)
    assert (item.recent, item.before) == (3, 1)
    assert item.said_notes == ["Also: landing a zeppelin"]


def test_an_item_closes_itself_when_its_question_is_answered_and_says_by_what(shop: Shop) -> None:
    shop.search("zeppelin landing")
    shop.review()
    made = article(shop.db, "Zeppelin landing")
    shop.review()
    item = shop.one(WorkState.DONE)
    assert (item.said_outcome, item.answer_id) == ("Found now", made.id)
    assert shop.items() == []


def test_a_synonym_closes_it_and_is_named(shop: Shop) -> None:
    shop.search("kennwort")
    shop.review()
    add_group(shop.db, text="kennwort, password", by=shop.writer, now=shop.now)
    shop.review()
    assert shop.one(WorkState.DONE).said_outcome == "Found now, by the words “kennwort = password”"


def test_what_readers_find_later_closes_it_too(shop: Shop) -> None:
    shop.search("zeppelin landing", days_ago=2)
    shop.review()
    shop.search("zeppelin landing", hits=1, days_ago=1)
    shop.review()
    assert shop.one(WorkState.DONE).said_outcome == "Readers have found something since"


def test_a_search_is_without_click_until_something_is_opened_from_it(shop: Shop) -> None:
    found = shop.db.scalars(select(Article)).one()
    shop.search("password rules", hits=1, times=2, days_ago=2)
    shop.review()
    assert shop.one().kind is WorkList.UNOPENED
    token = shop.search("password rules", hits=1, days_ago=1)
    record_click(shop.db, token=token, article_id=found.id, now=shop.now)
    shop.review()
    assert shop.one(WorkState.DONE).answer_id == found.id


def test_a_search_that_led_to_a_case_is_listed_until_one_ends_otherwise(shop: Shop) -> None:
    found = shop.db.scalars(select(Article)).one()
    shop.search("password lost", hits=1, days_ago=2)
    record_filing(shop.db, text="password lost", now=shop.now - timedelta(days=2))
    shop.review()
    assert shop.one().kind is WorkList.FILED
    token = shop.search("password lost", hits=1, days_ago=1)
    record_click(shop.db, token=token, article_id=found.id, now=shop.now)
    shop.review()
    assert shop.one(WorkState.DONE).said_outcome == "Opened from this search"


def _say_no(shop: Shop, found: Article, times: int) -> None:
    for n in range(times):
        give_feedback(
            shop.db, version=found.published, visitor_hash=f"v{found.published_version_id}-{n}",
            helped=False, now=shop.now,
        )  # fmt: skip


def test_an_article_that_did_not_help_is_listed_until_a_new_version_is_published(
    shop: Shop,
) -> None:
    found = shop.db.scalars(select(Article)).one()
    _say_no(shop, found, 1)
    shop.review()
    assert shop.items() == []
    _say_no(shop, found, 3)
    shop.review()
    item = shop.one()
    assert (item.kind, item.count, item.said_notes) == (
        WorkList.NOT_HELPING,
        3,
        ["Nobody said Yes"],
    )
    words = words_of(found.published)
    better = type(words)(words.title, "Better.")
    save_version(shop.db, article=found, words=better, by=None, now=shop.now)
    publish(shop.db, article=found, by=None, now=shop.now)
    shop.review()
    assert shop.one(WorkState.DONE).said_outcome == "Version 2 was published"
    shop.later()
    _say_no(shop, found, 2)
    shop.review()
    assert shop.one().count == 2


def _file_after(shop: Shop, found: Article, visit: str) -> None:
    visitor = Visitor(visit)
    attempting.open_form(shop.db, visitor=visitor, now=shop.now)
    attempting.show(
        shop.db, visitor=visitor, article_ids=[found.id], place=Place.STEP, now=shop.now
    )
    attempt = shop.db.scalars(
        select(attempting.HelpAttempt).where(attempting.HelpAttempt.visit == visit)
    ).one()
    shop.db.add(HelpSign(attempt_id=attempt.id, at=shop.now, kind=Sign.FILED))
    shop.db.flush()


def test_an_article_shown_before_cases_is_listed_until_it_is_withdrawn(shop: Shop) -> None:
    found = shop.db.scalars(select(Article)).one()
    for visit in ("one", "two"):
        _file_after(shop, found, visit)
    shop.review()
    item = shop.one()
    assert (item.kind, item.count, item.recent) == (WorkList.SHOWN, 2, 2)
    retire(shop.db, article=found, by=None, now=shop.now)
    shop.review()
    assert shop.one(WorkState.DONE).said_outcome == "Readers don’t see the article any more"


def test_U1105_an_overdue_check_is_listed_until_it_was_made_and_again_when_due(
    shop: Shop,
) -> None:
    found = shop.db.scalars(select(Article)).one()
    found.verified_on, found.review_every_days = date(2026, 8, 1), 90
    found.owner = "Wren"
    shop.review()
    item = shop.one()
    assert (item.kind, item.count, item.said_notes) == (WorkList.OVERDUE, 24, ["Owner: Wren"])
    verify(shop.db, article=found, on=shop.now.date(), by=shop.writer, now=shop.now)
    shop.review()
    assert shop.one(WorkState.DONE).said_outcome == "Checked on 23 November 2026"
    shop.later(91)
    shop.review()
    assert shop.one().count == 1


def test_a_dismissed_item_comes_back_only_when_it_has_grown_notably(shop: Shop) -> None:
    shop.search("zeppelin landing", times=2)
    shop.review()
    with pytest.raises(ReasonMissingError):
        dismiss(shop.db, item=shop.one(), reason=" ", by=shop.writer, now=shop.now)
    dismiss(shop.db, item=shop.one(), reason="We have no airfield", by=shop.writer, now=shop.now)
    with pytest.raises(ItemClosedError):
        dismiss(
            shop.db, item=shop.one(WorkState.DISMISSED), reason="x", by=shop.writer, now=shop.now
        )
    shop.later()
    shop.search("zeppelin landing", times=RETURNS_AT_LEAST - 1, days_ago=0.1)
    shop.review()
    assert shop.one(WorkState.DISMISSED).said_outcome == "We have no airfield"
    shop.search("zeppelin landing", days_ago=0.1)
    shop.review()
    assert shop.one().count == 2 + RETURNS_AT_LEAST


def test_a_dismissed_item_can_be_taken_up_again(shop: Shop) -> None:
    shop.search("zeppelin landing")
    shop.review()
    dismiss(shop.db, item=shop.one(), reason="Never", by=shop.writer, now=shop.now)
    take_up(shop.db, item=shop.one(WorkState.DISMISSED), by=shop.writer, now=shop.now)
    shop.review()
    assert shop.one().said_outcome == ""


def test_a_question_led_to_an_article_is_done_in_all_its_wordings(shop: Shop) -> None:
    found = shop.db.scalars(select(Article)).one()
    shop.search("zeppelin landing", times=2)
    shop.search("landing my zeppelin")
    shop.review()
    lead_to(shop.db, item=shop.one(), article=found, by=shop.writer, now=shop.now)
    shop.review()
    item = shop.one(WorkState.DONE)
    assert (item.said_outcome, item.answer_id) == ("Leads to an article", found.id)
    assert item.closed_by == shop.writer.name


def test_what_nobody_asks_any_more_leaves_the_list_without_a_word(shop: Shop) -> None:
    shop.search("zeppelin landing", days_ago=89)
    shop.review()
    assert shop.one()
    shop.later(2)
    shop.review()
    assert shop.db.scalars(select(WorkItem)).all() == []


searched = st.lists(
    st.tuples(st.sampled_from(["alpha", "beta gamma", "delta"]), st.integers(0, 1)), max_size=12
)


@settings(max_examples=8)
@given(steps=st.lists(searched, max_size=4))
def test_however_readers_search_a_question_is_open_exactly_while_its_last_search_failed(
    shop: Shop, steps: list[list[tuple[str, int]]]
) -> None:
    """Reviewed at any moments, the list says what the log says."""
    for table in (WorkItem, SearchRecord):
        for row in shop.db.scalars(select(table)):
            shop.db.delete(row)
    last: dict[str, int] = {}
    for step in steps:
        for text, hits in step:
            shop.later(0.001)
            shop.search(text, hits=hits, days_ago=0)
            last[text] = hits
        shop.later(0.001)
        shop.review()
    open_now = {item.text for item in shop.items() if item.kind is WorkList.FAILED}
    assert open_now == {text for text, hits in last.items() if hits == 0}


def test_whoever_may_work_cases_sees_which_stand_behind_an_article(shop: Shop) -> None:
    found, agent = shop.db.scalars(select(Article)).one(), cast.agent(shop.db)
    adopted(shop.db, now=shop.now)
    nadia = cast.nadia(shop.db, cast.harbour_lines(shop.db))
    for n in range(2):
        shop.later(0.1)
        visitor = Visitor(f"visit {n}")
        attempting.show(
            shop.db, visitor=visitor, article_ids=[found.id], place=Place.STEP, now=shop.now
        )
        filed = opened(shop.db, person=nadia, now=shop.now, subject=f"Locked out {n}")
        attempting.file(shop.db, case=filed, visitor=visitor, counts=True, now=shop.now)
    other = opened(shop.db, person=nadia, now=shop.now, subject="Another matter")
    attempting.file(shop.db, case=other, visitor=Visitor("visit 3"), counts=True, now=shop.now)
    shop.review()
    item = shop.one()
    assert item.count == 2
    seen = cases_behind(shop.db, item, person=agent, now=shop.now)
    assert [case.subject for case in seen] == ["Locked out 1", "Locked out 0"]
    assert cases_behind(shop.db, item, person=shop.writer, now=shop.now) == ()
