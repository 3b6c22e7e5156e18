"""Meaning and words together: each article's nearness joins its score, and the better of both wins.

The scores of both kinds are stretched over their own range and added. A question in sentences
leans on meaning, key words on words (docs/search.md has the measurements). An article whose
vectors aren't made yet keeps the place that its words give it.
"""

from collections.abc import Mapping, Sequence

from portal.search.index import Hit
from portal.search.meaning.meanings import Near
from portal.search.words import STOP_WORDS

SENTENCE_WEIGHT, KEY_WORDS_WEIGHT = 0.66, 0.5
SENTENCE_STOP_WORDS = 2
LEAST_COSINE = 0.3
"""Below this, two texts have next to nothing in common; words alone then decide."""
_SCORE_WITHOUT_WORDS = 2.0


def weight_of(words: Sequence[str]) -> float:
    """How much meaning counts for a question, from 0 to 1."""
    stops = sum(word in STOP_WORDS for word in words)
    return SENTENCE_WEIGHT if stops >= SENTENCE_STOP_WORDS else KEY_WORDS_WEIGHT


def fused(
    hits: Sequence[Hit], near: Mapping[int, Near], *, weight: float, limit: int
) -> tuple[Hit, ...]:
    """The articles found by words or by meaning, best first; scores stay on the scale of words."""
    by_words = {hit.article_id: hit for hit in hits}
    scale = max((hit.score for hit in hits), default=0.0) or _SCORE_WITHOUT_WORDS
    lowest = min((hit.score for hit in hits), default=0.0)
    cosines = [each.cosine for each in near.values()]
    far, close = min(cosines, default=0.0), max(cosines, default=0.0)
    found = []
    for article in {*by_words, *(one for one, each in near.items() if each.cosine >= LEAST_COSINE)}:
        hit = by_words.get(article) or Hit(article, lowest, 0.0)
        score, cosine, place = _stretched(hit.score, lowest, scale), hit.cosine, hit.place
        if (each := near.get(article)) is not None:
            score = weight * _stretched(each.cosine, far, close) + (1 - weight) * score
            cosine, place = each.cosine, each.place
        found.append(Hit(article, score * scale, hit.coverage, cosine, place))
    found.sort(key=lambda hit: (-hit.score, hit.article_id))
    return tuple(found[:limit])


def _stretched(value: float, lowest: float, highest: float) -> float:
    return (value - lowest) / (highest - lowest) if highest > lowest else 1.0
