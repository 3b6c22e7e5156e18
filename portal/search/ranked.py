"""The Index protocol on any engine: it proposes, one scorer orders."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from portal.search.engine import Engine, Keeper, Thinks, Wanted
from portal.search.foreseen import Foreseen
from portal.search.grammar import Grammar, grammar_of
from portal.search.index import Document, Found, Health, Hit, IndexUnavailableError, Query
from portal.search.scoring import LEVERS, Levers, Scorer
from portal.search.shelf import Entry, Record, Shelf, record_of
from portal.search.spelling import Speller
from portal.search.understanding import Question, long_question, read_as, understand
from portal.search.words import content_words, words_of

WORTH_SHOWING = 0.03
"""Hits below this share of the best one's score are not shown."""

DEPTH = 100
"""How many of the hits by words are weighed against those by meaning."""


class RankedIndex:
    """An index that is kept somewhere, asked and ordered in one way."""

    def __init__(
        self, keeper: Keeper, levers: Levers = LEVERS, *, first_language: str = "en"
    ) -> None:
        self._keeper = keeper
        self._levers = levers
        self._first = first_language
        self._spellers: dict[str, Speller] = defaultdict(Speller)
        self._thinks: Thinks | None = None

    def think(self, thinks: Thinks | None) -> None:
        """From now on, let meaning have its say; or no longer."""
        self._thinks = thinks

    def open(self) -> None:
        """Read what there is of it, so that nobody's question has to wait for that."""
        with suppress(IndexUnavailableError), self._keeper.held():
            pass

    def search(self, query: Query) -> Found:
        deep = replace(query, limit=max(query.limit, DEPTH)) if self._thinks else query
        language = query.language or self._first
        with self._keeper.held() as (shelves, engine):
            shelf, speller = shelves[language], self._spellers[language]
            speller.follow(shelf)
            question = understand(query, shelf, speller)
            hits = self._ranked(shelf, engine, question, deep, WORTH_SHOWING)
        text = read_as(query.text, question.corrections) or query.text
        hits = self._joined(hits, text, query)
        return Found(hits, question.stems, question.corrections)

    def suggest(
        self, prefix: str, *, audiences: frozenset[str] | None, limit: int, language: str = ""
    ) -> tuple[int, ...]:
        with self._keeper.held() as (shelves, _engine):
            shelf = shelves[language or self._first]
            return shelf.titles.suggest(prefix, audiences=audiences, limit=limit)

    def similar(
        self, text: str, *, audiences: frozenset[str] | None, limit: int, language: str = ""
    ) -> tuple[Hit, ...]:
        with self._keeper.held() as (shelves, engine):
            shelf = shelves[language or self._first]
            question = long_question(text, shelf)
            query = Query(text, audiences, limit=limit, language=language)
            deep = replace(query, limit=DEPTH) if self._thinks else query
            hits = self._ranked(shelf, engine, question, deep, 0.0)
        return self._joined(hits, text, query)

    def _joined(self, hits: tuple[Hit, ...], text: str, query: Query) -> tuple[Hit, ...]:
        """What words found, and what means the same. The question is encoded while nobody waits
        for the index.
        """
        if self._thinks is None or (vector := self._thinks.vector(text)) is None:
            return hits[: query.limit]
        with self._keeper.held() as (shelves, _engine):
            shelf = shelves[query.language or self._first]
            return self._thinks.joined(
                hits,
                vector,
                words=words_of(text),
                within=lambda one: one in shelf.entries and _is_within(shelf.entries[one], query),
                limit=query.limit,
            )

    def _ranked(
        self,
        shelf: Shelf,
        engine: Engine,
        question: Question,
        query: Query,
        worth_showing: float,
    ) -> tuple[Hit, ...]:
        if not question.wanted:
            return ()
        prefix, stems = shelf.grammar.prefix, question.wanted
        if prefix:
            stems = {f"{prefix}{stem}": weight for stem, weight in stems.items()}
        language = query.language or self._first
        wanted = Wanted(stems, query.audiences, query.category, query.applies_to, language)
        ids = engine.candidates(wanted)
        scorer = Scorer(shelf, question.terms, self._levers)
        entries = (shelf.entries[one] for one in ids if one in shelf.entries)
        within = (entry for entry in entries if _is_within(entry, query))
        return scorer.ranked(within, limit=query.limit, worth_showing=worth_showing)

    def foreseen(self, documents: Iterable[Document], *, gone: Iterable[int] = ()) -> "RankedIndex":
        """An index that answers as this one will after a change. Nothing is written anywhere."""
        changed = list(documents)
        records = list(self._changes(changed, gone))
        keeper = Foreseen(self._keeper, records)
        other = RankedIndex(keeper, self._levers, first_language=self._first)
        if self._thinks is not None:
            other.think(self._thinks.foreseeing(changed))
        return other

    def alike(self, texts: Sequence[str]) -> list[list[int]]:
        groups = self._thinks.alike(texts) if self._thinks else None
        return _with_same_words(texts, grammar_of(self._first)) if groups is None else groups

    def stem(self, word: str, language: str = "") -> str:
        return grammar_of(language or self._first).stem(word)

    def languages(self) -> tuple[str, ...]:
        with self._keeper.held() as (shelves, _engine):
            return shelves.languages()

    def health(self) -> Health:
        return self._keeper.health()

    def revision(self) -> int:
        return self._keeper.revision()

    def is_swollen(self) -> bool:
        return self._keeper.is_swollen()

    def rebuild(self, documents: Iterable[Document], *, revision: int) -> None:
        records = (record_of(document, self._first) for document in documents)
        self._keeper.rebuild(records, revision=revision)

    def update(self, documents: Iterable[Document], *, gone: Iterable[int], revision: int) -> None:
        self._keeper.update(self._changes(documents, gone), revision=revision)

    def _changes(self, documents: Iterable[Document], gone: Iterable[int]) -> Iterator[Record]:
        yield from ([article_id] for article_id in gone)
        yield from (record_of(document, self._first) for document in documents)


def _with_same_words(texts: Sequence[str], grammar: Grammar) -> list[list[int]]:
    """Texts whose telling words have the same stems, in any order."""
    groups: dict[frozenset[str], list[int]] = {}
    for number, text in enumerate(texts):
        stems = frozenset(map(grammar.stem, content_words(words_of(text), grammar.stop_words)))
        groups.setdefault(stems, []).append(number)
    return list(groups.values())


def _is_within(entry: Entry, query: Query) -> bool:
    """The filters once more, on what the shelf knows."""
    if not entry.is_for(query.audiences):
        return False
    if query.category is not None and entry.category != query.category:
        return False
    return query.applies_to is None or not entry.applies_to.isdisjoint({query.applies_to, "*"})
