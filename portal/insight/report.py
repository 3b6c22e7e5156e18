"""The deflection report: the figures of a time, with the names of what they are about."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.insight.attempt_log import log_between
from portal.insight.deflection import (
    Figures,
    OfArticle,
    by_article,
    by_group,
    by_week,
    figures,
    judge,
)
from portal.knowledge.article import Article, Category, Version


@dataclass(frozen=True)
class ArticleRow:
    """What one article did, under its title."""

    title: str
    counts: OfArticle


@dataclass(frozen=True)
class Report:
    """All figures of the attempts that began in a time."""

    total: Figures
    weeks: list[tuple[datetime, Figures]]
    categories: list[tuple[str, Figures]]
    articles: list[ArticleRow]


def report(db: Session, *, since: datetime, until: datetime, now: datetime) -> Report:
    """The report of a time, from nothing but the log."""
    judged = judge(log_between(db, since=since, until=until), now=now)
    titles = _titles(db)
    groups = {article_id: category for article_id, (_title, category) in titles.items()}
    return Report(
        total=figures(judged),
        weeks=by_week(judged),
        categories=by_group(judged, groups),
        articles=[
            ArticleRow(titles[one.article_id][0], one)
            for one in by_article(judged)
            if one.article_id in titles
        ],
    )


def _titles(db: Session) -> dict[int, tuple[str, str]]:
    rows = db.execute(
        select(Article.id, Version.title, Category.title)
        .join(Version, Version.id == Article.published_version_id)
        .join(Category, Category.id == Article.category_id)
    )
    return {article_id: (title, category) for article_id, title, category in rows}
