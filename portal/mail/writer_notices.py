"""Which mails writers get, in their words; each can be turned off."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy.orm import Session

from portal.locale import N_
from portal.mail.wishes import unwanted_notices
from portal.people.person import Person


class WriterNotice(StrEnum):
    """What a mail to a writer is about."""

    REVIEW_ASKED = "review_asked"
    REVIEW_ANSWERED = "review_answered"
    COMMENTED = "article_commented"
    CHECK_OVERDUE = "check_overdue"


WRITER_CHOICES = {
    WriterNotice.REVIEW_ASKED: N_("Another writer asks for a review"),
    WriterNotice.REVIEW_ANSWERED: N_("A review that I asked for is answered"),
    WriterNotice.COMMENTED: N_("A customer comments on an article that I own"),
    WriterNotice.CHECK_OVERDUE: N_("The check of an article that I own is overdue"),
}


def who_want(db: Session, people: Iterable[Person], notice: WriterNotice) -> list[Person]:
    """Those of `people` who may write, and didn't turn such mail off."""
    return [
        person
        for person in people
        if person.may_sign_in
        and person.may_write_articles
        and notice not in unwanted_notices(db, person.email)
    ]
