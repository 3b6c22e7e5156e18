"""The languages that articles may be in: their tags (BCP 47), own names, and writing directions.

A library has a first language, which is that of every article that doesn't name one. `""` stands
for it wherever a language is stored.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

FIRST = ""
"""What is stored of an article in the library's first language, whichever that is."""

_TAG = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?", re.IGNORECASE)
LONGEST_TAG = 12

_NAMES = {
    **{"ar": "العربية", "bg": "Български", "bn": "বাংলা", "ca": "Català", "cs": "Čeština"},
    **{"cy": "Cymraeg", "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά", "en": "English"},
    **{"es": "Español", "et": "Eesti", "eu": "Euskara", "fa": "فارسی", "fi": "Suomi"},
    **{"fr": "Français", "ga": "Gaeilge", "gl": "Galego", "he": "עברית", "hi": "हिन्दी"},
    **{"hr": "Hrvatski", "hu": "Magyar", "hy": "Հայերեն", "id": "Bahasa Indonesia"},
    **{"is": "Íslenska", "it": "Italiano", "ja": "日本語", "ka": "ქართული", "kk": "Қазақ тілі"},
    **{
        "ko": "한국어",
        "lt": "Lietuvių",
        "lv": "Latviešu",
        "mk": "Македонски",
        "ms": "Bahasa Melayu",
    },
    **{"mt": "Malti", "nb": "Norsk bokmål", "nl": "Nederlands", "nn": "Norsk nynorsk"},
    **{"no": "Norsk", "pl": "Polski", "pt": "Português", "ro": "Română", "ru": "Русский"},
    **{"sk": "Slovenčina", "sl": "Slovenščina", "sq": "Shqip", "sr": "Српски", "sv": "Svenska"},
    **{"sw": "Kiswahili", "ta": "தமிழ்", "th": "ไทย", "tr": "Türkçe", "uk": "Українська"},
    **{"ur": "اردو", "vi": "Tiếng Việt", "yi": "ייִדיש", "zh": "中文"},
}
_FROM_THE_RIGHT = frozenset({"ar", "fa", "he", "ur", "yi"})


@dataclass(frozen=True)
class Languages:
    """The languages of a library as one reader wants them: `wanted` before `first`."""

    wanted: str
    first: str

    def of(self, stored: str) -> str:
        """The tag of a stored language."""
        return stored or self.first

    def wanting(self, tag: str) -> "Languages":
        return Languages(tag, self.first)


def read_tag(said: str) -> str | None:
    """A tag in its usual form, like "de" or "pt-BR"; None when it is none that is known."""
    found = _TAG.fullmatch(said.strip().replace("_", "-"))
    if found is None or found[1].lower() not in _NAMES:
        return None
    language, script, region = found[1].lower(), found[2], found[3]
    parts = (language, script.title() if script else None, region.upper() if region else None)
    return "-".join(filter(None, parts))


@lru_cache(maxsize=100)
def name_of(tag: str) -> str:
    """What a language calls itself, with its region or script if the tag names one."""
    language, _hyphen, rest = tag.partition("-")
    name = _NAMES.get(language, tag)
    return f"{name} ({rest})" if rest else name


def primary(tag: str) -> str:
    """The language without script and region: "de" of "de-AT"."""
    return tag.partition("-")[0]


def direction_of(tag: str) -> str:
    """ "rtl" for what is written from the right to the left, else "ltr"."""
    language = tag.partition("-")[0]
    return "rtl" if language in _FROM_THE_RIGHT and "-Latn" not in tag else "ltr"


def best_match(accepted: str, tags: tuple[str, ...]) -> str | None:
    """The one of `tags` that an Accept-Language header likes best; None when it likes none.

    "de-AT" is served by "de", and "pt" by "pt-BR".
    """
    wishes = sorted(_wishes(accepted), key=lambda wish: -wish[1])
    for wish, _weight in wishes:
        for tag in tags:
            if tag.lower() == wish:
                return tag
        for tag in tags:
            if tag.lower().partition("-")[0] == wish.partition("-")[0]:
                return tag
    return None


def _wishes(accepted: str) -> list[tuple[str, float]]:
    """Each tag with its weight; what can't be read is left out."""
    found = []
    for part in accepted[:500].split(","):
        tag, _semicolon, weight = part.partition(";")
        said = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", weight) if weight else None
        value = float(said[1]) if said else 1.0
        if tag.strip() and (said or not weight) and value > 0:
            found.append((tag.strip().lower(), value))
    return found
