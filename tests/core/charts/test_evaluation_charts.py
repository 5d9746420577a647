"""Charts of classes: one colour a class, and long names that stay apart."""

import numpy as np

from core.charts import evaluations, profiles
from core.evaluation.report import Curve


def _curves(*names: str) -> list[Curve]:
    return [Curve(name=name, x=(0.0, 1.0), y=(0.0, 1.0), area=0.5) for name in names]


def test_a_class_has_one_colour_in_both_charts() -> None:
    roc, other = _curves("mean", "cat", "dog", "cow"), _curves("mean", "cow", "bee", "cat")
    names = tuple(dict.fromkeys(curve.name for curve in (*roc, *other)))
    figures = evaluations.roc(roc, names), evaluations.precision_recall(other, names)
    first, second = ({trace.name.split()[0]: trace.line.color for trace in each.data if trace.name} for each in figures)
    assert all(first[name] == second[name] for name in ("mean", "cat", "cow"))
    assert len({*first.values(), *second.values()}) == 5


def test_long_names_that_begin_and_end_alike_are_bars_of_their_own() -> None:
    names = [f"the long name of a class that has number {at} of them all in it" for at in (1, 2)]
    (bars,) = profiles.class_balance(names, {"train": [3, 5]}).data
    assert list(bars.y) == [0, 1]
    assert list(bars.customdata) == names


def test_what_is_left_out_of_a_name_is_marked() -> None:
    figure = evaluations.confusion(np.eye(2, dtype=np.int64), ["abcdefghij abcdefghij abcdefgh", "cat"])
    first, second = figure.layout.xaxis.ticktext
    assert "…" in first
    assert second == "cat"
