"""What publishing does to what people find is foreseen by the real pipeline, and comes true."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal.database import Database
from portal.knowledge.article import Article, Audience
from portal.knowledge.publishing import publish
from portal.knowledge.reader import ANYONE
from portal.knowledge.versioning import latest_version, save_version
from portal.knowledge.waiting import facts_to_come
from portal.knowledge.words import Words, facts_of
from portal.people.person import Person
from portal.search import indexing, searching
from portal.search.consequences import Consequences, consequences
from portal.search.golden import EmptyQueryError, add_pair, golden_queries, remove_pair
from portal.search.log import new_token, record_search
from portal.search.whoosh_index import WhooshIndex
from tests import cast
from tests.search.library import WRITTEN_AT, article

NOW = WRITTEN_AT + timedelta(days=1)


@pytest.fixture
def index(home: Path) -> WhooshIndex:
    return WhooshIndex(home / "index")


@pytest.fixture
def vpn(database: Database, index: WhooshIndex) -> int:
    """A small library with one article about the VPN."""
    with database.writing() as db:
        made = article(db, "How do I connect to the VPN?", body="Open the client. Press Connect.")
        article(db, "Which printers can I use?", body="Any. The VPN is not needed.")
        article(db, "How do I reset my password?", body="Ask for a link.")
        id_ = made.id
    indexing.catch_up(database, index)
    return id_


def foreseen(db: Session, index: WhooshIndex, found: Article) -> Consequences:
    version = latest_version(db, found)
    assert version is not None
    facts = facts_to_come(db, found, version)
    return consequences(db, index, article=found, version=version, facts=facts, now=NOW)


def place(db: Session, index: WhooshIndex, text: str, article_id: int) -> int | None:
    found = searching.search(db, index, text=text, reader=ANYONE)
    ids = [item.article_id for item in found.items]
    return ids.index(article_id) + 1 if article_id in ids else None


def test_a_drop_is_foreseen_before_it_happens_and_then_happens(
    database: Database, index: WhooshIndex, vpn: int
) -> None:
    with database.writing() as db:
        found = db.get_one(Article, vpn)
        add_pair(db, text="connect vpn", article=found, by=None, now=NOW)
        record_search(db, token=new_token(), text="vpn client", hits=2, read_as=None, now=NOW)
        words = Words("How do I get into the network?", "Open the program. Choose your office.")
        save_version(db, article=found, words=words, by=None, now=NOW)
    revision = index.revision()
    with database.reading() as db:
        told = foreseen(db, index, db.get_one(Article, vpn))
        assert place(db, index, "connect vpn", vpn) == 1
    [golden] = told.golden
    assert (golden.text, golden.before, golden.after) == ("connect vpn", 1, None)
    assert told.drops == (golden,)
    [asked] = told.asked
    assert (asked.text, asked.before, asked.after, asked.asked) == ("vpn client", 1, None, 1)
    assert index.revision() == revision
    with database.writing() as db:
        publish(db, article=db.get_one(Article, vpn), by=None, now=NOW)
    indexing.catch_up(database, index)
    with database.reading() as db:
        assert place(db, index, "connect vpn", vpn) is None


def test_a_new_article_that_pushes_another_down_is_foreseen(
    database: Database, index: WhooshIndex, vpn: int
) -> None:
    with database.writing() as db:
        add_pair(db, text="vpn", article=db.get_one(Article, vpn), by=None, now=NOW)
        draft = article(db, "VPN", body="VPN, VPN, VPN.", is_published=False)
        draft_id = draft.id
    with database.reading() as db:
        told = foreseen(db, index, db.get_one(Article, draft_id))
        [golden] = told.golden
        assert (golden.article_id, golden.before, golden.after) == (vpn, 1, 2)
        assert place(db, index, "vpn", draft_id) is None
    with database.writing() as db:
        publish(db, article=db.get_one(Article, draft_id), by=None, now=NOW)
    indexing.catch_up(database, index)
    with database.reading() as db:
        assert place(db, index, "vpn", vpn) == 2


def test_narrowing_who_may_read_is_a_drop_for_everybody_else(
    database: Database, index: WhooshIndex, vpn: int
) -> None:
    with database.writing() as db:
        found = db.get_one(Article, vpn)
        add_pair(db, text="connect vpn", article=found, by=None, now=NOW)
        version = latest_version(db, found)
        assert version is not None
        facts = facts_of(found)
        hidden = type(facts)(facts.category, audience=Audience.STAFF)
        told = consequences(db, index, article=found, version=version, facts=hidden, now=NOW)
    assert [(one.before, one.after) for one in told.drops] == [(1, None)]


def test_what_shares_no_word_with_the_text_is_not_asked(
    database: Database, index: WhooshIndex, vpn: int
) -> None:
    with database.writing() as db:
        other = searching.search(db, index, text="password", reader=ANYONE).items[0]
        pair = db.get_one(Article, other.article_id)
        add_pair(db, text="reset password", article=pair, by=None, now=NOW)
        told = foreseen(db, index, db.get_one(Article, vpn))
    assert told == Consequences(kept=1)


def test_without_an_index_nothing_is_claimed(database: Database, index: WhooshIndex) -> None:
    with database.writing() as db:
        made = article(db, "How do I connect?", is_published=False)
        add_pair(db, text="connect", article=made, by=None, now=NOW)
        assert not foreseen(db, index, made).is_known


def test_a_pair_is_kept_once_and_needs_a_word(db: Session) -> None:
    made, wren = article(db, "How do I connect?"), cast.writer(db)
    first = add_pair(db, text="Connect VPN", article=made, by=wren, now=NOW)
    assert add_pair(db, text="connect  vpn", article=made, by=wren, now=NOW) is first
    with pytest.raises(EmptyQueryError):
        add_pair(db, text="?!", article=made, by=wren, now=NOW)
    assert isinstance(wren, Person)
    assert remove_pair(db, pair_id=first.id, by=wren, now=NOW)
    assert not remove_pair(db, pair_id=first.id, by=wren, now=NOW)
    assert list(golden_queries(db)) == []
