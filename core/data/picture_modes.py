"""Every mode in which Pillow opens a picture, brought to eight bits: L or RGB, transparent pixels on white.

Numbers are scaled by a range that does not depend on the picture, so that two pictures stay comparable:

* Greys of 16 bits from 0 to 65,535, of 12 bits (TIFF) from 0 to 4,095. Pillow reads a colour of 16 bits as its upper 8.
* Whole numbers of 32 bits, or with a sign, as those of 16 bits; what lies outside 0 to 65,535 is refused.
* Real numbers from 0 (black) to 1 (white); what lies outside is refused.
"""

import numpy as np
from PIL import Image

from core.data.base import Array

BACKGROUND = "white"  # behind what is transparent
_WHITE, _WHITE_OF_12 = 65_535, 4_095  # of greys with more than eight bits
_GREYS = ("1", "L", "LA", "La", "F")
_BITS, _PHOTOMETRIC = 258, 262  # tags of TIFF
_DEPTH = 24  # where the bits of a sample stand in a PNG


def is_grey(picture: Image.Image) -> bool:
    """Whether it has no colours by its mode or its palette; without a look at the pixels."""
    if picture.mode not in ("P", "PA"):
        return picture.mode in _GREYS or picture.mode.startswith("I")
    palette = picture.getpalette() or []
    return palette[0::3] == palette[1::3] == palette[2::3]


def eight_bits(picture: Image.Image, data: bytes) -> Image.Image:
    """Mode L or RGB. `data` is the file. Raises ValueError: numbers without a known range; OSError: damaged."""
    picture.load()
    grey = is_grey(picture)
    if picture.mode == "F" or picture.mode.startswith("I"):
        return Image.fromarray(_scaled(picture))
    if picture.format == "PNG":
        _spread(picture, data[_DEPTH])
    if picture.has_transparency_data:
        over = (picture.convert("LA") if picture.mode == "La" else picture).convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", over.size, BACKGROUND), over)
    return picture.convert("L" if grey else "RGB")


def _spread(picture: Image.Image, depth: int) -> None:
    """PNG names the transparent colour in the file's bits; Pillow unpacks pixels of fewer bits to 8, and halves 16."""
    colour = picture.info.get("transparency")
    if picture.mode == "L" and isinstance(colour, int) and depth in (2, 4):
        picture.info["transparency"] = colour * (255 // (2**depth - 1))
    elif picture.mode == "RGB" and isinstance(colour, tuple) and depth == 16:
        picture.info["transparency"] = tuple(value >> 8 for value in colour)


def _scaled(picture: Image.Image) -> Array:
    """uint8 [height, width], from numbers of more than eight bits."""
    values = np.asarray(picture)
    if picture.mode == "F":
        grey = _of_reals(values)
    else:
        twelve = picture.mode == "I;16" and _tag(picture, _BITS) in (12, (12,))
        grey = _of_whole(values, _WHITE_OF_12 if twelve else _WHITE)
    if _tag(picture, _PHOTOMETRIC) == 0:  # white is zero; Pillow exchanges the two up to eight bits only
        grey = 255 - grey
    if isinstance(colour := picture.info.get("transparency"), int):
        grey[values == colour] = 255
    return grey


def _of_whole(values: Array, white: int) -> Array:
    least, most = int(values.min()), int(values.max())
    if least < 0 or most > white:
        raise ValueError(
            f"its whole numbers go from {least:,} to {most:,}, taken are 0 (black) to {white:,} (white); save it with "
            "8 or 16 bits"
        )
    # Rounded down, as data sets that were stored by earlier versions have it.
    eighth = values // 257 if white == _WHITE else values.astype(np.uint32) * 255 // white
    return eighth.astype(np.uint8)


def _of_reals(values: Array) -> Array:
    if not np.isfinite(values).all():
        raise ValueError("some of its numbers are missing or infinite; save it with 8 or 16 bits")
    least, most = float(values.min()), float(values.max())
    if least < 0 or most > 1:
        raise ValueError(
            f"its real numbers go from {least:.6g} to {most:.6g}, taken are 0 (black) to 1 (white); divide by the "
            "white of all pictures, or save it with 8 or 16 bits"
        )
    return np.rint(values * np.float32(255)).astype(np.uint8)


def _tag(picture: Image.Image, number: int) -> object:
    tags = getattr(picture, "tag_v2", {})
    return tags.get(number) if picture.format == "TIFF" else None
