"""How a text becomes words: the one reading of what people type and of what articles say.

People never write a query language. What they type is cut to 200 characters, of which the 16 most
telling words of at most 40 characters are searched for; everything that is no letter or digit only
separates.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

MAX_CHARACTERS = 200
MAX_WORDS = 48
MAX_TERMS = 16
MAX_WORD_LENGTH = 40

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CODE = re.compile(r"(?=[^\s]{0,38}\d)[^\W_]{1,20}(?:[-_./][^\W_]{1,20}){1,5}")
_UNSPACED = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_UNSPACED_SIGN = re.compile(f"[{_UNSPACED}]")
_UNSPACED_RUN = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")

STOP_WORDS = frozenset(
    """a about after again all also am an and any are as at be because been being but by can cannot
    could did do does doing don for from get got had has have having he her here him his how i if
    im in into is it its itself ive just let like me more most my no not now of off on once only
    or other our ours out over own please same she should so some such than that the their them
    then there these they this those through to too under until up us very was we were what when
    where which while who whom why will with without would you your yours
    want wants wanted need needs try tried trying says said tell tells know
    cant dont doesnt didnt wont isnt arent im whats theres""".split()  # noqa: SIM905
)

FILLERS = frozenset(
    """a an and are as at be but by for if in into is it no not of on or such that the their then
    there these they this to was will with""".split()  # noqa: SIM905
)
"""Words that tell nothing at all; the other stop words tell a little."""


def words_of(text: str) -> list[str]:
    """The words of a text in order: compatibility forms folded, lower case, without accents."""
    plain = _folded(text)
    words = [_bare(word) for word in _WORD.findall(plain)]
    return words if plain.isascii() else [part for word in words for part in _parts(word)]


def codes_of(text: str) -> list[str]:
    """Error codes and other identifiers as one word each: "ORA-00942" is "ora00942"."""
    return [re.sub(r"[-_./]", "", code)[:MAX_WORD_LENGTH] for code in _CODE.findall(_folded(text))]


def whole_words(text: str) -> list[str]:
    """The words of a question without the lone letters of its codes: the "E" of "E-4012" would
    find whatever speaks of e-mail.
    """
    plain = _folded(text)
    letters = Counter(part for code in _CODE.findall(plain) for part in _lone_letters(code))
    kept = []
    for word in words_of(text):
        letters[word] -= 1
        if letters[word] < 0:
            kept.append(word)
    return kept or words_of(text)


def _lone_letters(code: str) -> list[str]:
    return [
        part
        for part in re.split(r"[-_./]", code)
        if len(part) == 1 and part.isascii() and part.isalpha()
    ]


def query_words(text: str) -> list[str]:
    """The words of a question, within the limits, each once, in the order typed."""
    return list(dict.fromkeys(words_of(text[:MAX_CHARACTERS])))[:MAX_WORDS]


def put_right(text: str, corrections: Mapping[str, str]) -> str:
    """A text as it was typed, but for the words that are read as others."""

    def read(typed: re.Match[str]) -> str:
        words = words_of(typed[0])
        return corrections.get(words[0], typed[0]) if len(words) == 1 else typed[0]

    return _WORD.sub(read, text)


def content_words(words: list[str], stop_words: frozenset[str] = STOP_WORDS) -> list[str]:
    """The words without "how", "do" and "the", as long as at least one stays to search for."""
    kept = [word for word in words if word not in stop_words]
    return kept or words


def telling_words(words: list[str], fillers: frozenset[str] = FILLERS) -> list[str]:
    """The words without those that tell nothing, as long as two stay to search for."""
    kept = [word for word in words if word not in fillers]
    return kept if len(kept) >= 2 else words


def is_within_one_edit(one: str, other: str) -> bool:
    """Whether one letter added, left out, changed or swapped with its neighbour explains it."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    start = _shared_start(one, other)
    rest, others = one[start:], other[start:]
    return (
        rest[1:] == others[1:]
        or rest == others[1:]
        or rest[1:] == others
        or (rest[:2] == others[1::-1] and rest[2:] == others[2:])
    )


def _shared_start(one: str, other: str) -> int:
    for place, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return place
    return min(len(one), len(other))


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", plain)


def _parts(word: str) -> list[str]:
    """Scripts without spaces in pairs of signs, which find a word wherever it stands."""
    parts: list[str] = []
    for run in _UNSPACED_RUN.findall(word):
        pairs = len(run) - 1 if _UNSPACED_SIGN.match(run) else 0
        parts += [run[place : place + 2] for place in range(pairs)] or [run]
    return parts


def _bare(word: str) -> str:
    word = word.replace("’", "'").removesuffix("'s").replace("'", "")
    return word[:MAX_WORD_LENGTH]


def numbered(stems: Iterable[str]) -> dict[str, int]:
    """Each different stem with a number of its own."""
    return {stem: number for number, stem in enumerate(dict.fromkeys(stems))}
