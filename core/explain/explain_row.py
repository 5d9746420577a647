"""The explanation of an answer for a row of a table: what each feature does, against rows of the test set."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.data.base import CATEGORIES, NUMBERS, Array, DataInfo, Examples
from core.data.examples import count, row_features
from core.data.network_numbers import as_written
from core.explain.chosen_output import ChosenOutput
from core.explain.dependence import dependence, replaced
from core.explain.faithfulness import faithfulness
from core.explain.random_weights import sanity
from core.explain.shapley import Mixed, mixture, shapley, width
from core.explain.subject import Subject
from core.jobs.explanation import Explanation, Method, Part

_ORDERS = 8
_COMPARED = 16  # rows whose values take the place of those that are removed
_DRAWN = 12  # features whose dependence is told


@dataclass(frozen=True)
class _Asked:
    subject: Subject
    row: Examples  # [1, …] as the data have it
    background: Examples  # rows that it is compared with
    output: ChosenOutput

    def answers(self, x: Examples) -> Array:
        return self.subject.answers(self.output, x)

    @property
    def mixed(self) -> Mixed:
        return mixture(self.row, self.background)

    @property
    def size(self) -> tuple[int, int]:
        """Features, and rows of the background."""
        return width(self.row), count(self.background)

    def of_kept(self, kept: Array) -> Array:
        """The mean answer where only these features are the row's, [n] of bool [n, features]."""
        some = np.arange(min(count(self.background), _COMPARED))
        x = self.mixed(np.repeat(kept, len(some), axis=0), np.tile(some, len(kept)))
        mean: Array = self.answers(x).reshape(len(kept), len(some)).mean(axis=1)
        return mean


def explain_row(
    subject: Subject, row: Examples, background: Examples, output: ChosenOutput, method: Method
) -> Explanation:
    """
    Args:
        row: [1, …] as the data have it.
        background: rows that it is compared with.
    """
    asked = _Asked(subject, row, background, output)
    names = feature_values(subject.info, row)
    values, told = _replaced(asked, names) if method == "dependence" else _shapley(asked)
    parts = [Part(name=name, given=text, value=value) for (name, text), value in zip(names, values, strict=True)]

    def quick() -> Array:
        if method == "dependence":
            return replaced(asked.answers, asked.mixed, *asked.size)
        return shapley(asked.answers, asked.mixed, *asked.size, most=1).values

    return Explanation(
        method=method,
        answer=float(asked.answers(row)[0]),
        parts=tuple(sorted(parts, key=lambda part: -abs(part.value))),
        curves=subject.budget.optional(lambda: faithfulness(asked.of_kept, values, _ORDERS)),
        sanity=subject.budget.optional(lambda: sanity(subject.model, values, quick)),
        **told,
    )


def _shapley(asked: _Asked) -> tuple[Array, dict[str, Any]]:
    """[features], and fields of the explanation."""
    found = shapley(asked.answers, asked.mixed, *asked.size, budget=asked.subject.budget)
    error = found.error if np.isfinite(found.error) else None
    return found.values, {"baseline": found.baseline, "steps": found.samples, "standard_error": error}


def _replaced(asked: _Asked, names: list[tuple[str, str]]) -> tuple[Array, dict[str, Any]]:
    """The same of one feature at a time, with what the answer does over all its values."""
    values = replaced(asked.answers, asked.mixed, *asked.size)
    outputs = (asked.output.name,)

    def answers(x: Examples) -> Array:
        return asked.answers(x)[:, np.newaxis]

    order = np.argsort(-np.abs(values), kind="stable")[:_DRAWN].tolist()
    drawn = [dependence(answers, asked.background, each, names[each][0], outputs, asked.row) for each in order]
    mean = float(asked.answers(asked.background).mean())
    return values, {"baseline": mean, "dependences": tuple(each for each in drawn if each is not None)}


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
