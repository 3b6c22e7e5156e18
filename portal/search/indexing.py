"""The index catches up with the library: what was published can be found, what was withdrawn not.

Only the worker writes. What is missing, broken or from another time is built anew, unaided.
"""

from collections.abc import Callable, Collection, Iterator

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.database import Database
from portal.knowledge.article import Article, LibraryChange, Status, Version
from portal.search.audiences import Keys, keys_of_article, keys_of_categories
from portal.search.index import Document, Health, Index
from portal.search.products import keys_of_products

Progress = Callable[[int, int], None]
_BATCH = 200
_ARTICLE = "article:"


def catch_up(database: Database, index: Index) -> int:
    """Bring the index to the library's latest revision. Returns how many articles were touched."""
    if index.health() is not Health.READY or index.is_swollen():
        return rebuild(database, index)
    with database.reading() as db:
        latest, known = latest_revision(db), index.revision()
        if latest == known:
            return 0
        if latest < known:
            return rebuild(database, index)
        ids = _touched(db, after=known, until=latest)
        found = list(documents(db, ids))
        gone = ids - {document.article_id for document in found}
        index.update(found, gone=gone, revision=latest)
        return len(ids)


def rebuild(database: Database, index: Index, progress: Progress | None = None) -> int:
    """Build the whole index anew beside the one in use. Returns the number of articles."""
    with database.reading() as db:
        revision = latest_revision(db)
        ids = list(db.scalars(select(Article.id).where(is_published()).order_by(Article.id)))
        index.rebuild(_reported(db, ids, progress), revision=revision)
        return len(ids)


def latest_revision(db: Session) -> int:
    """How far the library has come."""
    return db.scalar(select(func.max(LibraryChange.revision))) or 0


def published_count(db: Session) -> int:
    """How many articles an index of this library holds."""
    return db.scalar(select(func.count()).select_from(Article).where(is_published())) or 0


def documents(db: Session, ids: Collection[int]) -> Iterator[Document]:
    """The published ones among these articles, as the index reads them."""
    wanted, shelves = sorted(ids), keys_of_categories(db)
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        for article in db.scalars(_readings().where(Article.id.in_(batch))):
            yield _document(article, shelves[article.category_id])
        db.expunge_all()


def _reported(db: Session, ids: list[int], progress: Progress | None) -> Iterator[Document]:
    for number, document in enumerate(documents(db, ids), start=1):
        yield document
        if progress is not None and (number % _BATCH == 0 or number == len(ids)):
            progress(number, len(ids))


def _touched(db: Session, *, after: int, until: int) -> set[int]:
    """The articles that the changes after a revision speak of. Who may read on a category is told
    of each article on it; its other changes don't matter: its slug stays.
    """
    tags = select(LibraryChange.tag).where(
        LibraryChange.revision > after,
        LibraryChange.revision <= until,
        LibraryChange.tag.startswith(_ARTICLE),
    )
    return {int(tag.removeprefix(_ARTICLE)) for tag in set(db.scalars(tags))}


def _readings() -> Select[Article]:
    return (
        select(Article)
        .where(is_published())
        .options(
            joinedload(Article.published),
            joinedload(Article.category),
            selectinload(Article.organisations),
        )
    )


def is_published() -> ColumnElement[bool]:
    """The condition that an article is served."""
    return (Article.status == Status.PUBLISHED) & Article.published_version_id.is_not(None)


def _document(article: Article, shelf: Keys) -> Document:
    assert article.published is not None
    return document_of(article, article.published, shelf)


def document_of(article: Article, version: Version, shelf: Keys) -> Document:
    """A version of an article as the index reads it, with the facts that the article has, on a
    shelf that `shelf` may read.
    """
    return Document(
        article_id=article.id,
        title=version.title,
        search_words=" ".join(map(str, version.search_words)),
        summary=version.summary,
        headings="\n".join(str(entry["title"]) for entry in version.contents),
        body=version.text,
        category=article.category.slug,
        audiences=keys_of_article(article, shelf),
        applies_to=keys_of_products(version.applies_to),
        language=article.language,
    )
