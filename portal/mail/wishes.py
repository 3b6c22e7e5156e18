"""News go out as their reader wishes: at once, once a day, or not at all; about all cases or one.

What somebody asked for themselves always goes: the receipt of a case, its number. Each mail about a
case holds the address at which its reader changes that, without signing in.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.cases.following import followers_of
from portal.cases.following_merges import came_from
from portal.cases.happenings import Happening
from portal.cases.merged import absorbed
from portal.cases.policies import load
from portal.cases.telling import tell
from portal.events import Event
from portal.locale import gettext as _
from portal.mail.choices import DigestEntry, MailChoice, Wish
from portal.mail.letters import Letter
from portal.mail.outbox import OutgoingMail
from portal.mail.posting import post
from portal.mail.promised import contact_zone
from portal.people.person import Person
from portal.people.queries import find_by_email, normal_email
from portal.settings import Settings

ALL_CASES = ""
DIGEST_AT = time(8)
_ALWAYS = frozenset(
    {
        Happening.OPENED,
        Happening.NUMBER_GIVEN,
        Happening.CONTRACT_REFUSED,
        Happening.FOLLOWER_ADDED,
    }
)


def send_news(
    db: Session,
    letter: Letter,
    *,
    about: Event,
    case: Case,
    recipient: str,
    settings: Settings,
    now: datetime,
) -> OutgoingMail | None:
    """Mail `letter` now, keep its news for the daily mail, or drop it; the mail if there is one."""
    wish = Wish.AT_ONCE if about.kind in _ALWAYS else wish_of(db, recipient, case)
    if wish is Wish.AT_ONCE:
        return post(db, letter, recipient=recipient, settings=settings, now=now, case=case)
    if wish is Wish.DAILY:
        _keep_for_the_day(db, about=about, case=case, recipient=recipient, now=now)
    return None


def wish_of(db: Session, address: str, case: Case | None = None) -> Wish:
    """What the reader of `address` wishes about this case, or about all.

    Whoever hears of a case only because theirs was merged into it keeps the wish made there.
    """
    scopes = [case.receipt, ALL_CASES] if case else [ALL_CASES]
    query = select(MailChoice).where(
        MailChoice.address == normal_email(address), MailChoice.scope.in_(scopes)
    )
    made = {choice.scope: choice.wish for choice in db.scalars(query)}
    theirs = came_from(db, case, address) if case and case.receipt not in made else None
    if theirs is not None:
        return wish_of(db, address, theirs)
    return next((made[scope] for scope in scopes if scope in made), Wish.AT_ONCE)


def wish(
    db: Session, *, address: str, wish: Wish | None, case: Case | None = None, now: datetime
) -> None:
    """Wish something about this case, or about all; None takes a wish back."""
    key = (normal_email(address), case.receipt if case else ALL_CASES)
    standing = db.get(MailChoice, key)
    if wish is None:
        if standing is not None:
            db.delete(standing)
    elif standing is None:
        db.add(MailChoice(address=key[0], scope=key[1], wish=wish, made_at=now))
    else:
        standing.wish, standing.made_at = wish, now
    db.flush()


def unwanted_notices(db: Session, address: str) -> set[str]:
    """The kinds of notice that this member of staff turned off."""
    query = select(MailChoice.scope).where(
        MailChoice.address == normal_email(address), MailChoice.wish == Wish.NEVER
    )
    return {scope.removeprefix(_NOTICE) for scope in db.scalars(query) if scope.startswith(_NOTICE)}


def set_notices(
    db: Session, *, address: str, kinds: Iterable[str], wanted: Iterable[str], now: datetime
) -> None:
    """Of these kinds of notice, a member of staff wants only some."""
    kept = set(wanted)
    for kind in kinds:
        key = (normal_email(address), f"{_NOTICE}{kind}")
        standing = db.get(MailChoice, key)
        if kind in kept and standing is not None:
            db.delete(standing)
        elif kind not in kept and standing is None:
            db.add(MailChoice(address=key[0], scope=key[1], wish=Wish.NEVER, made_at=now))
    db.flush()


def stop_url(settings: Settings, case: Case, address: str) -> str:
    """Where the reader of `address` says how they want to be mailed about this case."""
    return f"{settings.base_url}/mail-wishes/{case.receipt}/{_seal(settings, case, address)}"


def reader_of(db: Session, settings: Settings, case: Case, seal: str) -> str | None:
    """The address that this seal was made for, if its owner still hears of the case. A mail about
    a case that was merged into it since turns off what comes now.
    """
    readers = [case.contact_email, *(person.email for person in followers_of(db, case))]
    known = (case, *absorbed(db, case))
    for one, address in product(known, readers):
        if hmac.compare_digest(_seal(settings, one, address).encode(), seal.encode()):
            return address
    return None


_NOTICE = "notice:"


def _seal(settings: Settings, case: Case, address: str) -> str:
    key = hashlib.sha256(f"mail wishes {settings.secret}".encode()).digest()
    told = f"{case.receipt} {normal_email(address)}".encode()
    sealed = base64.b32encode(hmac.digest(key, told, "sha256")[:16])
    return sealed.decode().lower().rstrip("=")


def _keep_for_the_day(
    db: Session, *, about: Event, case: Case, recipient: str, now: datetime
) -> None:
    happened, _reason = tell(about, case=case, for_staff=False)
    words = happened or _("%(name)s has written to you", name=about.actor_name or _("Support"))
    db.add(
        DigestEntry(
            address=normal_email(recipient),
            case_id=case.id,
            words=words,
            happened_at=now,
            due_at=next_digest_at(zone_of(find_by_email(db, recipient), case), now),
        )
    )
    db.flush()


def zone_of(person: Person | None, case: Case) -> ZoneInfo:
    """The zone that a reader lives by, as far as it is known."""
    if person is not None and person.time_zone:
        return ZoneInfo(person.time_zone)
    return contact_zone(case) or load(case.policy_version).zone


def next_digest_at(zone: ZoneInfo, now: datetime) -> datetime:
    """The next eight o'clock in the morning of the reader."""
    local = now.astimezone(zone)
    day = local.date() if local.time() < DIGEST_AT else local.date() + timedelta(days=1)
    return datetime.combine(day, DIGEST_AT, tzinfo=zone).astimezone(now.tzinfo)
