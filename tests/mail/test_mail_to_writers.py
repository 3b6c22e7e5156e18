"""Writers hear by mail of what waits for them: reviews, their answers, and overdue checks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.database import Database
from portal.events import take_recorded
from portal.knowledge import reviewing
from portal.knowledge.article import Article
from portal.knowledge.saving import save
from portal.knowledge.verifying import verify
from portal.knowledge.words import Words, facts_of
from portal.mail import overdue_news
from portal.mail.choices import OverdueTold
from portal.mail.notices import write_notices
from portal.mail.outbox import OutgoingMail
from portal.mail.overdue_news import tell_owner_of_overdue
from portal.mail.wishes import set_notices
from portal.mail.writer_notices import WRITER_CHOICES, WriterNotice
from portal.people.person import Person, Role
from portal.settings import Settings
from tests import cast
from tests.search.library import article


@dataclass
class Workshop:
    """Wren and Kim write; what they do in one transaction, and the mail about it."""

    db: Session
    settings: Settings
    now: datetime
    wren: Person
    kim: Person

    def draft(self) -> Article:
        made = article(self.db, "How do lamps work?", is_published=False)
        words = Words("How do lamps work?", "They shine.\n", "Light.")
        facts = facts_of(made)
        save(
            self.db, article=made, words=words, facts=facts, by=self.wren, now=self.now, note="New"
        )
        take_recorded(self.db)
        return made

    def ask(self, draft: Article) -> None:
        reviewing.ask_for_review(self.db, article=draft, by=self.wren, now=self.now)

    def told(self) -> list[OutgoingMail]:
        return write_notices(self.db, take_recorded(self.db), settings=self.settings, now=self.now)


@pytest.fixture
def workshop(db: Session, settings: Settings, now: datetime) -> Workshop:
    kim = cast.person(db, "Kim Sato", Role.WRITER)
    return Workshop(db, settings, now, cast.writer(db), kim)


@pytest.fixture
def wren(workshop: Workshop) -> Person:
    return workshop.wren


def refuse(db: Session, person: Person, notice: WriterNotice, now: datetime) -> None:
    kept = [kind for kind in WRITER_CHOICES if kind is not notice]
    set_notices(db, address=person.email, kinds=WRITER_CHOICES, wanted=kept, now=now)


def test_every_other_writer_is_asked_for_a_review_in_the_same_transaction(
    workshop: Workshop,
) -> None:
    cast.manager(workshop.db)
    cast.agent(workshop.db)
    draft = workshop.draft()
    workshop.ask(draft)
    (mail,) = workshop.told()
    assert mail.recipient == workshop.kim.email
    assert mail.subject == "Please review: How do lamps work?"
    assert "Wren Abara asks for a review of version 2" in " ".join(mail.text.split())
    assert "\nNew\n" in mail.text
    assert f"https://help.example/writing/articles/{draft.id}/publication" in mail.text


def test_managers_are_asked_where_there_is_no_other_writer(workshop: Workshop) -> None:
    workshop.kim.role = Role.AGENT
    mai = cast.manager(workshop.db)
    workshop.ask(workshop.draft())
    assert [mail.recipient for mail in workshop.told()] == [mai.email]


def test_whoever_asked_hears_the_answer_with_its_words(workshop: Workshop) -> None:
    db, by, now, draft = workshop.db, workshop.kim, workshop.now, workshop.draft()
    workshop.ask(draft)
    take_recorded(db)
    reviewing.send_back(db, article=draft, shown=2, text="Which lamps?", by=by, now=now)
    (mail,) = workshop.told()
    assert (mail.recipient, mail.subject) == (workshop.wren.email, "Sent back: How do lamps work?")
    assert "> Which lamps?" in mail.text
    workshop.ask(draft)
    take_recorded(db)
    reviewing.approve(db, article=draft, shown=2, by=by, now=now)
    (mail,) = workshop.told()
    assert (mail.recipient, mail.subject) == (workshop.wren.email, "Approved: How do lamps work?")


def test_mail_about_reviews_can_be_turned_off_and_nobody_shut_out_gets_any(
    workshop: Workshop,
) -> None:
    db, now, draft = workshop.db, workshop.now, workshop.draft()
    assert cast.person(db, "Lee Moss", Role.WRITER, disabled_at=now).id
    refuse(db, workshop.kim, WriterNotice.REVIEW_ASKED, now)
    refuse(db, workshop.wren, WriterNotice.REVIEW_ANSWERED, now)
    workshop.ask(draft)
    reviewing.approve(db, article=draft, shown=2, by=workshop.kim, now=now)
    assert workshop.told() == []


MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=cast.LONG_AGO.tzinfo)


def owned(db: Session, title: str, *, owner: str = "Wren Abara", checked: date) -> Article:
    made = article(db, title)
    made.owner, made.verified_on, made.review_every_days = owner, checked, 30
    db.flush()
    return made


def mails(database: Database) -> list[OutgoingMail]:
    with database.reading() as db:
        return list(db.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def tell_all(database: Database, settings: Settings, at: datetime) -> None:
    while tell_owner_of_overdue(database, settings=settings, now=at):
        pass


def test_an_owner_hears_once_of_all_that_is_overdue_and_not_daily(
    db: Session, database: Database, wren: Person, settings: Settings
) -> None:
    long_due, due = date(2026, 9, 1), date(2026, 10, 25)
    first = owned(db, "Old?", checked=long_due)
    owned(db, "Older?", owner="wren abara ", checked=due)
    owned(db, "Fresh?", checked=date(2026, 11, 1))
    owned(db, "Nobody's?", owner="Support", checked=long_due)
    db.commit()
    tell_all(database, settings, MORNING)
    (mail,) = mails(database)
    assert mail.recipient == wren.email
    assert mail.subject == "The check of 2 of your articles is due"
    words = " ".join(mail.text.split())
    assert "Old?, due on Thursday 1 October 2026:" in words
    assert f"https://help.example/writing/articles/{first.id}" in words
    assert "Fresh?" not in words
    for days in (0, 1, 6):
        tell_all(database, settings, MORNING + timedelta(days=days))
    assert len(mails(database)) == 1
    verify(db, article=first, on=MORNING.date(), by=wren, now=MORNING)
    db.commit()
    tell_all(database, settings, MORNING + timedelta(days=20))
    assert len(mails(database)) == 2, "Fresh? is due meanwhile"
    tell_all(database, settings, MORNING + timedelta(days=31))
    assert mails(database)[-1].subject == "The check of one of your articles is due"
    assert len(mails(database)) == 3, "the next period is told again"


def test_it_waits_for_the_owner_s_morning_and_comes_once_a_day(
    db: Session, database: Database, wren: Person, settings: Settings
) -> None:
    wren.time_zone = "America/Los_Angeles"
    owned(db, "Old?", checked=date(2026, 9, 1))
    db.commit()
    tell_all(database, settings, MORNING)  # one at night there
    assert mails(database) == []
    tell_all(database, settings, MORNING + timedelta(hours=7))
    owned(db, "Another?", checked=date(2026, 9, 1))
    db.commit()
    tell_all(database, settings, MORNING + timedelta(hours=10))
    assert len(mails(database)) == 1
    tell_all(database, settings, MORNING + timedelta(hours=31))
    assert len(mails(database)) == 2


def test_whoever_turned_it_off_hears_nothing_and_no_one_who_may_not_write(
    db: Session, database: Database, wren: Person, settings: Settings
) -> None:
    cast.agent(db)
    owned(db, "Old?", checked=date(2026, 9, 1))
    owned(db, "An agent's?", owner="Aldo Marchetti", checked=date(2026, 9, 1))
    refuse(db, wren, WriterNotice.CHECK_OVERDUE, MORNING)
    db.commit()
    tell_all(database, settings, MORNING)
    assert mails(database) == []


def test_a_worker_that_dies_between_tells_each_owner_exactly_once(
    workshop: Workshop, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    db, settings, kim = workshop.db, workshop.settings, workshop.kim
    for n in range(3):
        owned(db, f"Wren's {n}?", checked=date(2026, 9, 1))
        owned(db, f"Kim's {n}?", owner=kim.name, checked=date(2026, 9, 1))
    db.commit()
    posted, calls = overdue_news.post, 0

    def dies_sometimes(*args, **values):
        nonlocal calls
        calls += 1
        mail = posted(*args, **values)
        if calls in {1, 3}:
            raise RuntimeError("killed")
        return mail

    monkeypatch.setattr(overdue_news, "post", dies_sometimes)
    for _ in range(6):
        try:
            tell_owner_of_overdue(database, settings=settings, now=MORNING)
        except RuntimeError:
            continue
    assert sorted(mail.recipient for mail in mails(database)) == [
        kim.email,
        workshop.wren.email,
    ]
    with database.reading() as after:
        assert len(after.scalars(select(OverdueTold)).all()) == 6
