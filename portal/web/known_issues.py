"""The notice bar for known issues, above the search and above the form for a case."""

from dataclasses import dataclass
from datetime import datetime

from portal.knowledge.article import Article
from portal.knowledge.known_issue import KnownIssue, standing
from portal.knowledge.queries import find_article
from portal.web.identity import reader
from portal.web.transaction import db


@dataclass(frozen=True)
class Bar:
    """An issue as readers see it; the article only where they may read it."""

    title: str
    text: str
    updated_at: datetime
    article: Article | None


def issue_bars() -> list[Bar]:
    """What everybody has to know now, the latest news first."""
    return [
        Bar(one.title, one.text, one.updated_at, _readable_article(one)) for one in standing(db())
    ]


def _readable_article(issue: KnownIssue) -> Article | None:
    if issue.article is None:
        return None
    found = find_article(db(), issue.article.slug, reader=reader())
    return found if isinstance(found, Article) else None
