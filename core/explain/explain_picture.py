"""The explanation of an answer for a picture: which places speak for it and which against."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from core.data.base import Array
from core.explain.chosen_output import ChosenOutput
from core.explain.faithfulness import faithfulness
from core.explain.grad_cam import grad_cam
from core.explain.integrated_gradients import Gradients, integrated_gradients
from core.explain.occlusion import occlusion
from core.explain.patches import Patches, cells
from core.explain.random_weights import sanity
from core.explain.shapley import shapley
from core.explain.smooth_gradients import smooth_gradients
from core.explain.subject import Subject
from core.jobs.explanation import Curves, Explanation, Method

_CELLS = 14  # along a side, that are removed and put in
_PLAYERS = 7  # along a side, of Shapley values
_ROUNDS = 20  # of orders, at most
_SHOWN = 64  # of a map along a side
_QUICK = (32,)  # steps for those, whose attributions need not add up


@dataclass(frozen=True)
class _Asked:
    subject: Subject
    picture: Array  # [height, width, channels]
    fill: Array  # [channels], what covers a place
    output: ChosenOutput

    def answers(self, x: Array) -> Array:
        return self.subject.answers(self.output, x)

    @property
    def gradients(self) -> Gradients:
        return lambda points: self.subject.gradients(self.output, points)

    @property
    def baseline(self) -> Array:
        return np.broadcast_to(self.fill, self.picture.shape)


@dataclass(frozen=True)
class _Map:
    heat: Array  # [height, width]
    told: dict[str, Any] = field(default_factory=dict)  # of the explanation: how exact it is


def explain_picture(subject: Subject, picture: Array, output: ChosenOutput, method: Method) -> Explanation:
    """
    Args:
        picture: [height, width, channels], as the network takes it.

    Raises:
        DataError: the method does not apply to the network.
    """
    picture = picture.astype(np.float32)
    fill = np.median(picture.reshape(-1, picture.shape[-1]), axis=0)
    asked = _Asked(subject, picture, fill, output)
    found = _MAPS[method](asked)
    ends = asked.answers(np.stack([picture, asked.baseline]))
    return Explanation(
        method=method,
        answer=float(ends[0]),
        baseline=float(ends[1]),
        heat=tuple(tuple(row) for row in cells(found.heat, _SHOWN).tolist()),
        curves=subject.budget.optional(lambda: _curves(asked, found.heat)),
        sanity=subject.budget.optional(lambda: _sanity(asked, method)),
        **found.told,
    )


def _integrated(asked: _Asked) -> _Map:
    found = integrated_gradients(asked.gradients, asked.picture, asked.baseline, budget=asked.subject.budget)
    return _Map(found.attributions.sum(axis=-1), {"completeness": found.error, "steps": found.steps})


def _shapley(asked: _Asked, rounds: int = _ROUNDS) -> _Map:
    """Of patches, which are known or covered."""
    patches = Patches.grid(asked.picture, _PLAYERS)
    answers: Any = patches.answers(asked.answers, asked.picture, asked.fill)
    found = shapley(answers, lambda known, _: known, patches.count, 1, rounds, asked.subject.budget)
    error = found.error if np.isfinite(found.error) else None
    return _Map(patches.spread(found.values), {"standard_error": error, "steps": found.samples})


def _occluded(asked: _Asked) -> _Map:
    return _Map(occlusion(asked.answers, asked.picture, asked.fill))


def _smooth(asked: _Asked) -> _Map:
    return _Map(smooth_gradients(asked.gradients, asked.picture, budget=asked.subject.budget))


_MAPS: dict[Method, Callable[[_Asked], _Map]] = {
    "gradients": _integrated,
    "smooth_gradients": _smooth,
    "occlusion": _occluded,
    "shapley": _shapley,
    "grad_cam": lambda asked: _Map(grad_cam(asked.subject.model, asked.picture, asked.output)),
    "grad_cam_plus": lambda asked: _Map(grad_cam(asked.subject.model, asked.picture, asked.output, plus=True)),
}


def _curves(asked: _Asked, heat: Array) -> Curves:
    """Cells of pixels are removed, in both orders: single pixels in a random order would change much at once."""
    patches = Patches.grid(heat, _CELLS)
    return faithfulness(patches.answers(asked.answers, asked.picture, asked.fill), patches.sums(heat))


def _sanity(asked: _Asked, method: Method) -> float | None:
    """Over the places that differ from what they are compared with: elsewhere there is nothing to tell for any network.

    Of methods that compare the picture with another one, what the picture itself gives them is divided out: of
    integrated gradients the mean gradients are left, of what is lost where a patch is covered the loss for each unit
    that the patch changed by. A bright place moves any network more than a dim one, and that is not learned.
    """
    apart = (asked.picture != asked.fill).any(axis=-1)
    quick = partial(_compared, asked, method)
    return sanity(asked.subject.model, quick()[apart], lambda: quick()[apart])


def _compared(asked: _Asked, method: Method) -> Array:
    quickly = _QUICKLY.get(method)
    return quickly(asked) if quickly else _MAPS[method](asked).heat


def _slopes(asked: _Asked) -> Array:
    found = integrated_gradients(asked.gradients, asked.picture, asked.baseline, _QUICK)
    mean: Array = np.abs(found.slopes).mean(axis=-1)
    return mean


def _changed(asked: _Asked) -> Callable[[Array], Array]:
    """How far pictures are from the one that is all covered: an answer that any picture gives without a network."""

    def answers(x: Array) -> Array:
        found: Array = np.abs(x - asked.fill).sum(axis=(1, 2, 3))
        return found

    return answers


def _occluded_by_change(asked: _Asked) -> Array:
    changed = occlusion(_changed(asked), asked.picture, asked.fill)
    return _occluded(asked).heat / np.where(changed > 0, changed, np.inf)


def _shapley_by_change(asked: _Asked) -> Array:
    patches = Patches.grid(asked.picture, _PLAYERS)
    changed = patches.sums(np.abs(asked.picture - asked.fill).sum(axis=-1))
    values = patches.sums(_shapley(asked, 2).heat) / np.where(changed > 0, changed, np.inf)
    return values[patches.of]


_QUICKLY: dict[Method, Callable[[_Asked], Array]] = {
    "gradients": _slopes,
    "occlusion": _occluded_by_change,
    "shapley": _shapley_by_change,
}
