"""Search by meaning beside words alone: `python -m benchmarks.meaning CORPUS [COUNT]`.

CORPUS is what benchmarks/real_articles.py reads. Some articles are encoded in
truth, which says how many a second; the vectors of the others are those, a little turned, so that
COUNT articles (10,000 unless told otherwise) are there to be scanned. Goals stand beside figures.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks import real_articles
from benchmarks.search import ANYONE, line, questions, timed
from portal.search.excerpts import Marker
from portal.search.index import Document, Query
from portal.search.meaning.encoder import Encoder
from portal.search.meaning.folder import MeaningFolder
from portal.search.meaning.following import written
from portal.search.meaning.meanings import Kept, Written
from portal.search.meaning.numpy_encoder import NumpyEncoder
from portal.search.meaning.onnx_encoder import OnnxEncoder
from portal.search.meaning.passages import passages_of
from portal.search.meaning.thinking import Mind, Thinking
from portal.search.meaning.weights import model_files
from portal.search.ranked import RankedIndex
from portal.search.results import passage_for
from portal.search.stemming import stem
from portal.search.tantivy_index import TantivyIndex

ENCODED = 60
SEED = 4


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path)
    asked.add_argument("count", type=int, nargs="?", default=10_000)
    given = asked.parse_args()
    documents = list(real_articles.documents(given.corpus, given.count))
    with tempfile.TemporaryDirectory(prefix="meaning-") as name:
        measure(Path(name), documents)


def measure(folder: Path, documents: list[Document]) -> None:
    index = TantivyIndex(folder / "index")
    index.rebuild(iter(documents), revision=1)
    asked = questions(documents)
    whole = searcher(index, documents)
    line("words", "whole search with excerpts", timed(whole, asked))
    quick = OnnxEncoder(model_files(), folder)
    kept: list[Written] = []
    for encoder, goal in ((quick, 15), (NumpyEncoder(model_files()), 25)):
        runner = type(encoder).__name__.removesuffix("Encoder").lower()
        line(runner, "a question's vector", timed(encoded(encoder), asked))
        mind = Mind(encoder, MeaningFolder(folder, encoder.name, encoder.dimensions))
        kept = fill(runner, mind, documents, kept)
        index.think(Thinking(lambda mind=mind: mind, waits=True))  # type: ignore[misc]
        said = timed(searcher(index, documents), [f"{text} ?" for text in asked])
        line(runner, f"whole search (goal: p95 {goal} ms)", said)
        change(runner, documents[0])
    line("onnx", "memory of a web process grows by", of_one_process(folder))


def searcher(index: RankedIndex, documents: Sequence[Document]) -> Callable[[str], None]:
    texts = {document.article_id: document.body for document in documents}

    def search(text: str) -> None:
        found = index.search(Query(text, ANYONE))
        marker = Marker(found.stems, stem)
        for hit in found.hits[:10]:
            passage_for(texts[hit.article_id], "", marker, hit)

    return search


def of_one_process(folder: Path) -> str:
    """What meaning takes of a web process that is opened now."""
    command = [sys.executable, "-m", "benchmarks.meaning_process", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def encoded(encoder: Encoder) -> Callable[[str], object]:
    return lambda text: encoder.encode([text])


def fill(runner: str, mind: Mind, documents: list[Document], known: list[Written]) -> list[Written]:
    """Encode some articles, then keep their vectors, turned a little, for all of them."""
    begins = time.process_time()
    made = [written(mind, one, version=1) for one in documents[:ENCODED]]
    rate = ENCODED / (time.process_time() - begins)
    line(runner, "articles encoded a second (goal 5)", f"{rate:8.1f}")
    made = known or made
    dice = np.random.default_rng(SEED)
    for start in range(0, len(documents), 500):
        batch = documents[start : start + 500]
        mind.meanings.put([turned(made[one.article_id % len(made)], one, dice) for one in batch])
    return made


def turned(model: Written, document: Document, dice: np.random.Generator) -> Written:
    noise = dice.normal(0, 0.03, model.vectors.shape).astype(np.float32)
    vectors = model.vectors + noise
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    kept = Kept(1, model.kept.keys, model.kept.places)
    return Written(document.article_id, kept, vectors)


def change(runner: str, document: Document) -> None:
    """One paragraph of an article of twenty sections is changed."""
    parts = [f"Part {number}\nword{number} {document.body[:400]}" for number in range(20)]
    headings = "\n".join(f"Part {number}" for number in range(20))
    before = replace(document, headings=headings, body="\n".join(parts))
    parts[7] = f"Part 7\nanother {document.body[:300]}"
    after = replace(before, body="\n".join(parts))
    known = {passage.key for passage in passages_of(before)}
    fresh = [passage for passage in passages_of(after) if passage.key not in known]
    total = len(passages_of(after))
    line(runner, "passages encoded of a changed article", f"{len(fresh):8} of {total}")


if __name__ == "__main__":
    main()
