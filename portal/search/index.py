"""What a search index must be able to do. Everything else in the portal knows only this.

The index is a projection: it can be deleted at any time and is rebuilt from the database. It says
where the answer probably is; whether a reader may see it, the database decides again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True)
class Document:
    """A published article as the index reads it; `audiences` are the keys that may read it.

    `applies_to` are the products and versions it is about, none for all of them; `queries` is what
    people asked whom it helped. `language` is a tag, "" for the library's first language.
    """

    article_id: int
    title: str
    search_words: str
    summary: str
    headings: str
    body: str
    category: str
    audiences: tuple[str, ...]
    applies_to: tuple[str, ...] = ("*",)
    queries: str = ""
    language: str = ""


@dataclass(frozen=True)
class Query:
    """A question. `audiences` None means everything (staff); `category` is a slug to stay within,
    `applies_to` a product or a version of one.

    `forgives` allows words that the library doesn't know to be read as the nearest one it does,
    but never those in `kept`. `synonyms` are phrases with what else they are called. Only articles
    in `language` are looked for, "" being the library's first one.
    """

    text: str
    audiences: frozenset[str] | None
    category: str | None = None
    limit: int = 100
    forgives: bool = True
    applies_to: str | None = None
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    kept: frozenset[str] = frozenset()
    language: str = ""


@dataclass(frozen=True)
class Hit:
    """An article that probably answers. `coverage` is the share of the question it speaks of,
    `cosine` how near its nearest passage is in meaning, 0 when that isn't known; `place` is where
    that passage begins in `one_line` of the text, -1 for none.
    """

    article_id: int
    score: float
    coverage: float
    cosine: float = 0.0
    place: int = -1


@dataclass(frozen=True)
class Found:
    """The hits, best first; `stems` for marking words, each with the number of the
    question's word that it stands for; `corrections` says what was read as what. Asked in several
    languages, `stems_in` has those of each.
    """

    hits: tuple[Hit, ...] = ()
    stems: Mapping[str, int] = field(default_factory=dict)
    corrections: dict[str, str] = field(default_factory=dict)
    stems_in: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class Health(StrEnum):
    """How an index is: only a ready one is asked."""

    READY = "ready"
    MISSING = "missing"
    CORRUPT = "corrupt"


class IndexUnavailableError(Exception):
    """The index can't answer now; search goes on in the database."""


class Index(Protocol):
    """A search index. Reading methods raise IndexUnavailableError when it is missing or broken;
    writing methods are for the worker only and wait for each other.
    """

    def open(self) -> None:
        """Read what is read once, so that no question waits for it; never raises."""
        ...

    def search(self, query: Query) -> Found: ...

    def suggest(
        self, prefix: str, *, audiences: frozenset[str] | None, limit: int, language: str = ""
    ) -> tuple[int, ...]:
        """Ids of articles whose title or search words go on from what was typed, best first."""
        ...

    def similar(
        self, text: str, *, audiences: frozenset[str] | None, limit: int, language: str = ""
    ) -> tuple[Hit, ...]:
        """Articles about the same things as `text`, which may be long."""
        ...

    def foreseen(self, documents: Iterable[Document], *, gone: Iterable[int] = ()) -> "Index":
        """An index that answers searches as this one will after a change; nothing is written."""
        ...

    def alike(self, texts: Sequence[str]) -> list[list[int]]:
        """The numbers of the texts, those that ask the same thing together, in the order given."""
        ...

    def stem(self, word: str, language: str = "") -> str:
        """The form under which the index keeps a word ("passwords" and "password" share one)."""
        ...

    def languages(self) -> tuple[str, ...]:
        """The languages in which it holds something."""
        ...

    def health(self) -> Health: ...

    def revision(self) -> int:
        """The LibraryChange revision that the index holds; 0 when there is none."""
        ...

    def is_swollen(self) -> bool:
        """Whether the index takes far more room than it needs, and should be built anew."""
        ...

    def rebuild(self, documents: Iterable[Document], *, revision: int) -> None:
        """Build beside the index in use, then take its place in one step."""
        ...

    def update(self, documents: Iterable[Document], *, gone: Iterable[int], revision: int) -> None:
        """Put these documents in and take those ids out, in one commit."""
        ...
