"""Before a case is sent: articles that may answer it, shown only when they probably do.

Never a wall. Below the threshold nothing is shown, and nothing is better than noise.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.knowledge.article import Article
from portal.knowledge.queries import readable
from portal.knowledge.reader import Reader
from portal.search.audiences import keys_of_reader
from portal.search.index import Hit, Index, Query
from portal.search.searching import find
from portal.search.words import content_words, query_words

SUBJECT_EVIDENCE = 1.8
WHOLE_EVIDENCE = 1.4
"""Score and coverage together, from which an article probably answers. The whole holds more words
that no article has, so less is asked of it. docs/search.md has the measurements.
"""
WORTH_BESIDE_THE_BEST = 0.5
"""An article with less than this share of the best one's score only looks like it."""
NEAR_COSINE = 0.6
"""As near in meaning as this, an article is offered however it puts things."""
FEWEST_WORDS = 2


@dataclass(frozen=True)
class PossibleAnswer:
    """An article with its answer, cleaned when it was saved, to be read in place."""

    article: Article
    title: str
    summary: str
    answer: Markup


def articles_for(
    db: Session, index: Index, *, subject: str, description: str, reader: Reader, limit: int = 3
) -> list[PossibleAnswer]:
    """At most `limit` articles that probably answer what somebody is about to ask."""
    scores: dict[int, float] = {}
    for text, evidence in _asked(subject, description):
        for hit in probable(_hits(db, index, text, reader), evidence):
            scores[hit.article_id] = scores.get(hit.article_id, 0.0) + hit.score
    best = sorted(scores, key=lambda one: (-scores[one], one))[:limit]
    return _answers(db, best, reader)


def probable(hits: Sequence[Hit], evidence: float) -> list[Hit]:
    """The hits that probably answer: enough speaks for each, also beside the best of them."""
    best = max((hit.score for hit in hits), default=0.0)
    return [
        hit
        for hit in hits
        if hit.cosine >= NEAR_COSINE
        or (hit.score + hit.coverage >= evidence and hit.score >= WORTH_BESIDE_THE_BEST * best)
    ]


def _asked(subject: str, description: str) -> list[tuple[str, float]]:
    """What to ask the index, each with the evidence that its hits need."""
    asked = [(subject, SUBJECT_EVIDENCE), (f"{subject} {description}", WHOLE_EVIDENCE)]
    return asked if description.strip() else asked[:1]


def _hits(db: Session, index: Index, text: str, reader: Reader) -> tuple[Hit, ...]:
    if len(content_words(query_words(text))) < FEWEST_WORDS:
        return ()
    found, _is_plain = find(db, index, Query(text, keys_of_reader(reader), limit=10), reader=reader)
    return found.hits


def _answers(db: Session, ids: list[int], reader: Reader) -> list[PossibleAnswer]:
    articles = {one.id: one for one in db.scalars(readable(reader).where(Article.id.in_(ids)))}
    return [_answer(articles[one]) for one in ids if one in articles]


def _answer(article: Article) -> PossibleAnswer:
    version = article.published
    assert version is not None
    answer = Markup(version.html)  # noqa: S704  (cleaned at save; the one place of truth)
    return PossibleAnswer(article, version.title, version.summary, answer)
