"""What a question asks for, before any engine sees it.

Typing errors are read as the library's own words, "log in" and "login" are the same, identifiers
stay whole, and what writers say means the same counts almost as much as the word itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from portal.search.index import Query
from portal.search.scoring import Term, rarity
from portal.search.shelf import Shelf
from portal.search.spelling import Speller
from portal.search.words import (
    MAX_CHARACTERS,
    MAX_TERMS,
    MAX_WORDS,
    codes_of,
    put_right,
    telling_words,
    whole_words,
    words_of,
)

_LONGEST_QUESTION = 32
_SHORTEST_COMPOUND = 4
_FAINT = 0.3
"""How much a common word counts beside one that tells something."""

Alternatives = dict[str, list[str]]


@dataclass(frozen=True)
class Question:
    """The terms to score by, what to ask an engine for, the stems to mark with the number of the
    word that each stands for, and what was read as what.
    """

    terms: tuple[Term, ...]
    wanted: Mapping[str, float]
    stems: Mapping[str, int]
    corrections: dict[str, str] = field(default_factory=dict)


def understand(query: Query, shelf: Shelf, speller: Speller) -> Question:
    """Read a question as the library would put it."""
    everything = whole_words(query.text[:MAX_CHARACTERS])[:MAX_WORDS]
    corrections = _corrections(everything, query, shelf, speller) if query.forgives else {}
    read = [part for word in everything for part in corrections.get(word, word).split()]
    alternatives: Alternatives = {}
    if query.forgives:
        _add_compounds(alternatives, read, shelf, query.audiences)
    _add_synonyms(alternatives, read, query)
    codes = [code for code in codes_of(query.text[:MAX_CHARACTERS]) if shelf.sign(code)]
    return _question(
        [*telling_words(read, shelf.grammar.fillers), *codes], alternatives, corrections, shelf
    )


def read_as(text: str, corrections: Mapping[str, str]) -> str | None:
    """A question without its typing errors, otherwise as typed; None when it has none."""
    if not corrections:
        return None
    return put_right(text, corrections)


def long_question(text: str, shelf: Shelf) -> Question:
    """A long text as a question: its first telling words."""
    words = [word for word in dict.fromkeys(words_of(text)) if word not in shelf.grammar.stop_words]
    return _question(words[:_LONGEST_QUESTION], {}, {}, shelf)


def _question(
    words: list[str], alternatives: Alternatives, corrections: dict[str, str], shelf: Shelf
) -> Question:
    terms: dict[str, Term] = {}
    wanted: dict[str, float] = {}
    marked: dict[str, int] = {}
    stem, stop_words = shelf.grammar.stem, shelf.grammar.stop_words
    tells = any(word not in stop_words for word in words)
    stems = list(map(stem, words))
    for number, word in enumerate(words):
        others = alternatives.get(word, [])
        phrases = [other.split() for other in others]
        forms = [shelf.sign_of_stem(stems[number]), *filter(None, map(shelf.signs, phrases))]
        weight = rarity(shelf, forms) * (_FAINT if word in stop_words else 1.0)
        terms.setdefault(stems[number], Term(tuple(forms), weight))
        for part in (word, *(part for phrase in phrases for part in phrase)):
            if part not in stop_words or not tells:
                marked.setdefault(stem(part), number)
        for looked_for in (word, *(_rarest(phrase, shelf) for phrase in phrases)):
            wanted.setdefault(stem(looked_for), weight)
    kept = frozenset(_most_telling(terms.values()))
    sequence = tuple(terms[one] for one in stems if terms[one] in kept)
    return Question(sequence, _most_wanted(wanted), marked, corrections)


def _most_telling(terms: Iterable[Term]) -> list[Term]:
    """As many terms as a question may have."""
    return sorted(terms, key=lambda term: -term.weight)[:MAX_TERMS]


def _most_wanted(wanted: dict[str, float]) -> dict[str, float]:
    return dict(sorted(wanted.items(), key=lambda item: -item[1])[:MAX_TERMS])


def _rarest(phrase: list[str], shelf: Shelf) -> str:
    return min(phrase, key=lambda word: shelf.having(shelf.sign(word)))


def _corrections(words: list[str], query: Query, shelf: Shelf, speller: Speller) -> dict[str, str]:
    """What each unknown word is read as; words that stay as they are don't appear."""
    found, stop_words = {}, shelf.grammar.stop_words
    for word in words:
        if word in stop_words or word in query.kept or shelf.knows(word, query.audiences):
            continue
        if word.isalpha() and len(word) >= _SHORTEST_COMPOUND:
            twos = _apart(word, shelf, query.audiences)
            apart = (two for two in twos if _stands(two, query, shelf))
            read = next(apart, None) or speller.nearest(word, query.audiences)
            if read:
                found[word] = read
    return found


def _stands(phrase: str, query: Query, shelf: Shelf) -> bool:
    """Whether the reader may see an article with these words side by side."""
    return shelf.has_phrase(shelf.signs(phrase.split()), query.audiences)


def _add_compounds(
    alternatives: Alternatives, words: list[str], shelf: Shelf, audiences: frozenset[str] | None
) -> None:
    """ "log in" may be written "login", and "login" may be written "log in"."""
    for first, second in pairwise(words):
        joined = first + second
        if len(joined) >= _SHORTEST_COMPOUND and shelf.knows(joined, audiences):
            alternatives.setdefault(first, []).append(joined)
            alternatives.setdefault(second, []).append(joined)
    for word in words:
        if (
            word not in shelf.grammar.stop_words
            and len(word) > _SHORTEST_COMPOUND
            and word.isalpha()
        ):
            alternatives.setdefault(word, []).extend(_apart(word, shelf, audiences))


def _apart(word: str, shelf: Shelf, audiences: frozenset[str] | None) -> Iterator[str]:
    """Two words written as one: "login" where articles say "log in"."""
    grammar = shelf.grammar
    for cut in range(2, len(word) - 1):
        first, second = word[:cut], word[cut:]
        is_likely = len(first) > 2 and (second in grammar.stop_words or len(second) > 2)
        is_known = is_likely and first not in grammar.fillers and shelf.knows(first, audiences)
        if is_known and shelf.knows(second, audiences):
            yield f"{first} {second}"


def _add_synonyms(alternatives: Alternatives, words: list[str], query: Query) -> None:
    """What writers say means the same: each word of the phrase may stand as the other."""
    line = f" {' '.join(words)} "
    for phrase, others in query.synonyms.items():
        if f" {phrase} " in line:
            for word in phrase.split():
                alternatives.setdefault(word, []).extend(others)
