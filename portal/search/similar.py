"""Articles about the same things as an article, or as a text."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.knowledge.article import Article, Version
from portal.knowledge.queries import readable_articles
from portal.knowledge.reader import Reader
from portal.knowledge.translations import best_of_groups
from portal.knowledge.visibility import readable_by
from portal.languages import FIRST, Languages
from portal.search import in_languages
from portal.search.audiences import keys_of_reader
from portal.search.index import Hit, Index, IndexUnavailableError

_SIMILAR_SCORE = 0.15
_SIMILAR_WORDS = 60


def similar(
    db: Session,
    index: Index,
    *,
    reader: Reader,
    article_id: int | None = None,
    text: str = "",
    limit: int = 5,
) -> list[Article]:
    """Articles about the same things as an article, or as a text; the article itself is not one."""
    if article_id is not None:
        text = _gist(db, article_id, reader)
    try:
        hits = _similar(index, text, reader, _languages_near(db, article_id, reader), limit + 5)
    except IndexUnavailableError:
        return []
    ids = [hit.article_id for hit in hits if hit.score >= _SIMILAR_SCORE]
    ids = [one for one in ids if one != article_id]
    if reader.languages is not None:
        own = best_of_groups(db, [article_id] if article_id else [], reader=reader).values()
        ids = [one for one in in_languages.grouped_ids(db, ids, reader=reader) if one not in own]
    return readable_articles(db, reader=reader, ids=ids)[:limit]


def _languages_near(db: Session, article_id: int | None, reader: Reader) -> Languages | None:
    """The article's own language, or the reader's; None where there is only one."""
    if reader.languages is None or article_id is None:
        return reader.languages
    stored = db.scalar(select(Article.language).where(Article.id == article_id)) or FIRST
    return reader.languages.wanting(reader.languages.of(stored))


def _similar(
    index: Index, text: str, reader: Reader, languages: Languages | None, limit: int
) -> tuple[Hit, ...]:
    keys = keys_of_reader(reader)
    if languages is None:
        return index.similar(text, audiences=keys, limit=limit)
    return in_languages.similar(index, text, languages, audiences=keys, limit=limit)


def _gist(db: Session, article_id: int, reader: Reader) -> str:
    """What an article is about: its title, summary, search words and headings."""
    version = db.scalar(
        select(Version)
        .join(Article, Article.published_version_id == Version.id)
        .where(Article.id == article_id, readable_by(reader))
    )
    if version is None:
        return ""
    headings = " ".join(str(entry["title"]) for entry in version.contents)
    parts = (version.title, version.summary, " ".join(version.search_words), headings)
    return " ".join(" ".join(parts).split()[:_SIMILAR_WORDS])
