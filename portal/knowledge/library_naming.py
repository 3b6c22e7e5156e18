"""What a file says of other articles, once all of them are stored: who is its heir, and what it
translates.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.knowledge.article import Article, RetirementRefusedError, Status
from portal.knowledge.article_source import ArticleSource
from portal.knowledge.filing import filed
from portal.knowledge.library_preparing import Prepared
from portal.knowledge.library_storing import Plan
from portal.knowledge.translating import TranslationRefusedError, link
from portal.knowledge.withdrawing import retire


def name_heir(db: Session, plan: Plan, one: Prepared, *, now: datetime) -> None:
    """Let a retired article's address lead to its heir. Raises RetirementRefusedError."""
    article = db.scalar(select(Article).where(Article.slug == one.source.slug))
    heir = db.scalar(select(Article).where(Article.slug == one.article.heir))
    if article is None or article.status is not Status.RETIRED:
        return
    if heir is None or heir.status is not Status.PUBLISHED:
        raise RetirementRefusedError(
            f"there is no published article “{one.article.heir}”. Name one that readers can read."
        )
    if article.heir is not heir:
        retire(db, article=article, by=None, now=now, heir=heir)
        db.flush()
    _note_whole(db, plan, one, article)


def name_original(db: Session, plan: Plan, one: Prepared, *, now: datetime) -> None:
    """Make an article the translation that its file says it is, true to what its original says
    now, unless the file says otherwise. Raises TranslationRefusedError.
    """
    article = db.scalar(select(Article).where(Article.slug == one.source.slug))
    original = db.scalar(select(Article).where(Article.slug == one.article.translation_of))
    if article is None:
        return
    if original is None:
        raise TranslationRefusedError(
            f"there is no article “{one.article.translation_of}”. Name the one it translates."
        )
    link(
        db,
        article=article,
        original=original,
        first=plan.first_language,
        is_outdated=one.article.outdated,
        now=now,
    )
    _note_whole(db, plan, one, article)


def _note_whole(db: Session, plan: Plan, one: Prepared, article: Article) -> None:
    """All that the file says is in the portal now."""
    common = db.get(ArticleSource, (article.id, plan.source))
    if common is not None:
        common.file_hash = one.fingerprint
        common.article_hash = filed(db, [article.id])[article.id].mark_as_filed
