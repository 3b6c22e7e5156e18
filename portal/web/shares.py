"""Shares of a count, in words: never without the interval in which the truth probably lies."""

from portal.locale import gettext as _
from portal.written import number


def percent(value: float | None) -> str:
    """A share as its readers write it: "87.5%", in German "87,5 %"."""
    return "–" if value is None else _("%(number)s%%", number=number(100 * value, 1))


def share_words(share: float, interval: tuple[float, float]) -> str:
    """ "87.5% (80.1% to 92.4%)"."""
    low, high = interval
    return _(
        "%(share)s (%(low)s to %(high)s)",
        share=percent(share),
        low=percent(low),
        high=percent(high),
    )
