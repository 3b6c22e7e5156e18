"""A folder's files beside the portal's articles, each file with the article that it tells of."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.knowledge.article import Article
from portal.knowledge.filing import Filed, filed
from portal.knowledge.front_matter import FrontMatterError, dump, parse
from portal.knowledge.library_comparing import (
    Commons,
    Sides,
    Standing,
    article_ids,
    mark,
    standing,
)
from portal.knowledge.library_folder import Scan, Source, fingerprint, image_hashes
from portal.knowledge.library_outcome import Conflict

AT_ONCE = 100


@dataclass(frozen=True)
class Pair:
    """An article, its file if there is one, and how they stand to each other."""

    filed: Filed
    source: Source | None
    standing: Standing
    text: str = ""
    file_hash: str = ""

    @property
    def conflict(self) -> Conflict:
        """Both texts, for a pair of which both sides have changed."""
        path = self.source.path if self.source else ""
        return Conflict(path, self.filed.article.slug, self.text, dump(self.filed.said))


def pairs(db: Session, found: Scan, source: str) -> Iterator[Pair]:
    """Every article in the order of its address; `source` is what the folder is called."""
    commons, files = Commons(db, source), _files(db, found, source)
    ids = list(db.scalars(select(Article.id).order_by(Article.slug)))
    for start in range(0, len(ids), AT_ONCE):
        batch = filed(db, ids[start : start + AT_ONCE])
        for article_id in ids[start : start + AT_ONCE]:
            if article_id in batch:
                yield _pair(found, batch[article_id], files.get(article_id), commons)
        db.expunge_all()


def lonely_files(db: Session, found: Scan, source: str) -> list[str]:
    """The files that tell of no article yet."""
    taken = {one.path for one in _files(db, found, source).values()}
    return [one.path for one in found.sources if one.path not in taken]


def _files(db: Session, found: Scan, source: str) -> dict[int, Source]:
    """The file of each article: the one with its address, else the one that it was before."""
    known, by_path = article_ids(db), {one.path: one for one in found.sources}
    commons = Commons(db, source)
    matched = {known[one.slug]: one for one in found.sources if one.slug in known}
    for article_id in set(known.values()) - set(matched):
        common = commons.own(article_id)
        if common is not None and common.path in by_path:
            matched[article_id] = by_path[common.path]
    current = {row.slug: row.id for row in db.execute(select(Article.slug, Article.id))}
    return matched | {current[one.slug]: one for one in found.sources if one.slug in current}


def _pair(found: Scan, one: Filed, source: Source | None, commons: Commons) -> Pair:
    if source is None:
        return Pair(one, None, Standing.ARTICLE_CHANGED)
    raw = source.file.read_bytes()
    file_hash = fingerprint(source, raw, found.root)
    common = commons.of(one.article.id, file_hash)
    is_known = common is not None and common.file_hash == file_hash
    are_equal = not is_known and _file_mark(found, source, raw) == one.mark_as_filed
    sides = Sides(file_hash, one.mark_as_filed, are_equal, is_import=one.is_import)
    text = raw.decode("utf-8", "replace")
    return Pair(one, source, standing(sides, common), text, file_hash)


def _file_mark(found: Scan, source: Source, raw: bytes) -> str | None:
    """What an article would be known by that said just what this file says; None for a bad file."""
    try:
        said = parse(raw)
    except FrontMatterError:
        return None
    shelf = found.categories.get(source.shelf)
    category = shelf.slug if shelf else said.category or ""
    hashes = image_hashes(source, raw, found.root)
    return mark(said, slug=source.slug, category=category, images=hashes)
