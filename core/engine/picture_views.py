"""Test-time augmentation: a picture is asked about in several views, and the answers are averaged."""

import keras
from keras import ops

from core.config.run import Evaluation

_TOLD = {
    "flip": "The answer for each picture is the mean over it and its mirror image.",
    "flip_shift": "The answer for each picture is the mean over it, its mirror image, and both shifted by a pixel.",
}


def with_views(model: keras.Model, chosen: Evaluation) -> keras.Model:
    """The model as it is to be asked: [batch, height, width, channels] to [batch, outputs], with the same loss.

    Half of the weight is that of the picture in its place, the other half of the picture shifted by a pixel to both
    ends of the diagonal, its border mirrored (Jordan, 2024, arXiv 2404.00498).
    """
    if chosen.test_time_augmentation == "none":
        return model
    inputs = keras.Input(model.input_shape[1:], dtype=model.inputs[0].dtype)
    answer = _mirrored(model, inputs)
    if chosen.test_time_augmentation == "flip_shift":
        height, width = model.input_shape[1:3]
        padded = ops.pad(inputs, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="reflect")
        ends = [padded[:, start : start + height, start : start + width] for start in (0, 2)]
        answer = answer / 2 + (_mirrored(model, ends[0]) + _mirrored(model, ends[1])) / 4
    asked = keras.Model(inputs, answer, name=model.name)
    if getattr(model, "loss", None) is not None:
        asked.compile(loss=model.loss)
    return asked


def views_note(chosen: Evaluation) -> str:
    """What a report says of it; "" where a picture is asked about as it is."""
    return _TOLD.get(chosen.test_time_augmentation, "")


def _mirrored(model: keras.Model, pixels: keras.KerasTensor) -> keras.KerasTensor:
    return (model(pixels) + model(ops.flip(pixels, axis=2))) / 2
