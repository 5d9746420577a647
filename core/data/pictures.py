"""Pictures as arrays: resized, and read from files."""

import numpy as np
from PIL import Image

from core.data.base import Array


def resized(images: Array, height: int, width: int) -> Array:
    """uint8 [images, height, width, channels] of this size, by bilinear sampling with antialiasing."""
    if images.shape[1:3] == (height, width) or not len(images):
        return images.reshape(len(images), height, width, images.shape[-1])
    return np.stack([fitted(image, height, width) for image in images])


def fitted(image: Array, height: int, width: int) -> Array:
    """One picture [height, width, channels] as uint8 of this size."""
    flat = image[..., 0] if image.shape[-1] == 1 else image
    picture = Image.fromarray(flat).resize((width, height), Image.Resampling.BILINEAR)
    pixels: Array = np.asarray(picture)
    return pixels[..., np.newaxis] if pixels.ndim == 2 else pixels
