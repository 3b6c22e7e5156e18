"""Before a case is sent: articles that may answer it, shown only when they probably do.

Never a wall. Below the threshold nothing is shown, and nothing is better than noise.
"""

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

SUBJECT_COVERAGE = 0.55
WHOLE_COVERAGE = 0.45
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
    if len(content_words(query_words(f"{subject} {description}"))) < FEWEST_WORDS:
        return []
    scores: dict[int, float] = {}
    for text, threshold in ((subject, SUBJECT_COVERAGE), (description, WHOLE_COVERAGE)):
        for hit in _hits(db, index, text, reader):
            if hit.coverage >= threshold or hit.cosine >= NEAR_COSINE:
                scores[hit.article_id] = scores.get(hit.article_id, 0.0) + hit.score
    best = sorted(scores, key=lambda one: (-scores[one], one))[:limit]
    return _answers(db, best, reader)


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
