"""Colours: a run has one of its own, told from its number alone, readable on white and on near-black.

Of runs that are shown together some have others, so that no two are near each other.
"""

import math
from collections.abc import Iterable
from functools import lru_cache

_GOLDEN_ANGLE = 137.50776405  # degrees; turns of it never meet and neighbours lie far apart
# OKLCH, found by search: 3:1 or better against both backgrounds, and any twenty runs in a row well apart.
_LIGHTNESS = (0.565, 0.575, 0.61)
_CHROMA = (0.115, 0.19)
_APART = 0.1  # least distance in OKLab of two runs that are shown together, where there is room for it
_MOST_APART = 40  # runs; nobody tells more of them by colours
_TRIED = 120  # other runs' colours, of which the one that is farthest from all others is taken
_SCRAMBLE = 757  # odd, so that products modulo 4,096 are all different


def colours_apart(run_ids: Iterable[int]) -> dict[int, str]:
    """Colours of runs that are shown together: their own, but for those that are too near to one of a lower number."""
    numbers = sorted(set(run_ids))
    found: dict[int, str] = {}
    for number in numbers:
        if len(numbers) > _MOST_APART or _nearest(run_colour(number), found.values()) >= _APART:
            found[number] = run_colour(number)
    for number in numbers:
        if number not in found:
            others = [run_colour(number + more) for more in range(1, _TRIED)]
            found[number] = max(others, key=lambda each: _nearest(each, found.values()))
    return found


@lru_cache(4096)
def run_colour(run_id: int) -> str:
    """The run's colour as #rrggbb; any 4,096 runs in a row have different ones."""
    hue = run_id * _GOLDEN_ANGLE % 360
    # Hues come near each other again after 8, 13, 21, 34 … runs; lightness or chroma then differ.
    channels = _in_gamut(_LIGHTNESS[run_id % 3], _CHROMA[run_id % 2], hue)
    # The lowest four bits of each channel, which the eye hardly sees, carry the number itself.
    mark = run_id * _SCRAMBLE
    parts = [(channel & 0xF0) | (mark >> shift & 0xF) for channel, shift in zip(channels, (0, 4, 8), strict=True)]
    return "#" + "".join(f"{part:02x}" for part in parts)


def scale_colour(share: float) -> str:
    """A colour for a place on a scale from 0 (blue) to 1 (orange), as light as the others, so readable on both."""
    return "#" + "".join(f"{channel:02x}" for channel in _in_gamut(0.6, 0.14, 265 - 205 * share))


def faint(colour: str, opacity: float) -> str:
    """The colour as rgba(…) of this opacity, 0 to 1."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity:g})"


def _in_gamut(lightness: float, chroma: float, hue: float) -> tuple[int, int, int]:
    """0 to 255 each; as much of the chroma as sRGB can show."""
    while True:
        linear = _linear_rgb(lightness, chroma, hue)
        if all(-0.001 <= value <= 1.001 for value in linear):
            red, green, blue = (round(255 * _gamma(min(1.0, max(0.0, value)))) for value in linear)
            return red, green, blue
        chroma -= 0.005


def _nearest(colour: str, others: Iterable[str]) -> float:
    """Distance in OKLab; infinite where there are none."""
    here = _oklab(colour)
    return min((math.dist(here, _oklab(each)) for each in others), default=math.inf)


@lru_cache(4096)
def _oklab(colour: str) -> tuple[float, float, float]:
    """Of #rrggbb, the way back from `_linear_rgb`."""
    shares = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in shares)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _linear_rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """OKLCH to linear sRGB, after Björn Ottosson, "A perceptual color space for image processing" (2020)."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _gamma(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else float(1.055 * value ** (1 / 2.4) - 0.055)
