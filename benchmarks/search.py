"""Search, engine by engine: `python -m benchmarks.search CORPUS [COUNT …] [--postgres URL]`.

CORPUS is a JSON lines file of {"id", "title", "text"}, packed or not; a larger library than it
holds is made of perturbed copies. For each count prints rebuilding, opening, memory, the pipeline
before the engine, search with excerpts, suggestions and published-to-found; beside them tantivy
alone and SQLite FTS5 in the same run.
"""

import argparse
import random
import resource
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import tantivy

from portal.search.excerpts import Marker, excerpt
from portal.search.index import Document, Index, Query
from portal.search.spelling import Speller
from portal.search.stemming import stem
from portal.search.tantivy_index import TantivyIndex
from portal.search.trials import rows_of, trial_index
from portal.search.understanding import understand
from portal.search.whoosh_index import WhooshIndex

ANYONE = frozenset({"public"})
QUERIES, CHANGES, SEED = 300, 20, 4


def library(corpus: Path, count: int) -> list[Document]:
    """So many articles: those of the corpus, then copies with a tenth of their words exchanged."""
    rows = list(rows_of(corpus))
    dice = random.Random(SEED)
    words = [word for row in rows for word in str(row["text"]).split()[:40]]
    return [_document(number, rows, words, dice) for number in range(count)]


def _document(
    number: int, rows: list[dict[str, Any]], words: list[str], dice: random.Random
) -> Document:
    row = rows[number % len(rows)]
    title, text = str(row["title"]), str(row["text"])
    if number >= len(rows):
        text = " ".join(dice.choice(words) if dice.random() < 0.1 else w for w in text.split())
        title = f"{title} {dice.choice(words)} {number}"
    return Document(number + 1, title, "", "", "", text, "articles", ("public",))


def questions(documents: list[Document]) -> list[str]:
    """Words of titles, every third with a typing error, every fourth with words of the text."""
    dice = random.Random(SEED)
    asked = []
    for place in range(QUERIES):
        document = dice.choice(documents)
        words = [word for word in document.title.split() if word.isalnum()][:6] or ["help"]
        if place % 4 == 0:
            words = dice.sample(document.body.split() or words, k=min(5, len(words) + 2))
        if place % 3 == 0:
            longest = max(words, key=len)
            words[words.index(longest)] = longest[:2] + longest[3:]
        asked.append(" ".join(words))
    return asked


def figures(times: list[float]) -> str:
    times = sorted(times)
    half, most = statistics.median(times), times[int(len(times) * 0.95)]
    return f"p50 {half * 1e3:8.2f} ms   p95 {most * 1e3:8.2f} ms"


def timed(call: Callable[[str], object], texts: list[str]) -> list[float]:
    for text in texts[:20]:
        call(text)
    times = []
    for text in texts:
        begins = time.perf_counter()
        call(text)
        times.append(time.perf_counter() - begins)
    return times


def line(engine: str, what: str, said: str) -> None:
    print(f"{engine:10} {what:36} {said}", flush=True)


def measure(engine: str, index: Index, documents: list[Document]) -> None:
    texts = {document.article_id: document.body for document in documents}
    asked = questions(documents)
    before = memory()
    begins = time.perf_counter()
    index.rebuild(iter(documents), revision=1)
    line(engine, "rebuild", f"{time.perf_counter() - begins:8.1f} s")
    begins = time.perf_counter()
    index.search(Query("warm up", ANYONE))
    line(engine, "open, first search", f"{time.perf_counter() - begins:8.2f} s")

    def whole(text: str) -> None:
        found = index.search(Query(text, ANYONE))
        marker = Marker(found.stems, stem)
        for hit in found.hits[:10]:
            excerpt(texts[hit.article_id], "", marker)

    line(engine, "search with excerpts", figures(timed(whole, asked)))
    prefixes = [text[: 2 + place % 9] for place, text in enumerate(asked)]
    suggest = timed(lambda typed: index.suggest(typed, audiences=ANYONE, limit=8), prefixes)
    line(engine, "suggestions", figures(suggest))
    line(engine, "published to found", figures(list(published(index))))
    line(engine, "memory of this process grew by", f"{memory() - before:8.0f} MB")


def published(index: Index) -> Iterator[float]:
    """From the start of a commit of one article to the first search that finds it."""
    for number in range(CHANGES):
        word = f"zq{number}x"
        made = Document(900_000 + number, f"About {word}", "", "", "", word, "new", ("public",))
        begins = time.perf_counter()
        index.update([made], gone=[], revision=2 + number)
        assert index.search(Query(word, ANYONE)).hits
        yield time.perf_counter() - begins


def pipeline(documents: list[Document]) -> None:
    """What a question costs before any engine is asked."""
    with trial_index("tantivy") as index:
        index.rebuild(iter(documents), revision=1)
        with index._keeper.held() as (shelf, _engine):  # type: ignore[attr-defined]
            speller = Speller()
            speller.follow(shelf)
            times = timed(
                lambda text: understand(Query(text, ANYONE), shelf, speller), questions(documents)
            )
    line("pipeline", "before any engine", figures(times))


def raw_tantivy(documents: list[Document], folder: Path) -> None:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("title", stored=True, tokenizer_name="en_stem")
    builder.add_text_field("text", stored=True, tokenizer_name="en_stem")
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(64_000_000, num_threads=1)
    begins = time.perf_counter()
    for one in documents:
        writer.add_document(tantivy.Document(title=[one.title], text=[one.body]))
    writer.commit()
    writer.wait_merging_threads()
    line("tantivy*", "rebuild", f"{time.perf_counter() - begins:8.1f} s")
    index.reload()
    searcher = index.searcher()

    def ask(text: str) -> None:
        safe = " ".join(word for word in text.split() if word.isalnum()) or "help"
        query = index.parse_query(safe, ["title", "text"], field_boosts={"title": 3.0})
        for _score, address in searcher.search(query, 10).hits:
            searcher.doc(address)

    line("tantivy*", "search, no excerpts", figures(timed(ask, questions(documents))))


def raw_fts5(documents: list[Document], folder: Path) -> None:
    db = sqlite3.connect(folder / "fts5.db")
    db.execute("CREATE VIRTUAL TABLE entry USING fts5(title, text, tokenize='porter unicode61')")
    begins = time.perf_counter()
    rows = ((one.article_id, one.title, one.body) for one in documents)
    db.executemany("INSERT INTO entry(rowid, title, text) VALUES (?, ?, ?)", rows)
    db.commit()
    line("FTS5*", "rebuild", f"{time.perf_counter() - begins:8.1f} s")
    statement = (
        "SELECT rowid, snippet(entry, 1, '[', ']', '…', 24) FROM entry WHERE entry MATCH ?"
        " ORDER BY bm25(entry, 3, 1) LIMIT 10"
    )

    def ask(text: str) -> None:
        safe = " OR ".join(f'"{word}"' for word in text.replace('"', " ").split()) or '"help"'
        db.execute(statement, (safe,)).fetchall()

    line("FTS5*", "search with snippets", figures(timed(ask, questions(documents))))


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("counts", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--postgres", help="a PostgreSQL that lends a schema")
    parser.add_argument("--without", action="append", default=[], help="an engine to leave out")
    asked = parser.parse_args()
    for count in asked.counts:
        print(f"\n{count:,} articles (* alone, without the portal's own order)")
        _measure_all(library(asked.corpus, count), asked.postgres, asked.without)


def _measure_all(documents: list[Document], postgres: str | None, without: list[str]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="benchmark-search-"))
    try:
        for engine, opened in (("tantivy", TantivyIndex), ("whoosh", WhooshIndex)):
            if engine not in without:
                measure(engine, opened(folder / engine), documents)
        if postgres:
            with trial_index("postgres", postgres) as index:
                measure("postgres", index, documents)
        pipeline(documents)
        for name, raw in (("raw", raw_tantivy), ("fts5", raw_fts5)):
            (folder / name).mkdir()
            raw(documents, folder / name)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
