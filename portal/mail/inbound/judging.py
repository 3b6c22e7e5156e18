"""What a mail is: about which case, from whom, and whether it may be taken at all.

A mail belongs to a case only when it names it (by a seal of ours, or by its number in the subject)
and comes from somebody who may add to that case. Everything doubtful waits for a person's word. A
number is no secret: what only a number speaks for is marked, or waits where our own mail server
could have vouched for its sender and did not.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.cases.access import find_by_receipt, find_for_mail
from portal.cases.case import Case
from portal.locale import N_
from portal.mail.inbound.arrived import Arrived
from portal.mail.inbound.automatic import Automatic
from portal.mail.inbound.vouching import Vouch, vouched
from portal.mail.restraint import hashed
from portal.mail.threads import is_ours, numbers_in, sealed_receipt
from portal.people.person import Person
from portal.people.queries import find_by_email
from portal.people.throttle import allow
from portal.settings import Settings

MAILS_AN_HOUR = 30
_HOUR = timedelta(hours=1)

_LOOPING = f"More than {MAILS_AN_HOUR} mails came from this address within an hour: is it a loop?"
_UNVOUCHED = (
    "Its subject names {0}, but our mail server could not tell that it comes from its sender. "
    "Take it if it does: it joins {0} then."
)
_WHY_PROGRAM = {
    Automatic.LIST: N_("A mailing list or bulk mail, not a person’s request."),
    Automatic.PROGRAM: N_("A program wrote it. Take it if it is a request all the same."),
}


class SetAsideError(Exception):
    """The mail waits for an administrator; the message says why. `case` is the one that it names,
    where its sender has a part in it.
    """

    def __init__(self, reason: str, *, case: Case | None = None) -> None:
        super().__init__(reason)
        self.case = case


class NotForUsError(Exception):
    """Nothing is to be done about the mail; the message says why."""


@dataclass(frozen=True)
class Writer:
    """Who wrote: a contact of ours where `person` is one, else a stranger."""

    address: str
    name: str
    person: Person | None
    is_vouched: bool

    @property
    def shown_name(self) -> str:
        return self.person.name if self.person else self.name or self.address


@dataclass(frozen=True)
class Named:
    """The case that a mail belongs to. `is_proven` is False where only the number in its subject
    and its From header, which anybody can write, say that it comes from who may add to it.
    """

    case: Case
    is_proven: bool


def refuse_machines(arrived: Arrived, *, settings: Settings, is_released: bool) -> None:
    """Raises NotForUsError or SetAsideError for what no person wrote."""
    if is_ours(settings, arrived.message_id):
        raise NotForUsError(N_("One of our own mails came back."))
    if is_released:
        return
    if arrived.automatic is Automatic.REPLY:
        raise NotForUsError(
            N_("An automatic answer, such as an absence note. Nobody has to read it.")
        )
    if arrived.automatic in _WHY_PROGRAM:
        raise SetAsideError(_WHY_PROGRAM[arrived.automatic])


def writer_of(
    db: Session, arrived: Arrived, *, settings: Settings, is_released: bool, now: datetime
) -> Writer:
    """Who wrote. Raises SetAsideError when that is doubtful; a released mail is believed."""
    if not arrived.sender:
        raise SetAsideError(N_("It does not name exactly one sender."))
    if arrived.sender == settings.mail_from.casefold():
        raise NotForUsError(N_("It says that we wrote it ourselves."))
    vouch = vouched(arrived.sender, arrived.vouchers, server=settings.mail_authserv_id)
    person = find_by_email(db, arrived.sender)
    if not is_released:
        _refuse_doubtful(arrived, vouch, person)
        key = f"mail-in:{hashed(arrived.sender)}"
        if not allow(db, key, limit=MAILS_AN_HOUR, window=_HOUR, now=now):
            raise SetAsideError(_LOOPING)
    is_contact = person is not None and not person.is_staff and person.disabled_at is None
    return Writer(
        arrived.sender, arrived.sender_name, person if is_contact else None, vouch is Vouch.GOOD
    )


def _refuse_doubtful(arrived: Arrived, vouch: Vouch, person: Person | None) -> None:
    if vouch is Vouch.FORGED:
        raise SetAsideError(N_("The sender’s domain says that this mail is forged (DMARC)."))
    if arrived.is_sealed:
        raise SetAsideError(N_("It is encrypted, so its words can’t be read here."))
    if person is not None and person.is_staff:
        raise SetAsideError(
            N_("From one of our own people: staff answer and open cases at the desk.")
        )


def case_named_in(
    db: Session, arrived: Arrived, *, writer: Writer, settings: Settings, is_released: bool
) -> Named | None:
    """The case that the mail belongs to; None when it is a new request.

    Raises SetAsideError for an answer to one of our mails from somebody whose case it isn't, and
    for a mail that only names a case while our mail server knows nothing of its sender.
    """
    sealed = sealed_receipt(settings, [*arrived.references, *arrived.addressed])
    references = [sealed] if sealed else numbers_in(arrived.subject)
    for reference in references:
        case = find_for_mail(db, reference, address=writer.address, person=writer.person)
        if case is not None:
            is_proven = bool(sealed) or writer.is_vouched or is_released
            if settings.mail_authserv_id and not is_proven:
                raise SetAsideError(_UNVOUCHED.format(case.reference), case=case)
            return Named(case, is_proven)
    if not sealed:
        return None
    if is_released:
        found = find_by_receipt(db, sealed, lock=True)
        return Named(found, is_proven=True) if found else None
    raise SetAsideError(N_("It answers a case, but its sender has no part in that case."))
