"""Learning from use: two visitors, fading, a floor, removal, and nobody's name."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.knowledge.article import Audience
from portal.knowledge.reader import ANYONE, Reader
from portal.people.person import Role
from portal.people.registering import add_person
from portal.search import learned, searching, suggesting
from portal.search.learned import LearnedVote, Learning
from portal.search.opening import open_index
from portal.settings import Settings
from tests.search.library import article


def said(db: Session, text: str, now: datetime, reader: Reader = ANYONE) -> dict[int, float]:
    return learned.evidence(db, text, reader=reader, stem=lambda word: word, now=now)


def vote(db: Session, words: str, article_id: int, voter: str, now: datetime) -> None:
    learned.vote(db, words=words, article_id=article_id, voter=voter, weight=1.0, now=now)


def test_a_question_counts_from_the_second_visitor_on(db: Session, now: datetime) -> None:
    one = article(db, "Strikethrough").id
    for _ in range(5):
        vote(db, "crossed out text", one, "ann", now)
    assert said(db, "text crossed out", now) == {}
    vote(db, "crossed out text", one, "bob", now)
    assert set(said(db, "text crossed out", now)) == {one}
    assert said(db, "nothing alike", now) == {}


def test_what_nobody_confirms_fades_and_is_forgotten(db: Session, now: datetime) -> None:
    one = article(db, "Strikethrough").id
    for voter in ("ann", "bob"):
        vote(db, "crossed out text", one, voter, now)
    assert said(db, "crossed out", now + timedelta(days=200))
    assert said(db, "crossed out", now + timedelta(days=390)) == {}
    learned.forget_old(db, now=now + timedelta(days=401), learning=Learning(90, 400))
    assert db.scalars(select(LearnedVote)).all() == []


def test_a_writer_removes_evidence_and_the_same_visitors_cannot_give_it_again(
    db: Session, now: datetime
) -> None:
    kept = article(db, "Strikethrough")
    writer = add_person(db, email="w@x.example", name="Wim", role=Role.WRITER, now=now)
    for voter in ("ann", "bob"):
        vote(db, "cheap pills", kept.id, voter, now)
    assert [one.words for one in learned.evidence_for(db, kept, now=now)] == ["cheap pills"]
    assert learned.remove(db, article=kept, words="cheap pills", by=writer, now=now) == 2
    vote(db, "cheap pills", kept.id, "ann", now)
    assert said(db, "cheap pills", now) == {}
    assert learned.evidence_for(db, kept, now=now) == []


def test_evidence_speaks_only_of_what_the_reader_may_read(db: Session, now: datetime) -> None:
    hidden = article(db, "Vault", audience=Audience.STAFF).id
    for voter in ("ann", "bob"):
        vote(db, "vault code", hidden, voter, now)
    assert said(db, "vault code", now) == {}
    assert set(said(db, "vault code", now, Reader("staff"))) == {hidden}


def test_no_voter_can_be_followed_from_question_to_question(db: Session, now: datetime) -> None:
    one = article(db, "Strikethrough").id
    vote(db, "crossed out", one, "ann", now)
    vote(db, "printer jam", one, "ann", now)
    voters = db.scalars(select(LearnedVote.voter)).all()
    assert len(set(voters)) == 2
    assert not any("ann" in voter for voter in voters)


@pytest.fixture
def settings(home: Path, database_url: str) -> Settings:
    return Settings(home=home, secret="s" * 40, base_url="http://x", database_url=database_url)


def test_what_helped_others_is_found_by_their_words(
    db: Session, settings: Settings, now: datetime
) -> None:
    one = article(db, "Strikethrough with Markdown", body="Use tildes around it.").id
    index = open_index(settings)
    before = searching.search(db, index, text="crossed out letters", reader=ANYONE)
    assert before.total == 0
    for voter in ("ann", "bob"):
        vote(db, "letters crossed out", one, voter, now)
    after = searching.search(db, index, text="crossed out letters", reader=ANYONE)
    assert [item.article_id for item in after.items] == [one]


def suggested(db: Session, typed: str, now: datetime, reader: Reader = ANYONE) -> list[int]:
    return learned.going_on(db, typed, reader=reader, now=now, limit=8)


def test_what_others_asked_is_suggested_while_it_is_typed(db: Session, now: datetime) -> None:
    one = article(db, "Strikethrough").id
    vote(db, "crossed out text", one, "ann", now)
    assert suggested(db, "cros", now) == []
    vote(db, "crossed out text", one, "bob", now)
    for typed in ("cr", "cross", "the crossed", "crossed te", "text cro"):
        assert suggested(db, typed, now) == [one], typed
    for typed in ("", "c", "crosst", "uncrossed cr", "%", "__"):
        assert suggested(db, typed, now) == [], typed


def test_what_is_suggested_fades_and_is_removed_like_all_that_was_learned(
    db: Session, now: datetime
) -> None:
    kept = article(db, "Strikethrough")
    for voter in ("ann", "bob"):
        vote(db, "crossed out text", kept.id, voter, now)
    assert suggested(db, "cross", now + timedelta(days=390)) == []
    writer = add_person(db, email="w@x.example", name="Wim", role=Role.WRITER, now=now)
    learned.remove(db, article=kept, words="crossed out text", by=writer, now=now)
    assert suggested(db, "cross", now) == []


def test_a_forbidden_article_is_not_suggested_by_what_was_asked(db: Session, now: datetime) -> None:
    one = article(db, "Strikethrough", audience=Audience.STAFF).id
    for voter in ("ann", "bob"):
        vote(db, "crossed out text", one, voter, now)
    assert suggested(db, "cross", now) == []
    assert suggested(db, "cross", now, Reader("staff")) == [one]


def test_earlier_questions_get_the_last_places_of_a_full_list() -> None:
    titles = tuple(range(1, 9))
    assert suggesting._with_asked(titles, [20, 3, 21, 22], 8) == [1, 2, 3, 4, 5, 6, 20, 21]
    assert suggesting._with_asked((1,), [20, 21, 22], 8) == [1, 20, 21, 22]
    assert suggesting._with_asked(titles, [], 8) == list(titles)
