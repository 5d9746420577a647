"""The one decoder of pictures, for data sets, for questions and for what is shown: from a file's bytes to pixels.

Decoded by Pillow, by the content, whatever the name says. Of a file with several pictures the first is taken. Turned as
its camera says, transparent pixels on white, eight bits a channel; core.data.picture_modes says how. What depends on
the other pictures of a data set, its size and whether it is grey, is asked of `Decoded.pixels`.
"""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageOps

from core.common.text import first_line
from core.data.data_info import Array
from core.data.picture_formats import DECODERS, NAMES, received
from core.data.picture_modes import brightest, eight_bits, is_deep, is_grey
from core.data.pictures import array_of, fit

_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    KeyError,
    IndexError,
    OverflowError,
    struct.error,
    zlib.error,
)  # as Pillow raises
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # by values of EXIF's orientation
_SIDEWAYS = (5, 6, 7, 8)  # of them, those by which width and height change places
_ORIENTATION = 0x0112


class BrokenPictureError(Exception):
    """Not a picture that can be read; the text says why."""


@dataclass(frozen=True)
class Header:
    """What is known of a picture before it is decoded; its size is that of the upright picture."""

    height: int
    width: int
    grey: bool
    several: bool = False  # whether the file holds more pictures, or pages; how many takes long to count
    format: str = ""
    deep: bool = False  # grey with more than eight bits, whose white the data set may say


@dataclass(frozen=True)
class Decoded:
    """An upright picture without transparency, of eight bits: mode L or RGB."""

    header: Header
    picture: Image.Image

    def pixels(self, height: int, width: int, *, grey: bool, inverted: bool = False) -> Array:
        """uint8 [height, width, 1 or 3], sampled bilinearly with antialiasing."""
        picture = self.picture.convert("L" if grey else "RGB")
        return array_of(fit(ImageOps.invert(picture) if inverted else picture, height, width))


def header(data: bytes, max_pixels: int) -> Header:
    """Raises BrokenPictureError."""
    with _opened(data, max_pixels) as picture:
        return _header(picture)


def brightest_of(data: bytes, max_pixels: int) -> int:
    """The largest number of a picture that is deep. Raises BrokenPictureError; MemoryError."""
    with _opened(data, max_pixels) as picture:
        return brightest(picture)


def decoded(data: bytes, max_pixels: int, white: int = 0) -> Decoded:
    """`white`: of the data set, for pictures that are deep. Raises BrokenPictureError; MemoryError."""
    with _opened(data, max_pixels) as opened:
        found, turn = _header(opened), _TURNS.get(_orientation(opened) or 1)
        picture = eight_bits(opened, data, white)
        return Decoded(found, picture if turn is None else picture.transpose(turn))


def pixels(data: bytes, height: int, width: int, *, grey: bool, max_pixels: int, white: int = 0) -> Array:
    """uint8 [height, width, 1 or 3]. Raises BrokenPictureError; MemoryError."""
    return decoded(data, max_pixels, white).pixels(height, width, grey=grey)


def _header(picture: Image.Image) -> Header:
    height, width = picture.height, picture.width
    if _orientation(picture) in _SIDEWAYS:
        height, width = width, height
    several, name = _holds_several(picture), picture.format or ""
    return Header(height, width, is_grey(picture), several, NAMES.get(name, name), is_deep(picture))


def _orientation(picture: Image.Image) -> int | None:
    """None where Pillow turns the picture by itself."""
    found = None if picture.format == "TIFF" else picture.getexif().get(_ORIENTATION)
    return found if isinstance(found, int) else None


def _holds_several(picture: Image.Image) -> bool:
    if picture.format == "MPO":  # of cameras: beside the picture lie smaller ones, and what depends on the screen
        return False
    try:
        return bool(getattr(picture, "is_animated", False))
    except _ERRORS:  # what follows the first is damaged
        return False


@contextmanager
def _opened(data: bytes, max_pixels: int) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of sizes, which are checked here, and of odd metadata
            with Image.open(io.BytesIO(data), formats=DECODERS) as picture:
                if picture.width * picture.height > max_pixels:
                    raise BrokenPictureError(
                        f"{picture.width} x {picture.height} pixels are too many, at most {max_pixels:,} are taken"
                    )
                yield picture
    except Image.DecompressionBombError as error:
        raise BrokenPictureError("it has too many pixels") from error
    except _ERRORS as error:
        told = received(data) if "cannot identify" in str(error) else first_line(error)
        raise BrokenPictureError(told or type(error).__name__) from error
