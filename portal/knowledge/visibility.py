"""The one rule on who may read which article.

Anyone reads public articles; signed-in contacts also those for customers and those restricted to
their own organisation; staff read all. What a category says holds for all that lies on it and on
its subcategories, and only ever narrows what an article says. A draft or a retired article is read
by nobody. Every page, search, suggestion, count, feed and file goes through `readable_by`; what it
doesn't grant doesn't exist for the reader.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from portal.knowledge.article import (
    Article,
    ArticleOrganisation,
    Audience,
    Category,
    CategoryOrganisation,
    Status,
)
from portal.knowledge.reader import Reader


def readable_by(reader: Reader, article: type[Article] = Article) -> ColumnElement[bool]:
    """The filter on Article, or on an alias of it, for what `reader` may read now."""
    return and_(
        article.status == Status.PUBLISHED,
        article.published_version_id.is_not(None),
        meant_for(reader, article),
    )


def meant_for(reader: Reader, article: type[Article] = Article) -> ColumnElement[bool]:
    """The audience half of the rule: also decides who is told that an article has been retired."""
    if reader.kind == "nobody":
        return false()
    if reader.kind == "staff":
        return true()
    named = _named(ArticleOrganisation.article_id, article.id, reader)
    return and_(
        _within(reader, article.audience, named),
        article.category_id.not_in(_closed_categories(reader)),
    )


def _within(
    reader: Reader, audience: InstrumentedAttribute[Audience], is_named: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Whether an audience takes in this reader, who is no member of staff."""
    if reader.kind != "contact":
        return audience == Audience.PUBLIC
    return or_(
        audience.in_([Audience.PUBLIC, Audience.CUSTOMERS]),
        and_(audience == Audience.ORGANISATIONS, is_named),
    )


def _named(
    whose: InstrumentedAttribute[int], id_: InstrumentedAttribute[int], reader: Reader
) -> ColumnElement[bool]:
    """Whether the organisation of this reader is among those that an article or category names."""
    table = whose.class_
    return (
        select(whose).where(whose == id_, table.organisation_id == reader.organisation_id).exists()
    )


def _closed_categories(reader: Reader) -> Any:
    """The ids of the categories whose own word leaves this reader out, and of all within them."""
    named = _named(CategoryOrganisation.category_id, Category.id, reader)
    closed = (
        select(Category.id)
        .where(not_(_within(reader, Category.audience, named)))
        .cte(recursive=True)
    )
    closed = closed.union(select(Category.id).where(Category.parent_id == closed.c.id))
    return select(closed.c.id)
