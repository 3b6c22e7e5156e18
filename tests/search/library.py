"""A small library for the search tests, made by the same acts that writers use."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.knowledge.article import Article, ArticleImage, ArticleType, Audience, Category
from portal.knowledge.publishing import publish
from portal.knowledge.versioning import add_article
from portal.knowledge.words import Facts, Words
from portal.people.organisation import Organisation
from portal.search.index import Document

WRITTEN_AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ANYONE_KEYS = frozenset({"public"})


def shelf(db: Session, slug: str = "accounts", title: str = "Accounts") -> Category:
    found = db.scalar(select(Category).where(Category.slug == slug))
    if found is None:
        found = Category(slug=slug, title=title)
        db.add(found)
        db.flush()
    return found


def article(
    db: Session,
    title: str,
    *,
    body: str = "Nothing more to say.",
    summary: str = "",
    search_words: Collection[str] = (),
    applies_to: Collection[str] = (),
    audience: Audience = Audience.PUBLIC,
    organisations: Collection[Organisation] = (),
    category: Category | None = None,
    slug: str | None = None,
    type: ArticleType = ArticleType.HOW_TO,
    images: Sequence[ArticleImage] = (),
    is_published: bool = True,
) -> Article:
    """An article, published unless told otherwise; committed by the caller."""
    made = add_article(
        db,
        slug=slug or "-".join("".join(c if c.isalnum() else " " for c in title.lower()).split()),
        words=Words(
            title=title,
            body=body,
            summary=summary,
            applies_to=tuple(applies_to),
            search_words=tuple(search_words),
        ),
        facts=Facts(
            category=category or shelf(db),
            type=type,
            audience=audience,
            organisations=tuple(organisations),
        ),
        by=None,
        now=WRITTEN_AT,
        images=images,
    )
    if is_published:
        publish(db, article=made, by=None, now=WRITTEN_AT)
    return made


def document(number: int, title: str, body: str = "", **more: object) -> Document:
    values: dict[str, object] = {
        "search_words": "",
        "summary": "",
        "headings": "",
        "category": "accounts",
        "audiences": ("public",),
    }
    return Document(article_id=number, title=title, body=body, **(values | more))  # type: ignore[arg-type]
