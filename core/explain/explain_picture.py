"""The explanation of an answer for a picture: which places speak for it and which against."""

from collections.abc import Callable
from typing import Any

import numpy as np

from core.data.base import Array
from core.explain.chosen_output import ChosenOutput
from core.explain.faithfulness import faithfulness
from core.explain.grad_cam import grad_cam
from core.explain.integrated_gradients import integrated_gradients
from core.explain.occlusion import occlusion
from core.explain.random_weights import sanity
from core.explain.subject import Subject
from core.jobs.explanation import Explanation, Method

_CELLS = 14  # along a side, that are removed and put in
_AT_ONCE = 32  # copies of a picture, which may be large
_SHOWN = 64  # of a map along a side
_QUICK = (32,)  # steps for those, whose attributions need not add up


def explain_picture(subject: Subject, picture: Array, output: ChosenOutput, method: Method) -> Explanation:
    """
    Args:
        picture: [height, width, channels], as the network takes it.

    Raises:
        DataError: the method does not apply to the network.
    """
    picture = picture.astype(np.float32)
    fill = np.median(picture.reshape(-1, picture.shape[-1]), axis=0)
    told: dict[str, Any] = {}
    if method == "gradients":
        baseline = np.broadcast_to(fill, picture.shape)
        found = integrated_gradients(
            lambda points: subject.gradients(output, points), picture, baseline, budget=subject.budget
        )
        heat = found.attributions.sum(axis=-1)
        told = {"completeness": found.error, "steps": found.steps}
    else:
        heat = _MAPS[method](subject, picture, fill, output)
    ends = subject.answers(output, np.stack([picture, np.broadcast_to(fill, picture.shape)]))
    return Explanation(
        method=method,
        answer=float(ends[0]),
        baseline=float(ends[1]),
        heat=tuple(tuple(row) for row in cells(heat, _SHOWN).tolist()),
        curves=subject.budget.optional(lambda: _curves(subject, picture, fill, output, heat)),
        sanity=subject.budget.optional(lambda: _sanity(subject, picture, fill, output, method)),
        **told,
    )


def _occluded(subject: Subject, picture: Array, fill: Array, output: ChosenOutput) -> Array:
    return occlusion(lambda x: subject.answers(output, x), picture, fill)


def _cam(subject: Subject, picture: Array, _: Array, output: ChosenOutput) -> Array:
    return grad_cam(subject.model, picture, output)


_MAPS: dict[Method, Callable[[Subject, Array, Array, ChosenOutput], Array]] = {
    "occlusion": _occluded,
    "grad_cam": _cam,
}


def cells(heat: Array, most: int) -> Array:
    """A map of at most so many cells a side, each the sum of its pixels, so that they add up to the same."""
    for axis in (0, 1):
        side = heat.shape[axis]
        starts = np.linspace(0, side, min(side, most) + 1).round().astype(int)[:-1]
        heat = np.add.reduceat(heat, starts, axis=axis)
    return heat


def _curves(subject: Subject, picture: Array, fill: Array, output: ChosenOutput, heat: Array) -> Any:
    """Cells of pixels are removed, in both orders: single pixels in a random order would change much at once."""
    height, width = heat.shape
    tall, wide = min(height, _CELLS), min(width, _CELLS)
    of_row, of_column = np.arange(height) * tall // height, np.arange(width) * wide // width
    cell = of_row[:, np.newaxis] * wide + of_column
    weights = np.bincount(cell.ravel(), heat.ravel(), minlength=tall * wide)

    def answers(kept: Array) -> Array:
        parts = [kept[at : at + _AT_ONCE] for at in range(0, len(kept), _AT_ONCE)]
        mixed = (np.where(part[:, cell][..., np.newaxis], picture, fill) for part in parts)
        return np.concatenate([subject.answers(output, each) for each in mixed])

    return faithfulness(answers, weights)


def _sanity(subject: Subject, picture: Array, fill: Array, output: ChosenOutput, method: Method) -> float | None:
    """Over the places that differ from what they are compared with: elsewhere there is nothing to tell for any network.

    Of integrated gradients the mean gradients are compared, which are all that the network gives to them: what they
    are multiplied by is the picture itself.
    """
    apart = (picture != fill).any(axis=-1)
    learned = _quick(subject, picture, fill, output, method)
    return sanity(subject.model, learned[apart], lambda: _quick(subject, picture, fill, output, method)[apart])


def _quick(subject: Subject, picture: Array, fill: Array, output: ChosenOutput, method: Method) -> Array:
    if method != "gradients":
        return _MAPS[method](subject, picture, fill, output)
    baseline = np.broadcast_to(fill, picture.shape)
    slopes = integrated_gradients(lambda points: subject.gradients(output, points), picture, baseline, _QUICK).slopes
    mean: Array = np.abs(slopes).mean(axis=-1)
    return mean
