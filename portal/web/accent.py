"""The organisation's one accent colour, in two variants that stay readable on light and dark."""

import colorsys

from portal.settings import MINIMUM_CONTRAST, contrast

LIGHT_GROUNDS = ("#ffffff", "#f5f6f5")
DARK_GROUNDS = ("#15181b", "#1d2125")
_ON_DARK, _ON_LIGHT = "#101417", "#ffffff"


def accent_style(accent: str) -> str:
    """The style rule that sets the accent's tokens."""
    light, dark = readable(accent, LIGHT_GROUNDS, 0.0), readable(accent, DARK_GROUNDS, 1.0)
    return (
        f":root{{--accent-light:{light};--accent-dark:{dark};"
        f"--on-accent-light:{text_on(light)};--on-accent-dark:{text_on(dark)}}}\n"
    )


def readable(accent: str, grounds: tuple[str, ...], towards: float) -> str:
    """`accent`, its lightness moved towards black (0) or white (1) until it reads on `grounds`."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(accent))
    for step in range(101):
        moved = lightness + (towards - lightness) * step / 100
        colour = _hex(colorsys.hls_to_rgb(hue, moved, saturation))
        if all(contrast(colour, ground) >= MINIMUM_CONTRAST for ground in grounds):
            return colour
    raise AssertionError("black and white always read on their grounds")


def text_on(colour: str) -> str:
    """Near-black or white, whichever reads better on `colour`."""
    return max((_ON_DARK, _ON_LIGHT), key=lambda text: contrast(text, colour))


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _hex(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
