"""What is to be said of an explanation, in sentences: what it compares with, and whether it is to be believed."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.common.text import percentage, quantity
from core.data.base import DataInfo
from core.jobs.explanation import Curves, Explanation

COMPLETE = 0.01  # of integrated gradients: a larger completeness error is told as a fault
ENOUGH = 15.0  # seconds, after which no further check of an explanation is begun
SUSPICIOUS = 0.5  # rank correlation with random weights above which an explanation is not to be trusted
CHANCE = 0.05  # how often random orders may do as well as an explanation that is to be believed
_LEAST_ORDERS = 19  # random ones, of which none does as well so seldom
_FEW_PARTS = 8  # below which two orders are alike by chance
_COMPARED = {
    "image": "of a picture that is all of its median colour it is",
    "text": "of an empty text it is",
    "series": "where every channel keeps its mean over the window it is",
}


@dataclass(frozen=True)
class Check:
    text: str
    is_good: bool = True


def compared(info: DataInfo, explanation: Explanation) -> str:
    """What the input is compared with, and what the network says of that; "" of next tokens."""
    of_rows = info.kind in ("table", "rows")
    if explanation.baseline is None or not (of_rows or info.kind in _COMPARED):
        return ""
    answer, other = (_value(info, each) for each in (explanation.answer, explanation.baseline))
    of_tokens = info.kind == "text" and explanation.method == "gradients"
    told = "of as many tokens without a meaning it is" if of_tokens else _COMPARED.get(info.kind, "")
    told = f"the mean over {_rows(explanation)} that it is compared with is" if of_rows else told
    return f"The {_noun(info)} is {answer}; {told} {other}."


def _rows(explanation: Explanation) -> str:
    rows, of = explanation.rows, explanation.rows_of
    if not rows:  # it was made before they were counted
        return "rows of the test set"
    if explanation.rows_made:
        return f"{rows:,} rows made at random, as the data set was not there,"
    if not of:
        return f"the first {rows:,} rows of the test set (for a random sample, export the model again)"
    drawn = f"{rows:,} rows drawn at random from {of:,}" if rows < of else f"all {rows:,} rows"
    return f"{drawn} of the test set"


def named(token: str) -> str:
    """A token that nobody sees, by its name."""
    return {" ": "space", "\n": "new line", "\t": "tab"}.get(token, token)


def checks(info: DataInfo, explanation: Explanation) -> list[Check]:
    """Each check that was computed with it, and whether some were not."""
    found = [*_complete(explanation), *_sampled(explanation), *_curves(info, explanation), *_sane(explanation)]
    left_out = f"Within {ENOUGH:g} s there was no time for all: further steps, or checks not told here, were left out."
    return [*found, *([Check(left_out, is_good=False)] if explanation.is_short else [])]


def _noun(info: DataInfo) -> str:
    return "number" if info.predicts_numbers else "probability"


def _value(info: DataInfo, value: float) -> str:
    return quantity(value, 4) if info.predicts_numbers else f"{value:.2f}"


def _complete(explanation: Explanation) -> Iterator[Check]:
    error = explanation.completeness
    if error is None:
        return
    if error <= COMPLETE:
        told = percentage(max(error, 1e-4), 2)
        yield Check(f"All parts together add up to the difference within {told} ({explanation.steps:,} steps).")
    else:
        yield Check(
            f"All parts together miss the difference by {percentage(error, 0)}, more than {percentage(COMPLETE)}, "
            f"also in {explanation.steps:,} steps: read them as an order, not as amounts.",
            is_good=False,
        )


def _sampled(explanation: Explanation) -> Iterator[Check]:
    error = explanation.standard_error
    if error is not None:
        parts = "patches" if explanation.heat else "features"
        yield Check(
            f"All {parts} together are the difference; each is sampled with a standard error of at most "
            f"{quantity(error, 2)} ({explanation.steps:,} orders)."
        )
    if explanation.rows_error:
        told = quantity(explanation.rows_error, 2)
        yield Check(f"Compared with other rows, each would differ by a standard error of at most {told}.")


def _curves(info: DataInfo, explanation: Explanation) -> Iterator[Check]:
    curves = explanation.curves
    if curves is None:
        return
    orders = f"{curves.orders} random orders" if curves.orders else "a random order"
    removed = _around(info, curves.random_deletion_area, curves.random_deletion_range)
    put_in = _around(info, curves.random_insertion_area, curves.random_insertion_range)
    told = (
        f"removing what counts most first leaves a mean {_noun(info)} of {_value(info, curves.deletion_area)} "
        f"({removed} in {orders}), putting it in first brings {_value(info, curves.insertion_area)} ({put_in})."
    )
    if beats_chance(curves) and (1 + curves.as_good) / (1 + curves.orders) > CHANCE and curves.orders:
        ties = f"{curves.as_good} of {curves.orders} do as well, as few parts can come first"
        yield Check(f"No random order names better what the answer hangs on, and {ties}: {told}")
    elif beats_chance(curves):
        yield Check(f"It names what the answer hangs on: {told}")
    elif 0 < curves.orders < _LEAST_ORDERS:
        yield Check(f"Whether it is better than chance cannot be told of so few random orders: {told}", is_good=False)
    elif curves.orders:
        as_good = f"{curves.as_good} of {curves.orders} random orders do as well"
        yield Check(f"It is no better than chance can explain, as {as_good}: {told}", is_good=False)
    else:
        yield Check(f"It is no better than a random order: {told}", is_good=False)


def _around(info: DataInfo, mean: float, spread: tuple[float, float] | None) -> str:
    if spread is None:
        return _value(info, mean)
    return f"{_value(info, mean)}, {' to '.join(_value(info, each) for each in spread)}"


def beats_chance(curves: Curves) -> bool:
    """Whether the gap between insertion and deletion is wider than chance makes it, but once in twenty times.

    Or than any random order makes it where some are level: of seven words, every seventh order begins with the one that
    decides.
    """
    if curves.orders:
        level = curves.orders >= _LEAST_ORDERS and not curves.better and 2 * curves.as_good < curves.orders
        return level or (1 + curves.as_good) / (1 + curves.orders) <= CHANCE
    random = curves.random_insertion_area - curves.random_deletion_area
    return curves.insertion_area - curves.deletion_area > random


def _sane(explanation: Explanation) -> Iterator[Check]:
    if explanation.sanity is None:
        return
    found, error = round(explanation.sanity, 2), explanation.sanity_error
    parts = len(explanation.parts)
    few = 0 < parts < _FEW_PARTS
    spread = f" ± {2 * error:.2f}" if few and error is not None else ""
    told = f"when the weights are randomised: rank correlation {found:.2f}{spread}"
    if few and (error is None or abs(explanation.sanity - SUSPICIOUS) <= 2 * error):
        yield Check(
            f"Whether it changes {told}, at most {SUSPICIOUS:g} is wanted, cannot be told of {parts} parts: so few are "
            "often in the same order by chance."
        )
    elif found <= SUSPICIOUS:
        yield Check(f"It changes {told} (1: a network that learned nothing is explained alike).")
    else:
        yield Check(
            f"It changes too little {told}, more than {SUSPICIOUS:g}: a network that learned nothing is explained much "
            "alike. It tells more of the input, or of how such networks are built, than of what was learned.",
            is_good=False,
        )
