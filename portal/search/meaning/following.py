"""The vectors follow the library: each article is encoded once a version, in the background.

What is encoded is kept at once, so that whoever is stopped goes on where he was. An article of
which one paragraph changed has only the passages encoded that changed.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from sqlalchemy import select

from portal.database import Database
from portal.knowledge.article import Article
from portal.search.index import Document
from portal.search.indexing import documents, is_published
from portal.search.meaning.encoder import Encoder, Vectors
from portal.search.meaning.meanings import Kept, Meanings, Written
from portal.search.meaning.passages import passages_of
from portal.search.meaning.thinking import Mind

Progress = Callable[[int, int], None]
_BATCH = 8


def follow(database: Database, mind: Mind) -> int | None:
    """Encode a few of the articles that wait, and forget those that went. Returns how many wait
    still; None when another machine is at it.
    """
    with mind.meanings.turn() as is_ours:
        if not is_ours:
            return None
        published = _published(database)
        kept = mind.meanings.kept()
        waiting = [one for one, version in published.items() if _stamp(kept, one) != version]
        gone = [one for one in kept if one not in published]
        batch = waiting[:_BATCH]
        if batch or gone:
            mind.meanings.put(_encoded(database, mind, batch, published, kept), gone=gone)
        return len(waiting) - len(batch)


def follow_all(database: Database, mind: Mind, progress: Progress) -> bool:
    """Encode everything that waits, saying how far it is; False when another machine is at it."""
    total = len(_published(database))
    while waiting := follow(database, mind):
        progress(total - waiting, total)
    return waiting is not None


def counts(database: Database, meanings: Meanings) -> tuple[int, int]:
    """How many published articles are encoded as they stand, and how many there are."""
    published, kept = _published(database), meanings.kept()
    return sum(_stamp(kept, one) == version for one, version in published.items()), len(published)


def _published(database: Database) -> dict[int, int]:
    """The published version of each article."""
    with database.reading() as db:
        rows = db.execute(select(Article.id, Article.published_version_id).where(is_published()))
        return {article: version for article, version in rows if version is not None}


def _stamp(kept: Mapping[int, Kept], article_id: int) -> int:
    return kept[article_id].version if article_id in kept else 0


def _encoded(
    database: Database,
    mind: Mind,
    batch: Sequence[int],
    published: Mapping[int, int],
    kept: Mapping[int, Kept],
) -> list[Written]:
    with database.reading() as db:
        found = list(documents(db, batch))
    return [written(mind, each, version=published[each.article_id], kept=kept) for each in found]


def written(
    mind: Mind, document: Document, *, version: int, kept: Mapping[int, Kept] | None = None
) -> Written:
    """An article with its vectors; those of passages that are `kept` already are taken over."""
    passages = passages_of(document)
    keys = tuple(passage.key for passage in passages)
    known = _known(mind.meanings, document.article_id, kept or {})
    missing = {p.key: p.text for p in passages if p.key not in known}
    made = _rows(mind.encoder, missing)
    vectors = np.stack([known[key] if key in known else made[key] for key in keys])
    places = tuple(passage.place for passage in passages)
    return Written(document.article_id, Kept(version, keys, places), vectors)


def _known(meanings: Meanings, article_id: int, kept: Mapping[int, Kept]) -> dict[str, Vectors]:
    """The vectors that the article's passages have already."""
    if article_id not in kept:
        return {}
    return dict(zip(kept[article_id].keys, meanings.vectors_of(article_id), strict=True))


def _rows(encoder: Encoder, texts: Mapping[str, str]) -> dict[str, Vectors]:
    return dict(zip(texts, encoder.encode(list(texts.values())), strict=True)) if texts else {}
