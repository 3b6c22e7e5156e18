"""Shares of a count, in words: never without the interval in which the truth probably lies."""


def percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def share_words(share: float, interval: tuple[float, float]) -> str:
    """ "87.5 % (80.1 % to 92.4 %)"."""
    low, high = interval
    return f"{percent(share)} ({percent(low)} to {percent(high)})"
