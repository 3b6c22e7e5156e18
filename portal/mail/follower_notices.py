"""What followers of a case are told: that they were added, and afterwards what its contact hears.

They read it under their own account, so no mail to them ever holds the contact's secret link.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.cases.following import followers_of
from portal.cases.happenings import Happening
from portal.cases.telling import tell
from portal.events import Event
from portal.locale import gettext as _
from portal.mail import addresses
from portal.mail.letters import Button, Letter, write_letter
from portal.mail.news import News, is_opened, words_of_staff
from portal.mail.outbox import OutgoingMail
from portal.mail.promised import next_word
from portal.mail.speech import speaking_to
from portal.mail.wishes import send_news, stop_url
from portal.people.person import Person
from portal.settings import Settings


def write_follower_notices(
    db: Session,
    case: Case,
    events: Sequence[Event],
    news: News | None,
    *,
    settings: Settings,
    now: datetime,
) -> list[OutgoingMail]:
    """Put into the outbox what these events on one case mean to its followers."""
    added = {e.person_id: e for e in events if e.kind == Happening.FOLLOWER_ADDED}
    if not added and (news is None or is_opened(events)):
        return []  # whoever follows a case from its beginning is added to it
    mails = []
    for person in followers_of(db, case):
        about = added.get(person.id) or (news.about if news else None)
        if about is None or about.actor_id == person.id:
            continue
        quoted = words_of_staff(db, news) if news and person.id not in added else ""
        with speaking_to(db, person.email, settings=settings):
            letter = _letter(db, case, about, person, quoted=quoted, settings=settings, now=now)
            mail = send_news(
                db,
                letter,
                about=about,
                case=case,
                recipient=person.email,
                settings=settings,
                now=now,
            )
        mails += [mail] if mail else []
    return mails


def _letter(
    db: Session,
    case: Case,
    about: Event,
    person: Person,
    *,
    quoted: str,
    settings: Settings,
    now: datetime,
) -> Letter:
    is_new = about.kind == Happening.FOLLOWER_ADDED
    happened, reason = tell(about, case=case, for_staff=False)
    return write_letter(
        "follower_added" if is_new else "followed",
        settings=settings,
        subject=_("Case %(case)s: %(subject)s", case=case.reference, subject=case.subject),
        button=Button(_("See the case"), addresses.case_page(settings, case.reference)),
        quoted=quoted,
        stop_url=stop_url(settings, case, person.email),
        case=case,
        by_name=about.actor_name,
        happened=happened,
        reason=reason,
        next_word=next_word(db, case, now=now),
    )
