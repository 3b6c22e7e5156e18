"""How a text becomes words: the one reading of what people type and of what articles say.

People never write a query language. What they type is cut to 200 characters and 16 words of at
most 40 characters; everything that is no letter or digit only separates.
"""

import re
import unicodedata

MAX_CHARACTERS = 200
MAX_WORDS = 16
MAX_WORD_LENGTH = 40

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

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


def words_of(text: str) -> list[str]:
    """The words of a text in order: compatibility forms folded, lower case, without accents."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return [_bare(word) for word in _WORD.findall(plain)]


def query_words(text: str) -> list[str]:
    """The words of a question, within the limits, each once, in the order typed."""
    return list(dict.fromkeys(words_of(text[:MAX_CHARACTERS])))[:MAX_WORDS]


def content_words(words: list[str]) -> list[str]:
    """The words without "how", "do" and "the", as long as at least one stays to search for."""
    kept = [word for word in words if word not in STOP_WORDS]
    return kept or words


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


def _bare(word: str) -> str:
    word = word.replace("’", "'").removesuffix("'s").replace("'", "")
    return word[:MAX_WORD_LENGTH]
