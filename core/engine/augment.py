"""Random changes to a batch of images, in the training graph: whole batches at once, the same for the same seed.

What is drawn depends on the run's seed and the number of the step alone: not on how many steps one call of the graph
takes, where a run was stopped, or how many devices share the batch.
"""

from typing import Any

import numpy as np
import tensorflow as tf

from core.data.base import Array
from core.data.source_options import Augmentation

_HORIZONTAL = ("horizontal", "both", "alternating")
_DRAWS = 8  # random numbers for each image: flips, window, angle, contrast, square


class Augment:
    """`augment(x, y, seed)` for one choice of options; pure, and made to be traced."""

    def __init__(self, options: Augmentation, steps_per_epoch: int = 1) -> None:
        self.options = options
        self._steps_per_epoch = steps_per_epoch

    def __call__(self, x: tf.Tensor, y: tf.Tensor, seed: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """
        Args:
            x: [batch, height, width, channels], pixels 0 to 255 of any dtype.
            y: [batch, …]; with MixUp probabilities [batch, outputs], as labels are mixed like the images.
            seed: int64 [2], the run's seed and the number of the step.

        Returns:
            x as float32, and y.
        """
        options = self.options
        drawn = tf.random.stateless_uniform([tf.shape(x)[0], _DRAWS], seed)
        flip_rows, flip_columns, down, right, angle, contrast, row, column = tf.unstack(drawn, axis=1)
        if options.flip == "alternating":
            flip_columns = _alternating(x, seed, self._steps_per_epoch)
        if options.flip != "none" or options.crop:
            rows = _window(x.shape[1], options.crop, down, options.flip in ("vertical", "both"), flip_rows)
            columns = _window(x.shape[2], options.crop, right, options.flip in _HORIZONTAL, flip_columns)
            x = _pixels(x, rows, columns)
        x = tf.cast(x, tf.float32)
        if options.rotation:
            x = _rotated(x, (2 * angle - 1) * np.float32(np.radians(options.rotation)))
        if options.contrast:
            mean = tf.reduce_mean(x, axis=[1, 2], keepdims=True)
            factor = 1 + (2 * contrast - 1) * options.contrast
            x = tf.clip_by_value(mean + (x - mean) * factor[:, None, None, None], 0, 255)
        if options.cutout:
            x = _without_square(x, options.cutout, row, column)
        return _mixed(x, y, options.mixup, seed) if options.mixup else (x, y)


def preview(x: Array, augmentation: Augmentation, seed: int, count: int) -> Array:
    """These pictures as `count` steps of a training would see them: uint8 [pictures, count, height, width, channels].

    MixUp mixes them with each other.
    """
    change = Augment(augmentation)
    unlabelled = tf.zeros([len(x), 1])
    steps = [change(tf.convert_to_tensor(x), unlabelled, tf.constant([seed, step], tf.int64)) for step in range(count)]
    return np.stack([np.rint(pixels.numpy()).clip(0, 255).astype(np.uint8) for pixels, _ in steps], axis=1)


def _alternating(x: tf.Tensor, seed: tf.Tensor, steps_per_epoch: int) -> tf.Tensor:
    """[batch]: 0 for images that are mirrored in this epoch, otherwise 1; in the next epoch the other way round.

    Which of them begin is a bit of each image itself, another for each run's seed: parity of the sum of some pixels.
    """
    taken = tf.random.stateless_uniform(x.shape[1:], tf.stack([seed[0], 0]), 0, 2, tf.int32)
    bits = tf.reduce_sum(tf.cast(x, tf.int32) * taken, axis=[1, 2, 3])
    return tf.cast((bits + tf.cast(seed[1] // steps_per_epoch, tf.int32)) % 2, tf.float32)


def _window(size: int, pad: int, where: tf.Tensor, flips: bool, flip: tf.Tensor) -> tf.Tensor:
    """[batch, size]: which row or column of the old image stands where. Past its border, the image is mirrored."""
    start = tf.cast(where * (2 * pad + 1), tf.int32) - pad
    taken = start[:, None] + tf.range(size)
    period = max(1, 2 * (size - 1))
    taken = taken % period
    taken = tf.minimum(taken, period - taken) if size > 1 else tf.zeros_like(taken)
    return tf.where(flip[:, None] < 0.5, size - 1 - taken, taken) if flips else taken


def _pixels(x: tf.Tensor, rows: tf.Tensor, columns: tf.Tensor) -> tf.Tensor:
    """One gather for flips and windows of the whole batch."""
    height, width, channels = x.shape[1:]
    images = tf.range(tf.shape(x)[0])[:, None, None]
    places = (images * height + rows[:, :, None]) * width + columns[:, None, :]
    return tf.gather(tf.reshape(x, [-1, channels]), places)


def _rotated(x: tf.Tensor, angle: tf.Tensor) -> tf.Tensor:
    """Around the centre, bilinear; past its border, the image is mirrored."""
    height, width = x.shape[1], x.shape[2]
    cos, sin, zero = tf.cos(angle), tf.sin(angle), tf.zeros_like(angle)
    x_centre, y_centre = (width - 1) / 2, (height - 1) / 2
    from_right = x_centre - cos * x_centre + sin * y_centre
    from_below = y_centre - sin * x_centre - cos * y_centre
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=x,
        transforms=tf.stack([cos, -sin, from_right, sin, cos, from_below, zero, zero], axis=1),
        output_shape=[height, width],
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="REFLECT",
    )


def _without_square(x: tf.Tensor, side: int, row: tf.Tensor, column: tf.Tensor) -> tf.Tensor:
    """A square in the image's mean grey; its centre may be any pixel, so that it can reach past the border.

    DeVries and Taylor, 2017.
    """
    down = _covered(x.shape[1], side, row)
    right = _covered(x.shape[2], side, column)
    grey = tf.reduce_mean(x, axis=[1, 2, 3], keepdims=True)
    return tf.where((down[:, :, None] & right[:, None, :])[..., None], grey, x)


def _covered(size: int, side: int, where: tf.Tensor) -> tf.Tensor:
    """Bool [batch, size]."""
    first = tf.cast(where * size, tf.int32) - side // 2
    away = tf.range(size) - first[:, None]
    return (away >= 0) & (away < side)


def _mixed(x: tf.Tensor, y: Any, alpha: float, seed: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Each example with its neighbour in the batch, whose order is random already. Zhang et al., 2018."""
    shape = [tf.shape(x)[0]]
    # Beta(alpha, alpha) is the share of one of two gammas in their sum.
    first, second = (tf.random.stateless_gamma(shape, tf.random.fold_in(seed, part), alpha=alpha) for part in (1, 2))
    share = tf.where(first + second > 0, first / (first + second), 1.0)  # both can be 0 where alpha is tiny
    of_x, of_y = share[:, None, None, None], share[:, None]
    return of_x * x + (1 - of_x) * tf.roll(x, 1, 0), of_y * y + (1 - of_y) * tf.roll(y, 1, 0)
