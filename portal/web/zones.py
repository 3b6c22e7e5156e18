"""The world's time zones, as people choose them: real places, by continent.

Their names are read from the disk once, and their hundreds of options are written once: a page
with the list costs no more than any other. A place is offered once, under the name it has today;
an older name that a browser tells is understood.
"""

from functools import cache, lru_cache
from importlib.resources import files
from operator import itemgetter
from zoneinfo import available_timezones

from markupsafe import Markup
from wtforms import SelectField
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from portal.locale import N_, SPOKEN_IN_CODE, language
from portal.locale import gettext as _
from portal.policy.moments import city_name

Options = tuple[tuple[str, str], ...]
Groups = tuple[tuple[str, Options], ...]
_OPTION = Markup('<option value="{}">{}</option>')
_CHOSEN = Markup('<option value="{}" selected>{}</option>')
_GROUP = Markup('<optgroup label="{}">{}</optgroup>')
_AREAS = {
    "Africa": N_("Africa"),
    "America": N_("America"),
    "Antarctica": N_("Antarctica"),
    "Arctic": N_("Arctic"),
    "Asia": N_("Asia"),
    "Atlantic": N_("Atlantic"),
    "Australia": N_("Australia"),
    "Europe": N_("Europe"),
    "Indian": N_("Indian"),
    "Pacific": N_("Pacific"),
}


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
    for _step in range(3):
        if seen in offered_names():
            return seen
        seen = _new_names().get(seen, zone)
    return zone


@cache
def _new_names() -> dict[str, str]:
    links = (line.split() for line in _written_down("tzdata.zi") if line.startswith("L "))
    return {old: new for _link, new, old in links}


def _written_down(name: str) -> list[str]:
    return files("tzdata.zoneinfo").joinpath(name).read_text(encoding="utf-8").splitlines()


class ZoneField(SelectField):
    """A choice of one zone; `choices` are those of `zone_choices`."""

    choices: dict[str, list[tuple[str, str]]]

    def pre_validate(self, form: BaseForm) -> None:  # noqa: ARG002  (the library's signature)
        """Every zone that can be stored is right, so that none is lost that is not offered."""
        if self.data and self.data not in zone_names():
            raise ValidationError(_("Choose a time zone from the list."))

    @property
    def options(self) -> Markup:
        """All options as HTML: the chosen one first and selected, then all of them."""
        zone = todays_name(self.data or "")
        first = _CHOSEN.format(zone, _place(zone, language())) if zone else Markup("")
        return first + _written(self._groups())

    def _groups(self) -> Groups:
        return tuple((heading, tuple(options)) for heading, options in self.choices.items())


def zone_choices(supports: str, *, universal: bool = False) -> dict[str, list[tuple[str, str]]]:
    """Pairs of zone and place by the name of the continent; the first choice, "", is called
    `supports` and leaves it to support's own zone. `universal` offers UTC beside it.
    """
    first = [("", supports), *([("UTC", "UTC")] if universal else [])]
    return {"": first, **_places(language())}


@cache
def _places(tag: str) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(zone_names()):
        area = zone.partition("/")[0]
        if area in _AREAS:
            found.setdefault(_(_AREAS[area]), []).append((zone, _place(zone, tag)))
    if tag != SPOKEN_IN_CODE:
        for places in found.values():
            places.sort(key=itemgetter(1))
    return found


def _place(zone: str, tag: str) -> str:
    place = zone.partition("/")[2]
    if not place:
        return zone
    if tag != SPOKEN_IN_CODE:
        return city_name(zone, tag)
    return place.replace("_", " ").replace("/", ", ")


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
