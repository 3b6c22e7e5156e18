"""Articles that say something similar: perhaps one of them should be changed instead."""

from portal.knowledge.article import Article, Version
from portal.knowledge.reader import STAFF
from portal.search.similar import similar
from portal.web.parts import parts
from portal.web.transaction import db

_MOST = 3


def resembling(text: str, article_id: int | None) -> list[Article]:
    """Published articles about the same things as `text`, but for the article itself."""
    found = similar(db(), parts().index, reader=STAFF, text=text, limit=_MOST + 1)
    return [one for one in found if one.id != article_id][:_MOST]


def similar_to(version: Version, article_id: int) -> list[Article]:
    return resembling(f"{version.title} {version.summary}", article_id)
