"""News of a known issue: the question whether a guest really wants it, and, once it is fixed, the
news itself, to everybody who waits, once.

The worker does some at a time, each batch in one transaction with what it tells, so that a crash at
any moment leaves nobody untold and nobody told twice.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.issue_cases import is_attached, tell_of_fix, untold_cases
from portal.database import Database
from portal.events import take_recorded
from portal.knowledge.known_issue import KnownIssue
from portal.knowledge.subscribing import next_to_tell, token_of
from portal.knowledge.subscription import Subscription
from portal.locale import gettext as _
from portal.locale import language
from portal.mail import addresses
from portal.mail.choices import Wish
from portal.mail.letters import Button, write_letter
from portal.mail.morning_news import keep_for_the_morning
from portal.mail.news_letters import issue_letter
from portal.mail.news_readers import covered, who_hear
from portal.mail.news_wishes import news_wish_of
from portal.mail.notices import write_notices
from portal.mail.outbox import OutgoingMail
from portal.mail.posting import post
from portal.mail.restraint import may_write_to_stranger
from portal.mail.speech import speaking_to
from portal.people.person import Person
from portal.people.queries import normal_email
from portal.settings import Settings

AT_ONCE = 50
_UNTOLD = KnownIssue.fixed_at.is_not(None), KnownIssue.all_told_at.is_(None)


def ask_to_confirm(
    db: Session, *, subscription: Subscription, settings: Settings, now: datetime
) -> OutgoingMail | None:
    """Mail the link by which the reader of an address says yes; None when asked for too often."""
    purpose = f"issue-{subscription.known_issue_id}"
    if not may_write_to_stranger(db, subscription.email, purpose=purpose, now=now):
        return None
    token = token_of(subscription, secret=settings.secret)
    with speaking_to(db, subscription.email, settings=settings, otherwise=language()):
        letter = write_letter(
            "issue_confirm",
            settings=settings,
            subject=_("Tell you when it is fixed?"),
            button=Button(_("Yes, tell me"), addresses.issue_subscription(settings, token)),
            issue=subscription.known_issue,
        )
    return post(db, letter, recipient=subscription.email, settings=settings, now=now)


def tell_some(database: Database, *, settings: Settings, now: datetime) -> bool:
    """One batch of the news of the issue that was fixed first; whether there may be more."""
    with database.reading() as db:
        if db.scalar(select(KnownIssue.id).where(*_UNTOLD).limit(1)) is None:
            return False
    with database.writing() as db:
        query = select(KnownIssue).where(*_UNTOLD).order_by(KnownIssue.fixed_at).limit(1)
        issue = db.scalar(query.with_for_update(skip_locked=True, of=KnownIssue))
        if issue is not None:
            _tell(db, issue, settings=settings, now=now)
    return issue is not None


def _tell(db: Session, issue: KnownIssue, *, settings: Settings, now: datetime) -> None:
    """Cases first; whoever hears of it on a case is not told again as a subscriber."""
    cases = untold_cases(db, issue, limit=AT_ONCE)
    for case in cases:
        tell_of_fix(db, case=case, issue=issue, now=now)
    write_notices(db, take_recorded(db), settings=settings, now=now)
    if issue.is_announced:
        _enrol(db, issue, now=now)
    waiting = next_to_tell(db, issue, limit=AT_ONCE)
    for subscription in waiting:
        subscription.told_at = now
        if not is_attached(db, issue, email=subscription.email):
            _post(db, subscription, settings=settings, now=now)
    if not cases and not waiting:
        issue.all_told_at = now


def _enrol(db: Session, issue: KnownIssue, *, now: datetime) -> None:
    """Everybody who is to be told without having asked."""
    known = set(
        db.scalars(select(Subscription.email).where(Subscription.known_issue_id == issue.id))
    )
    for person in who_hear(db, covered(db, now=now)):
        is_wanted = news_wish_of(db, person.email) is not Wish.NEVER
        if is_wanted and normal_email(person.email) not in known:
            db.add(
                Subscription(
                    known_issue=issue,
                    email=normal_email(person.email),
                    person_id=person.id,
                    asked_at=now,
                    confirmed_at=now,
                )
            )
    db.flush()


def _post(db: Session, subscription: Subscription, *, settings: Settings, now: datetime) -> None:
    """Whoever asked is told at once; whoever hears of it unasked, as they wish to have news."""
    issue, token = subscription.known_issue, token_of(subscription, secret=settings.secret)
    is_announced = issue.is_announced and subscription.asked_at >= (issue.fixed_at or now)
    person = db.get(Person, subscription.person_id) if subscription.person_id else None
    if is_announced and person and news_wish_of(db, person.email) is Wish.DAILY:
        keep_for_the_morning(db, person=person, issue=issue, now=now)
        return
    with speaking_to(db, subscription.email, settings=settings):
        letter = issue_letter(
            issue,
            is_announced=is_announced,
            stop_url=addresses.issue_subscription(settings, token),
            settings=settings,
        )
    post(db, letter, recipient=subscription.email, settings=settings, now=now)
