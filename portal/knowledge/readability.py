"""How easily a text is read, by a measure that was made for its language.

English has Flesch's reading ease, from 100 (very easy) down. Other languages of Western Europe have
LIX (C. H. Björnsson, Läsbarhet, Stockholm 1968): words a sentence, and of a hundred words how many
have more than six letters; from 20 (very easy) to 60 (very difficult) and beyond. It counts no
syllables, so it needs no rules of a language; Björnsson compared eleven by it (Readability of
Newspapers in 11 Languages, Reading Research Quarterly 18, 1983, 480-497). Of those, Finnish and
Russian have longer words at the same ease, so that the scale doesn't fit them. They and all others
have no measure: better none than a wrong one.

Code and lists of single words are no sentences and are left out. A short text has no measure.
"""

import re

FEWEST_WORDS = 60
HARD_BELOW = 35.0
"""Reading ease."""
HARD_ABOVE = 60.0
"""LIX."""
LIX_LANGUAGES = frozenset({"da", "de", "es", "fr", "it", "nb", "nn", "no", "pt", "sv"})
LONG_WORD = 7
"""Letters from which on LIX calls a word long."""
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ENGLISH_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]es|[^td]ed|[^l]e)$")


def sentences(text: str) -> list[str]:
    """The sentences of a plain text, those of at least three words."""
    found = (part.strip() for part in _SENTENCE_END.split(text))
    return [part for part in found if len(_WORD.findall(part)) >= 3]


def longest_sentence(text: str) -> str:
    return max(sentences(text), key=lambda one: len(one.split()), default="")


def reading_ease(text: str) -> float | None:
    """Of an English text, from 0 (for scholars) to 100 (for everybody); None for too little."""
    said = sentences(text)
    words = [word for sentence in said for word in _ENGLISH_WORD.findall(sentence)]
    if len(words) < FEWEST_WORDS:
        return None
    spoken = sum(map(syllables, words))
    ease = 206.835 - 1.015 * len(words) / len(said) - 84.6 * spoken / len(words)
    return max(0.0, min(100.0, ease))


def lix(text: str) -> float | None:
    """Björnsson's index of a text in one of LIX_LANGUAGES; None for too little text."""
    said = sentences(text)
    words = [word for sentence in said for word in _WORD.findall(sentence)]
    if len(words) < FEWEST_WORDS:
        return None
    long = sum(len(word) >= LONG_WORD for word in words)
    return len(words) / len(said) + 100 * long / len(words)


def syllables(word: str) -> int:
    """About how many syllables an English word has."""
    spoken = _SILENT.sub(lambda m: m[0][0], word.lower())
    return max(1, len(_VOWELS.findall(spoken)))
