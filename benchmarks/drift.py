"""Alarms of drift: how often one is false, and how small a shift is found.

python -m benchmarks.drift [--windows 20000]

A model of ten columns, five of numbers and five of categories of which some are rare; profile and windows are drawn
anew from what does not change. Then one column of numbers shifts.
"""

import argparse

import numpy as np

from core.data.data_info import Array
from core.serving.options import Options
from core.serving.shift import alarms, shifts
from core.serving.training_profile import Column, column_of

_COLUMNS, _PROFILES = 10, 40
_LEARNED = (200, 1000, 5000, 20_000)
_EXAMPLES = (200, 500, 2000)
_SHIFTS = (0.1, 0.2, 0.3, 0.5, 1.0)  # of the mean, in standard deviations
_SHARES = 1 / np.arange(1, 40) ** 1.5
_NAMES = np.array([f"{number:02}" for number in range(len(_SHARES))], object)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--windows", type=int, default=20_000)
    windows = parser.parse_args().windows
    rate, draw = Options().false_alarms, np.random.default_rng(0)
    print(f"Windows with a false alarm, of {windows:,}; at most {rate * windows:g} are stated.\n")
    print(f"| training examples | {' | '.join(f'windows of {each:,}' for each in _EXAMPLES)} |")
    print(f"| --- |{' --- |' * len(_EXAMPLES)}")
    for learned in _LEARNED:
        found = [_false(draw, learned, examples, windows, rate) for examples in _EXAMPLES]
        print(f"| {learned:,} | {' | '.join(map(str, found))} |")
    print("\nShare of windows in which a shift of one column is found, 5,000 training examples.\n")
    print(f"| shift, standard deviations | {' | '.join(f'windows of {each:,}' for each in _EXAMPLES)} |")
    print(f"| --- |{' --- |' * len(_EXAMPLES)}")
    for shift in _SHIFTS:
        power = [_found(draw, 5000, examples, shift, rate) for examples in _EXAMPLES]
        print(f"| {shift} | {' | '.join(f'{each:.0%}' for each in power)} |")


def _false(draw: np.random.Generator, learned: int, examples: int, windows: int, rate: float) -> int:
    """How many windows have an alarm, with several profiles in turn."""
    each, alarmed = windows // _PROFILES, 0
    for _ in range(_PROFILES):
        p = np.array([_drawn(draw, learned, examples, each, column) for column in range(_COLUMNS)])
        alarmed += sum(any(alarms(row, rate)) for row in p.T)
    return alarmed


def _drawn(draw: np.random.Generator, learned: int, examples: int, windows: int, column: int) -> Array:
    """p-values of windows from what the profile is from."""
    if column % 2:
        made = column_of("c", _NAMES[draw.choice(len(_SHARES), learned, p=_SHARES / _SHARES.sum())], is_answer=False)
        named = [_SHARES[int(name)] for name in made.names]
        true = np.array([*named, _SHARES.sum() - sum(named), 0.0])
    else:
        made = column_of("n", draw.random(learned), is_answer=False)
        true = np.array([*np.diff([0.0, *made.cuts, 1.0]), 0.0])
    true = np.maximum(true, 0.0)
    return shifts(np.array(made.counts), draw.multinomial(examples, true / true.sum(), windows))[0]


def _found(draw: np.random.Generator, learned: int, examples: int, shift: float, rate: float) -> float:
    """By Bonferroni's share of the rate, as Holm's first step has it."""
    profile: Column = column_of("n", draw.normal(size=learned), is_answer=False)
    now = np.array([profile.bins(draw.normal(shift, 1, examples)) for _ in range(500)])
    return float((shifts(np.array(profile.counts), now)[0] <= rate / _COLUMNS).mean())


if __name__ == "__main__":
    main()
