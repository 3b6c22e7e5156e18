"""Text as a BERT model reads it: words cut into the pieces of its vocabulary (WordPiece).

Source: Devlin et al., BERT (2019), and the tokenizer settings that come with the model: lower
case, no accents, each Chinese character and each punctuation mark alone.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from portal.search.meaning.weights import ModelUnavailableError

_LONGEST_WORD = 100
_MOST_CHARACTERS = 20_000
"""What is read of a text; a passage has far fewer, and cost stays bounded."""

_CHINESE = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


class WordPieces:
    """A vocabulary: one piece a line, those that go on within a word begin with ##. Raises
    ModelUnavailableError when the file is none.
    """

    def __init__(self, vocabulary: Path) -> None:
        try:
            lines = vocabulary.read_text(encoding="utf-8").splitlines()
            self._ids = {piece: number for number, piece in enumerate(lines)}
            signs = [self._ids[sign] for sign in ("[UNK]", "[CLS]", "[SEP]")]
        except (OSError, ValueError, KeyError) as error:
            raise ModelUnavailableError(
                f"{vocabulary} is no vocabulary ({error}): install the model again"
            ) from None
        self._unknown, self._start, self._end = signs
        self._of_word = lru_cache(maxsize=20_000)(self._cut)

    def __len__(self) -> int:
        return len(self._ids)

    def ids(self, text: str, *, most: int) -> list[int]:
        """The numbers of the pieces between start and end sign, `most` of them at most."""
        pieces: list[int] = []
        for word in _words(text[:_MOST_CHARACTERS]):
            pieces += self._of_word(word)
            if len(pieces) >= most - 2:
                break
        return [self._start, *pieces[: most - 2], self._end]

    def _cut(self, word: str) -> tuple[int, ...]:
        """The longest pieces from the left; unknown as a whole when a part is."""
        if len(word) > _LONGEST_WORD:
            return (self._unknown,)
        found, place = [], 0
        while place < len(word):
            for end in range(len(word), place, -1):
                piece = word[place:end] if place == 0 else f"##{word[place:end]}"
                if piece in self._ids:
                    found.append(self._ids[piece])
                    place = end
                    break
            else:
                return (self._unknown,)
        return tuple(found)


def _words(text: str) -> Iterator[str]:
    for word in "".join(_spaced(text)).split():
        yield from _punctuated(_bare(word))


def _spaced(text: str) -> Iterator[str]:
    """Without control signs, gaps as spaces, and room around each Chinese character."""
    for sign in text:
        category = unicodedata.category(sign)
        if sign in "\t\n\r" or category == "Zs":
            yield " "
        elif sign in "\x00\ufffd" or category in {"Cc", "Cf"}:
            continue
        elif sign > "\u2fff" and any(first <= ord(sign) <= last for first, last in _CHINESE):
            yield f" {sign} "
        else:
            yield sign


def _bare(word: str) -> str:
    """Lower case and without accents."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFD", word.lower())
    return "".join(sign for sign in apart if unicodedata.category(sign) != "Mn")


def _punctuated(word: str) -> Iterator[str]:
    """The word's runs, each punctuation mark by itself."""
    start = 0
    for place, sign in enumerate(word):
        if _is_punctuation(sign):
            if start < place:
                yield word[start:place]
            yield sign
            start = place + 1
    if start < len(word):
        yield word[start:]


def _is_punctuation(sign: str) -> bool:
    if sign.isascii():
        return not sign.isalnum() and "!" <= sign <= "~"
    return unicodedata.category(sign).startswith("P")
