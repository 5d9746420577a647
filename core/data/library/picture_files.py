"""One picture: from a file's bytes to pixels of the wanted size. Decoded by Pillow, turned as its camera says."""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from core.data.base import Array

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif")
_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")
_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    KeyError,
    struct.error,
    zlib.error,
)  # as Pillow raises
_TURNED = (5, 6, 7, 8)  # values of EXIF's orientation by which width and height change places
_ORIENTATION = 0x0112


class BrokenPictureError(Exception):
    """Not a picture that can be read; the text says why."""


@dataclass(frozen=True)
class Header:
    """What is known of a picture before it is decoded."""

    height: int
    width: int
    grey: bool


def header(data: bytes, max_pixels: int) -> Header:
    """Raises BrokenPictureError."""
    with _opened(data, max_pixels) as picture:
        height, width = picture.height, picture.width
        if picture.getexif().get(_ORIENTATION) in _TURNED:
            height, width = width, height
        return Header(height, width, _is_grey(picture))


def pixels(data: bytes, height: int, width: int, *, grey: bool, max_pixels: int) -> Array:
    """uint8 [height, width, 1 or 3]; transparent pixels on white. Raises BrokenPictureError."""
    with _opened(data, max_pixels) as opened:
        picture: Image.Image = opened
        if picture.mode.startswith("I"):  # 16 bits
            picture = Image.fromarray((np.asarray(picture).clip(0, 65535) / 257).astype(np.uint8))
        picture = ImageOps.exif_transpose(picture)
        if picture.has_transparency_data:
            over = picture.convert("RGBA")
            picture = Image.alpha_composite(Image.new("RGBA", over.size, "white"), over)
        picture = picture.convert("L" if grey else "RGB")
        if picture.size != (width, height):
            picture = picture.resize((width, height), Image.Resampling.BILINEAR)
        found: Array = np.asarray(picture)
    return found[..., np.newaxis] if grey else found


def _is_grey(picture: Image.Image) -> bool:
    if picture.mode != "P":
        return picture.mode in ("1", "L", "LA") or picture.mode.startswith("I")
    palette = picture.getpalette() or []
    return palette[0::3] == palette[1::3] == palette[2::3]


@contextmanager
def _opened(data: bytes, max_pixels: int) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of sizes, which are checked here, and of odd metadata
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                if picture.width * picture.height > max_pixels:
                    raise BrokenPictureError(f"{picture.width} x {picture.height} pixels are too many")
                yield picture
    except Image.DecompressionBombError as error:
        raise BrokenPictureError("it has too many pixels") from error
    except _ERRORS as error:
        told = "not a picture" if "cannot identify" in str(error) else str(error).partition("\n")[0]
        raise BrokenPictureError(told or type(error).__name__) from error
