"""What learning from use is worth: `python -m benchmarks.learning COLLECTION`.

COLLECTION is a folder with docs.jsonl, queries.jsonl and qrels.tsv. Every second query is the past:
two visitors asked it and were helped by its article, one question in five by a wrong one. The
other half is measured without and with what was learned (nDCG@10).
"""

import json
import random
import sys
import tempfile
from collections import defaultdict
from dataclasses import replace
from math import log2
from pathlib import Path

import portal.entities  # noqa: F401  (the whole schema)
from portal.clock import now
from portal.database import Base, Database
from portal.knowledge.article import ArticleType, Audience, Category
from portal.knowledge.publishing import publish
from portal.knowledge.reader import ANYONE
from portal.knowledge.versioning import add_article
from portal.knowledge.words import Facts, Words
from portal.search import indexing, learned, searching
from portal.search.opening import open_index
from portal.search.words import query_words
from portal.settings import Settings

WRONG = 0.2


def main(folder: Path) -> None:
    """Print both measures and their difference."""
    with tempfile.TemporaryDirectory() as home:
        url = f"sqlite:///{home}/portal.db"
        settings = Settings(Path(home), "s" * 40, "http://localhost", url)
        database, index = Database(url), open_index(replace(settings))
        Base.metadata.create_all(database.engine)
        ids = _library(database, folder)
        indexing.rebuild(database, index)
        wanted, queries = _wanted(folder, ids), _lines(folder / "queries.jsonl")
        before = _measure(database, index, queries[1::2], wanted)
        _past(database, queries[::2], wanted, sorted(ids.values()))
        after = _measure(database, index, queries[1::2], wanted)
        print(f"without {before:.3f}   with {after:.3f}   difference {after - before:+.3f}")
        database.close()


def _library(database: Database, folder: Path) -> dict[str, int]:
    ids = {}
    with database.writing() as db:
        shelf = Category(slug="all", title="All")
        db.add(shelf)
        for row in _lines(folder / "docs.jsonl"):
            words = Words(title=row["title"], body=row["text"], summary="", search_words=())
            facts = Facts(category=shelf, type=ArticleType.FAQ, audience=Audience.PUBLIC)
            made = add_article(db, slug=row["id"], words=words, facts=facts, by=None, now=now())
            publish(db, article=made, by=None, now=now())
            ids[row["id"]] = made.id
    return ids


def _past(database: Database, queries: list, wanted: dict, every: list[int]) -> None:
    chance = random.Random(7)
    with database.writing() as db:
        for row in queries:
            right = chance.random() >= WRONG
            article_id = next(iter(wanted[row["id"]])) if right else chance.choice(every)
            for voter in ("one", "another"):
                words = " ".join(query_words(row["text"]))
                learned.vote(
                    db, words=words, article_id=article_id, voter=voter, weight=1.0, now=now()
                )


def _measure(database: Database, index: object, queries: list, wanted: dict) -> float:
    gains = []
    with database.reading() as db:
        for row in queries:
            found = searching.search(db, index, text=row["text"], reader=ANYONE).items
            hits = [item.article_id in wanted[row["id"]] for item in found[:10]]
            best = sum(1 / log2(place + 2) for place in range(min(len(wanted[row["id"]]), 10)))
            gains.append(sum(hit / log2(place + 2) for place, hit in enumerate(hits)) / best)
    return sum(gains) / len(gains)


def _wanted(folder: Path, ids: dict[str, int]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, document, *_judgement = line.split("\t")
        found[query].add(ids[document])
    return found


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
