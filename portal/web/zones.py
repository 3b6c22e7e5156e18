"""The world's time zones, as people choose them.

Their names are read from the disk once, and their hundreds of options are written once: a page
with the list costs no more than any other. A place is offered once, under the name it has today;
an older name that a browser tells is understood.
"""

from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import available_timezones

from markupsafe import Markup
from wtforms import SelectField

Options = tuple[tuple[str, str], ...]
Groups = tuple[tuple[str, Options], ...]
_OPTION = Markup('<option value="{}">{}</option>')
_CHOSEN = Markup('<option value="{}" selected>{}</option>')
_GROUP = Markup('<optgroup label="{}">{}</optgroup>')


@cache
def zone_names() -> frozenset[str]:
    """Every zone that can be stored."""
    return frozenset(available_timezones())


@cache
def offered_names() -> frozenset[str]:
    """The zones of today's places, and UTC."""
    lines = _written_down("zone.tab")
    return frozenset({line.split("\t")[2] for line in lines if line[0] != "#"} | {"UTC"})


def todays_name(zone: str) -> str:
    """The name that `zone` is offered under; its own when there is none."""
    seen = zone
    for _ in range(3):
        if seen in offered_names():
            return seen
        seen = _new_names().get(seen, zone)
    return zone


@cache
def _new_names() -> dict[str, str]:
    links = (line.split() for line in _written_down("tzdata.zi") if line.startswith("L "))
    return {old: new for _, new, old in links}


def _written_down(name: str) -> list[str]:
    return files("tzdata.zoneinfo").joinpath(name).read_text(encoding="utf-8").splitlines()


class ZoneField(SelectField):
    """A choice of one zone; `choices` are pairs, or groups of pairs by their heading."""

    @property
    def options(self) -> Markup:
        """All options as HTML: the chosen one first and selected, then all of them."""
        zone = todays_name(self.data or "")
        own = zone.replace("_", " ").replace("/", " / ")
        first = _CHOSEN.format(zone, own) if zone else Markup("")
        return first + _written(self._groups())

    def _groups(self) -> Groups:
        choices = self.choices if isinstance(self.choices, dict) else {"": self.choices or []}
        return tuple((heading, tuple(options)) for heading, options in choices.items())


@lru_cache(maxsize=8)
def _written(groups: Groups) -> Markup:
    return Markup("").join(_group(heading, options) for heading, options in groups)


def _group(heading: str, options: Options) -> Markup:
    written = Markup("").join(
        _OPTION.format(value, text)
        for value, text in options
        if not value or value in offered_names()
    )
    return _GROUP.format(heading, written) if heading else written
