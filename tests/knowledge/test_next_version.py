"""From a draft to what readers see: review, approval, schedule; each move where it makes sense."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.database import Database
from portal.events import Event
from portal.knowledge import reviewing, scheduling
from portal.knowledge.article import Article, Audience, Category, Status, Version
from portal.knowledge.feedback import give_feedback
from portal.knowledge.next_version import (
    ApprovalMissingError,
    NextVersion,
    NotAtThisStageError,
    OwnWorkError,
    PastInstantError,
    Stage,
    StageError,
)
from portal.knowledge.publishing import publish
from portal.knowledge.queries import find_article
from portal.knowledge.reader import ANYONE
from portal.knowledge.saving import save
from portal.knowledge.versioning import ChangedMeanwhileError, add_article, save_version
from portal.knowledge.waiting import facts_to_come
from portal.knowledge.withdrawing import retire, unpublish
from portal.knowledge.words import Facts, Words, facts_of
from portal.people.person import Person, Role
from tests import cast


@pytest.fixture
def shelf(db: Session) -> Category:
    made = Category(slug="handsets", title="Handsets")
    db.add(made)
    db.flush()
    return made


@pytest.fixture
def wren(db: Session) -> Person:
    return cast.writer(db)


@pytest.fixture
def mai(db: Session) -> Person:
    return cast.person(db, "Mai Tanaka", Role.WRITER)


def write(db: Session, shelf: Category, by: Person, now: datetime, slug: str = "how") -> Article:
    facts = Facts(shelf, audience=Audience.PUBLIC)
    words = Words("How?", "First.\n", "Yes.")
    return add_article(db, slug=slug, words=words, facts=facts, by=by, now=now)


def shown(db: Session, slug: str = "how") -> str:
    """What readers see."""
    found = find_article(db, slug, reader=ANYONE)
    return found.published.body if isinstance(found, Article) and found.published else ""


def test_what_is_edited_beside_a_published_version_is_seen_by_nobody(
    db: Session, shelf: Category, wren: Person, now: datetime
) -> None:
    other = Category(slug="internal", title="Internal")
    db.add(other)
    db.flush()
    article = write(db, shelf, wren, now)
    publish(db, article=article, by=wren, now=now)
    changed = Facts(other, audience=Audience.STAFF, owner="Wren")
    version = save(
        db,
        article=article,
        words=Words("How?", "Second.\n", "Yes."),
        facts=changed,
        by=wren,
        now=now,
    )
    assert shown(db) == "First.\n"
    assert facts_of(article) == Facts(shelf, audience=Audience.PUBLIC)
    assert facts_to_come(db, article, version) == changed
    publish(db, article=article, by=wren, now=now)
    assert shown(db) == ""
    assert facts_of(article) == changed
    assert version.waiting_facts is None


def test_facts_of_a_draft_hold_at_once(
    db: Session, shelf: Category, wren: Person, now: datetime
) -> None:
    article = write(db, shelf, wren, now)
    changed = Facts(shelf, audience=Audience.CUSTOMERS)
    save(
        db,
        article=article,
        words=Words("How?", "First.\n", "Yes."),
        facts=changed,
        by=wren,
        now=now,
    )
    assert article.audience is Audience.CUSTOMERS


def test_B18_what_was_said_of_the_same_words_stays_when_only_facts_change(
    db: Session, shelf: Category, wren: Person, now: datetime
) -> None:
    article = write(db, shelf, wren, now)
    publish(db, article=article, by=wren, now=now)
    assert article.published is not None
    give_feedback(db, version=article.published, visitor_hash="a", helped=True, now=now)
    facts = Facts(shelf, audience=Audience.PUBLIC, owner="Somebody else")
    save(
        db, article=article, words=Words("How?", "First.\n", "Yes."), facts=facts, by=wren, now=now
    )
    publish(db, article=article, by=wren, now=now)
    assert article.published.number == 2
    said = give_feedback(db, version=article.published, visitor_hash="a", helped=False, now=now)
    assert said.version_id == article.published.id
    assert len(db.scalars(select(type(said))).all()) == 1


def test_a_category_that_asks_for_approval_gets_it_from_somebody_else(
    db: Session, shelf: Category, wren: Person, mai: Person, now: datetime
) -> None:
    shelf.needs_approval = True
    article = write(db, shelf, wren, now)
    with pytest.raises(ApprovalMissingError):
        publish(db, article=article, by=wren, now=now)
    with pytest.raises(NotAtThisStageError):
        reviewing.approve(db, article=article, shown=1, by=mai, now=now)
    reviewing.ask_for_review(db, article=article, by=wren, now=now)
    with pytest.raises(OwnWorkError):
        reviewing.approve(db, article=article, shown=1, by=wren, now=now)
    reviewing.approve(db, article=article, shown=1, by=mai, now=now)
    publish(db, article=article, by=wren, now=now)
    assert shown(db) == "First.\n"
    assert reviewing.next_of(db, article) is None


def test_an_approval_is_of_one_version(
    db: Session, shelf: Category, wren: Person, mai: Person, now: datetime
) -> None:
    shelf.needs_approval = True
    article = write(db, shelf, wren, now)
    reviewing.ask_for_review(db, article=article, by=wren, now=now)
    save_version(db, article=article, words=Words("How?", "Sly.\n", "Yes."), by=wren, now=now)
    with pytest.raises(ChangedMeanwhileError):
        reviewing.approve(db, article=article, shown=1, by=mai, now=now)
    reviewing.approve(db, article=article, shown=2, by=mai, now=now)
    save_version(db, article=article, words=Words("How?", "Slier.\n", "Yes."), by=wren, now=now)
    with pytest.raises(ApprovalMissingError):
        publish(db, article=article, by=wren, now=now)


def test_moving_into_a_category_that_asks_for_approval_asks_for_it(
    db: Session, shelf: Category, wren: Person, now: datetime
) -> None:
    strict = Category(slug="strict", title="Strict", needs_approval=True)
    db.add(strict)
    db.flush()
    article = write(db, shelf, wren, now)
    publish(db, article=article, by=wren, now=now)
    facts = Facts(strict, audience=Audience.PUBLIC)
    save(
        db, article=article, words=Words("How?", "Second.\n", "Yes."), facts=facts, by=wren, now=now
    )
    with pytest.raises(ApprovalMissingError):
        publish(db, article=article, by=wren, now=now)


def test_what_was_published_once_comes_back_without_another_approval(
    db: Session, shelf: Category, wren: Person, now: datetime
) -> None:
    article = write(db, shelf, wren, now)
    publish(db, article=article, by=wren, now=now)
    shelf.needs_approval = True
    retire(db, article=article, by=wren, now=now)
    publish(db, article=article, version=article.published, by=wren, now=now)
    assert shown(db) == "First.\n"


def test_a_reviewer_sends_back_with_a_remark_that_can_be_settled_once(
    db: Session, shelf: Category, wren: Person, mai: Person, now: datetime
) -> None:
    article = write(db, shelf, wren, now)
    following = reviewing.ask_for_review(db, article=article, by=wren, now=now)
    reviewing.send_back(db, article=article, shown=1, text="Say where.", by=mai, now=now)
    assert following.stage is Stage.SENT_BACK
    [said] = reviewing.remarks(db, article)
    assert (said.text, said.version.number) == ("Say where.", 1)
    assert reviewing.settle(db, article=article, remark_id=said.id, by=wren, now=now)
    assert not reviewing.settle(db, article=article, remark_id=said.id, by=wren, now=now)
    other = write(db, shelf, wren, now, slug="other")
    assert not reviewing.settle(db, article=other, remark_id=said.id, by=wren, now=now)


def test_what_is_scheduled_is_published_once_also_after_a_standstill(
    database: Database, now: datetime
) -> None:
    with database.writing() as db:
        wren, shelf = cast.writer(db), Category(slug="handsets", title="Handsets")
        db.add(shelf)
        db.flush()
        article = write(db, shelf, wren, now)
        scheduling.schedule(
            db,
            article=article,
            publish_at=now + timedelta(hours=1),
            zone="Europe/Berlin",
            by=wren,
            now=now,
        )
        save_version(db, article=article, words=Words("How?", "Later.\n", "Yes."), by=wren, now=now)
    assert not scheduling.publish_due(database, now=now + timedelta(minutes=59))
    much_later = now + timedelta(days=3)
    assert scheduling.publish_due(database, now=much_later)
    assert not scheduling.publish_due(database, now=much_later)
    with database.reading() as db:
        assert shown(db) == "First.\n"
        kinds = list(db.scalars(select(Event.kind)))
        assert kinds.count("article_published") == 1
        assert scheduling.scheduled(db) == []


def test_two_workers_at_once_publish_it_once(database: Database, now: datetime) -> None:
    at = now + timedelta(hours=1)
    with database.writing() as db:
        wren, shelf = cast.writer(db), Category(slug="handsets", title="Handsets")
        db.add(shelf)
        db.flush()
        for slug in ("one", "two", "three"):
            article = write(db, shelf, wren, now, slug=slug)
            scheduling.schedule(db, article=article, publish_at=at, zone="UTC", by=wren, now=now)
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(scheduling.publish_due, database, now=at) for _ in range(12)]:
            done.result()
    with database.reading() as db:
        kinds = list(db.scalars(select(Event.kind)))
        assert kinds.count("article_published") == 3
        assert scheduling.scheduled(db) == []


def test_a_schedule_that_may_no_longer_be_kept_says_why_and_holds_up_nothing(
    database: Database, now: datetime
) -> None:
    at = now + timedelta(hours=1)
    with database.writing() as db:
        wren, shelf = cast.writer(db), Category(slug="handsets", title="Handsets")
        free = Category(slug="free", title="Free")
        db.add_all([shelf, free])
        db.flush()
        for place, slug in ((shelf, "how"), (free, "other")):
            article = write(db, place, wren, now, slug=slug)
            scheduling.schedule(db, article=article, publish_at=at, zone="UTC", by=wren, now=now)
        shelf.needs_approval = True
    while scheduling.publish_due(database, now=at):
        pass
    with database.reading() as db:
        assert shown(db) == ""
        assert shown(db, "other") == "First.\n"
        [left] = db.scalars(select(NextVersion))
        assert left.stage is Stage.WRITING
        assert "approved" in left.trouble


def test_what_is_taken_from_readers_does_not_come_back_by_itself(
    database: Database, now: datetime
) -> None:
    with database.writing() as db:
        wren, shelf = cast.writer(db), Category(slug="handsets", title="Handsets")
        db.add(shelf)
        db.flush()
        article = write(db, shelf, wren, now)
        publish(db, article=article, by=wren, now=now)
        save_version(
            db, article=article, words=Words("How?", "Second.\n", "Yes."), by=wren, now=now
        )
        at = now + timedelta(hours=1)
        scheduling.schedule(db, article=article, publish_at=at, zone="UTC", by=wren, now=now)
        unpublish(db, article=article, by=wren, now=now)
    assert not scheduling.publish_due(database, now=now + timedelta(days=1))


def test_the_past_is_no_schedule(db: Session, shelf: Category, wren: Person, now: datetime) -> None:
    article = write(db, shelf, wren, now)
    with pytest.raises(PastInstantError):
        scheduling.schedule(db, article=article, publish_at=now, zone="UTC", by=wren, now=now)


MOVES = st.lists(
    st.tuples(
        st.sampled_from(
            ["ask", "take back", "send back", "approve", "schedule", "unschedule", "save", "save"]
        ),
        st.sampled_from(["wren", "mai"]),
        st.booleans(),
    ),
    max_size=25,
)


@given(moves=MOVES)
def test_no_order_of_moves_approves_what_nobody_else_has_read(
    moves: list[tuple[str, str, bool]],
) -> None:
    """Whatever people do: a version stands approved only by somebody else than who wrote it, and
    a schedule names an instant ahead; each refused move changes nothing.
    """
    at = datetime(2026, 11, 23, 18, 0, tzinfo=ZoneInfo("UTC"))
    people = {"wren": Person(id=1, name="Wren"), "mai": Person(id=2, name="Mai")}
    version = Version(id=1, number=1, author_id=1)
    following = NextVersion(article_id=1, version=version, stage=Stage.WRITING, trouble="", zone="")
    for what, name, needs_approval in moves:
        by, before = people[name], (following.stage, following.version, following.approved_by)
        try:
            if what == "ask":
                following.ask(version, by=by, now=at)
            elif what == "take back":
                following.take_back()
            elif what == "send back":
                following.send_back(by=by)
            elif what == "approve":
                following.approve(by=by, now=at)
            elif what == "schedule":
                following.schedule(
                    version,
                    publish_at=at + timedelta(hours=1),
                    zone="UTC",
                    by=by,
                    now=at,
                    needs_approval=needs_approval,
                )
                assert following.is_approved(version) or not needs_approval
            elif what == "unschedule":
                following.unschedule(version)
            else:
                version = Version(id=version.id + 1, number=version.number + 1, author_id=by.id)
                following.follow(version)
        except StageError:
            assert before == (following.stage, following.version, following.approved_by)
        if following.approved_by is not None:
            assert following.approved_by.id != following.version.author_id
        assert (following.stage is Stage.SCHEDULED) == (following.publish_at is not None)
        if following.stage is Stage.APPROVED:
            assert following.is_approved(version)


def test_every_status_leads_back_to_readers(
    db: Session, shelf: Category, wren: Person, now: datetime
) -> None:
    article = write(db, shelf, wren, now)
    for act in (unpublish, retire):
        publish(db, article=article, by=wren, now=now)
        act(db, article=article, by=wren, now=now)
        assert article.status is not Status.PUBLISHED
    publish(db, article=article, by=wren, now=now)
    assert article.heir is None
    assert article.retired_at is None
