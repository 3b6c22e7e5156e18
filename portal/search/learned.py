"""Learning from use: a question that ended in a read article speaks for that article.

One visitor counts once for a question and an article, and two different ones are needed before it
counts at all, so that nobody moves an article up alone. What nobody confirms any more fades: it
halves in a time that is a setting, and is forgotten after another. No person is kept with a
question: a vote's voter is a hash of visitor, question and article together, which can't be linked
to the same visitor's other questions.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log

from sqlalchemy import ForeignKey, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.database import Base
from portal.events import record
from portal.knowledge.article import Article
from portal.knowledge.reader import Reader
from portal.knowledge.visibility import readable_by
from portal.people.person import Person
from portal.search.words import (
    MAX_WORDS,
    STOP_WORDS,
    content_words,
    query_words,
    words_of,
)

READ_WEIGHT, SOLVED_WEIGHT = 1.0, 2.0
FEWEST_VOTERS = 2
FLOOR = 0.25
"""Faded evidence below this weight has no say."""
FIELD_WEIGHT = 0.4
SHORTEST_BEGINNING = 2
MOST_CANDIDATES = 3_000
_KEY_LETTERS = 4
_K1, _B = 1.2, 0.75


class LearnedVote(Base):
    """A visitor asked `words` and the article helped. A removed vote stays, so that the same
    visitor can't give it again.
    """

    __tablename__ = "learned_vote"
    __table_args__ = (UniqueConstraint("words", "article_id", "voter"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str]
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    voter: Mapped[str]
    weight: Mapped[float]
    at: Mapped[datetime] = mapped_column(index=True)
    is_removed: Mapped[bool] = mapped_column(default=False)


class LearnedWord(Base):
    """The first letters of a word that was asked: by them a question finds what is like it."""

    __tablename__ = "learned_word"

    start: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(primary_key=True)


@dataclass(frozen=True)
class Learning:
    """How long what was learned holds."""

    half_life_days: int = 90
    kept_days: int = 400


LEARNING = Learning()


@dataclass(frozen=True)
class Evidence:
    """A question that speaks for an article: from how many visitors, how much, last when."""

    words: str
    voters: int
    weight: float
    last_at: datetime

    @property
    def counts(self) -> bool:
        return self.voters >= FEWEST_VOTERS and self.weight >= FLOOR


def vote(
    db: Session, *, words: str, article_id: int, voter: str, weight: float, now: datetime
) -> bool:
    """A visitor whom the article helped after asking `words`; a stronger sign replaces a weaker.

    `words` is the normal form of the question, as the search log keeps it.
    """
    if not words or not content_words(words.split()):
        return False
    name = hashlib.sha256(f"{voter}\n{words}\n{article_id}".encode()).hexdigest()[:24]
    found = db.scalar(
        select(LearnedVote).where(
            LearnedVote.words == words,
            LearnedVote.article_id == article_id,
            LearnedVote.voter == name,
        )
    )
    if found is None:
        found = LearnedVote(words=words, article_id=article_id, voter=name, weight=weight, at=now)
        db.add(found)
        _note_words(db, words)
    found.weight, found.at = max(found.weight, weight), now
    db.flush()
    return True


def evidence(
    db: Session,
    text: str,
    *,
    reader: Reader,
    stem: Callable[[str], str],
    now: datetime,
    learning: Learning = LEARNING,
) -> dict[int, float]:
    """How much what others asked speaks for each article that this reader may read.

    It is what a field of past questions would be worth, on the scale of the text's own measure.
    """
    asked = {stem(word) for word in content_words(query_words(text))}
    questions = _questions_like(db, text)
    if not asked or not questions:
        return {}
    said: dict[int, Counter[str]] = defaultdict(Counter)
    for article_id, found in _grouped(_votes(db, questions, reader), now, learning).items():
        for one in found:
            if one.counts:
                for word in content_words(one.words.split()):
                    said[article_id][stem(word)] += 1
    return _measured(asked, said)


def going_on(
    db: Session,
    typed: str,
    *,
    reader: Reader,
    now: datetime,
    limit: int,
    learning: Learning = LEARNING,
) -> list[int]:
    """Ids of articles that helped whoever asked a question that goes on from what was typed, those
    with most behind them first. A question counts as it does for `evidence`.
    """
    *whole, begun = words_of(typed)[:MAX_WORDS] or [""]
    if len(begun) < SHORTEST_BEGINNING:
        return []
    questions = [
        words for words in _questions_beginning(db, begun) if _goes_on(words.split(), whole, begun)
    ]
    if not questions:
        return []
    weights: dict[int, float] = {}
    for article_id, found in _grouped(_votes(db, questions, reader), now, learning).items():
        counting = [one.weight for one in found if one.counts]
        if counting:
            weights[article_id] = max(counting)
    return sorted(weights, key=lambda one: (-weights[one], one))[:limit]


def evidence_for(
    db: Session, article: Article, *, now: datetime, learning: Learning = LEARNING
) -> list[Evidence]:
    """Every question that speaks for an article, the strongest first: what writers see."""
    votes = db.scalars(
        select(LearnedVote).where(
            LearnedVote.article_id == article.id, LearnedVote.is_removed.is_(False)
        )
    )
    found = _grouped(votes, now, learning).get(article.id, [])
    return sorted(found, key=lambda one: (not one.counts, -one.weight, one.words))


def remove(db: Session, *, article: Article, words: str, by: Person, now: datetime) -> int:
    """Take a question's word for an article away; how many votes went. Other visitors may give
    theirs again later.
    """
    gone = db.execute(
        update(LearnedVote)
        .where(
            LearnedVote.article_id == article.id,
            LearnedVote.words == words,
            LearnedVote.is_removed.is_(False),
        )
        .values(is_removed=True)
        .returning(LearnedVote.id)
    ).all()
    if gone:
        record(
            db,
            "evidence_removed",
            now=now,
            actor_id=by.id,
            actor_name=by.name,
            article_id=article.id,
            is_internal=True,
            words=words,
            votes=len(gone),
        )
    return len(gone)


def forget_old(db: Session, *, now: datetime, learning: Learning = LEARNING) -> None:
    """Forget votes whose time is over, and the words that nobody's vote holds any more."""
    db.execute(delete(LearnedVote).where(LearnedVote.at < now - timedelta(learning.kept_days)))
    held = select(LearnedVote.words)
    db.execute(delete(LearnedWord).where(LearnedWord.words.not_in(held)))


def _note_words(db: Session, words: str) -> None:
    starts = {word[:_KEY_LETTERS] for word in content_words(words.split())}
    known = set(db.scalars(select(LearnedWord.start).where(LearnedWord.words == words)))
    db.add_all(LearnedWord(start=start, words=words) for start in starts - known)


def _questions_like(db: Session, text: str) -> list[str]:
    starts = {word[:_KEY_LETTERS] for word in content_words(query_words(text))}
    query = select(LearnedWord.words).where(LearnedWord.start.in_(starts)).distinct()
    return list(db.scalars(query.limit(MOST_CANDIDATES)))


def _questions_beginning(db: Session, begun: str) -> list[str]:
    """Learned questions with a word that may begin like this."""
    start = begun[:_KEY_LETTERS]
    is_like = LearnedWord.start == start
    if len(start) < _KEY_LETTERS:
        is_like = LearnedWord.start.startswith(start, autoescape=True)
    query = select(LearnedWord.words).where(is_like).distinct()
    return list(db.scalars(query.limit(MOST_CANDIDATES)))


def _goes_on(asked: Sequence[str], whole: Sequence[str], begun: str) -> bool:
    return all(word in asked or word in STOP_WORDS for word in whole) and any(
        word.startswith(begun) for word in asked
    )


def _votes(db: Session, questions: list[str], reader: Reader) -> Iterable[LearnedVote]:
    return db.scalars(
        select(LearnedVote)
        .join(Article, Article.id == LearnedVote.article_id)
        .where(
            LearnedVote.words.in_(questions),
            LearnedVote.is_removed.is_(False),
            readable_by(reader),
        )
    )


def _grouped(
    votes: Iterable[LearnedVote], now: datetime, learning: Learning
) -> dict[int, list[Evidence]]:
    """The votes of each article by question, each with what is left of its weight."""
    by_question: dict[tuple[int, str], list[LearnedVote]] = defaultdict(list)
    for one in votes:
        by_question[one.article_id, one.words].append(one)
    found: dict[int, list[Evidence]] = defaultdict(list)
    for (article_id, words), given in by_question.items():
        weight = sum(one.weight * _left(now - one.at, learning) for one in given)
        last_at = max(one.at for one in given)
        found[article_id].append(Evidence(words, len(given), weight, last_at))
    return found


def _left(age: timedelta, learning: Learning) -> float:
    if age.days >= learning.kept_days:
        return 0.0
    left: float = 0.5 ** (max(age.total_seconds(), 0.0) / (86_400 * learning.half_life_days))
    return left


def _measured(asked: set[str], said: Mapping[int, Counter[str]]) -> dict[int, float]:
    """The field's measure (BM25) against the question's own weight, for each article."""
    rarity = {word: _rarity(word, said) for word in asked}
    total = sum(rarity.values()) or 1.0
    average = sum(sum(words.values()) for words in said.values()) / (len(said) or 1)
    return {
        article_id: sum(
            rarity[word] * _saturated(words[word], sum(words.values()) / average)
            for word in asked & words.keys()
        )
        / total
        for article_id, words in said.items()
        if asked & words.keys()
    }


def _rarity(word: str, said: Mapping[int, Counter[str]]) -> float:
    having = sum(word in words for words in said.values())
    return log(1 + (len(said) - having + 0.5) / (having + 0.5))


def _saturated(count: int, length: float) -> float:
    return count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * length))
