"""The one rule on who may read which article.

Anyone reads public articles; signed-in contacts also those for customers and those restricted to
their own organisation; staff read all. A draft or a retired article is read by nobody. Every page,
search, suggestion, count, feed and file goes through `readable_by`; what it doesn't grant doesn't
exist for the reader.
"""

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from portal.knowledge.article import Article, ArticleOrganisation, Audience, Status
from portal.knowledge.reader import Reader


def readable_by(reader: Reader) -> ColumnElement[bool]:
    """The filter on Article for what `reader` may read now."""
    return and_(
        Article.status == Status.PUBLISHED,
        Article.published_version_id.is_not(None),
        meant_for(reader),
    )


def meant_for(reader: Reader) -> ColumnElement[bool]:
    """The audience half of the rule: also decides who is told that an article has been retired."""
    if reader.kind == "nobody":
        return false()
    if reader.kind == "staff":
        return true()
    if reader.kind == "contact":
        return or_(
            Article.audience.in_([Audience.PUBLIC, Audience.CUSTOMERS]),
            and_(Article.audience == Audience.ORGANISATIONS, _names(reader.organisation_id)),
        )
    return Article.audience == Audience.PUBLIC


def _names(organisation_id: int | None) -> ColumnElement[bool]:
    return (
        select(ArticleOrganisation.article_id)
        .where(
            ArticleOrganisation.article_id == Article.id,
            ArticleOrganisation.organisation_id == organisation_id,
        )
        .exists()
    )
