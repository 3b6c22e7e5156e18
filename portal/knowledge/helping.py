"""Help from inside products: a key leads to the article that a writer pointed it to.

What holds for the product and version that asks comes before what holds for all. Whoever may not
read an article is led as if there were none; how often that was the library's fault is counted,
without any person.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from portal.events import record_by
from portal.knowledge.article import Article
from portal.knowledge.help_key import HelpKey, HelpKeyDay
from portal.knowledge.queries import Moved, find_article
from portal.knowledge.reader import STAFF, Reader
from portal.locale import gettext as _
from portal.people.person import Person

LONGEST_KEY, LONGEST_WORD = 80, 80
MOST_NEW_KEYS_A_DAY = 200
"""More unknown keys than this on one day are somebody guessing."""
KEPT = timedelta(days=400)
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]*")


class KeyRefusedError(Exception):
    """A key can't be pointed like this; the message says what to change."""


@dataclass(frozen=True)
class Asked:
    """What a product asks help for. `product` and `version` are "" where it doesn't say."""

    key: str
    product: str = ""
    version: str = ""


@dataclass(frozen=True)
class Place:
    """Where help is: an article's address, and the place in it."""

    slug: str
    anchor: str = ""


def tidy_key(text: str) -> str:
    """The key as it is kept; "" when it can be none."""
    key = text.strip().lower()
    return key if len(key) <= LONGEST_KEY and _KEY.fullmatch(key) else ""


def read_asked(key: str, product: str = "", version: str = "") -> Asked | None:
    """What a link in a product asks for; None when its key can be none."""
    name = tidy_key(key)
    return Asked(name, tidy_word(product), tidy_word(version)) if name else None


def tidy_word(text: str) -> str:
    """A product or a version as it is kept, in one line."""
    printable = "".join(c if c.isprintable() else " " for c in text[: 4 * LONGEST_WORD])
    return " ".join(printable.split())[:LONGEST_WORD].strip()


def words_of_key(key: str) -> str:
    """What a key says in words, to search by: "orders.list" is "orders list"."""
    return " ".join(re.split(r"[._-]+", key)).strip()


def find_place(db: Session, asked: Asked, *, reader: Reader) -> Place | None:
    """Where a key leads this reader, in the article nearest to what asks."""
    pointed = db.scalars(
        select(HelpKey).where(HelpKey.key == asked.key).options(joinedload(HelpKey.article))
    )
    fitting = [one for one in pointed if _fits(one, asked)]
    for one in sorted(fitting, key=lambda one: (not one.product, not one.version)):
        found = find_article(db, one.article.slug, reader=reader)
        if isinstance(found, Article):
            return Place(found.slug, one.anchor)
        if isinstance(found, Moved):
            return Place(found.slug)
    return None


def is_answered(db: Session, asked: Asked) -> bool:
    """Whether a key leads anybody anywhere."""
    return find_place(db, asked, reader=STAFF) is not None


def point(
    db: Session,
    *,
    key: str,
    article: Article,
    by: Person,
    now: datetime,
    anchor: str = "",
    product: str = "",
    version: str = "",
) -> HelpKey:
    """Let a key lead to an article, instead of to where it led before. Raises KeyRefusedError."""
    name = tidy_key(key)
    if not name:
        raise KeyRefusedError(
            _("Use letters, digits, dots, hyphens and underscores, like orders.list.")
        )
    anchor = anchor.lstrip("#")
    if anchor and anchor not in _anchors(article):
        raise KeyRefusedError(
            _(
                "The article has no place “%(anchor)s”. Copy the end of a heading's link, after "
                "the #.",
                anchor=anchor,
            )
        )
    if version and not product:
        raise KeyRefusedError(_("Name the product whose version it is."))
    product, version = tidy_word(product), tidy_word(version)
    made = db.scalar(
        select(HelpKey).where(
            HelpKey.key == name, HelpKey.product == product, HelpKey.version == version
        )
    )
    if made is None:
        made = HelpKey(key=name, product=product, version=version)
        db.add(made)
    made.article, made.anchor, made.made_at = article, anchor, now
    db.flush()
    _tell(db, "help_key_pointed", made, by=by, now=now)
    return made


def unpoint(db: Session, *, help_key_id: int, by: Person, now: datetime) -> None:
    """The key leads nowhere any more; one that is gone already is no mistake."""
    made = db.get(HelpKey, help_key_id)
    if made is not None:
        _tell(db, "help_key_removed", made, by=by, now=now)
        db.delete(made)
        db.flush()


def help_keys(db: Session) -> Sequence[HelpKey]:
    """Every key with its article, in the order of the alphabet."""
    query = select(HelpKey).options(joinedload(HelpKey.article).joinedload(Article.published))
    return db.scalars(query.order_by(HelpKey.key, HelpKey.product, HelpKey.version)).all()


def keys_of(db: Session, article: Article) -> Sequence[HelpKey]:
    """The keys that lead to an article."""
    query = select(HelpKey).where(HelpKey.article_id == article.id)
    return db.scalars(query.order_by(HelpKey.key, HelpKey.product, HelpKey.version)).all()


def asked_since(db: Session, day: date) -> dict[str, int]:
    """How often each key was asked for from that day on."""
    query = select(HelpKeyDay.key, func.sum(HelpKeyDay.asked)).where(HelpKeyDay.day >= day)
    return {row[0]: row[1] for row in db.execute(query.group_by(HelpKeyDay.key))}


def note_asked(db: Session, *, asked: Asked, now: datetime) -> None:
    """Count that a product asked for help, and whether there was any."""
    today, is_missed = now.astimezone(UTC).date(), not is_answered(db, asked)
    found = db.get(HelpKeyDay, (asked.key, asked.product, asked.version, today))
    if found is None:
        if is_missed and _new_today(db, today) >= MOST_NEW_KEYS_A_DAY:
            return
        found = HelpKeyDay(day=today, asked=0, missed=0, **asdict(asked))
        db.add(found)
    found.asked += 1
    found.missed += is_missed


def forget_old(db: Session, *, now: datetime) -> None:
    """Forget counts whose time is over."""
    db.execute(delete(HelpKeyDay).where(HelpKeyDay.day < (now - KEPT).date()))


def _fits(one: HelpKey, asked: Asked) -> bool:
    return one.product.casefold() in {"", asked.product.casefold()} and (
        one.version.casefold() in {"", asked.version.casefold()}
    )


def _anchors(article: Article) -> set[str]:
    version = article.published or (article.versions[-1] if article.versions else None)
    return {str(heading["id"]) for heading in version.contents} if version else set()


def _new_today(db: Session, today: date) -> int:
    missed = select(func.count()).select_from(HelpKeyDay)
    return db.scalar(missed.where(HelpKeyDay.day == today, HelpKeyDay.missed > 0)) or 0


def _tell(db: Session, kind: str, made: HelpKey, *, by: Person, now: datetime) -> None:
    record_by(
        db,
        kind,
        by=by,
        now=now,
        article_id=made.article_id,
        is_internal=True,
        key=made.key,
        product=made.product,
        version=made.version,
    )
