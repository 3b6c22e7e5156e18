"""What writers put into an article: words, kept by version, and facts that hold for all."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from portal.knowledge.article import Article, ArticleType, Audience, Category, Version
from portal.knowledge.rendering import Picture
from portal.people.organisation import Organisation


@dataclass(frozen=True)
class Words:
    """What readers read and what is kept version by version."""

    title: str
    body: str
    summary: str = ""
    applies_to: tuple[str, ...] = ()
    search_words: tuple[str, ...] = ()

    def content_hash(self, pictures: Mapping[str, Picture]) -> str:
        """Equal for equal words with equal images."""
        shown = [[path, asdict(pictures[path])] for path in sorted(pictures)]
        said = json.dumps([asdict(self), shown], ensure_ascii=False)
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Facts:
    """What is true of an article whichever version is read; a change holds at once."""

    category: Category
    type: ArticleType = ArticleType.HOW_TO
    audience: Audience = Audience.STAFF
    organisations: tuple[Organisation, ...] = ()
    owner: str = ""
    verified_on: date | None = None
    review_every_days: int | None = None
    is_pinned: bool = False


def words_of(version: Version) -> Words:
    return Words(
        title=version.title,
        body=version.body,
        summary=version.summary,
        applies_to=tuple(version.applies_to),
        search_words=tuple(version.search_words),
    )


def facts_of(article: Article) -> Facts:
    return Facts(
        category=article.category,
        type=article.type,
        audience=article.audience,
        organisations=tuple(sorted(article.organisations, key=lambda o: o.slug)),
        owner=article.owner,
        verified_on=article.verified_on,
        review_every_days=article.review_every_days,
        is_pinned=article.is_pinned,
    )


def pictures_of(article: Article) -> dict[str, Picture]:
    """The stored images of an article, by the path its body uses."""
    return {
        image.path: Picture(f"/files/{image.content_hash}/{image.name}", image.width, image.height)
        for image in article.images
    }
