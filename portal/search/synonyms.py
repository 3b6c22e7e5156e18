"""What writers know about words: which mean the same, and which are right as they are.

A group of phrases means the same to every search; a word alone in its group is only never taken
for a typing error.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.database import Base
from portal.events import record
from portal.locale import gettext as _
from portal.people.person import Person
from portal.search.index import Query
from portal.search.words import words_of

MOST_GROUPS, MOST_PHRASES, MOST_WORDS = 2_000, 12, 6


class WordingRefusedError(Exception):
    """A group can't be kept; the message says what to change."""


class Synonym(Base):
    """Phrases that mean the same, as the index reads them."""

    __tablename__ = "synonym"

    id: Mapped[int] = mapped_column(primary_key=True)
    phrases: Mapped[list[str]]
    created_at: Mapped[datetime]


def groups(db: Session) -> list[Synonym]:
    """All groups, the newest first."""
    return list(db.scalars(select(Synonym).order_by(Synonym.id.desc()).limit(MOST_GROUPS)))


def find_group(db: Session, group_id: int) -> Synonym | None:
    return db.get(Synonym, group_id)


def add_group(db: Session, *, text: str, by: Person, now: datetime) -> Synonym:
    """Keep what was written with commas between: "VPN, virtual private network".

    Raises WordingRefusedError, which says what to change.
    """
    phrases = list(dict.fromkeys(filter(None, map(_phrase, text.split(",")))))
    known = {phrase for group in groups(db) for phrase in group.phrases}
    if not phrases:
        raise WordingRefusedError(_("Write words that mean the same, with commas between."))
    if len(phrases) > MOST_PHRASES or any(len(one.split()) > MOST_WORDS for one in phrases):
        raise WordingRefusedError(
            _(
                "At most %(phrases)s phrases of %(words)s words each.",
                phrases=MOST_PHRASES,
                words=MOST_WORDS,
            )
        )
    if twice := known & set(phrases):
        raise WordingRefusedError(
            _("“%(phrase)s” is in the list already: remove that line first.", phrase=min(twice))
        )
    group = Synonym(phrases=phrases, created_at=now)
    db.add(group)
    db.flush()
    record(db, "wording_added", now=now, actor_id=by.id, actor_name=by.name, phrases=phrases)
    return group


def remove_group(db: Session, *, group_id: int, by: Person, now: datetime) -> None:
    """Forget a group; one that is gone already is no mistake."""
    group = db.get(Synonym, group_id)
    if group is not None:
        said = group.phrases
        record(db, "wording_removed", now=now, actor_id=by.id, actor_name=by.name, phrases=said)
        db.delete(group)


def worded(db: Session, query: Query) -> Query:
    """A question with what writers know about its words."""
    line = f" {' '.join(words_of(query.text))} "
    synonyms: dict[str, tuple[str, ...]] = {}
    kept: set[str] = set()
    for phrases in db.scalars(select(Synonym.phrases)):
        for phrase in phrases:
            if f" {phrase} " in line:
                kept.update(phrase.split())
                synonyms[phrase] = tuple(one for one in phrases if one != phrase)
    return replace(query, synonyms=synonyms, kept=frozenset(kept))


def _phrase(text: str) -> str:
    return " ".join(words_of(text[:200]))
