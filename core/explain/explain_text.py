"""The explanation of an answer for a text: what each token that the network read speaks for."""

from typing import Any

import numpy as np

from core.data.base import Array
from core.data.vocabulary import PADDING
from core.explain.chosen_output import ChosenOutput
from core.explain.faithfulness import faithfulness
from core.explain.integrated_gradients import integrated_gradients
from core.explain.occlusion import left_out, without
from core.explain.subject import Subject
from core.jobs.explanation import Explanation, Method, Part

_STEPS = 16, 64, 256
_QUICK = (32,)


def explain_text(subject: Subject, ids: Array, tokens: list[str], output: ChosenOutput, method: Method) -> Explanation:
    """
    Args:
        ids: [length], padded in front.
        tokens: those that are not padding, in order.

    Raises:
        DataError: the method does not apply to the network.
    """
    values, told = _explained(subject, ids, output, method)
    read = ids != PADDING
    places = np.flatnonzero(read)

    def answers(kept: Array) -> Array:
        return subject.answers(output, np.stack([without(ids, places[~row]) for row in kept]))

    def quick() -> Array:
        again: Array = _explained(subject, ids, output, method, _QUICK)[0][read]
        return again

    return Explanation(
        method=method,
        parts=tuple(Part(name=name, value=each) for name, each in zip(tokens, values[read].tolist(), strict=True)),
        curves=subject.budget.optional(lambda: faithfulness(answers, values[read], subject.budget.has_time)),
        **(subject.budget.optional(lambda: subject.sanity(values[read], quick, places + 1.0)) or {}),
        **told,
    )


def _explained(
    subject: Subject, ids: Array, output: ChosenOutput, method: Method, steps: tuple[int, ...] = _STEPS
) -> tuple[Array, dict[str, Any]]:
    """[length], and fields of the explanation: the answer, what it is compared with, how exact the values are."""
    answer, of_nothing = subject.answers(output, np.stack([ids, np.full_like(ids, PADDING)])).tolist()
    if method == "left_out":
        values = left_out(lambda x: subject.answers(output, x), ids)
        return values, {"answer": answer, "baseline": of_nothing}
    embedded, padding = subject.embedded(ids)
    # Mask and positions stay those of the text, so this is no empty text, which networks that mask answer otherwise.
    baseline = np.broadcast_to(padding, embedded.shape)
    found = integrated_gradients(
        lambda points: subject.gradients_of_embedded(output, ids, points), embedded, baseline, steps, subject.budget
    )
    values = found.attributions.sum(axis=-1)
    ends = {"answer": answer, "baseline": answer - (found.ends[0] - found.ends[1])}
    return values, {**ends, "completeness": found.error, "steps": found.steps}
