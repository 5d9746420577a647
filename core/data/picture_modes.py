"""Every mode in which Pillow opens a picture, brought to eight bits: L or RGB, transparent pixels on white.

Numbers are scaled by a range that does not depend on the picture, so that two pictures stay comparable:

* Greys of 16 bits from 0 to 65,535, of 12 bits (TIFF) from 0 to 4,095; or to another white, where a whole data set says
  so: cameras of 10, 12 and 14 bits write files of 16. Pillow reads a colour of 16 bits as its upper 8.
* Whole numbers of 32 bits, or with a sign, as those of 16 bits; what lies outside 0 to 65,535 is refused.
* Real numbers from 0 (black) to 1 (white); what lies outside is refused.
"""

import numpy as np
from PIL import Image

from core.data.data_info import Array

BACKGROUND = "white"  # behind what is transparent
_WHITE, _WHITE_OF_12 = 65_535, 4_095  # of greys with more than eight bits
_WHITES = (255, 1_023, 4_095, 16_383)  # of 8, 10, 12 and 14 bits
_GREYS = ("1", "L", "LA", "La", "F")
_BITS, _PHOTOMETRIC = 258, 262  # tags of TIFF
_DEPTH = 24  # where the bits of a sample stand in a PNG


def is_grey(picture: Image.Image) -> bool:
    """Whether it has no colours by its mode or its palette; without a look at the pixels."""
    if picture.mode not in ("P", "PA"):
        return picture.mode in _GREYS or picture.mode.startswith("I")
    palette = picture.getpalette() or []
    return palette[0::3] == palette[1::3] == palette[2::3]


def is_deep(picture: Image.Image) -> bool:
    """Whether it is grey with whole numbers of more than eight bits, whose white a data set may say."""
    return picture.mode.startswith("I") and _tag(picture, _BITS) not in (12, (12,))


def brightest(picture: Image.Image) -> int:
    """The largest number of a picture that is deep. Raises OSError: damaged."""
    return int(np.asarray(picture).max())


def white_of(most: int) -> int:
    """White in pictures that are deep and hold no more than this: 0, which is that of their type, above 14 bits."""
    return next((white for white in _WHITES if most <= white), 0)


def eight_bits(picture: Image.Image, data: bytes, white: int = 0) -> Image.Image:
    """Mode L or RGB. `data` is the file, `white` of pictures that are deep.

    Raises ValueError: numbers without a known range; OSError: damaged.
    """
    picture.load()
    grey = is_grey(picture)
    if picture.mode == "F" or picture.mode.startswith("I"):
        return Image.fromarray(_scaled(picture, white))
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


def _scaled(picture: Image.Image, white: int) -> Array:
    """uint8 [height, width], from numbers of more than eight bits."""
    values = np.asarray(picture)
    if picture.mode == "F":
        grey = _of_reals(values)
    else:
        grey = _of_whole(values, (white or _WHITE) if is_deep(picture) else _WHITE_OF_12)
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
