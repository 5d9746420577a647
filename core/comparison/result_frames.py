"""Results against params, a row a run, or a row a group of runs that differ in nothing but seed or fold."""

from collections.abc import Sequence

import pandas as pd

from core.comparison.groups import Group, values_within
from core.comparison.param_frames import Params, column
from core.comparison.run_frames import Kind, Summaries, label
from core.comparison.spread import PLAIN, How
from db.records import RunRecord

POINT = ["run_id", "run", "x", "y", "low", "high", "n", "missing"]
_TOLD = 6  # groups


def singles(runs: Sequence[RunRecord]) -> list[Group]:
    """Each run by itself."""
    return [Group(run.id, label(run), (run,), is_single=True) for run in runs]


def of_one_value(groups: Sequence[Group], params: Params, keys: Sequence[str]) -> list[Group]:
    """Those that have a place along each of these params: whose runs do not differ in any."""
    return [group for group in groups if all(values_within(group, params, key) < 2 for key in keys)]


def without_place_told(groups: Sequence[Group], params: Params, keys: Sequence[str]) -> str:
    """Which of them are not drawn along these params, in a sentence; "" where all are."""
    told = []
    for group in groups:
        several = {key: count for key in keys if (count := values_within(group, params, key)) > 1}
        if several:
            told.append(f"{group.name} ({', '.join(f'{count} of {key}' for key, count in several.items())})")
    more = f" and {len(told) - _TOLD} more" if len(told) > _TOLD else ""
    if not told:
        return ""
    return f"Not drawn, as their runs have several values: {', '.join(told[:_TOLD])}{more}."


def scatter_frame(
    groups: Sequence[Group],
    params: Params,
    summaries: Summaries,
    param: str,
    metric: str,
    kind: Kind,
    how: How = PLAIN,
) -> pd.DataFrame:
    """One row a group that has the metric, and whose runs do not differ in the param, with the columns POINT.

    run_id and run are of the group; x is the param: all numbers, or all text, missing where the group has none; y is
    the centre of its runs, low and high the ends of the band, n how many have a value, missing what the others are.
    """
    able = of_one_value(groups, params, [param])
    values = column([group.id for group in able], params, param)
    rows = []
    for group in able:
        found = group.spread(summaries, metric, kind, how)
        if found.n:
            ends = found.value, found.low, found.high
            rows.append((group.id, group.name, values[group.id], *ends, found.n, found.missing))
    frame = pd.DataFrame(rows, columns=POINT)
    return frame.astype({"x": values.dtype}) if rows else frame


def parallel_frame(
    groups: Sequence[Group],
    params: Params,
    summaries: Summaries,
    keys: Sequence[str],
    metric: str,
    kind: Kind,
    how: How = PLAIN,
) -> pd.DataFrame:
    """One row a group whose runs differ in none of these params, indexed by its number: the params, and the centre of
    the metric as the last column, RESULT.

    NaN where no run of the group has a finite value of it.
    """
    able = of_one_value(groups, params, keys)
    ids = [group.id for group in able]
    frame = pd.DataFrame({key: column(ids, params, key) for key in keys}, index=ids)
    centres = [group.spread(summaries, metric, kind, how).value for group in able]
    return frame.assign(**{result_title(metric, kind): centres})


def result_title(metric: str, kind: Kind) -> str:
    """What the axis of the results is called: val_loss best."""
    return f"{metric} {kind}"
