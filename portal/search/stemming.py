"""The form that a word shares with its other forms: "passwords" and "password" are the same.

The stemmer follows from the alphabet, so that one library may hold several languages.
"""

from functools import lru_cache

from whoosh.lang.porter2 import stem as stem_english
from whoosh.lang.snowball.russian import RussianStemmer

_stem_russian = RussianStemmer().stem


MOST_KEPT = 8_000
"""The forms that nearly all text is made of: more cost memory and save no time."""


@lru_cache(maxsize=MOST_KEPT)
def stem(word: str) -> str:
    """The form shared by "installing" and "installed", by "пароль" and "пароли"."""
    first = word[:1]
    if first.isascii():
        return str(stem_english(word))
    if "\u0400" <= first <= "\u04ff":
        return str(_stem_russian(word))
    return word
