"""Windows of a series measured by themselves: the target's level is taken off what comes in, and put back on what goes
out. After Kim et al., "Reversible instance normalization" (2022), without weights of its own.

Imports Keras: only builders import this.
"""

from typing import Any

import keras
from keras import layers, ops

from core.data.series_facts import WindowScaling

_LEAST = 1e-2  # of the target's deviation over all, which is 1: that a flat window is divided by


def window_inputs(windows: Any, scaling: WindowScaling, dtype: str | None) -> keras.KerasTensor:
    """[batch, steps, channels]: all normalised by the training part, the target, the first channel, by its window."""
    normal = layers.Normalization(name="normalize", dtype=dtype)(windows)
    if scaling == "none":
        return normal
    target = windows[:, :, :1] - _level(windows)
    if scaling == "level and spread":
        target = target / _spread(windows)
    target = ops.cast(target, normal.dtype)
    return ops.concatenate([target, normal[:, :, 1:]], axis=-1) if windows.shape[-1] > 1 else target


def of_window(forecast: keras.KerasTensor, windows: Any, scaling: WindowScaling) -> keras.KerasTensor:
    """[batch, horizon] in the target's unit again."""
    if scaling == "none":
        return forecast
    forecast = ops.cast(forecast, "float32")
    if scaling == "level and spread":
        forecast = forecast * _spread(windows)[:, 0]
    return forecast + _level(windows)[:, 0]


def _level(windows: Any) -> keras.KerasTensor:
    return ops.mean(windows[:, :, :1], axis=1, keepdims=True)


def _spread(windows: Any) -> keras.KerasTensor:
    return ops.maximum(ops.std(windows[:, :, :1], axis=1, keepdims=True), _LEAST)
