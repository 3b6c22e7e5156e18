"""Which of the candidates answers best, by one measure for every engine.

What decides is how much of the question a title covers: a full title hit counts, a stray word in a
title hardly does. The whole text, words that stand side by side as they do in the question, and
whether every word occurs at all come to it. Every part is measured against the question's own
weight, so that long and short questions are alike.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from portal.search.index import Hit
from portal.search.shelf import Entry, Shelf

ALTERNATIVE = 0.8
"""What a synonym or another spelling is worth, beside the word itself."""


@dataclass(frozen=True)
class Levers:
    """How much each part counts; chosen on all collections together (docs/search.md)."""

    text: float = 1.0
    title_coverage: float = 1.75
    headings: float = 0.1
    summary: float = 0.1
    queries: float = 0.3
    pairs: float = 0.6
    all_words: float = 0.2
    title_fit: float = 0.4
    title_fit_covered: float = 0.4
    k1: float = 1.2
    b: float = 0.75


LEVERS = Levers()


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question: the signs of its forms, the typed one first, and its rarity."""

    forms: tuple[str, ...]
    weight: float

    def count(self, text: str) -> float:
        first, *others = self.forms
        found: float = text.count(first) if first else 0
        for other in others:
            found += ALTERNATIVE * text.count(other)
        return found


def rarity(shelf: Shelf, forms: Sequence[str]) -> float:
    """How telling a word is: the rarer in the library, the more; an unknown one half."""
    total = len(shelf.entries)
    having = max((min(map(shelf.having, form)) for form in forms if form), default=0)
    return log(1 + (total - having + 0.5) / (having + 0.5)) * (1.0 if having else 0.5)


class Scorer:
    """The measure for one question: its terms in the order typed, repeated ones too."""

    def __init__(self, shelf: Shelf, sequence: Sequence[Term], levers: Levers = LEVERS) -> None:
        self._terms = terms = tuple(dict.fromkeys(sequence))
        self._levers = levers
        self._total = sum(term.weight for term in terms) or 1.0
        self._length = shelf.average_length()
        self._title_length = shelf.average_title_length()
        self._pairs = [
            (other.forms[0], _near(one.forms[0], other.forms[0]), (one.weight + other.weight) / 2)
            for one, other in pairwise(sequence)
            if one.forms[0] and other.forms[0]
        ]
        self._pairs_total = sum(weight for *_near, weight in self._pairs) or 1.0
        self._signs = frozenset(sign for term in terms for form in term.forms for sign in form)

    def ranked(
        self, entries: Iterable[Entry], *, limit: int, worth_showing: float
    ) -> tuple[Hit, ...]:
        """The best first, without those that say next to nothing beside the best."""
        hits = [self.hit(entry) for entry in entries]
        hits.sort(key=lambda hit: (-hit.score, hit.article_id))
        least = hits[0].score * worth_showing if hits else 0.0
        return tuple(hit for hit in hits[:limit] if hit.score >= least and hit.score > 0)

    def hit(self, entry: Entry) -> Hit:
        levers, total = self._levers, self._total
        norm = levers.k1 * (1 - levers.b + levers.b * len(entry.text) / self._length)
        named = f"{entry.title}\x00{entry.named}" if entry.named else entry.title
        score, has, missing = 0.0, 0.0, False
        title_score, covered = 0.0, 0.0
        for term in self._terms:
            if entry.queries and (asked := term.count(entry.queries)):
                norm_asked = self._title_norm(entry.queries)
                score += levers.queries * self._gain(term, asked, norm_asked)
            found = term.count(entry.text)
            if not found:
                missing = True
                continue
            has += term.weight
            score += levers.text * self._gain(term, found, norm)
            if in_title := term.count(named):
                covered += term.weight
                title_score += self._gain(term, in_title, self._title_norm(named))
            score += self._elsewhere(term, entry)
        share = covered / total
        score += title_score * levers.title_coverage * share * share
        score = score / total + levers.pairs * self._nearness(entry.text, norm)
        if covered:
            fit = len(self._signs & entry.content) / len(entry.content)
            score += fit * (levers.title_fit + levers.title_fit_covered * share)
        if not missing:
            score += levers.all_words
        return Hit(entry.article_id, score, has / total)

    def _gain(self, term: Term, found: float, norm: float) -> float:
        return term.weight * found * (self._levers.k1 + 1) / (found + norm)

    def _title_norm(self, title: str) -> float:
        levers = self._levers
        return levers.k1 * (1 - levers.b + levers.b * len(title) / self._title_length)

    def _elsewhere(self, term: Term, entry: Entry) -> float:
        levers, gained = self._levers, 0.0
        if entry.headings and term.forms[0] and term.forms[0] in entry.headings:
            gained += levers.headings * term.weight
        if entry.summary and term.forms[0] and term.forms[0] in entry.summary:
            gained += levers.summary * term.weight
        return gained

    def _nearness(self, text: str, norm: float) -> float:
        """Words of the question that stand side by side in its order, or one word apart."""
        gained = 0.0
        for second, near, weight in self._pairs:
            if second in text and (found := len(near.findall(text))):
                gained += weight * found * (self._levers.k1 + 1) / (found + norm)
        return gained / self._pairs_total


def _near(first: str, second: str) -> re.Pattern[str]:
    """Finds `first` where `second` follows, or follows one word later."""
    return re.compile(f"{re.escape(first)}(?=.?{re.escape(second)})", re.DOTALL)
