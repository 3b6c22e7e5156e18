"""The world's time zones, as people choose them.

Their names are read from the disk once, and their hundreds of options are written once: a page
with the list costs no more than any other.
"""

from functools import cache, lru_cache
from zoneinfo import available_timezones

from markupsafe import Markup
from wtforms import SelectField

Options = tuple[tuple[str, str], ...]
Groups = tuple[tuple[str, Options], ...]
_OPTION = Markup('<option value="{}">{}</option>')
_GROUP = Markup('<optgroup label="{}">{}</optgroup>')


@cache
def zone_names() -> frozenset[str]:
    """Every zone that can be stored."""
    return frozenset(available_timezones())


class ZoneField(SelectField):
    """A choice of one zone; `choices` are pairs, or groups of pairs by their heading."""

    @property
    def options(self) -> Markup:
        """All options as HTML, the chosen one selected."""
        chosen = Markup('value="{}"').format(self.data or "")
        return _written(self._groups()).replace(chosen, chosen + Markup(" selected"), 1)

    def _groups(self) -> Groups:
        choices = self.choices if isinstance(self.choices, dict) else {"": self.choices or []}
        return tuple((heading, tuple(options)) for heading, options in choices.items())


@lru_cache(maxsize=8)
def _written(groups: Groups) -> Markup:
    return Markup("").join(_group(heading, options) for heading, options in groups)


def _group(heading: str, options: Options) -> Markup:
    written = Markup("").join(_OPTION.format(value, text) for value, text in options)
    return _GROUP.format(heading, written) if heading else written
