"""What search knows of a language: which forms a word has, and which words tell next to nothing.

Words are folded before they are stemmed, so that nobody has to type accents. The stemmers are the
Snowball ones (Arabic: ISRI); a language without one is searched by its words as they stand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from whoosh.lang.isri import ISRIStemmer
from whoosh.lang.snowball import classes
from whoosh.lang.stopwords import stoplists

from portal.search.stemming import MOST_KEPT
from portal.search.stemming import stem as stem_by_alphabet
from portal.search.words import FILLERS, STOP_WORDS, words_of

_SAME = {"nb": "no", "nn": "no"}
"""Written forms of one language, which share a stemmer."""


@dataclass(frozen=True)
class Grammar:
    """A language, as search reads it. `prefix` keeps its stems apart from other languages' in an
    index that holds several; `fillers` tell nothing at all.
    """

    language: str
    stem: Callable[[str], str]
    stop_words: frozenset[str]
    fillers: frozenset[str] = frozenset()
    prefix: str = ""
    is_english: bool = False


ENGLISH = Grammar("en", stem_by_alphabet, STOP_WORDS, FILLERS, is_english=True)


def grammar_of(tag: str) -> Grammar:
    """How the language of a tag is read, whatever its region."""
    return _grammar(tag.partition("-")[0])


@lru_cache(maxsize=100)
def _grammar(language: str) -> Grammar:
    if language == "en":
        return ENGLISH
    name = _SAME.get(language, language)
    return Grammar(language, _stemmer(name), _stop_words(name), prefix=f"{language}:")


def _stemmer(language: str) -> Callable[[str], str]:
    if language == "ar":
        return _kept(ISRIStemmer().stem)
    if language in classes:
        return _kept(classes[language]().stem)
    return stem_by_alphabet if language == "ru" else str


def _kept(stem: Callable[[str], str]) -> Callable[[str], str]:
    """A stemmer that remembers; a word of which nothing would be left stays as it is."""

    @lru_cache(maxsize=MOST_KEPT)
    def stemmed(word: str) -> str:
        return str(stem(word)) or word

    return stemmed


def _stop_words(language: str) -> frozenset[str]:
    listed = ISRIStemmer().stop_words if language == "ar" else stoplists.get(language, ())
    return frozenset(part for word in listed for part in words_of(word))
