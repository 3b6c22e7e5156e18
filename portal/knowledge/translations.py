"""An article and its translations are one group; a reader is shown one of them, the best for them.

The best is the one in the language that the reader wants; else the one in the library's first
language; else the original. Whoever may not read one of them is shown another.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from portal.knowledge.article import Article, Status, Version
from portal.knowledge.reader import Reader
from portal.knowledge.visibility import readable_by
from portal.languages import FIRST, Languages


def original_id(article: Article) -> int:
    """What names the group of an article."""
    return article.translation_of_id or article.id


def group_ids(db: Session, article: Article) -> list[int]:
    """The article and all that are translations of the same, or its original."""
    root = original_id(article)
    is_one = (Article.id == root) | (Article.translation_of_id == root)
    return list(db.scalars(select(Article.id).where(is_one).order_by(Article.id)))


def group_of(db: Session, article: Article) -> list[Article]:
    """The articles of a group, the original first, whatever their status."""
    ids = group_ids(db, article)
    found = db.scalars(select(Article).where(Article.id.in_(ids)))
    return sorted(found, key=lambda one: (one.translation_of_id is not None, one.language, one.id))


def shown_to(reader: Reader) -> ColumnElement[bool]:
    """The filter on Article for lists: what `reader` may read, one of each group."""
    if reader.languages is None:
        return readable_by(reader)
    other = aliased(Article)
    is_of_group = or_(
        other.id == Article.translation_of_id,
        other.translation_of_id == Article.id,
        other.translation_of_id == Article.translation_of_id,
    )
    mine, others = _place(Article, reader.languages), _place(other, reader.languages)
    is_better = or_(others < mine, and_(others == mine, other.id < Article.id))
    better = exists().where(is_of_group, is_better, readable_by(reader, other))
    return and_(readable_by(reader), ~better)


def best_of_groups(db: Session, ids: Collection[int], *, reader: Reader) -> dict[int, int]:
    """For each article the one of its group that this reader is shown, if there is one."""
    if reader.languages is None or not ids:
        return {one: one for one in ids}
    root = func.coalesce(Article.translation_of_id, Article.id)
    roots = {row.id: row.root for row in db.execute(
        select(Article.id, root.label("root")).where(Article.id.in_(ids))
    )}  # fmt: skip
    wanted = set(roots.values())
    rows = db.execute(
        select(Article.id, root.label("root"))
        .where(Article.id.in_(wanted) | Article.translation_of_id.in_(wanted), readable_by(reader))
        .order_by(_place(Article, reader.languages).desc(), Article.id.desc())
    )
    best = {row.root: row.id for row in rows}
    return {one: best[group] for one, group in roots.items() if group in best}


def readable_versions(db: Session, article: Article, *, reader: Reader) -> list[Article]:
    """The articles of a group that this reader may read, by language: the alternates of a page."""
    query = (
        select(Article)
        .join(Article.published)
        .options(contains_eager(Article.published).load_only(Version.title))
        .where(Article.id.in_(group_ids(db, article)), readable_by(reader))
    )
    return sorted(db.scalars(query), key=lambda one: (one.language, one.id))


def outdated() -> ColumnElement[bool]:
    """The filter on Article for translations that are read and whose original is newer."""
    original = aliased(Article)
    newer = exists().where(
        original.id == Article.translation_of_id,
        original.status == Status.PUBLISHED,
        or_(
            Article.translated_version_id.is_(None),
            original.published_version_id != Article.translated_version_id,
        ),
    )
    return and_(Article.status != Status.RETIRED, newer)


def missing_translations(db: Session, language: str, first: str, *, limit: int) -> list[Article]:
    """Published articles that nobody began to translate into a language; those that the fewest
    may read come last.
    """
    other, stored = aliased(Article), (FIRST, first) if language == first else (language,)
    has_one = exists().where(other.translation_of_id == Article.id, other.language.in_(stored))
    return list(
        db.scalars(
            select(Article)
            .join(Article.published)
            .options(contains_eager(Article.published).load_only(Version.title))
            .where(
                Article.status == Status.PUBLISHED,
                Article.translation_of_id.is_(None),
                Article.language.not_in(stored),
                ~has_one,
            )
            .order_by(Version.title, Article.id)
            .limit(limit)
        )
    )


def _place(article: Any, languages: Languages) -> ColumnElement[int]:
    """How good an article's language is for a reader; 0 is best."""
    first = (FIRST, languages.first)
    wanted = first if languages.wanted == languages.first else (languages.wanted,)
    return case(
        (article.language.in_(wanted), 0),
        (article.language.in_(first), 1),
        (article.translation_of_id.is_(None), 2),
        else_=3,
    )
