"""How instants, sizes and people's own words are written on a page.

Instants stand in the reader's zone with the zone's name. What contacts write is text, never
markup: it is escaped, its addresses become links, its lines and code fences stay.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Flask, g
from markupsafe import Markup, escape
from werkzeug.local import LocalProxy

from portal import written
from portal.clock import now
from portal.knowledge.rendered_words import BACK, BACK_SPOKEN, LABELS
from portal.locale import SPOKEN_IN_CODE, language, ngettext
from portal.locale import gettext as _
from portal.policy.moments import zone_name
from portal.web.addresses import absolute, address_of
from portal.web.assets import asset
from portal.web.identity import current_person
from portal.web.languages import (
    has_choice,
    language_choices,
    language_in_words,
    language_marks,
    language_name,
    page_direction,
    tag_of,
)
from portal.web.messages import notices
from portal.web.plain_text import plain_text
from portal.web.site import Site, site

_TIME = Markup('<time datetime="{}">{}</time>')
_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60
"""In seconds."""


def prepare(app: Flask) -> None:
    """Give the templates their filters and globals."""
    environment = app.jinja_env
    environment.filters.update(
        time_element=time_element,
        when=when,
        day=day,
        full_day=written.full_day,
        relative=relative,
        iso=iso,
        number=written.number,
        own_words=own_words,
        zone_called=zone_called,
        size=size,
        plain_text=_plain_text,
    )
    environment.globals.update(
        absolute=absolute,
        url_for=address_of,
        asset=asset,
        site=LocalProxy(current_site),
        person=LocalProxy(current_person),
        notices=LocalProxy(notices),
        reader_zone=LocalProxy(reader_zone),
        now=LocalProxy(this_moment),
        language_tag=tag_of,
        language_marks=language_marks,
        page_language=language,
        page_direction=page_direction,
        language_in_words=language_in_words,
        language_name=language_name,
        language_choices=language_choices,
        has_language_choice=has_choice,
    )
    app.context_processor(_values)


def when(instant: datetime, zone: ZoneInfo | None = None) -> str:
    """An instant in the reader's zone: "Mon 23 Nov 2026, 10:30 am PST"."""
    return _written(instant, zone or reader_zone(), language())


def time_element(instant: datetime) -> Markup:
    """The same, as an element that programs can read."""
    return _marked_up(instant, reader_zone(), language())


@lru_cache(maxsize=4096)
def _marked_up(instant: datetime, zone: ZoneInfo, tag: str) -> Markup:
    return _TIME.format(iso(instant), _written(instant, zone, tag))


@lru_cache(maxsize=4096)
def _written(instant: datetime, zone: ZoneInfo, _tag: str) -> str:
    return written.instant(instant.astimezone(zone))


def day(value: date | datetime, zone: ZoneInfo | None = None) -> str:
    """A day: "23 November 2026". An instant is taken in the reader's zone."""
    if isinstance(value, datetime):
        value = value.astimezone(zone or reader_zone()).date()
    return _day(value, language())


@lru_cache(maxsize=1024)
def _day(value: date, _tag: str) -> str:
    return written.day(value)


def relative(instant: datetime, to: datetime | None = None) -> str:
    """How far off an instant is: "in 3 hours", "2 days ago", "just now"."""
    seconds = int((instant - (to or this_moment())).total_seconds())
    return _ahead(seconds) if seconds > 0 else _ago(-seconds)


def _ahead(seconds: int) -> str:
    """Hours and minutes to the nearest: four hours less a second are the four promised ones."""
    hours, minutes = round(seconds / _HOUR), round(seconds / _MINUTE)
    if seconds >= _DAY:
        return ngettext("in %(number)s day", "in %(number)s days", seconds // _DAY)
    if seconds >= _HOUR - _MINUTE // 2:
        return ngettext("in %(number)s hour", "in %(number)s hours", hours)
    if seconds >= _MINUTE:
        return ngettext("in %(number)s minute", "in %(number)s minutes", minutes)
    return _("in less than a minute")


def _ago(seconds: int) -> str:
    if seconds >= _DAY:
        return ngettext("%(number)s day ago", "%(number)s days ago", seconds // _DAY)
    if seconds >= _HOUR:
        return ngettext("%(number)s hour ago", "%(number)s hours ago", seconds // _HOUR)
    if seconds >= _MINUTE:
        return ngettext("%(number)s minute ago", "%(number)s minutes ago", seconds // _MINUTE)
    return _("just now")


def iso(value: date | datetime) -> str:
    """For machines: an instant in UTC, a day as it is."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat()


def size(count: int) -> str:
    """A file's size: "830 bytes", "12 kB", "3.4 MB"."""
    if count < 1_000:
        return ngettext("%(number)s byte", "%(number)s bytes", count)
    for unit in ("kB", "MB"):
        count_of_unit = count / 1_000
        if count_of_unit < 999.5 or unit == "MB":
            digits = 1 if count_of_unit < 9.95 else 0
            return f"{written.number(count_of_unit, digits, is_grouped=False)} {unit}"
        count = round(count_of_unit)
    raise AssertionError


def reader_zone() -> ZoneInfo:
    """The zone that instants are shown in: the person's own, else the one that a guest told with
    a case (`g.told_zone`), else support's.
    """
    person = current_person()
    own = person.time_zone if person else None
    return known_zone(own or g.get("told_zone")) or current_site().zone


def midnight(day: date) -> datetime:
    """The beginning of a day where the reader lives."""
    return datetime.combine(day, time(), tzinfo=reader_zone()).astimezone(UTC)


def midnight_after(day: date) -> datetime:
    """The end of a day where the reader lives. The calendar's last day ends where it begins."""
    return midnight(day + min(timedelta(days=1), date.max - day))


def zone_called(name: str) -> str:
    """What readers call a zone: "Pacific time", "Berlin"; "" for none, an unknown name as it is."""
    zone = known_zone(name)
    return zone_name(zone) if zone else name


def known_zone(name: str | None) -> ZoneInfo | None:
    """The zone of this name, None where there is none."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def this_moment() -> datetime:
    """One `now` for the whole page."""
    if "now" not in g:
        g.now = now()
    moment: datetime = g.now
    return moment


def current_site() -> Site:
    if "site" not in g:
        g.site = site()
    found: Site = g.site
    return found


def own_words(html: Markup) -> Markup:
    """An article's HTML with the words in it that are ours in the reader's language."""
    if language() == SPOKEN_IN_CODE:
        return html
    spoken = str(html)
    for words in LABELS:
        spoken = spoken.replace(f'aria-label="{words}"', f'aria-label="{escape(_(words))}"')
    return Markup(_BACK.sub(_back, spoken))  # noqa: S704  (it was safe before)


_BACK = re.compile(re.escape(f'title="{BACK}"').replace(r"\{\}", r"(\d{1,6})"))


def _back(found: re.Match[str]) -> str:
    return f'title="{escape(_(BACK_SPOKEN, number=found[1]))}"'


def _plain_text(text: str) -> Markup:
    return plain_text(text)


def _values() -> dict[str, object]:
    return {
        "person": current_person(),
        "site": current_site(),
        "notices": notices(),
        "reader_zone": reader_zone(),
        "now": this_moment(),
    }
