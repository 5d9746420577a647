"""How often verdicts are wrong where nothing differs, and how often they find what does: the table in the README here.

python -m benchmarks.verdicts [--results FILE.json]

The product's own tests are asked (core/verdicts), beside Welch's test alone and the rule "the difference is larger than
the pooled deviation". Simulated: normal results, skewed ones, ones of which a tenth failed, and shares of 30 test
examples. Real: `--results` names a file with values of 50 seeds of one config each, {"preset metric": [values]}, that
`python -m benchmarks.real_nulls` made; they are divided at random, so that any winner is a wrong one.
"""

import argparse
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import ttest_ind

from core.verdicts.estimates import SURE, unpaired

_REPEATS = 2_000
_SIZES = ((2, 2), (3, 3), (5, 5), (10, 10), (20, 20), (2, 5), (5, 20))
_EFFECTS = (1, 2, 3)  # standard deviations
Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Floats]


def _failing(rng: np.random.Generator, count: int) -> Floats:
    return np.where(rng.random(count) < 0.1, -20.0, 0.0) + rng.standard_normal(count)


NULLS: dict[str, Draw] = {
    "normal": lambda rng, count: rng.standard_normal(count),
    "skewed": lambda rng, count: -np.exp(rng.standard_normal(count)),
    "10 % failing": _failing,
    "shares of 30": lambda rng, count: rng.binomial(30, 0.95, count) / 30,
}
RULES: dict[str, Callable[[Floats, Floats], bool]] = {
    "Traindeck": lambda one, other: unpaired(one.tolist(), other.tolist()).chance < SURE,
    "Welch alone": lambda one, other: bool(ttest_ind(one, other, equal_var=False).pvalue < SURE),
    "difference > deviation": lambda one, other: bool(
        abs(other.mean() - one.mean()) > np.sqrt((one.var(ddof=1) + other.var(ddof=1)) / 2)
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--results", type=Path)
    asked = parser.parse_args()
    _head("Wrong verdicts where nothing differs, %")
    for name, draw in NULLS.items():
        _rows(name, partial(_apart_by, 0, draw))
    for name, values in json.loads(asked.results.read_text()).items() if asked.results else ():
        _rows(f"{name} ({len(values)} seeds)", partial(_divided, np.array(values, float)))
    _head("Differences found, %")
    for effect in _EFFECTS:
        _rows(f"{effect} deviations", partial(_apart_by, effect, NULLS["normal"]))


def _apart_by(effect: float, draw: Draw, rng: np.random.Generator, size: tuple[int, int]) -> tuple[Floats, Floats]:
    return draw(rng, size[0]), draw(rng, size[1]) + effect


def _divided(known: Floats, rng: np.random.Generator, size: tuple[int, int]) -> tuple[Floats, Floats]:
    drawn = rng.permutation(known)
    return drawn[: size[0]], drawn[size[0] : sum(size)]


def _head(title: str) -> None:
    print(f"\n{title}\n")
    print("| results | rule |", *(f" {one} and {other} |" for one, other in _SIZES), sep="")
    print("| --- " * (len(_SIZES) + 2) + "|")


def _rows(name: str, drawn: Callable[[np.random.Generator, tuple[int, int]], tuple[Floats, Floats]]) -> None:
    for rule, is_told in RULES.items():
        shares = []
        for size in _SIZES:
            rng = np.random.default_rng(0)
            with np.errstate(all="ignore"):
                shares.append(sum(is_told(*drawn(rng, size)) for _ in range(_REPEATS)) / _REPEATS)
        print(f"| {name} | {rule} |", *(f" {100 * share:.1f} |" for share in shares), sep="")


if __name__ == "__main__":
    main()
