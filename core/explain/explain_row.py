"""The explanation of an answer for a row of a table: what each feature adds, against rows of the test set."""

import numpy as np

from core.data.base import CATEGORIES, NUMBERS, Array, DataInfo, Examples
from core.data.examples import count, row_features
from core.data.network_numbers import as_written
from core.explain.chosen_output import ChosenOutput
from core.explain.faithfulness import faithfulness
from core.explain.random_weights import sanity
from core.explain.shapley import mixture, shapley, width
from core.explain.subject import Subject
from core.jobs.explanation import Explanation, Part

_ORDERS = 8
_COMPARED = 16  # rows whose values take the place of those that are removed


def explain_row(subject: Subject, row: Examples, background: Examples, output: ChosenOutput) -> Explanation:
    """
    Args:
        row: [1, …] as the data have it.
        background: rows that it is compared with.
    """
    features, others = width(row), count(background)
    mixed = mixture(row, background)

    def given(x: Examples) -> Array:
        return subject.answers(output, x)

    found = shapley(given, mixed, features, others, budget=subject.budget)
    names = feature_values(subject.info, row)
    parts = [Part(name=name, given=text, value=value) for (name, text), value in zip(names, found.values, strict=True)]
    some = np.arange(min(others, _COMPARED))

    def answers(kept: Array) -> Array:
        x = mixed(np.repeat(kept, len(some), axis=0), np.tile(some, len(kept)))
        mean: Array = given(x).reshape(len(kept), len(some)).mean(axis=1)
        return mean

    def quick() -> Array:
        return shapley(given, mixed, features, others, most=1).values

    return Explanation(
        method="shapley",
        answer=float(given(row)[0]),
        baseline=found.baseline,
        parts=tuple(sorted(parts, key=lambda part: -abs(part.value))),
        steps=found.samples,
        standard_error=found.error if np.isfinite(found.error) else None,
        curves=subject.budget.optional(lambda: faithfulness(answers, found.values, _ORDERS)),
        sanity=subject.budget.optional(lambda: sanity(subject.model, found.values, quick)),
    )


def feature_values(info: DataInfo, row: Examples) -> list[tuple[str, str]]:
    """Names and values as text, numbers before categories as a table's inputs are; "" where missing."""
    if not isinstance(row, dict):
        fields = row_features(info)
        return [(field.name, _text(value)) for field, value in zip(fields, np.ravel(row).tolist(), strict=True)]
    found: list[tuple[str, str]] = []
    for kind, fields in ((NUMBERS, info.numbers), (CATEGORIES, info.categories)):
        if kind in row:
            found += [(each.name, _text(value)) for each, value in zip(fields, row[kind][0].tolist(), strict=True)]
    return found


def _text(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return "" if np.isnan(value) else as_written(value)
