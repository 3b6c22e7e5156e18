"""The library as search holds it in memory: each article's words in their order, very small.

A word is one character: what a text has of a word, and whether two stand side by side, is then a
matter of counting in a string. The shelf follows the index commit by commit.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from portal.search.grammar import ENGLISH, Grammar, grammar_of
from portal.search.index import Document
from portal.search.titles import Titles
from portal.search.words import codes_of, words_of

Record = list[Any]
_GAP = "\x00\x00\x00"
_LAST = 0x10FFFF


@dataclass(frozen=True, slots=True)
class Entry:
    """An article: `text` is everything in it; the other strings are the places that count more."""

    article_id: int
    title: str
    content: frozenset[str]
    named: str
    headings: str
    summary: str
    queries: str
    text: str
    spelled: str
    audiences: frozenset[str]
    category: str
    applies_to: frozenset[str]

    def is_for(self, audiences: frozenset[str] | None) -> bool:
        return audiences is None or not audiences.isdisjoint(self.audiences)


def record_of(document: Document, first: str) -> Record:
    """A document as the journal keeps it: its words, already read, and its language; `first` is the
    library's first one.
    """
    codes = codes_of(f"{document.title} {document.search_words} {document.body}")
    fields = (document.title, document.search_words, document.headings, document.summary)
    words = [" ".join(words_of(text)) for text in (*fields, document.queries, document.body)]
    words[5] = f"{words[5]} {' '.join(codes)}" if codes else words[5]
    places = (list(document.audiences), document.category, list(document.applies_to))
    language = document.language or first
    return [document.article_id, *words, *places, language]


def engine_texts(record: Record) -> tuple[str, str]:
    """What an engine keeps of an article, in stems: the text with everything in it, the title."""
    _id, title, named, headings, summary, queries, body, *_places, language = record
    grammar = grammar_of(language)
    everything = " ".join((title, named, headings, summary, queries, body))
    return _stemmed(everything, grammar), _stemmed(f"{title} {named}", grammar)


def _stemmed(words: str, grammar: Grammar) -> str:
    stems = map(grammar.stem, words.split())
    return " ".join(f"{grammar.prefix}{stem}" for stem in stems if stem)


class _Signs(dict[str, str]):
    """A character for each word, given out in the order they are met; `characters` holds each of
    them once, for all that count alike.
    """

    def __init__(
        self, characters: list[str], known: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        super().__init__(known)
        self._characters = characters

    def __missing__(self, word: str) -> str:
        number = min(len(self) + 1, _LAST)
        if number == len(self._characters):
            self._characters.append(chr(number))
        sign = self[word] = self._characters[number]
        return sign


class _StemSigns(dict[str, str]):
    """The character of a word's stem."""

    def __init__(self, stems: _Signs, stem: Callable[[str], str]) -> None:
        super().__init__()
        self._stems = stems
        self._stem = stem

    def __missing__(self, word: str) -> str:
        sign = self[word] = self._stems[self._stem(word)]
        return sign


class Counts:
    """How often each of many small numbers was met, in four bytes each."""

    def __init__(self, known: "Counts | None" = None) -> None:
        self._counts: array[int] = array("I", known._counts if known else ())

    def of(self, number: int) -> int:
        return self._counts[number] if number < len(self._counts) else 0

    def add(self, numbers: Iterable[int], change: int, *, most: int) -> None:
        """Count each of the numbers, none of which is above `most`, once more or once less."""
        counts = self._counts
        counts.extend([0] * (most + 1 - len(counts)))
        for number in numbers:
            counts[number] += change


class _NoTitles(Titles):
    """Titles of a shelf that nobody asks for suggestions."""

    def put(self, *_said: Any) -> None: ...

    def remove(self, article_id: int) -> None: ...


class Shelf:
    """All articles of one language, and how often each word occurs among them."""

    def __init__(self, grammar: Grammar = ENGLISH) -> None:
        self.grammar = grammar
        self.entries: dict[int, Entry] = {}
        self.titles = Titles(grammar.stem, grammar.stop_words)
        self._stem = grammar.stem
        self._spellings: dict[frozenset[str], Counts] = {}
        self._characters = [""]
        self._stems = _Signs(self._characters)
        self._stem_signs = _StemSigns(self._stems, grammar.stem)
        self._words = _Signs(self._characters)
        self._stop_signs = frozenset(self._stem_signs[word] for word in grammar.stop_words)
        self._in_text = Counts()
        self._length = 0
        self._title_length = 0
        self._keys: dict[tuple[str, ...], frozenset[str]] = {}

    def apply(self, records: Iterable[Record]) -> None:
        """Put each record in, in place of what was known of its article; one of length 1 goes."""
        for record in records:
            self._remove(record[0])
            if len(record) > 1:
                self._put(record)

    def forget_forms(self) -> None:
        """Free what only putting articles in needs: the sign of each form that stands in one."""
        self._stem_signs = _StemSigns(self._stems, self._stem)

    def changed_by(self, records: Iterable[Record]) -> "Shelf":
        """Another shelf, as this one will be after these records; this one stays as it is. It
        suggests nothing.
        """
        other = Shelf(self.grammar)
        other.entries = dict(self.entries)
        other.titles = _NoTitles(self._stem, self.grammar.stop_words)
        other._spellings = {keys: Counts(counts) for keys, counts in self._spellings.items()}
        other._characters = list(self._characters)
        other._stems = _Signs(other._characters, self._stems)
        other._stem_signs = _StemSigns(other._stems, self._stem)
        other._words = _Signs(other._characters, self._words)
        other._stop_signs = self._stop_signs
        other._in_text = Counts(self._in_text)
        other._length, other._title_length = self._length, self._title_length
        other._keys = dict(self._keys)
        other.apply(records)
        return other

    def sign(self, word: str) -> str:
        """The character that stands for all forms of a word; empty when no article has one."""
        return self._stems.get(self._stem(word), "")

    def sign_of_stem(self, stemmed: str) -> str:
        return self._stems.get(stemmed, "")

    def sign_in_engine(self, stemmed: str) -> str:
        """The character of a stem as an engine is asked for it, with the language before it."""
        return self._stems.get(stemmed.removeprefix(self.grammar.prefix), "")

    def signs(self, words: Iterable[str]) -> str:
        """The characters of a phrase; empty when one word of it occurs nowhere."""
        found = [self.sign(word) for word in words]
        return "".join(found) if all(found) else ""

    def has_phrase(self, signs: str, audiences: frozenset[str] | None) -> bool:
        """Whether these readers may see an article in which the signs stand side by side."""
        return any(signs in one.text and one.is_for(audiences) for one in self.entries.values())

    def having(self, sign: str) -> int:
        """How many articles have a word."""
        return self._in_text.of(ord(sign)) if sign else 0

    def average_length(self) -> float:
        return self._length / (len(self.entries) or 1) or 1.0

    def average_title_length(self) -> float:
        return self._title_length / (len(self.entries) or 1) or 1.0

    def knows(self, word: str, audiences: frozenset[str] | None) -> bool:
        """Whether these readers may see an article that has exactly this word."""
        return self.frequency(word, audiences) > 0

    def frequency(self, word: str, audiences: frozenset[str] | None) -> int:
        """In how many articles that these readers may see a word stands, as it is written."""
        sign = self._words.get(word)
        if sign is None:
            return 0
        number = ord(sign)
        return sum(
            counts.of(number)
            for keys, counts in self._spellings.items()
            if audiences is None or not audiences.isdisjoint(keys)
        )

    def word_count(self) -> int:
        return len(self._words)

    def words(self) -> Iterator[str]:
        return iter(self._words)

    def _put(self, record: Record) -> None:
        article_id, *words, audiences, category, applies_to, _language = record
        split = [text.split() for text in words]
        signs = ["".join(map(self._stem_signs.__getitem__, text)) for text in split]
        title, named, headings, summary, queries, body = signs
        spelled = {self._words[word] for text in (*split[:4], split[5]) for word in text}
        keys = self._shared(audiences)
        content = frozenset(title) - self._stop_signs
        entry = Entry(
            article_id=article_id,
            title=title,
            content=content or frozenset(title),
            named=named,
            headings=headings,
            summary=summary,
            queries=queries,
            text=_GAP.join(filter(None, (title, named, summary, headings, body))),
            spelled="".join(spelled),
            audiences=keys,
            category=category,
            applies_to=self._shared(applies_to),
        )
        self.entries[article_id] = entry
        self._count(entry, 1)
        self.titles.put(article_id, split[0], split[1], keys)

    def _remove(self, article_id: int) -> None:
        entry = self.entries.pop(article_id, None)
        if entry is not None:
            self._count(entry, -1)
            self.titles.remove(article_id)

    def _count(self, entry: Entry, change: int) -> None:
        counts = self._spellings.setdefault(entry.audiences, Counts())
        counts.add(map(ord, entry.spelled), change, most=len(self._words))
        self._in_text.add(map(ord, set(entry.text)), change, most=len(self._stems))
        self._length += change * len(entry.text)
        self._title_length += change * len(entry.title)

    def _shared(self, keys: list[str]) -> frozenset[str]:
        return self._keys.setdefault(tuple(keys), frozenset(keys))
