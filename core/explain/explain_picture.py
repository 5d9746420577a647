"""The explanation of an answer for a picture: which places speak for it and which against."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.data.base import Array
from core.explain.chosen_output import ChosenOutput
from core.explain.faithfulness import faithfulness
from core.explain.integrated_gradients import Gradients, integrated_gradients
from core.explain.occlusion import occlusion
from core.explain.patches import Patches, cells
from core.explain.shapley import shapley
from core.explain.smooth_gradients import smooth_gradients
from core.explain.subject import Subject
from core.jobs.explanation import Curves, Explanation, Method

_CELLS = 14  # along a side, that are removed and put in
_PLAYERS = 7  # along a side, of Shapley values
_ROUNDS, _FEW_ROUNDS = 20, 6  # of orders, at most
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
        **(subject.budget.optional(lambda: _sanity(asked, method, found.heat)) or {}),
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
    "grad_cam": lambda asked: _Map(asked.subject.grad_cam(asked.output, asked.picture)),
    "grad_cam_plus": lambda asked: _Map(asked.subject.grad_cam(asked.output, asked.picture, plus=True)),
}


def _curves(asked: _Asked, heat: Array) -> Curves:
    """Cells of pixels are removed, in both orders: single pixels in a random order would change much at once."""
    patches = Patches.grid(heat, _CELLS)
    shown = patches.answers(asked.answers, asked.picture, asked.fill)
    return faithfulness(shown, patches.sums(heat), asked.subject.budget.has_time)


def _sanity(asked: _Asked, method: Method, heat: Array) -> dict[str, float]:
    """Over the places that differ from what they are compared with: elsewhere there is nothing to tell for any network.

    Of methods that compare the picture with another one, what the picture itself gives them is divided out: of
    integrated gradients the mean gradients are left, of what is lost where a patch is covered the loss for each unit
    that the patch changed by. A bright place moves any network more than a dim one, and that is not learned.
    """
    apart = (asked.picture != asked.fill).any(axis=-1)
    learned = _slopes(asked) if method == "gradients" else heat
    change = _CHANGES[method](asked) if method in _CHANGES else np.ones(heat.shape)
    change = np.where(change > 0, change, np.inf)[apart]
    again = _QUICKLY.get(method, _MAPS[method])
    return asked.subject.sanity(learned[apart] / change, lambda: again(asked).heat[apart] / change)


def _slopes(asked: _Asked) -> Array:
    found = integrated_gradients(asked.gradients, asked.picture, asked.baseline, _QUICK)
    mean: Array = np.abs(found.slopes).mean(axis=-1)
    return mean


def _covered_change(asked: _Asked) -> Array:
    """Of each place, how much the patches that cover it change the picture: what is lost of it without any network."""

    def ink(x: Array) -> Array:
        found: Array = np.abs(x - asked.fill).sum(axis=(1, 2, 3))
        return found

    return occlusion(ink, asked.picture, asked.fill)


def _patch_change(asked: _Asked) -> Array:
    patches = Patches.grid(asked.picture, _PLAYERS)
    return patches.spread(patches.sums(np.abs(asked.picture - asked.fill).sum(axis=-1)))


_CHANGES: dict[Method, Callable[[_Asked], Array]] = {"occlusion": _covered_change, "shapley": _patch_change}
# Of networks with random weights, where less will do.
_QUICKLY: dict[Method, Callable[[_Asked], _Map]] = {
    "gradients": lambda asked: _Map(_slopes(asked)),
    "shapley": lambda asked: _shapley(asked, _FEW_ROUNDS),
}
