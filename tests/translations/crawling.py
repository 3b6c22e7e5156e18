"""Opening every page that links lead to, and what the database already says."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from zoneinfo import available_timezones

from babel import Locale
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from portal.cases.case import PolicyVersion
from portal.database import Base
from portal.languages import name_of
from portal.policy.moments import city_name
from portal.web.zones import offered_names
from tests.translations.pseudo import TAG, texts_in, words_outside

STARTS = (
    "/", "/search?q=password", "/search?q=xyzzyqq", "/search", "/expectations", "/nothing-here",
    "/widget", "/widget?q=password", "/cases", "/desk", "/writing", "/account", "/sign-in/link",
    "/account/request", "/follow", "/help/no.such.key", "/cases/new",
)  # fmt: skip
MOST_OF_A_KIND = 2
"""Pages of one kind that one visitor opens."""
_HOST = "http://127.0.0.1:8000"
_REFERENCE = re.compile(
    r"\b[A-Z0-9]{1,4}-[A-Z0-9]{3,5}(?:-[A-Z0-9]+)?\b|[\w.+-]+@[\w.-]+"
    r"|https?://\S+|/[\w./<>-]+|\b[A-Z]{1,3}-?\d[\w-]*"
)
"""Case numbers, addresses, and versions."""


@dataclass(frozen=True)
class Visitor:
    """Somebody who looks around."""

    name: str
    browser: FlaskClient


@dataclass(frozen=True)
class Said:
    """Words that no catalogue gave, and where they stood."""

    words: str
    endpoint: str
    address: str
    visitor: str


def crawl(app: Flask, visitor: Visitor) -> Iterator[tuple[str, str, str]]:
    """Each page that this visitor comes to: its kind, address and HTML."""
    router = app.url_map.bind("127.0.0.1:8000")
    opened: Counter[str] = Counter()
    waiting, seen = list(STARTS), set(STARTS)
    while waiting:
        address = waiting.pop(0)
        try:
            endpoint, _values = router.match(address.partition("?")[0], "GET")
        except HTTPException:
            endpoint = "nowhere"
        if opened[endpoint] >= MOST_OF_A_KIND and address not in STARTS:
            continue
        opened[endpoint] += 1
        answer = visitor.browser.get(address, base_url=_HOST)
        assert answer.status_code < 500, (address, visitor.name)
        if answer.location and answer.location.startswith("/"):
            waiting.append(answer.location)
        if answer.mimetype != "text/html" or answer.location:
            continue
        yield endpoint, address, answer.text
        for found in re.findall(r'<a\b[^>]*\shref="(/[^"#]*)', answer.text):
            link = unescape(found)
            if link not in seen:
                seen.add(link)
                waiting.append(link)


class Known:
    """What people, policies and the world say: it is never translated."""

    def __init__(self, app: Flask) -> None:
        parts = app.extensions["portal"]
        said = {parts.settings.name, "Answerfirst", *_of_the_world()}
        with parts.database.reading() as db:
            for table in Base.metadata.sorted_tables:
                for row in db.execute(select(table)):
                    for value in row:
                        said.update(texts_in(value))
            for source in db.scalars(select(PolicyVersion.source)):
                said.update(texts_in(tomllib.loads(source)))
        self._said = said | {one[:1].upper() + one[1:] for one in said}
        self._long = sorted((one for one in self._said if len(one) >= 4), key=len, reverse=True)

    def without(self, words: str) -> str:
        """What is left of a text when all that is known is taken away; "" when nothing is."""
        if words.strip(" .,:;()“”") in self._said or self._is_begun(words):
            return ""
        rest = _REFERENCE.sub(" ", self._without_long(words))
        rest = self._without_long(rest)
        return rest if re.search(r"[^\W\d_]{2}", rest) else ""

    def _is_begun(self, words: str) -> bool:
        """Whether this is the beginning of something known, cut short."""
        begun = words.removesuffix("...")
        return begun != words and any(one.startswith(begun) for one in self._long)

    def _without_long(self, words: str) -> str:
        for one in self._long:
            if one in words:
                words = words.replace(one, " ")
        return words


def _of_the_world() -> Iterator[str]:
    """Names of days, months, zones and languages, units and file types."""
    conventions = Locale.parse(TAG, sep="-")
    for kind in (conventions.days, conventions.months):
        for widths in kind.values():
            for names in widths.values():
                yield from names.values()
    yield from (city_name(zone, TAG) for zone in offered_names())
    for zone in available_timezones():
        yield zone.rpartition("/")[2].replace("_", " ")
    yield from (name_of("en"), name_of(TAG))
    yield from ("kB", "MB", "MEZ", "MESZ", "UTC", "PST", "PDT", "CSV", "TOML", "Ctrl")


def unspoken(app: Flask, visitors: list[Visitor]) -> list[Said]:
    """The words of all pages that neither a catalogue nor data gave, each once a kind of page."""
    known = Known(app)
    found: dict[tuple[str, str], Said] = {}
    for visitor in visitors:
        for endpoint, address, page in crawl(app, visitor):
            for words in words_outside(page):
                if (words, endpoint) not in found and (left := known.without(words)):
                    found[words, endpoint] = Said(words, endpoint, address, visitor.name)
                    assert left
    return list(found.values())
