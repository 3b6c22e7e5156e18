"""Files and pages are one: how a file and its article stand to their last common version.

The file is known by its bytes, the article by what its file would say. Whoever is the only one to
have changed goes on; where both have, nobody is overwritten until somebody says who wins.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.knowledge.article import Article, OldSlug
from portal.knowledge.article_source import EARLIER, ArticleSource
from portal.knowledge.front_matter import ArticleFile

_LATER = ("language", "translation_of", "outdated")
"""Keys that came later: marks made before are those of articles that don't have them."""


class Standing(StrEnum):
    """How a file and its article stand to each other."""

    SAME = "same"
    FILE_CHANGED = "file"
    ARTICLE_CHANGED = "article"
    BOTH_CHANGED = "both"


@dataclass(frozen=True)
class Common:
    """A last common version: the file's fingerprint and the article's, "" for one not known."""

    file_hash: str
    article_hash: str
    path: str = ""


@dataclass(frozen=True)
class Sides:
    """A file and its article now. `is_import` says that an import wrote what the article holds."""

    file_hash: str
    article_hash: str
    are_equal: bool
    is_import: bool = False


def standing(sides: Sides, common: Common | None) -> Standing:
    """Who has changed since. Without a common version, two that differ have both changed."""
    if sides.are_equal:
        return Standing.SAME
    if common is None:
        return Standing.BOTH_CHANGED
    is_file_changed = sides.file_hash != common.file_hash
    is_article_changed = sides.article_hash != common.article_hash
    if common.article_hash == "":
        is_article_changed = not sides.is_import
    match is_file_changed, is_article_changed:
        case True, True:
            return Standing.BOTH_CHANGED
        case True, False:
            return Standing.FILE_CHANGED
        case False, True:
            return Standing.ARTICLE_CHANGED
        case _:
            return Standing.SAME


def mark(
    said: ArticleFile,
    *,
    slug: str,
    category: str,
    images: Mapping[str, str],
    unpublished: str = "",
) -> str:
    """The article's fingerprint, from what its file says; `images` are content hashes by path.

    `unpublished` is the content hash of a later version that readers don't see yet: it is a
    change of the article, although no file shows it. Whether a translation is outdated is not one:
    that is its original's doing.
    """
    plain = replace(
        said,
        category=None,
        body_line=1,
        outdated=False,
        aliases=tuple(sorted(set(said.aliases) - {slug})),
        organisations=tuple(sorted(said.organisations)),
    )
    facts = {key: value for key, value in asdict(plain).items() if value or key not in _LATER}
    whole = [slug, category, facts, sorted(images.items()), unpublished]
    written = json.dumps(whole, ensure_ascii=False, default=str)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


class Commons:
    """The last common versions, by article: this source's own, and those of any other."""

    def __init__(self, db: Session, source: str, articles: Iterable[int] | None = None) -> None:
        query = select(ArticleSource)
        if articles is not None:
            query = query.where(ArticleSource.article_id.in_(list(articles)))
        self._own: dict[int, Common] = {}
        self._others: dict[int, list[Common]] = {}
        self._earlier: dict[int, Common] = {}
        for row in db.scalars(query):
            common = Common(row.file_hash, row.article_hash, row.path)
            if row.source == source:
                self._own[row.article_id] = common
            elif row.source == EARLIER:
                self._earlier[row.article_id] = common
            else:
                self._others.setdefault(row.article_id, []).append(common)

    def own(self, article_id: int) -> Common | None:
        return self._own.get(article_id)

    def of(self, article_id: int, file_hash: str) -> Common | None:
        """The common version of an article and a file with this fingerprint.

        A folder that was never compared stands where the one stood from which it was copied: its
        file is known by its bytes.
        """
        if own := self._own.get(article_id):
            return own
        others = self._others.get(article_id, [])
        earlier = self._earlier.get(article_id)
        return next((one for one in others if one.file_hash == file_hash), earlier)


def article_ids(db: Session) -> dict[str, int]:
    """Every address that leads to an article, former ones too; a present one counts more."""
    former = {
        row.slug: row.article_id for row in db.execute(select(OldSlug.slug, OldSlug.article_id))
    }
    return former | {row.slug: row.id for row in db.execute(select(Article.slug, Article.id))}
