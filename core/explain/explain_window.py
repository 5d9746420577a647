"""The explanation of a forecast: what each span of the window that the network saw speaks for, channel by channel."""

import numpy as np

from core.data.base import Array, DataInfo
from core.data.network_numbers import as_written
from core.data.series_windows import channels
from core.explain.chosen_output import ChosenOutput
from core.explain.faithfulness import faithfulness
from core.explain.subject import Subject
from core.jobs.explanation import Explanation, Part

_SPANS = 12  # of each channel, at most
_PARTS = 240  # in all, of windows with many channels


def explain_window(subject: Subject, window: Array, output: ChosenOutput) -> Explanation:
    """
    A span that is left out has the channel's mean over the window, so that the forecast's level stays.

    Args:
        window: [steps, channels], as the data have it.
    """
    steps, wide = window.shape
    spans = np.array_split(np.arange(steps), min(steps, _SPANS, max(1, _PARTS // wide)))
    span_of = np.repeat(np.arange(len(spans)), [len(each) for each in spans])
    part_of = np.arange(wide) * len(spans) + span_of[:, np.newaxis]  # [steps, channels]
    usual, parts = window.mean(axis=0), wide * len(spans)

    def answers(kept: Array) -> Array:
        """[n] of bool [n, parts]: which are the window's own."""
        return subject.answers(output, np.where(kept[:, part_of], window, usual))

    def lost() -> Array:
        given = answers(np.concatenate([np.ones((1, parts), bool), ~np.eye(parts, dtype=bool)])).astype(np.float64)
        found: Array = given[0] - given[1:]
        return found

    values = lost()
    ends = answers(np.stack([np.ones(parts, bool), np.zeros(parts, bool)]))
    named = [(f"{name}, {_told(span, steps)}", window[span, place].mean()) for place, name in
             enumerate(_names(subject.info, wide)) for span in spans]  # fmt: skip
    told = [
        Part(name=name, value=value, given=as_written(float(given)))
        for (name, given), value in zip(named, values.tolist(), strict=True)
    ]
    return Explanation(
        method="spans",
        answer=float(ends[0]),
        baseline=float(ends[1]),
        parts=tuple(sorted(told, key=lambda part: -abs(part.value))),
        curves=subject.budget.optional(lambda: faithfulness(answers, values, subject.budget.has_time)),
        **(subject.budget.optional(lambda: subject.sanity(values, lost)) or {}),
    )


def _names(info: DataInfo, count: int) -> list[str]:
    assert info.series is not None
    found = channels(info.series, [each.name for each in info.features], info.target)
    return found if len(found) == count else [f"channel {number}" for number in range(1, count + 1)]


def _told(span: Array, steps: int) -> str:
    """How long before the forecast: the last step is 1 back."""
    first, last = steps - int(span[0]), steps - int(span[-1])
    return f"{first} back" if first == last else f"{first} to {last} back"
