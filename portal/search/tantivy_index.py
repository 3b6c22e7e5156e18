"""Candidates from tantivy, for libraries above some thousand articles; installed with `[fast]`.

Stems arrive ready-made, so that tantivy only splits them at spaces.
"""

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

import tantivy

from portal.search.engine import CANDIDATES, CANDIDATES_BY_TITLE, Wanted
from portal.search.folder import FolderKeeper
from portal.search.ranked import RankedIndex
from portal.search.shelf import Record, engine_texts

_WRITER_BYTES = 64 * 1024 * 1024
_MUST, _SHOULD = tantivy.Occur.Must, tantivy.Occur.Should


@cache
def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("key", stored=True, indexed=True, fast=True)
    for field in ("text", "title"):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    for field in ("audience", "category", "applies_to"):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    return builder.build()


class TantivyEngine:
    """The FolderEngine protocol on tantivy."""

    name = "tantivy"

    def create(self, folder: Path) -> None:
        tantivy.Index(_schema(), path=str(folder))

    def commit(self, folder: Path, records: Iterable[Record]) -> None:
        writer = tantivy.Index.open(str(folder)).writer(_WRITER_BYTES, num_threads=1)
        for record in records:
            writer.delete_documents_by_term("key", record[0])
            if len(record) > 1:
                writer.add_document(_document(record))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> "TantivyCandidates":
        return TantivyCandidates(tantivy.Index.open(str(folder)).searcher())


def _document(record: Record) -> tantivy.Document:
    text, title = engine_texts(record)
    *_words, audiences, category, applies_to, _language = record
    return tantivy.Document(
        key=record[0],
        text=[text],
        title=[title],
        audience=audiences,
        category=[category],
        applies_to=applies_to,
    )


class TantivyCandidates:
    """One commit, open for asking."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher

    def candidates(self, wanted: Wanted) -> Collection[int]:
        within = list(_within(wanted))
        found = self._best("text", wanted, within, CANDIDATES)
        return found | self._best("title", wanted, within, CANDIDATES_BY_TITLE)

    def _best(
        self,
        field: str,
        wanted: Wanted,
        within: list[tuple[tantivy.Occur, tantivy.Query]],
        limit: int,
    ) -> set[int]:
        any_word = tantivy.Query.boolean_query(
            [(_SHOULD, _term(field, stem)) for stem in wanted.stems]
        )
        query = tantivy.Query.boolean_query([(_MUST, any_word), *within])
        hits = self._searcher.search(query, limit, count=False).hits
        addresses = [address for _score, address in hits]
        keys = self._searcher.fast_field_values("key", addresses)
        return {key for key in keys if isinstance(key, int)}


def _within(wanted: Wanted) -> Iterator[tuple[tantivy.Occur, tantivy.Query]]:
    """What the reader may read and asked to stay within; counts nothing in the score."""
    if wanted.audiences is not None:
        yield _one_of("audience", sorted(wanted.audiences))
    if wanted.category is not None:
        yield _one_of("category", [wanted.category])
    if wanted.applies_to is not None:
        yield _one_of("applies_to", [wanted.applies_to, "*"])


def _one_of(field: str, values: list[str]) -> tuple[tantivy.Occur, tantivy.Query]:
    any_of = tantivy.Query.boolean_query([(_SHOULD, _term(field, value)) for value in values])
    return _MUST, tantivy.Query.const_score_query(any_of, 0.0)


def _term(field: str, value: str) -> tantivy.Query:
    return tantivy.Query.term_query(_schema(), field, value, index_option="freq")


class TantivyIndex(RankedIndex):
    """The Index protocol on tantivy."""

    def __init__(self, folder: Path, first_language: str = "en") -> None:
        keeper = FolderKeeper(folder, TantivyEngine(), first_language)
        super().__init__(keeper, first_language=first_language)
