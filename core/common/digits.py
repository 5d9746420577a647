"""How many digits a column of numbers is shown with: those in which its values differ; and which differ at all."""

import math
from collections.abc import Iterable, Sequence

DASH = "–"  # stands for a value that is not there
_SPREAD = 3  # significant digits of the distance between the lowest and the highest value
_FOR_OUTLIERS = 2  # more of them at most, where most values lie much closer together than that
_SMALLEST = 2  # significant digits of the value nearest to 0, at least
_ALONE = 4  # significant digits of values that are all the same
_OF_SHARES = 4  # decimals at least of values up to 1, such as scores: as they stand in sentences and tiles
_MOST = 6  # decimals; beyond, values are shown with exponents
_TYPED = 8  # characters of a number that people would have typed
ROUNDING = 4 * 2**-23  # of a value: what single precision, in which networks compute, makes of one sum in another order


def finite(text: str) -> float | None:
    """The number that a text is; None of other texts, NaN and infinities."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def as_read(text: str) -> str:
    """What a search drew has twelve digits, of which people read four. Other texts stay."""
    return number(float(text)) if "." in text and len(text) > _TYPED and finite(text) is not None else text


def spans_decades(numbers: Sequence[float]) -> bool:
    """Whether a log axis shows them better; zeros, which have no place on it, ask for more of a reason."""
    positive = [number for number in numbers if number > 0]
    if len(positive) < 2 or any(number < 0 for number in numbers):
        return False
    decades = 2 if len(positive) < len(numbers) else 1
    return bool(max(positive) >= min(positive) * 10**decades)


def same(one: float, other: float) -> bool:
    """Whether they differ by rounding at most."""
    return math.isclose(one, other, rel_tol=ROUNDING, abs_tol=0)


def decimals(values: Iterable[float | None]) -> int | None:
    """Digits after the point that all of the values are shown with; None where exponents serve them better.

    0.97712 and 0.99051 differ by 0.0134, whose first three digits end with the fourth decimal: 0.9771 and 0.9905. One
    that lies far from the others, as a loss that diverged, does not make those look the same.
    """
    finite = sorted(float(value) for value in values if value is not None and math.isfinite(value))
    sizes = [abs(value) for value in finite if value]
    if not sizes:
        return 0
    apart = not same(finite[-1], finite[0])
    wanted = _SPREAD - 1 - _exponent(finite[-1] - finite[0]) if apart else _ALONE - 1 - _exponent(max(sizes))
    middle = finite[len(finite) // 4 : len(finite) - len(finite) // 4]
    if not same(middle[-1], middle[0]):
        wanted = min(_SPREAD - 1 - _exponent(middle[-1] - middle[0]), wanted + _FOR_OUTLIERS, max(wanted, _MOST))
    wanted = max(wanted, _SMALLEST - 1 - _exponent(min(sizes)), 0)
    if max(sizes) <= 1:
        wanted = max(wanted, _OF_SHARES)
    if all(value == round(value) for value in finite):
        wanted = 0
    return wanted if wanted <= _MOST and max(sizes) < 1e9 else None


def aligned(values: Sequence[float | None], *, sign: str = "") -> list[str]:
    """The values as texts of one number of decimals; "" for None.

    Args:
        sign: between thousands: "," in sentences, none in tables.
    """
    places = decimals(values)
    return ["" if value is None else with_places(value, places, sign) for value in values]


def as_beside(value: float, others: Sequence[float]) -> str:
    """A value with the decimals that these others take in a sentence; by itself where they would not show it."""
    told = with_places(value, decimals(others), ",")
    return told if not value or finite(told.replace(",", "")) else number(value)


def with_deviation(deviation: float, *values: float) -> list[str]:
    """Values as they stand in one sentence with their standard deviation, which comes last: with the decimals that two
    digits of it take; each by itself where it has no size, or one that takes exponents.
    """
    if not 1e-9 < deviation < 1e9:
        return [number(value) for value in (*values, deviation)]
    places = max(0, _SMALLEST - 1 - _exponent(float(f"{deviation:.1e}")))  # 0.00999 is 0.010
    return [f"{value:,.{places}f}" for value in (*values, deviation)]


def plus_minus(mean: float, deviation: float) -> str:
    """ "0.044 ± 0.012"; the mean alone without a deviation, which is NaN then."""
    return number(mean) if math.isnan(deviation) else " ± ".join(with_deviation(deviation, mean))


def plus_minus_aligned(means: Sequence[float], deviations: Sequence[float]) -> list[str]:
    """A column of `plus_minus`, with the decimals in which the means differ: as they stand alone, and in sentences;
    "" for a mean that is NaN.
    """
    known = [mean for mean in means if not math.isnan(mean)]
    return [
        "" if math.isnan(mean) else as_beside(mean, known)
        + ("" if math.isnan(deviation) else f" ± {as_beside(deviation, known)}")
        for mean, deviation in zip(means, deviations, strict=True)
    ]  # fmt: skip


def number(value: float | None) -> str:
    """A metric by itself: four significant digits, with no exponent where none is needed; NaN and infinity by name."""
    if value is None:
        return DASH
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if value != 0 and not 1e-4 <= abs(value) < 1e6:
        return f"{value:.3e}"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def with_places(value: float, places: int | None, sign: str = "") -> str:
    """With so many decimals, as of `decimals`; `sign` as of `aligned`."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞" if value > 0 else "-∞"
    return f"{value:.3e}" if places is None else f"{value:{sign}.{places}f}"


def _exponent(size: float) -> int:
    """Of 10: that of the first digit."""
    return math.floor(math.log10(size))
