"""In which range and unit a given network is asked, and a hint where it seems to have learned from another one."""

from typing import Any

import numpy as np

from core.data.base import Dataset
from core.data.data_info import Array, DataInfo
from core.data.examples import take
from core.data.number_scaling import Numbers, of_inputs
from core.evaluation.outputs import outputs
from core.jobs.new_version import BYTES

_ASKED = 500  # training examples
_RANGES = (BYTES, (0.0, 1.0), (-1.0, 1.0))
_BETTER = 0.5  # of the loss, at most, in another range that is named
_LEAST = 1e-7  # of a probability
_SURE, _ENOUGH = 1 - 1e-4, 0.99  # an answer that is as sure as it can be; a share of examples


def told_range(pixels: tuple[float, float]) -> str:
    return f"{pixels[0]:g}..{pixels[1]:g}"


def asked_in(info: DataInfo, numbers: Numbers, pixels: tuple[float, float], title: str) -> str:
    """What the network is given, as an end of "It is asked with …"."""
    if info.is_image:
        return f"pixels from {pixels[0]:g} to {pixels[1]:g}"
    if info.kind in ("text", "corpus"):
        return f"token ids of the vocabulary of {title}"
    changed = numbers.inputs.changed if numbers.inputs is not None else []
    return f"numbers scaled as those of {title} are" if changed else "numbers as the data set has them, not scaled"


def range_hint(model: Any, data: Dataset, numbers: Numbers, pixels: tuple[float, float]) -> str:
    """Where its answers look as if it had learned from something else; "" where they do not."""
    info = data.info
    if info.predicts_numbers or info.kind == "corpus" or not len(data.y_train):
        return ""
    x, y = take(data.x_train, slice(0, _ASKED)), data.y_train[:_ASKED]

    def given(examples: Any) -> Array:
        return outputs(model, of_inputs(numbers, examples), lambda: None)

    own = given(x)
    if info.is_image:
        low, high = pixels
        losses = {pixels: _loss(own, y, info)}
        for other in _RANGES:
            if other != pixels:
                wanted = np.asarray(x, np.float32) / BYTES[1] * (other[1] - other[0]) + other[0]
                losses[other] = _loss(given((wanted - low) * BYTES[1] / (high - low)), y, info)
        best = min(losses, key=lambda each: losses[each])
        if losses[best] < _BETTER * losses[pixels]:
            return (
                f"It seems to have learned from pixels {told_range(best)}: asked in {told_range(pixels)} its loss on "
                f"{len(y):,} training examples is {losses[pixels]:.4g}, in {told_range(best)} {losses[best]:.4g}. "
                f"Upload it again with --pixels {told_range(best)}, or with that range chosen on the page."
            )
    return _stuck(own, y, info)


def _stuck(given: Array, y: Array, info: DataInfo) -> str:
    """Answers that are all the same, or sure and wrong."""
    if info.task == "multilabel":
        return ""
    both = np.concatenate([1 - given, given], axis=-1) if given.shape[-1] == 1 else given
    chosen, top = both.argmax(axis=-1), both.max(axis=-1)
    right = float((chosen == y.reshape(chosen.shape)).mean())
    if len(np.unique(chosen)) == 1 and len(np.unique(y)) > 1:
        seen = f"all {len(y):,} training examples that were tried get the same answer"
    elif (top > _SURE).mean() >= _ENOUGH and right < _ENOUGH:
        seen = f"it is sure of nearly every answer, and right in {100 * right:.0f} % of {len(y):,} training examples"
    else:
        return ""
    can = (
        "say in which range its pixels were when it learned (--pixels, or the choice on the page)"
        if info.is_image
        else "put what scaled its inputs when it learned (a Normalization layer, say) into the network"
    )
    return f"It may have learned from numbers of another range: {seen}. If so, {can}, and upload it again."


def _loss(given: Array, y: Array, info: DataInfo) -> float:
    """Mean cross-entropy in nats."""
    p = np.clip(given.astype(np.float64), _LEAST, 1 - _LEAST)
    if info.task == "multilabel" or p.shape[-1] == 1:
        targets = y.reshape(p.shape)
        return float(-(targets * np.log(p) + (1 - targets) * np.log(1 - p)).mean())
    return float(-np.log(np.take_along_axis(p, y.reshape(-1, 1).astype(np.int64), axis=-1)).mean())
