"""Which of the candidates answers best: the one whose title covers the question.

A full title hit counts, a stray word in a title hardly does: the share of the question that the
title covers is squared. The writers' search words count as if they stood in the title.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

TITLE_WEIGHT = 1.5
FIT_WEIGHT = 0.4
ALL_WORDS_WEIGHT = 0.2
WORTH_SHOWING = 0.1
"""Hits below this share of the best one's score are not shown."""


@dataclass(frozen=True)
class Candidate:
    """An article that the index offers, with the stems of the question that it has."""

    article_id: int
    text_score: float
    has: Set[str]
    title_stems: Set[str]
    search_stems: Set[str]


def rank(
    candidates: Iterable[Candidate],
    weights: Mapping[str, float],
    *,
    worth_showing: float = WORTH_SHOWING,
) -> list[tuple[float, float, int]]:
    """(score, coverage, article id), best first. `weights` are the question's stems with how
    telling each one is; `coverage` is the share of the question that the article speaks of.
    """
    total = sum(weights.values()) or 1.0
    ranked = sorted(
        ((_score(one, weights, total), _share(one.has, weights, total), one.article_id))
        for one in candidates
    )
    ranked.sort(key=lambda entry: (-entry[0], entry[2]))
    best = ranked[0][0] if ranked else 0.0
    return [entry for entry in ranked if entry[0] >= best * worth_showing]


def _share(has: Set[str], weights: Mapping[str, float], total: float) -> float:
    return sum(weights[stem] for stem in has if stem in weights) / total


def _score(candidate: Candidate, weights: Mapping[str, float], total: float) -> float:
    in_title = candidate.title_stems & weights.keys()
    named = in_title | (candidate.search_stems & weights.keys())
    coverage = _share(named, weights, total)
    fit = len(in_title) / (len(candidate.title_stems) or 1)
    everything = ALL_WORDS_WEIGHT if weights.keys() <= candidate.has else 0.0
    text = candidate.text_score / total
    return text + TITLE_WEIGHT * coverage**2 + FIT_WEIGHT * fit * coverage + everything
