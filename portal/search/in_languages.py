"""A question in a library of several languages: asked in the reader's, then in the others.

What is found elsewhere counts too, and each article is shown once, in the language that suits the
reader best.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from sqlalchemy.orm import Session

from portal.knowledge.reader import Reader
from portal.knowledge.translations import best_of_groups
from portal.languages import Languages
from portal.search.grammar import grammar_of
from portal.search.index import Found, Hit, Index, Query


def search(index: Index, query: Query, languages: Languages) -> Found:
    """The hits of all languages. Whose words are known as they stand is asked in that language:
    they are no typing errors in another. Raises IndexUnavailableError.
    """
    first, *others = _order(index, languages)
    own = index.search(replace(query, language=first))
    telling = replace(query, text=_telling(query.text, first))
    strict = replace(telling, forgives=False)
    found = {first: own} | {tag: index.search(replace(strict, language=tag)) for tag in others}
    if own.corrections and any(found[tag].hits for tag in others):
        found[first] = index.search(replace(query, language=first, forgives=False))
    elif not any(one.hits for one in found.values()) and query.forgives:
        found |= {tag: index.search(replace(telling, language=tag)) for tag in others}
    hits = sorted(
        chain.from_iterable(one.hits for one in found.values()),
        key=lambda hit: (-hit.score, hit.article_id),
    )
    asked = next((one for one in found.values() if one.hits), found[first])
    return Found(
        tuple(hits[: query.limit]),
        asked.stems,
        asked.corrections,
        {tag: one.stems for tag, one in found.items()},
    )


def suggest(
    index: Index,
    prefix: str,
    languages: Languages,
    *,
    audiences: frozenset[str] | None,
    limit: int,
) -> list[int]:
    """Ids of articles that go on from what was typed, those in the reader's language first."""
    found = (
        index.suggest(prefix, audiences=audiences, limit=limit, language=tag)
        for tag in _order(index, languages)
    )
    return list(dict.fromkeys(chain.from_iterable(found)))


def similar(
    index: Index,
    text: str,
    languages: Languages,
    *,
    audiences: frozenset[str] | None,
    limit: int,
) -> tuple[Hit, ...]:
    """Articles about the same as a text that is in the wanted language, or in another."""
    first, *others = _order(index, languages)
    for tag, words in ((first, text), *((other, _telling(text, first)) for other in others)):
        hits = index.similar(words, audiences=audiences, limit=limit, language=tag)
        if hits:
            return hits
    return ()


def grouped(db: Session, hits: Sequence[Hit], *, reader: Reader) -> tuple[Hit, ...]:
    """The hits with each article once, as the one of its group that this reader is shown. A place
    in the text holds for the text in which it was found.
    """
    best = best_of_groups(db, [hit.article_id for hit in hits], reader=reader)
    shown: dict[int, Hit] = {}
    for hit in hits:
        one = best.get(hit.article_id)
        if one is not None and one not in shown:
            moved = replace(hit, article_id=one, place=-1) if one != hit.article_id else hit
            shown[one] = moved
    return tuple(shown.values())


def grouped_ids(db: Session, ids: Iterable[int], *, reader: Reader) -> list[int]:
    """The same for ids, in their order."""
    wanted = list(ids)
    best = best_of_groups(db, wanted, reader=reader)
    return list(dict.fromkeys(best[one] for one in wanted if one in best))


def grouped_weights(
    db: Session, weights: Mapping[int, float], *, reader: Reader
) -> dict[int, float]:
    """What speaks for an article in any language speaks for the one that is shown."""
    best = best_of_groups(db, list(weights), reader=reader)
    found: dict[int, float] = {}
    for article_id, weight in weights.items():
        if (one := best.get(article_id)) is not None:
            found[one] = max(weight, found.get(one, 0.0))
    return found


def _telling(text: str, language: str) -> str:
    """The words that may say the same in another language: "die" is small in German only."""
    small = grammar_of(language).stop_words
    return " ".join(word for word in text.split() if word.casefold() not in small) or text


def _order(index: Index, languages: Languages) -> list[str]:
    """The reader's language, the library's first one, then every other that it holds."""
    return list(dict.fromkeys((languages.wanted, languages.first, *index.languages())))
