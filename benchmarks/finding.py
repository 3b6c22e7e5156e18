"""Search in a served portal: `python -m benchmarks.finding CORPUS [--articles N] [--engine NAME]`.

Makes a home with so many real articles (benchmarks/real_articles.py says how they are made), then
measures what its people and writers meet: how long `portal search rebuild` takes and whether search
answers meanwhile, suggestions and results over HTTP, the memory of the web process, and, while four
processes publish at once, how long after its commit an article is found.
"""

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import escape
from pathlib import Path
from urllib.parse import quote

import portal.entities  # noqa: F401  (the whole schema)
from benchmarks.processes import Server, free_port, serving
from benchmarks.real_articles import documents
from benchmarks.shelves import PORTAL, run_portal
from portal.clock import now
from portal.database import Database
from portal.knowledge.article import Article, ArticleType, Category, Status, Version
from portal.knowledge.cleaning import CLEANER
from portal.knowledge.noting import touch
from portal.search.index import Document

WRITERS, EACH, POLL_SECONDS = 4, 10, 0.03
BROWSER = {"User-Agent": "Mozilla/5.0 (benchmark)"}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path)
    asked.add_argument("--articles", type=int, default=10_000)
    asked.add_argument("--engine", choices=("whoosh", "tantivy"), default="whoosh")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PORTAL_HOME"] = folder
        os.environ["PORTAL_SEARCH_ENGINE"] = given.engine
        run_portal(Path(folder), "demo")
        known = list(documents(given.corpus, given.articles))
        _store(Database(f"sqlite:///{folder}/portal.db"), known)
        print(f"{given.engine}, {given.articles:,} articles in a served portal", flush=True)
        _rebuild(Path(folder))
        port = free_port()
        command = [PORTAL, "serve", "--port", str(port)]
        with serving(command, port=port, environment={}, serves="serve") as server:
            _measure(server, [one.title for one in known])


def _measure(server: Server, titles: list[str]) -> None:
    picked = titles[:: max(1, len(titles) // 300)][:300]
    prefixes = [title[: 2 + place % 12] for place, title in enumerate(picked)]
    _ask(server, "/search/suggestions?q=", prefixes[:5])
    goal = "p95 at most 25 ms at 10,000"
    _say("suggestions over HTTP", *_ask(server, "/search/suggestions?q=", prefixes), goal)
    _say("results over HTTP", *_ask(server, "/search?q=", picked), "none")
    memory = f"{server.peak_memory_mb():.0f} MB"
    print(f"{'memory of the web process, at most':38}{memory:34}goal 200 MB at 10,000", flush=True)
    goal = "p95 at most 1 s at 10,000"
    _say(f"published to found, {WRITERS} writers", _found_after(server.port), None, goal)


def _say(what: str, seconds: list[float], cpu_ms: float | None, goal: str) -> None:
    half, most = statistics.median(seconds), sorted(seconds)[int(len(seconds) * 0.95)]
    figures = f"p50 {half * 1e3:8.1f} ms   p95 {most * 1e3:8.1f} ms"
    cpu = f"CPU {cpu_ms:6.1f} ms   " if cpu_ms is not None else ""
    print(f"{what:38}{figures:34}{cpu}goal {goal}", flush=True)


def _store(database: Database, known: list[Document]) -> None:
    """Publish the articles in one transaction, their HTML being plain paragraphs."""
    at = now()
    with database.writing() as db:
        shelves = {
            one.category: Category(slug=f"s-{one.category}", title=one.category) for one in known
        }
        db.add_all(shelves.values())
        articles = [
            Article(
                slug=f"real-{one.article_id}",
                category=shelves[one.category],
                status=Status.PUBLISHED,
                type=ArticleType.REFERENCE,
                created_at=at,
                updated_at=at,
                published_at=at,
            )
            for one in known
        ]
        db.add_all(articles)
        db.flush()
        for article, one in zip(articles, known, strict=True):
            article.published = _version(article, one)
        db.flush()
        touch(db, "library", *(f"article:{article.id}" for article in articles), now=at)
    database.close()


def _version(article: Article, one: Document) -> Version:
    return Version(
        article_id=article.id,
        number=1,
        title=one.title[:200],
        summary=one.summary[:500],
        body=one.body,
        html="".join(f"<p>{escape(line)}</p>" for line in one.body.split("\n")),
        text=one.body,
        cleaner=CLEANER,
        content_hash=f"{one.article_id:064x}",
        created_at=article.created_at,
    )


def _rebuild(home: Path) -> None:
    begins = time.perf_counter()
    run_portal(home, "search", "rebuild")
    took = f"{time.perf_counter() - begins:.1f} s, the old index serving"
    print(f"{'portal search rebuild':38}{took:34}goal 60 s at 10,000", flush=True)


def _ask(server: Server, address: str, texts: list[str]) -> tuple[list[float], float]:
    """How long each took, and the server's processor time for one."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    seconds, before = [], server.cpu_ms()
    for text in texts:
        begins = time.perf_counter()
        _get(connection, f"{address}{quote(text)}")
        seconds.append(time.perf_counter() - begins)
    connection.close()
    return seconds, (server.cpu_ms() - before) / len(texts)


def _get(connection: http.client.HTTPConnection, path: str) -> str:
    connection.request("GET", path, headers=BROWSER)
    response = connection.getresponse()
    said = response.read().decode()
    if response.status != 200:
        raise SystemExit(f"GET {path} answered {response.status}")
    return said


def _found_after(port: int) -> list[float]:
    """How long each article takes from its writer's commit to a results page that lists it."""
    with ThreadPoolExecutor(WRITERS) as pool:
        return [
            one
            for each in pool.map(lambda n: list(_watch(port, n)), range(WRITERS))
            for one in each
        ]


def _watch(port: int, writer: int) -> Iterator[float]:
    """One writer, a process that publishes and then says what; the clock runs from what it says."""
    command = [sys.executable, "-m", "benchmarks.publisher", "--new", str(writer), str(EACH)]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        for line in process.stdout:
            word, committed_at = line.split()
            while f"/articles/{word}" not in _get(connection, f"/search?q={word}&exact=1"):
                time.sleep(POLL_SECONDS)
            yield time.time() - float(committed_at)
            process.stdin.write("found\n")
            process.stdin.flush()


if __name__ == "__main__":
    main()
