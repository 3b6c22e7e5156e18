"""Search, engine by engine: `python -m benchmarks.search CORPUS [COUNT …] [--postgres URL]`.

CORPUS is what benchmarks/real_articles.py reads; it says there how a library larger than the corpus
is made. Each engine answers the same questions through the whole pipeline, excerpts included;
beside them stand tantivy and SQLite FTS5 alone, in the same run. Latency is what a clock says, CPU
is this process's alone (PostgreSQL's own work is not in it). Every figure has its goal beside it.
"""

import argparse
import random
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

import tantivy

from benchmarks.real_articles import documents
from portal.languages import Languages
from portal.search import in_languages
from portal.search.excerpts import Marker, excerpt
from portal.search.index import Document, Index, Query
from portal.search.spelling import Speller
from portal.search.stemming import stem
from portal.search.tantivy_index import TantivyIndex
from portal.search.trials import trial_index
from portal.search.understanding import understand
from portal.search.whoosh_index import WhooshIndex

ANYONE = frozenset({"public"})
QUERIES, CHANGES, SEED = 300, 20, 4
TRANSLATED = 20_000_000
LARGE = 100_000
GOALS = {
    ("tantivy", 10_000): "p95 10 ms",
    ("whoosh", 10_000): "p95 60 ms",
    ("postgres", 10_000): "p95 30 ms",
    ("tantivy", LARGE): "p95 20 ms",
    ("postgres", LARGE): "p95 150 ms",
}
SUGGESTING = {10_000: "p95 10 ms", LARGE: "p95 25 ms"}


@dataclass(frozen=True)
class Took:
    """What each call took, in seconds by the clock and of this process's processor."""

    wall: list[float]
    cpu: list[float]

    def note(self, act: Callable[[], object]) -> None:
        begins, busy = time.perf_counter(), time.process_time()
        act()
        self.cpu.append(time.process_time() - busy)
        self.wall.append(time.perf_counter() - begins)

    def __str__(self) -> str:
        wall, cpu = sorted(self.wall), sorted(self.cpu)
        late = int(len(wall) * 0.95)
        return (
            f"p50 {statistics.median(wall) * 1e3:7.2f}   p95 {wall[late] * 1e3:7.2f} ms"
            f"   CPU {statistics.median(cpu) * 1e3:6.2f} / {cpu[late] * 1e3:6.2f} ms"
        )


def questions(known: list[Document]) -> list[str]:
    """Words of titles; every third with a typing error, every fourth with words of the text."""
    dice = random.Random(SEED)
    asked = []
    for place in range(QUERIES):
        document = dice.choice(known)
        words = [word for word in document.title.split() if word.isalnum()][:6] or ["help"]
        if place % 4 == 0:
            words = dice.sample(document.body.split() or words, k=min(5, len(words) + 2))
        if place % 3 == 0:
            longest = max(words, key=len)
            words[words.index(longest)] = longest[:2] + longest[3:]
        asked.append(" ".join(words))
    return asked


def timed(call: Callable[[str], object], texts: list[str]) -> Took:
    for text in texts[:20]:
        call(text)
    took = Took([], [])
    for text in texts:
        took.note(partial(call, text))
    return took


def line(engine: str, what: str, said: object, goal: str = "") -> None:
    print(f"{engine:10}{what:34} {said!s:62}{f'goal {goal}' if goal else ''}", flush=True)


def measure(engine: str, index: Index, known: list[Document]) -> None:
    """One engine's figures, from building to publishing."""
    by_id = {document.article_id: document for document in known}
    asked = questions(known)
    goal = "60 s" if len(known) == 10_000 else ""
    line(engine, "rebuild", seconds(lambda: index.rebuild(iter(known), revision=1)), goal)
    line(engine, "open, first search", seconds(lambda: index.search(Query("warm up", ANYONE))))

    def whole(text: str) -> None:
        found = index.search(Query(text, ANYONE))
        marker = Marker(found.stems, stem)
        for hit in found.hits[:10]:
            document = by_id[hit.article_id]
            excerpt(document.body, document.summary, marker)

    goal = GOALS.get((engine, len(known)), "")
    line(engine, "search with excerpts", timed(whole, asked), goal)
    prefixes = [text[: 2 + place % 9] for place, text in enumerate(asked)]
    suggest = timed(lambda typed: index.suggest(typed, audiences=ANYONE, limit=8), prefixes)
    line(engine, "suggestions", suggest, SUGGESTING.get(len(known), ""))
    words = [f"zq{number}x" for number in range(CHANGES)]
    publishing = (published(index, word, 2 + place) for place, word in enumerate(words))
    line(engine, "commit, then found", Took(*map(list, zip(*publishing, strict=True))))
    two_languages(engine, index, known)


def two_languages(engine: str, index: Index, known: list[Document]) -> None:
    """The whole library once more, as German: each question in one language and, by turns, in both.
    Every word is known in both, so that no search is spared.
    """
    again = (replace(one, article_id=one.article_id + TRANSLATED, language="de") for one in known)
    index.rebuild(chain(known, again), revision=1_000)
    asked = [Query(text, ANYONE, language="en") for text in questions(known)]
    one, both, readers = Took([], []), Took([], []), Languages("en", "en")
    for query in asked[:20]:
        in_languages.search(index, query, readers)
    for query in asked:
        one.note(partial(index.search, query))
        both.note(partial(in_languages.search, index, query, readers))
    times = statistics.median(both.cpu) / statistics.median(one.cpu)
    line(engine, "one language of two", one)
    line(engine, "both languages", both)
    line(engine, "both beside one, CPU", f"{times:.2f} times", "2.5 times")


def published(index: Index, word: str, revision: int) -> tuple[float, float]:
    """From the start of a commit of one article to the first search that finds it."""
    made = Document(9_000_000 + revision, f"About {word}", "", "", "", word, "new", ("public",))
    begins, busy = time.perf_counter(), time.process_time()
    index.update([made], gone=[], revision=revision)
    assert index.search(Query(word, ANYONE)).hits
    return time.perf_counter() - begins, time.process_time() - busy


def seconds(act: Callable[[], object]) -> str:
    begins = time.perf_counter()
    act()
    return f"{time.perf_counter() - begins:7.1f} s"


def pipeline(index: Index, known: list[Document]) -> None:
    """What a question costs before any engine is asked."""
    with index._keeper.held() as (shelves, _engine):  # type: ignore[attr-defined]
        shelf = shelves["en"]
        speller = Speller()
        speller.follow(shelf)
        took = timed(lambda text: understand(Query(text, ANYONE), shelf, speller), questions(known))
    line("all", "before the engine", took, "p50 1 ms")


def raw_tantivy(known: list[Document], folder: Path) -> None:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("title", stored=True, tokenizer_name="en_stem")
    builder.add_text_field("text", stored=True, tokenizer_name="en_stem")
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(64_000_000, num_threads=1)

    def build() -> None:
        for one in known:
            writer.add_document(tantivy.Document(title=[one.title], text=[one.body]))
        writer.commit()
        writer.wait_merging_threads()

    line("tantivy*", "rebuild", seconds(build))
    index.reload()
    searcher = index.searcher()

    def ask(text: str) -> None:
        safe = " ".join(word for word in text.split() if word.isalnum()) or "help"
        query = index.parse_query(safe, ["title", "text"], field_boosts={"title": 3.0})
        snippets = tantivy.SnippetGenerator.create(searcher, query, index.schema, "text")
        for _score, address in searcher.search(query, 10).hits:
            snippets.snippet_from_doc(searcher.doc(address))

    line("tantivy*", "search with snippets", timed(ask, questions(known)))


def raw_fts5(known: list[Document], folder: Path) -> None:
    db = sqlite3.connect(folder / "fts5.db")
    db.execute("CREATE VIRTUAL TABLE entry USING fts5(title, text, tokenize='porter unicode61')")
    rows = ((one.article_id, one.title, one.body) for one in known)

    def build() -> None:
        db.executemany("INSERT INTO entry(rowid, title, text) VALUES (?, ?, ?)", rows)
        db.commit()

    line("FTS5*", "rebuild", seconds(build))
    statement = (
        "SELECT rowid, snippet(entry, 1, '[', ']', '…', 24) FROM entry WHERE entry MATCH ?"
        " ORDER BY bm25(entry, 3, 1) LIMIT 10"
    )

    def ask(text: str) -> None:
        safe = " OR ".join(f'"{word}"' for word in text.replace('"', " ").split()) or '"help"'
        db.execute(statement, (safe,)).fetchall()

    line("FTS5*", "search with snippets", timed(ask, questions(known)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("counts", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--postgres", help="a PostgreSQL that lends a schema")
    parser.add_argument("--without", action="append", default=[], help="an engine to leave out")
    asked = parser.parse_args()
    for count in asked.counts:
        print(f"\n{count:,} articles (* alone, without the portal's own pipeline)")
        _measure_all(list(documents(asked.corpus, count)), asked.postgres, asked.without)


def _measure_all(known: list[Document], postgres: str | None, without: list[str]) -> None:
    for engine, index in _engines(known, postgres, without):
        measure(engine, index, known)
        if engine == "tantivy":
            pipeline(index, known)
    for raw in (raw_tantivy, raw_fts5):
        folder = Path(tempfile.mkdtemp(prefix="benchmark-search-"))
        try:
            raw(known, folder)
        finally:
            shutil.rmtree(folder)


def _engines(
    known: list[Document], postgres: str | None, without: list[str]
) -> Iterator[tuple[str, Index]]:
    with tempfile.TemporaryDirectory(prefix="benchmark-search-") as folder:
        if "tantivy" not in without:
            yield "tantivy", TantivyIndex(Path(folder) / "tantivy")
        if "whoosh" in without or len(known) > LARGE // 2:
            line("whoosh", "", "left out" if "whoosh" in without else "build too slow")
        else:
            yield "whoosh", WhooshIndex(Path(folder) / "whoosh")
    if postgres:
        with trial_index("postgres", postgres) as index:
            yield "postgres", index


if __name__ == "__main__":
    main()
