"""The explanation of an answer for a text: what each token that the network read speaks for."""

from typing import Any

import numpy as np

from core.data.base import Array
from core.data.vocabulary import PADDING
from core.explain.chosen_output import ChosenOutput
from core.explain.faithfulness import faithfulness
from core.explain.integrated_gradients import integrated_gradients
from core.explain.occlusion import left_out, without
from core.explain.random_weights import sanity
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
    told: dict[str, Any] = {}
    values, read = _values(subject, ids, output, method, told), ids != PADDING
    nothing = np.full_like(ids, PADDING)
    ends = subject.answers(output, np.stack([ids, nothing]))
    places = np.flatnonzero(read)

    def answers(kept: Array) -> Array:
        return subject.answers(output, np.stack([without(ids, places[~row]) for row in kept]))

    return Explanation(
        method=method,
        answer=float(ends[0]),
        baseline=float(ends[1]),
        parts=tuple(Part(name=name, value=each) for name, each in zip(tokens, values[read].tolist(), strict=True)),
        curves=faithfulness(answers, values[read]),
        sanity=sanity(subject.model, values[read], lambda: _values(subject, ids, output, method, {}, _QUICK)[read]),
        **told,
    )


def _values(
    subject: Subject,
    ids: Array,
    output: ChosenOutput,
    method: Method,
    told: dict[str, Any],
    steps: tuple[int, ...] = _STEPS,
) -> Array:
    """[length]; what is known of how exact they are goes to `told`."""
    if method == "left_out":
        return left_out(lambda x: subject.answers(output, x), ids)
    table = np.asarray(subject.embedding().embeddings, np.float64)
    embedded = table[ids]
    # The text that is not there, as it is of all padding: the other ends of both methods are the same.
    baseline = np.broadcast_to(table[PADDING], embedded.shape)
    found = integrated_gradients(
        lambda points: subject.gradients_of_embedded(output, ids, points), embedded, baseline, steps
    )
    told |= {"completeness": found.error, "steps": found.steps}
    values: Array = found.attributions.sum(axis=-1)
    return values
