"""An article is to be reviewed, or was: the writers whom it concerns are told, by mail, in the
transaction of the act.

Every other writer may review, so all are asked; managers only where there is no other writer.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.events import Event
from portal.knowledge.next_version import NextVersion, Remark
from portal.locale import gettext as _
from portal.mail import addresses
from portal.mail.letters import Button, Letter, write_letter
from portal.mail.outbox import OutgoingMail
from portal.mail.posting import post
from portal.mail.speech import speaking_to
from portal.mail.writer_notices import WriterNotice, who_want
from portal.people.person import Person, Role
from portal.people.queries import writers
from portal.settings import Settings

_ANSWERS = ("version_approved", "version_sent_back")


def write_review_notices(
    db: Session, events: Iterable[Event], *, settings: Settings, now: datetime
) -> list[OutgoingMail]:
    """Put into the outbox what writers have to be told of `events`."""
    mails = []
    for event in events:
        if event.kind != "review_asked" and event.kind not in _ANSWERS:
            continue
        following = db.get(NextVersion, event.article_id)
        if following is None:
            continue
        is_asked = event.kind == "review_asked"
        readers = _asked(db, following) if is_asked else _answered(db, following, event)
        for person in readers:
            with speaking_to(db, person.email, settings=settings):
                letter = (
                    _question(following, event, settings)
                    if is_asked
                    else _answer(db, following, event, settings)
                )
            mails.append(post(db, letter, recipient=person.email, settings=settings, now=now))
    return mails


def _asked(db: Session, following: NextVersion) -> list[Person]:
    """Who could review it: nobody approves their own words, or needs to be told of their wish."""
    concerned = {following.asked_by_id, following.version.author_id}
    others = [one for one in writers(db) if one.id not in concerned]
    return who_want(
        db, [one for one in others if one.role is Role.WRITER] or others, WriterNotice.REVIEW_ASKED
    )


def _answered(db: Session, following: NextVersion, event: Event) -> list[Person]:
    asker = following.asked_by
    told = [asker] if asker and asker.id != event.actor_id else []
    return who_want(db, told, WriterNotice.REVIEW_ANSWERED)


def _question(following: NextVersion, event: Event, settings: Settings) -> Letter:
    version = following.version
    return write_letter(
        "staff_review_asked",
        settings=settings,
        subject=_("Please review: %(title)s", title=version.title),
        button=Button(_("Read it"), addresses.publishing(settings, following.article_id)),
        name=event.actor_name,
        title=version.title,
        number=version.number,
        category=following.article.category.title,
        note=version.note,
    )


def _answer(db: Session, following: NextVersion, event: Event, settings: Settings) -> Letter:
    version, is_approved = following.version, event.kind == "version_approved"
    remark = db.get(Remark, event.detail["remark"]) if "remark" in event.detail else None
    return write_letter(
        "staff_review_answered",
        settings=settings,
        subject=(
            _("Approved: %(title)s", title=version.title)
            if is_approved
            else _("Sent back: %(title)s", title=version.title)
        ),
        button=Button(_("Open the article"), addresses.publishing(settings, following.article_id)),
        quoted=remark.text if remark else "",
        name=event.actor_name,
        title=version.title,
        number=version.number,
        is_approved=is_approved,
    )
