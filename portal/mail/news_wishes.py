"""When a reader wants news of releases and issues, and the link by which one press ends them."""

import hashlib
import hmac
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.mail.choices import MailChoice, Wish
from portal.mail.wishes import ALL_CASES
from portal.people.person import Person
from portal.people.queries import normal_email
from portal.settings import Settings

NEWS = "news"


def news_wish_of(db: Session, address: str) -> Wish:
    """When the reader of an address wants news of releases; as of their cases unless they said."""
    query = select(MailChoice).where(
        MailChoice.address == normal_email(address), MailChoice.scope.in_((NEWS, ALL_CASES))
    )
    made = {choice.scope: choice.wish for choice in db.scalars(query)}
    return made.get(NEWS, made.get(ALL_CASES, Wish.AT_ONCE))


def wish_news(db: Session, *, address: str, wish: Wish, now: datetime) -> None:
    """Want news of releases at once, in the morning, or not at all."""
    key = (normal_email(address), NEWS)
    standing = db.get(MailChoice, key)
    if standing is None:
        standing = MailChoice(address=key[0], scope=NEWS)
        db.add(standing)
    standing.wish, standing.made_at = wish, now
    db.flush()


def news_token(settings: Settings, person: Person) -> str:
    """The name under which a mail's reader turns news off; nobody can guess it."""
    key = hashlib.sha256(f"release news {settings.secret}".encode()).digest()
    told = f"{person.id} {normal_email(person.email)}".encode()
    return f"{person.id}-{hmac.digest(key, told, 'sha256').hex()[:40]}"


def reader_of_news(db: Session, token: str, *, settings: Settings) -> Person | None:
    """Whose mail this token stood in."""
    number = token.partition("-")[0]
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    person = db.get(Person, int(number))
    if person is None:
        return None
    is_theirs = hmac.compare_digest(news_token(settings, person).encode(), token.encode())
    return person if is_theirs else None
