"""Whom to tell of what happened: events become mails in the transaction that made them.

A customer hears of everything that changes what they may expect; of an internal note, never.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases.access import issue_link
from portal.cases.case import Case
from portal.cases.happenings import Happening
from portal.events import Event
from portal.locale import gettext as _
from portal.locale import language
from portal.mail import addresses
from portal.mail.follower_notices import write_follower_notices
from portal.mail.letters import Button, Letter, write_letter
from portal.mail.news import News, news_of, write_news
from portal.mail.outbox import OutgoingMail
from portal.mail.posting import post
from portal.mail.proof import is_proven
from portal.mail.restraint import may_write_to_stranger
from portal.mail.review_news import write_review_notices
from portal.mail.speech import speaking_to
from portal.mail.staff_notices import write_staff_notices
from portal.mail.wishes import send_news
from portal.people.person import Person
from portal.settings import Settings

_NOBODY = "nobody@example.invalid"
_ASKED_BY_ANYBODY = {
    Happening.OPENED,
    Happening.CLOSED,
    Happening.REOPENED,
    Happening.FILES_REFUSED,
}


def write_notices(
    db: Session, events: Iterable[Event], *, settings: Settings, now: datetime
) -> list[OutgoingMail]:
    """Put into the outbox what customers, staff and writers have to be told of `events`."""
    by_case: dict[int, list[Event]] = defaultdict(list)
    of_articles = []
    for event in events:
        if event.case_id is not None:
            by_case[event.case_id].append(event)
        elif event.article_id is not None:
            of_articles.append(event)
    mails = write_review_notices(db, of_articles, settings=settings, now=now)
    for case_id, happened in by_case.items():
        mails += write_staff_notices(
            db, db.get_one(Case, case_id), happened, settings=settings, now=now
        )
        news = news_of(db.get_one(Case, case_id), happened)
        mails += write_follower_notices(
            db, db.get_one(Case, case_id), happened, news, settings=settings, now=now
        )
        if news is not None and _may_tell(db, news, now=now):
            with speaking_to(db, news.case.contact_email, settings=settings, case=news.case):
                mail = send_news(
                    db,
                    write_news(db, news, settings=settings, now=now),
                    about=news.about,
                    case=news.case,
                    recipient=news.case.contact_email,
                    settings=settings,
                    now=now,
                )
            mails += [mail] if mail else []
    return mails


def sign_in_link(
    db: Session, *, person: Person, token: str, settings: Settings, now: datetime, minutes: int
) -> OutgoingMail:
    """Mail the link by which a person signs in once, without a password."""
    with speaking_to(db, person.email, settings=settings, otherwise=language()):
        letter = write_letter(
            "sign_in_link",
            settings=settings,
            subject=_("Sign in to %(site)s", site=settings.name),
            button=Button(_("Sign in"), addresses.sign_in_page(settings, token)),
            name=person.name,
            minutes=minutes,
        )
    return post(db, letter, recipient=person.email, settings=settings, now=now)


def invitation(
    db: Session, *, person: Person, token: str, settings: Settings, now: datetime, hours: int
) -> OutgoingMail:
    """Mail the first sign-in link to somebody who was just taken up."""
    with speaking_to(db, person.email, settings=settings):
        letter = write_letter(
            "invitation",
            settings=settings,
            subject=_("Your access to %(site)s", site=settings.name),
            button=Button(_("Sign in"), addresses.sign_in_page(settings, token)),
            name=person.name,
            hours=hours,
        )
    return post(db, letter, recipient=person.email, settings=settings, now=now)


def account_refusal(
    db: Session, *, email: str, reason: str, settings: Settings, now: datetime
) -> OutgoingMail:
    """Tell whoever asked for an account why there is none; nothing that they typed goes out."""
    with speaking_to(db, email, settings=settings):
        letter = write_letter(
            "account_refusal",
            settings=settings,
            subject=_("Your request for an account at %(site)s", site=settings.name),
            button=Button(_("How to reach us"), addresses.expectations_page(settings)),
            reason=reason,
        )
    return post(db, letter, recipient=email, settings=settings, now=now)


def follow_link(
    db: Session, *, case: Case, settings: Settings, now: datetime
) -> OutgoingMail | None:
    """Mail a new secret link to the contact of a case; None when that is asked for too often."""
    address = case.contact_email
    if not may_write_to_stranger(db, address, purpose="follow", now=now):
        return None
    token = issue_link(db, case=case, email=address, now=now)
    with speaking_to(db, address, settings=settings, case=case):
        letter = _follow_letter(case, token, settings)
    return post(db, letter, recipient=address, settings=settings, now=now, case=case)


def follow_link_to_nobody(db: Session, *, settings: Settings, now: datetime) -> None:
    """The same work for a case that isn't there, taken back: the time taken tells nothing."""
    nobody = Case(receipt="R-0000-00000", contact_name="Nobody", contact_email=_NOBODY)
    trial = db.begin_nested()
    may_write_to_stranger(db, _NOBODY, purpose="follow", now=now)
    letter = _follow_letter(nobody, secrets.token_urlsafe(24), settings)
    post(db, letter, recipient=_NOBODY, settings=settings, now=now)
    db.flush()
    trial.rollback()


def _follow_letter(case: Case, token: str, settings: Settings) -> Letter:
    return write_letter(
        "follow_link",
        settings=settings,
        subject=_("Your link to %(case)s", case=case.reference),
        button=Button(_("See the case"), addresses.followed_case(settings, token)),
        case=case,
    )


def _may_tell(db: Session, news: News, *, now: datetime) -> bool:
    """Nobody hears of a case that they may not read any more. What strangers do is mailed to
    unproven addresses seldom; what staff do always.
    """
    contact = news.case.contact
    if contact is not None and not contact.may_sign_in:
        return False
    if is_proven(news.case) or news.about.kind not in _ASKED_BY_ANYBODY:
        return True
    return may_write_to_stranger(db, news.case.contact_email, purpose="case", now=now)
