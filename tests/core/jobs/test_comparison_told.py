"""What came of networks on data chosen afterwards, in words."""

from core.jobs.comparison import Compared, Difference
from core.jobs.comparison_told import heading

NAMES = {"run 1": "wide", "run 2": "narrow"}


def compared(first: float, second: float, chance: float) -> Compared:
    apart = Difference(
        metric="test_accuracy", one="run 1", other="run 2", difference=first - second, low=first - second - 0.01,
        high=first - second + 0.01, chance=chance,
    )  # fmt: skip
    metrics = {"run 1": {"test_accuracy": first}, "run 2": {"test_accuracy": second}}
    return Compared(title="later", examples=300, metrics=metrics, differences=(apart,))


def test_both_are_named_with_what_they_came_to() -> None:
    assert heading(compared(0.95, 0.98, 0.001), NAMES) == (
        "On later (300 examples) narrow is better than wide: by 3.00 points of accuracy (95 % interval 2.00 to 4.00), "
        "0.9800 beside 0.9500; two equally good ones would differ as much in 0.1 % of cases."
    )
    assert "it is not decided: wide leads narrow by 1.00 points of accuracy" in heading(
        compared(0.96, 0.95, 0.3), NAMES
    )
    assert heading(compared(0.95, 0.95, 1.0), NAMES) == (
        "On later (300 examples) wide and narrow have the same accuracy, 0.9500 (95 % interval of the difference "
        "-1.00 to 1.00 points)."
    )
