"""An article that was found as a list shows it: what of it answers, and where it is opened."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.knowledge.article import Article, ArticleType, Category, Version
from portal.knowledge.queries import readable_articles
from portal.knowledge.reader import Reader
from portal.search.excerpts import (
    Marked,
    Marker,
    Passage,
    best_passage,
    passage_at,
    section_at,
)
from portal.search.first_steps import first_steps
from portal.search.index import Found, Hit, Index
from portal.search.words import content_words, numbered, query_words

STRONG_COVERAGE = 0.75
STRONG_COSINE = 0.7
"""Of two paraphrases of one question, two thirds come as near as this; of two questions on one
subject, one in forty (docs/search.md).
"""


@dataclass(frozen=True)
class Result:
    """An article found, as a list shows it. A strong one answers the question by itself.

    `section` is the heading to open it at; `steps` is what of it can be read in the list.
    """

    article_id: int
    slug: str
    title: str
    summary: str
    excerpt: Marked
    category: Category
    type: ArticleType
    updated_at: datetime
    is_strong: bool
    section: str = ""
    steps: Markup | None = None
    is_whole: bool = False
    language: str = ""


class Markers:
    """A marker for each language in which something was found."""

    def __init__(self, index: Index, found: Found, reader: Reader) -> None:
        self._index, self._found, self._languages = index, found, reader.languages
        self._known: dict[str, Marker] = {}

    def of(self, stored: str) -> Marker:
        """Marks words in an article whose stored language this is."""
        tag = self._languages.of(stored) if self._languages else ""
        if tag not in self._known:
            stem = partial(self._index.stem, language=tag) if tag else self._index.stem
            stems = self._found.stems_in.get(tag, self._found.stems)
            self._known[tag] = Marker(stems, stem, folds=bool(tag))
        return self._known[tag]


def results_of(
    db: Session, hits: tuple[Hit, ...], markers: Markers, reader: Reader
) -> list[Result]:
    by_article = {hit.article_id: hit for hit in hits}
    ids = list(by_article)
    texts = dict(
        db.execute(
            select(Article.id, Version.text).join(Article.published).where(Article.id.in_(ids))
        ).all()
    )
    found = [
        _result(article, texts[article.id], markers.of(article.language), by_article[article.id])
        for article in readable_articles(db, reader=reader, ids=ids)
    ]
    if found and found[0].is_strong:
        found[0] = _readable_in_place(db, found[0])
    return found


def _readable_in_place(db: Session, result: Result) -> Result:
    """The best answer with its first steps."""
    html = db.scalar(
        select(Version.html).join(Article.published).where(Article.id == result.article_id)
    )
    steps, is_whole = first_steps(html or "")
    return replace(result, steps=steps, is_whole=is_whole)


def _result(article: Article, text: str, marker: Marker, hit: Hit) -> Result:
    assert article.published is not None
    summary = article.published.summary
    is_strong = hit.coverage >= STRONG_COVERAGE or hit.cosine >= STRONG_COSINE
    passage = passage_for(text, summary, marker, hit)
    shown = best_passage("", summary, marker) if is_strong and summary else passage
    return Result(
        article_id=article.id,
        slug=article.slug,
        title=article.published.title,
        summary=summary,
        excerpt=shown.excerpt,
        section=section_at(text, passage.place, article.published.contents),
        category=article.category,
        type=article.type,
        updated_at=article.updated_at,
        is_strong=is_strong,
        language=article.language,
    )


def passage_for(text: str, summary: str, marker: Marker, hit: Hit) -> Passage:
    """The lines with most words of the question; where words say little, those that mean it."""
    if hit.place < 0 or hit.coverage >= STRONG_COVERAGE:
        return best_passage(text, summary, marker)
    return passage_at(text, hit.place, marker)


def marker_for(index: Index, text: str, language: str = "") -> Marker:
    """Marks the words of a question in the article that it led to, which is in `language`."""
    stem = partial(index.stem, language=language) if language else index.stem
    stems = numbered(map(stem, content_words(query_words(text))))
    return Marker(stems, stem, folds=bool(language))
