"""The explanation of an answer for a row of a table: what each feature does, against rows of the test set."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.data.base import Array, Examples
from core.data.examples import count
from core.explain.chosen_output import ChosenOutput
from core.explain.dependence import dependence, replaced
from core.explain.explained_row import Background, RowParts, feature_values, mean_of_kept, row_parts
from core.explain.faithfulness import faithfulness
from core.explain.shapley import Mixed, mixture, shapley
from core.explain.subject import Subject
from core.jobs.explanation import Explanation, Method, Part

_DRAWN = 12  # features whose dependence is told


@dataclass(frozen=True)
class _Asked:
    subject: Subject
    row: Examples  # [1, …] as the data have it
    background: Examples  # rows that it is compared with
    parts: RowParts  # which are known or not; of dependence each feature by itself
    output: ChosenOutput

    def answers(self, x: Examples) -> Array:
        return self.subject.answers(self.output, x)

    @property
    def mixed(self) -> Mixed:
        return self.parts.mixed(mixture(self.row, self.background))

    @property
    def size(self) -> tuple[int, int]:
        """Parts, and rows of the background."""
        return len(self.parts.named), count(self.background)

    def of_kept(self, kept: Array) -> Array:
        """The mean answer where only these parts are the row's, [n] of bool [n, parts]."""
        return mean_of_kept(self.answers, self.mixed, count(self.background), kept)


def explain_row(
    subject: Subject, row: Examples, background: Background, output: ChosenOutput, method: Method
) -> Explanation:
    """
    Args:
        row: [1, …] as the data have it.
        background: rows that it is compared with.
    """
    features = tuple(feature_values(subject.info, row))
    alone = RowParts(features, np.arange(len(features)))  # the answer over all values of one feature has no date's
    parts = alone if method == "dependence" else row_parts(subject.info, row)
    asked = _Asked(subject, row, background.rows, parts, output)
    names = list(parts.named)
    values, told = _replaced(asked, names) if method == "dependence" else _shapley(asked)
    found = [Part(name=name, given=text, value=value) for (name, text), value in zip(names, values, strict=True)]

    def quick() -> Array:
        if method == "dependence":
            return replaced(asked.answers, asked.mixed, *asked.size)
        return shapley(asked.answers, asked.mixed, *asked.size, most=1).values

    return Explanation(
        method=method,
        answer=float(asked.answers(row)[0]),
        parts=tuple(sorted(found, key=lambda part: -abs(part.value))),
        curves=subject.budget.optional(lambda: faithfulness(asked.of_kept, values, subject.budget.has_time)),
        **(subject.budget.optional(lambda: subject.sanity(values, quick)) or {}),
        **(told | background.told),
    )


def _shapley(asked: _Asked) -> tuple[Array, dict[str, Any]]:
    """[parts], and fields of the explanation."""
    found = shapley(asked.answers, asked.mixed, *asked.size, budget=asked.subject.budget)
    error = found.error if np.isfinite(found.error) else None
    told = {"baseline": found.baseline, "steps": found.samples, "standard_error": error}
    return found.values, told | {"rows_error": found.rows_error}


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
