"""A17, B16: a release is told to whom it concerns, each once, as they wish."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.database import Database
from portal.knowledge.announcement import Announcement, AnnouncementTold
from portal.knowledge.announcing import (
    NothingToAnnounceError,
    announce,
    announcement_of,
    plan,
    subscribe,
    subscriptions_of,
    withdraw_plan,
)
from portal.knowledge.article import Article, ArticleType, Audience
from portal.knowledge.known_issue import Words as IssueWords
from portal.knowledge.known_issue import fix
from portal.knowledge.known_issue import post as post_issue
from portal.knowledge.publishing import publish
from portal.knowledge.scheduling import publish_due, schedule
from portal.knowledge.withdrawing import retire
from portal.mail import issue_news, morning_news, release_news
from portal.mail.choices import Wish
from portal.mail.morning_news import write_due_news
from portal.mail.news_wishes import news_token, reader_of_news, wish_news
from portal.mail.outbox import OutgoingMail
from portal.mail.release_news import concerned, tell_some
from portal.mail.wishes import wish
from portal.settings import Settings
from tests import cast
from tests.search.library import WRITTEN_AT, article, shelf


@pytest.fixture
def settings(home) -> Settings:
    return Settings(
        home=home, secret="s" * 40, base_url="https://help.example", database_url="unused"
    )


@pytest.fixture
def people(db: Session) -> cast.Cast:
    found = cast.everybody(db)
    db.commit()
    return found


def release(db: Session, **more) -> Article:
    return article(
        db, "IP Office 6.1 is here", type=ArticleType.RELEASE, summary="It rings again.", **more
    )


def names(db: Session, made: Article, plans: list[str], now: datetime) -> set[str]:
    return {one.name.partition(" ")[0] for one in concerned(db, made, plans, now=now)}


def test_A17_technical_contacts_of_entitled_organisations_are_told(
    db: Session, people: cast.Cast, now: datetime
) -> None:
    made = release(db)
    assert names(db, made, [], now) == {"Theo"}  # Brightwater's contract has ended
    assert names(db, made, ["premium"], now) == set()
    assert names(db, made, ["standard", "premium"], now) == {"Theo"}
    people.theo.is_technical_contact = False
    assert names(db, made, [], now) == {"Ines", "Theo", "Nadia"}
    people.harbour_lines.ended_at = now
    assert names(db, made, [], now) == set()


def test_A17_only_organisations_with_the_product_among_their_installations(
    db: Session, people: cast.Cast, now: datetime
) -> None:
    assert names(db, release(db, applies_to=["IP Office 6.1"]), [], now) == {"Theo"}
    other = article(db, "Other", type=ArticleType.RELEASE, applies_to=["Gateway 4"])
    assert names(db, other, [], now) == set()
    cast.contract(db, people.brightwater, starts_on=date(2026, 1, 1))
    assert names(db, other, [], now) == {"Bea"}  # whose installations nobody knows


def test_B16_whoever_asked_for_a_product_or_a_topic_is_told_too(
    db: Session, people: cast.Cast, now: datetime
) -> None:
    outer, inner = shelf(db, "phones", "Phones"), shelf(db, "desk-phones", "Desk phones")
    inner.parent_id = outer.id
    made = release(db, category=inner, applies_to=["Gateway 4.2"])
    for person, products, topics in (
        (people.bea, ["Gateway"], []),
        (people.nadia, [], [outer.id]),
        (people.ines, ["Printer"], [shelf(db).id]),
    ):
        subscribe(db, person=person, products=products, category_ids=topics, now=now)
    assert names(db, made, [], now) == {"Bea", "Nadia"}
    subscribe(db, person=people.bea, products=[], category_ids=[], now=now)
    assert subscriptions_of(db, people.bea) == []
    assert names(db, made, [], now) == {"Nadia"}


def test_whoever_may_not_read_it_hears_nothing(
    db: Session, people: cast.Cast, now: datetime
) -> None:
    made = release(db, audience=Audience.ORGANISATIONS, organisations=[people.brightwater])
    subscribe(db, person=people.nadia, products=[], category_ids=[made.category_id], now=now)
    subscribe(db, person=people.bea, products=[], category_ids=[made.category_id], now=now)
    assert names(db, made, [], now) == {"Bea"}


def test_only_published_releases_are_announced_and_once(
    db: Session, people: cast.Cast, now: datetime
) -> None:
    with pytest.raises(NothingToAnnounceError):
        announce(db, article=article(db, "How?"), by=people.writer, now=now)
    made = release(db)
    first = announce(db, article=made, by=people.writer, now=now)
    assert announce(db, article=made, plans=["x"], by=people.writer, now=now) is first
    assert announcement_of(db, made) is first


def test_each_is_told_exactly_once_also_when_the_worker_is_stopped_between(
    db: Session,
    database: Database,
    settings: Settings,
    people: cast.Cast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = WRITTEN_AT
    for n in range(5):
        cast.person(db, f"Tech{n} X", organisation_id=people.harbour_lines.id,
                    is_technical_contact=True)  # fmt: skip
    announce(db, article=release(db), by=people.writer, now=now)
    db.commit()
    monkeypatch.setattr(release_news, "AT_ONCE", 2)
    posted = release_news.post
    calls = 0

    def dies_sometimes(*args, **values):
        nonlocal calls
        calls += 1
        if calls in {2, 5}:
            raise RuntimeError("killed")
        return posted(*args, **values)

    monkeypatch.setattr(release_news, "post", dies_sometimes)
    for _ in range(12):
        try:
            tell_some(database, settings=settings, now=now)
        except RuntimeError:
            continue
    db.expire_all()
    told = [mail.recipient for mail in db.scalars(select(OutgoingMail))]
    assert len(told) == len(set(told)) == 6
    assert db.query(AnnouncementTold).count() == 6
    assert db.scalars(select(Announcement)).one().all_told_at == now
    assert not tell_some(database, settings=settings, now=now)


def test_news_come_as_their_reader_wishes(
    db: Session, database: Database, settings: Settings, people: cast.Cast, now: datetime
) -> None:
    people.ines.is_technical_contact = people.nadia.is_technical_contact = True
    wish(db, address=people.theo.email, wish=Wish.NEVER, now=now)  # of cases, so of news too
    wish_news(db, address=people.nadia.email, wish=Wish.DAILY, now=now)
    announce(db, article=release(db), by=people.writer, now=now)
    db.commit()
    tell_some(database, settings=settings, now=now)
    db.expire_all()
    mails = {mail.recipient: mail for mail in db.scalars(select(OutgoingMail))}
    assert set(mails) == {people.ines.email}
    at_once = mails[people.ines.email]
    assert at_once.next_try_at == now
    assert "It rings again." in at_once.text
    assert at_once.stop_url == f"https://help.example/news/{news_token(settings, people.ines)}"


def test_nobody_guesses_whose_news_to_turn_off(
    db: Session, settings: Settings, people: cast.Cast
) -> None:
    token = news_token(settings, people.ines)
    assert reader_of_news(db, token, settings=settings) is people.ines
    for wrong in (token[:-1], f"{people.theo.id}-{token.partition('-')[2]}", "", "x", "9999-1"):
        assert reader_of_news(db, wrong, settings=settings) is None


MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def morning_mails(database: Database, settings: Settings, at: datetime) -> list[OutgoingMail]:
    while write_due_news(database, settings=settings, now=at):
        pass
    with database.reading() as db:
        return list(db.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


@pytest.fixture
def early(db: Session, people: cast.Cast, now: datetime) -> cast.Cast:
    """Theo, the technical contact, wants news in the morning; two releases and a fix are told."""
    wish_news(db, address=people.theo.email, wish=Wish.DAILY, now=now)
    announce(db, article=release(db), by=people.writer, now=now)
    other = article(db, "Gateway 4", type=ArticleType.RELEASE, summary="Faster.")
    announce(db, article=other, by=people.writer, now=now)
    issue = post_issue(db, words=IssueWords("Exports are down"), by=people.agent, now=now)
    fix(db, issue=issue, by=people.agent, now=now, is_announced=True)
    db.commit()
    return people


def told_all(database: Database, settings: Settings, now: datetime) -> None:
    while tell_some(database, settings=settings, now=now):
        pass
    while issue_news.tell_some(database, settings=settings, now=now):
        pass


def test_A17_B16_all_news_of_one_morning_come_in_one_mail(
    db: Session, database: Database, settings: Settings, early: cast.Cast, now: datetime
) -> None:
    told_all(database, settings, now)
    assert morning_mails(database, settings, MORNING - timedelta(minutes=1)) == []
    (mail,) = morning_mails(database, settings, MORNING)
    assert mail.recipient == early.theo.email
    assert mail.subject == f"3 pieces of news at {settings.name}"
    for words in ("It rings again.", "Faster.", "Fixed: Exports are down"):
        assert words in mail.text
    assert '<a href="https://help.example/articles/gateway-4">' in mail.html
    assert mail.stop_url == f"https://help.example/news/{news_token(settings, early.theo)}"
    assert len(morning_mails(database, settings, MORNING + timedelta(days=1))) == 1


def test_the_morning_tells_nothing_that_changed_hands_overnight(
    db: Session, database: Database, settings: Settings, early: cast.Cast, now: datetime
) -> None:
    told_all(database, settings, now)
    gone = db.scalars(select(Article).where(Article.slug == "gateway-4")).one()
    retire(db, article=gone, by=early.writer, now=now)
    db.commit()
    (mail,) = morning_mails(database, settings, MORNING)
    assert "Gateway" not in mail.text
    assert mail.subject.startswith("2 pieces")


def test_whoever_turns_news_off_before_the_morning_gets_none(
    db: Session, database: Database, settings: Settings, early: cast.Cast, now: datetime
) -> None:
    told_all(database, settings, now)
    wish_news(db, address=early.theo.email, wish=Wish.NEVER, now=now)
    db.commit()
    assert morning_mails(database, settings, MORNING) == []


def test_a_worker_that_dies_in_the_morning_tells_once(
    database: Database,
    settings: Settings,
    early: cast.Cast,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told_all(database, settings, now)
    posted = morning_news.post

    def dies(*args, **values):
        posted(*args, **values)
        monkeypatch.setattr(morning_news, "post", posted)
        raise RuntimeError("killed")

    monkeypatch.setattr(morning_news, "post", dies)
    with pytest.raises(RuntimeError):
        write_due_news(database, settings=settings, now=MORNING)
    assert len(morning_mails(database, settings, MORNING)) == 1


def test_A17_a_release_announces_itself_when_it_is_published_if_its_writer_said_so(
    db: Session, database: Database, people: cast.Cast, now: datetime
) -> None:
    made = release(db, is_published=False)
    plan(db, article=made, plans=["standard"], by=people.writer)
    db.commit()
    assert not tell_some(database, settings=None, now=now), "nobody is told before"  # type: ignore[arg-type]
    at = now + timedelta(hours=2)
    schedule(db, article=made, publish_at=at, zone="UTC", by=people.writer, now=now)
    db.commit()
    assert publish_due(database, now=at)
    db.expire_all()
    announced = announcement_of(db, made)
    assert announced is not None
    assert (announced.announced_at, announced.plans) == (at, ["standard"])


def test_a_plan_can_be_taken_back_and_only_releases_announce_themselves(
    db: Session, people: cast.Cast, now: datetime
) -> None:
    made = release(db, is_published=False)
    plan(db, article=made, by=people.writer)
    withdraw_plan(db, article=made)
    publish(db, article=made, by=None, now=now)
    assert announcement_of(db, made) is None
    other = article(db, "How?", is_published=False)
    plan(db, article=other, by=people.writer)
    publish(db, article=other, by=None, now=now)
    planned = announcement_of(db, other)
    assert planned is not None
    assert planned.announced_at is None
