"""How easily an English text is read: Flesch's reading ease, from 100 (very easy) down.

Code and lists of single words are no sentences and are left out. A short text has no measure.
"""

import re

FEWEST_WORDS = 60
HARD_BELOW = 35.0
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+|\n+")
_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]es|[^td]ed|[^l]e)$")


def sentences(text: str) -> list[str]:
    """The sentences of a plain text, those of at least three words."""
    found = (part.strip() for part in _SENTENCE_END.split(text))
    return [part for part in found if len(_WORD.findall(part)) >= 3]


def longest_sentence(text: str) -> str:
    return max(sentences(text), key=lambda one: len(one.split()), default="")


def reading_ease(text: str) -> float | None:
    """From 0 (for scholars) to 100 (for everybody); None for too little text."""
    said = sentences(text)
    words = [word for sentence in said for word in _WORD.findall(sentence)]
    if len(words) < FEWEST_WORDS:
        return None
    spoken = sum(map(syllables, words))
    ease = 206.835 - 1.015 * len(words) / len(said) - 84.6 * spoken / len(words)
    return max(0.0, min(100.0, ease))


def syllables(word: str) -> int:
    """About how many syllables an English word has."""
    spoken = _SILENT.sub(lambda m: m[0][0], word.lower())
    return max(1, len(_VOWELS.findall(spoken)))
