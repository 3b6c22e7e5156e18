"""How often a case is met with the right answer: `python -m benchmarks.deflection COLLECTION`.

COLLECTION is a folder with docs.jsonl (or docs.jsonl.gz), queries.jsonl and qrels.tsv. Every second
article is left out of the library, so half of the questions have no answer in it: what is offered
to those is noise.
"""

import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from portal.search.deflection import SUBJECT_EVIDENCE, probable
from portal.search.index import Document, Index, Query
from portal.search.trials import documents, rows_of, trial_index

OFFERED = 3
CANDIDATES = 10


def main(folder: Path) -> None:
    """Print what share is offered the right article, and what share any where none is right."""
    docs = next(folder.glob("docs.jsonl*"))
    kept = list(documents(docs))[::2]
    names = {number: str(row["id"]) for number, row in enumerate(rows_of(docs), start=1)}
    with trial_index("whoosh") as index:
        index.rebuild(iter(kept), revision=1)
        right, answerable, noise, hopeless = _asked(index, folder, names, kept)
    print(f"right article offered {right / answerable:.3f} of {answerable} that have one")
    print(f"something offered     {noise / hopeless:.3f} of {hopeless} that have none")


def _asked(
    index: Index, folder: Path, names: dict[int, str], kept: Sequence[Document]
) -> tuple[int, int, int, int]:
    wanted, here = _wanted(folder), {names[each.article_id] for each in kept}
    right = answerable = noise = hopeless = 0
    for row in rows_of(folder / "queries.jsonl"):
        offered = {names[number] for number in _offered(index, str(row["text"]))}
        if answers := wanted[str(row["id"])] & here:
            answerable += 1
            right += bool(offered & answers)
        else:
            hopeless += 1
            noise += bool(offered)
    return right, answerable, noise, hopeless


def _offered(index: Index, question: str) -> list[int]:
    found = index.search(Query(question, frozenset({"public"}), limit=CANDIDATES))
    best = sorted(probable(found.hits, SUBJECT_EVIDENCE), key=lambda hit: -hit.score)
    return [hit.article_id for hit in best[:OFFERED]]


def _wanted(folder: Path) -> dict[str, set[str]]:
    wanted = defaultdict(set)
    for line in (folder / "qrels.tsv").read_text().splitlines():
        question, article, grade = line.split("\t")
        if int(grade) > 0:
            wanted[question].add(article)
    return wanted


if __name__ == "__main__":
    main(Path(sys.argv[1]))
