"""Whitening of patches: the first kernel of a network is measured on training images in place of being learned.

Each filter is a principal direction of the patches, divided by its deviation, and each has its opposite beside it
(Page, 2019; Jordan, 2024, arXiv 2404.00498).
"""

import keras
import numpy as np

from core.data.base import Array

_IMAGES, _VALUES = 5000, 2**25  # that are looked at, at most: 128 MB
_LEAST_VARIANCE = 5e-4  # added to each: directions without any would be noise, made large


def is_whitening(layer: keras.Layer) -> bool:
    """Whether this is a convolution whose kernel is not to be learned, while the layer is."""
    return isinstance(layer, keras.layers.Conv2D) and layer.trainable and not layer.kernel.trainable


def some_images(images: Array) -> Array:
    """Some of [images, height, width, channels], from all over: they may come class by class."""
    most = max(1, min(_IMAGES, _VALUES // int(np.prod(images.shape[1:]))))
    return images[:: -(-len(images) // most)]


def whitening_kernel(images: Array, patch: int) -> Array:
    """float32 [patch, patch, channels, filters], two filters for each value of a patch.

    Args:
        images: [images, height, width, channels], as they reach the layer.
    """
    some = np.asarray(images, np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(some, (patch, patch), axis=(1, 2))
    channels = some.shape[3]
    size = channels * patch * patch
    products = np.zeros((size, size))
    for each in windows:  # [height, width, channels, patch, patch]
        flat = each.reshape(-1, size)
        products += flat.T @ flat
    variances, directions = np.linalg.eigh(products / (len(windows) * windows.shape[1] * windows.shape[2]))
    scaled = directions / np.sqrt(np.maximum(variances, 0) + _LEAST_VARIANCE)
    filters = np.concatenate([scaled, -scaled], axis=1).reshape(channels, patch, patch, 2 * size)
    kernel: Array = filters.transpose(1, 2, 0, 3).astype(np.float32)
    return kernel
