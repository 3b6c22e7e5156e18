"""The notice bar for known incidents, above the search and above the form for a case."""

from dataclasses import dataclass
from datetime import datetime

from portal.knowledge.article import Article
from portal.knowledge.incident import Incident, standing
from portal.knowledge.queries import find_article
from portal.web.identity import reader
from portal.web.transaction import db


@dataclass(frozen=True)
class Bar:
    """An incident as readers see it; the article only where they may read it."""

    title: str
    text: str
    updated_at: datetime
    article: Article | None


def incident_bars() -> list[Bar]:
    """What everybody has to know now, the latest news first."""
    return [
        Bar(one.title, one.text, one.updated_at, _readable_article(one)) for one in standing(db())
    ]


def _readable_article(incident: Incident) -> Article | None:
    if incident.article is None:
        return None
    found = find_article(db(), incident.article.slug, reader=reader())
    return found if isinstance(found, Article) else None
