"""How good the order of answers is, by the measures that everybody uses.

A golden query names the articles that answer it. nDCG@10 rewards all of them high up, MRR@10 the
first of them, recall@3 asks whether one stands among the three that people look at.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2

DEPTH = 10
LOOKED_AT = 3


class UnreadablePairsError(Exception):
    """A line of the file is no pair; the message says which and what it should be."""


@dataclass(frozen=True)
class Judgement:
    """The means over all queries, and the queries whose answers none of the first ten was."""

    queries: int
    ndcg: float
    mrr: float
    recall: float
    misses: tuple[str, ...]


def read_pairs(lines: Iterable[str]) -> dict[str, set[str]]:
    """Queries with the slugs that answer them, from "query<TAB>slug" lines or JSON lines with
    "query" and "article". Empty lines and those that begin with # say nothing.
    """
    pairs: dict[str, set[str]] = {}
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#"):
            query, slug = _pair(line, number)
            pairs.setdefault(query, set()).add(slug)
    return pairs


def _pair(line: str, number: int) -> tuple[str, str]:
    try:
        if line.lstrip().startswith("{"):
            row = json.loads(line)
            return str(row["query"]).strip(), str(row["article"]).strip()
        query, slug = line.rstrip("\n").split("\t")[:2]
    except (ValueError, KeyError):
        raise UnreadablePairsError(
            f'line {number} is neither "query<TAB>slug" nor {{"query": …, "article": …}}'
        ) from None
    return query.strip(), slug.strip()


def judge(found: Mapping[str, Sequence[str]], wanted: Mapping[str, set[str]]) -> Judgement:
    """Hold what was found, best first, against what was wanted."""
    count = len(wanted) or 1
    firsts = {query: first_place(found[query], right) for query, right in wanted.items()}
    return Judgement(
        queries=len(wanted),
        ndcg=sum(ndcg(found[query], right) for query, right in wanted.items()) / count,
        mrr=sum(1 / place for place in firsts.values() if place) / count,
        recall=sum(0 < place <= LOOKED_AT for place in firsts.values()) / count,
        misses=tuple(query for query, place in firsts.items() if not place),
    )


def ndcg(found: Sequence[str], right: Collection[str]) -> float:
    """Discounted gain of the first ten, as a share of the best order possible."""
    gained = sum(1 / log2(place + 2) for place, one in enumerate(found[:DEPTH]) if one in right)
    best = sum(1 / log2(place + 2) for place in range(min(DEPTH, len(right))))
    return gained / best if best else 0.0


def first_place(found: Sequence[str], right: Collection[str]) -> int:
    """The place of the first right one, counted from 1; 0 when the first ten have none."""
    return next((place for place, one in enumerate(found[:DEPTH], 1) if one in right), 0)
