"""Which product and version an article is about, in the index's words.

"Gateway 4.2" is about the product Gateway and about its version 4.2; an article that names none is
about all of them.
"""

import re
from collections.abc import Iterable

EVERYTHING = "*"
_VERSION = re.compile(r"\s+v?\d[\w.]*$")


def key_of_product(name: str) -> str:
    """A product or a version of one as it is compared."""
    return " ".join(name.replace(",", " ").casefold().split())


def keys_of_products(applies_to: Iterable[str]) -> tuple[str, ...]:
    """Everything by which an article is found that is about these."""
    keys = [key_of_product(name) for name in applies_to]
    products = [_VERSION.sub("", key) for key in keys]
    return tuple(dict.fromkeys(key for key in (*keys, *products) if key)) or (EVERYTHING,)
