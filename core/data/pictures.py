"""Pictures as arrays: brought to a size, and as PNG for pages."""

import base64
import io

import numpy as np
from PIL import Image

from core.data.data_info import Array


def resized(images: Array, height: int, width: int) -> Array:
    """uint8 [images, height, width, channels] of this size, by bilinear sampling with antialiasing."""
    if images.shape[1:3] == (height, width) or not len(images):
        return images.reshape(len(images), height, width, images.shape[-1])
    return np.stack([fitted(image, height, width) for image in images])


def fitted(image: Array, height: int, width: int) -> Array:
    """One picture [height, width, channels] as uint8 of this size."""
    return array_of(fit(picture_of(image), height, width))


def fit(picture: Image.Image, height: int, width: int) -> Image.Image:
    """The same sampling for all that is stored, trained on, asked about and shown."""
    same = picture.size == (width, height)
    return picture if same else picture.resize((width, height), Image.Resampling.BILINEAR)


def picture_of(pixels: Array) -> Image.Image:
    """Of uint8 [height, width, 1 or 3]."""
    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)


def array_of(picture: Image.Image) -> Array:
    """uint8 [height, width, 1 or 3]."""
    pixels: Array = np.asarray(picture)
    return pixels[..., np.newaxis] if pixels.ndim == 2 else pixels


def png_of(pixels: Array) -> str:
    """Of uint8 [height, width, 1 or 3], as base64: the same pixels when it is decoded."""
    return encoded(picture_of(pixels))


def encoded(picture: Image.Image) -> str:
    """Base64 of a PNG."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def shown(png: str) -> Image.Image:
    """A PNG of our own, as `encoded` makes it; what others give goes to core.data.picture_files."""
    picture = Image.open(io.BytesIO(base64.b64decode(png)), formats=("PNG",))
    picture.load()
    return picture


def thumbnail(picture: Image.Image, side: int) -> Image.Image:
    """Of at most this many pixels a side, in the same proportions; never larger than it is."""
    share = min(1.0, side / max(picture.size))
    return fit(picture, max(1, round(picture.height * share)), max(1, round(picture.width * share)))
