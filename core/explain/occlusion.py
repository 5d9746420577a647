"""What is lost when a part of the input is not there: a patch of a picture, a token of a text."""

from collections.abc import Callable

import numpy as np

from core.data.base import Array
from core.data.vocabulary import PADDING

Answers = Callable[[Array], Array]  # inputs [n, …] -> the answer for each, [n]

_ACROSS = 7  # patches side by side
_AT_ONCE = 32  # copies of a picture, which may be large
_MOST_GROUPS = 150  # of a text, that are left out


def occlusion(answers: Answers, picture: Array, fill: Array) -> Array:
    """Zeiler and Fergus, 2014, arXiv 1311.2901, section 4.2: a grid of patches, each covered in turn.

    Args:
        picture: [height, width, channels].
        fill: [channels], what covers a patch.

    Returns:
        float64 [height, width]: the answer without anything covered minus the mean over the patches that cover a
        pixel, in the answer's unit. Patches are a seventh of a side and overlap by half.
    """
    height, width = picture.shape[:2]
    places = [(top, left, tall, wide) for top, tall in _spans(height) for left, wide in _spans(width)]
    whole = picture[np.newaxis].astype(np.float32)
    answer = float(answers(whole)[0])
    lost: list[float] = []
    for start in range(0, len(places), _AT_ONCE):
        part = places[start : start + _AT_ONCE]
        covered = np.repeat(whole, len(part), axis=0)
        for copy, (top, left, tall, wide) in zip(covered, part, strict=True):
            copy[top : top + tall, left : left + wide] = fill
        lost += (answer - np.asarray(answers(covered), np.float64)).tolist()
    total, count = np.zeros((height, width)), np.zeros((height, width))
    for loss, (top, left, tall, wide) in zip(lost, places, strict=True):
        total[top : top + tall, left : left + wide] += loss
        count[top : top + tall, left : left + wide] += 1
    return total / np.maximum(count, 1)


def _spans(side: int) -> list[tuple[int, int]]:
    """Starts and lengths along a side; the last one ends where the side ends."""
    length = max(1, round(side / _ACROSS))
    starts = list(range(0, side - length, max(1, length // 2)))
    return [(start, length) for start in (*starts, side - length)]


def without(ids: Array, places: Array) -> Array:
    """A text of token ids [length], padded in front, without the tokens at these places."""
    left = np.delete(ids, places)
    return np.concatenate([np.full(len(ids) - len(left), PADDING, ids.dtype), left])


def left_out(answers: Answers, ids: Array) -> Array:
    """Of a text [length] padded in front: what the answer loses without each token, float64 [length], 0 for padding.

    The text without a token is a shorter text, as the network has seen others (leave one out; Li, Monroe and Jurafsky,
    2016, arXiv 1612.08220). Of long texts neighbours are left out together, and share what is lost. Of several answers
    [n, outputs] it is [length, outputs].
    """
    places = np.flatnonzero(ids != PADDING)
    groups = np.array_split(places, min(len(places), _MOST_GROUPS)) if len(places) else []
    given = np.asarray(answers(np.stack([ids, *(without(ids, group) for group in groups)])), np.float64)
    lost = np.zeros((len(ids), *given.shape[1:]))
    for group, answer in zip(groups, given[1:], strict=True):
        lost[group] = (given[0] - answer) / len(group)
    return lost
