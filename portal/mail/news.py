"""What a customer is told about a case: one mail for one act, whatever it changed at once.

To an address that nobody proved, a mail carries nothing that its submitter wrote: only the
reference and a secret link that opens the case.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.access import issue_link
from portal.cases.case import Case, CaseStatus
from portal.cases.completing import still_missing
from portal.cases.conversation import Message
from portal.cases.happenings import Happening
from portal.cases.reopening import reopenable_until
from portal.cases.telling import priority_name, tell
from portal.events import Event
from portal.locale import gettext as _
from portal.mail import addresses
from portal.mail.letters import Button, Letter, write_letter
from portal.mail.promised import next_word, when
from portal.mail.proof import is_own_address, is_proven
from portal.mail.wishes import stop_url
from portal.settings import Settings

_TOLD = (  # the first that happened gives the mail its name
    Happening.OPENED,
    Happening.NUMBER_GIVEN,
    Happening.CONTRACT_REFUSED,
    Happening.MERGED,
    Happening.UNMERGED,
    Happening.ABSORBED,
    Happening.SOLVED,
    Happening.CLOSED,
    Happening.CLOSE_NEAR,
    Happening.REOPENED,
    Happening.SCHEDULE_AGREED,
    Happening.SCHEDULE_PROPOSED,
    Happening.SCHEDULE_WITHDRAWN,
    Happening.WAITING_STARTED,
    Happening.RESPONDED,
    Happening.PRIORITY_CHANGED,
    Happening.ESCALATED,
    Happening.ESCALATION_ANSWERED,
    Happening.ESCALATION_REQUESTED,
    Happening.REBASED,
    Happening.DELIVERY_DATE_SET,
    Happening.FILES_REFUSED,
    Happening.ISSUE_FIXED,
    Happening.ISSUE_ATTACHED,
)

_BY_EITHER = {  # told to the customer when staff did it
    Happening.SCHEDULE_AGREED,
    Happening.SCHEDULE_PROPOSED,
    Happening.SCHEDULE_WITHDRAWN,
}


@dataclass(frozen=True)
class News:
    """What happened to one case in one transaction, and which of it the mail is about."""

    case: Case
    about: Event
    events: list[Event]


def news_of(case: Case, events: list[Event]) -> News | None:
    """What the customer has to be told of these events; None when it is nothing."""
    if any(event.kind == Happening.MAILED_IN and event.detail["is_quiet"] for event in events):
        return None  # a machine wrote it: nothing automatic goes back
    told = [event for event in events if not event.is_internal and _is_told(event)]
    if not told:
        return None
    return News(case, min(told, key=lambda event: _TOLD.index(Happening(event.kind))), events)


def write_news(db: Session, news: News, *, settings: Settings, now: datetime) -> Letter:
    """Word the mail about `news`."""
    case, proven = news.case, is_proven(news.case)
    quotes = proven and not _is_unvouched_receipt(news)
    name = _letter_name(news) if proven else _stranger_letter(news)
    return write_letter(
        name,
        settings=settings,
        subject=_subject(case, proven=quotes),
        button=Button(_("See the case"), _address(db, case, settings=settings, now=now)),
        quoted=words_of_staff(db, news) if proven else "",
        stop_url=stop_url(settings, case, case.contact_email),
        **_values(db, news, settings=settings, now=now),
    )


def _is_told(event: Event) -> bool:
    if event.kind not in _TOLD:
        return False
    if event.kind in _BY_EITHER:
        return not event.detail["by_customer"]
    if event.kind == Happening.ABSORBED:  # one contact is told once, of the case that ended
        return bool(event.detail["is_other_contact"])
    return event.kind != Happening.PRIORITY_CHANGED or bool(event.detail.get("is_lowered"))


def _is_unvouched_receipt(news: News) -> bool:
    """A mail says whose it is, but nobody knows: its receipt repeats nothing of it."""
    case = news.case
    is_receipt = news.about.kind == Happening.OPENED
    return is_receipt and case.channel == "email" and not case.is_email_proven


def _letter_name(news: News) -> str:
    if news.about.kind == Happening.WAITING_STARTED and news.case.status is CaseStatus.PAUSED:
        return "paused"
    if news.about.kind == Happening.OPENED and "split_from" in news.about.detail:
        return "split"
    if news.about.kind == Happening.OPENED:
        return "held" if news.case.number is None else "opened"
    return news.about.kind


def _stranger_letter(news: News) -> str:
    return "receipt" if news.about.kind == Happening.OPENED else "unproven_news"


def _subject(case: Case, *, proven: bool) -> str:
    name = (
        _("Case %(case)s", case=case.number)
        if case.number
        else _("Request %(receipt)s", receipt=case.receipt)
    )
    return f"{name}: {case.subject}" if proven else name


def _address(db: Session, case: Case, *, settings: Settings, now: datetime) -> str:
    if is_own_address(case):
        return addresses.case_page(settings, case.reference)
    token = issue_link(db, case=case, email=case.contact_email, now=now)
    return addresses.followed_case(settings, token)


def words_of_staff(db: Session, news: News) -> str:
    """What staff wrote to the customer in this act, never an internal note."""
    ids = [e.detail["message_id"] for e in news.events if e.kind == Happening.RESPONDED]
    if not ids:
        return ""
    written = select(Message.body).where(Message.id.in_(ids), Message.is_internal.is_(False))
    return "\n\n".join(db.scalars(written.order_by(Message.id)))


def _values(db: Session, news: News, *, settings: Settings, now: datetime) -> dict[str, Any]:
    case, detail = news.case, news.about.detail
    happened, reason = tell(news.about, case=case, for_staff=False)
    closing = case.closes_at
    until = reopenable_until(case, reopen_days=settings.reopen_days)
    return {
        "case": case,
        "missing": _missing(news),
        "refused": _refused(news),
        "staff_name": news.about.actor_name,
        "reason": reason,
        "priority": priority_name(case, case.priority),
        "by_customer": bool(detail.get("by_customer")),
        "to": detail.get("to") or "",
        "happened": happened,
        "next_word": _next_word(db, news, now=now),
        "detail": detail,
        "closes_at": when(closing, case) if closing else "",
        "answer_by": _instant(case, detail.get("answer_due_at")),
        "resumes_at": when(case.resumes_at, case) if case.resumes_at else "",
        "reopen_until": when(until, case) if until else "",
    }


def is_opened(events: Iterable[Event]) -> bool:
    """Whether these events of one transaction are all that ever happened to their case."""
    return any(event.kind == Happening.OPENED for event in events)


def _next_word(db: Session, news: News, *, now: datetime) -> str:
    known = news.events if is_opened(news.events) else None
    return next_word(db, news.case.merged_into or news.case, now=now, events=known)


def _instant(case: Case, written: str | None) -> str:
    return when(datetime.fromisoformat(written), case) if written else ""


def _missing(news: News) -> list[str]:
    """What the policy requires and a mail did not say; the page of the case asks for it."""
    return [field.label.rstrip("?") for field in still_missing(news.case)]


def _refused(news: News) -> list[str]:
    """Which files of a mail were not kept, and what to do; no name of a file goes to a stranger."""
    if _is_unvouched_receipt(news):
        return []
    refusals = [e.detail["refused"] for e in news.events if e.kind == Happening.FILES_REFUSED]
    return [words for each in refusals for words in each]
