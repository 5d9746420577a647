"""The trials of a sweep as frames to draw and to read."""

import json
import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

import db.sweeps
from core.common.context import Context
from core.common.differences import is_share, with_unit
from core.common.text import plural
from core.runs.kinds import NETWORK
from core.sweeps.by_hand import BY_HAND, origin_told
from core.sweeps.confirming import Confirmed, results_of
from core.sweeps.early_end import judged_at
from core.sweeps.fields import Choices
from core.sweeps.list_fields import as_lists, columns_of
from core.sweeps.trial_judge import epochs_of
from core.sweeps.trial_told import is_early
from core.sweeps.trials import SweepView, Trial
from core.verdicts.confirmed_told import beside_search

MOST_CURVES, MOST_VALUES = 500, 500
MOST_POINTS = 1_000  # that are drawn as such
_BEST, _NEWEST = 200, 50  # of more than these


def trial_frame(view: SweepView) -> pd.DataFrame:
    """A row a trial, in their order: number, run (its first one, 0 without), state, origin ("" of the search's own, as
    `core.sweeps.by_hand` tells it of others), early (whether it ended so, with its result), seconds, a column for each
    goal and for each field; lists as text, choices of names as categories in their order, and missing where a field is
    not set.

    `best` is the best of the first goal until then, over trials that were trained to their end.
    """
    goals = [goal.metric for goal in view.definition.goals]
    rows: list[dict[str, Any]] = []
    best, is_min = math.nan, view.definition.goals[0].is_min
    for trial in view.trials:
        values = trial.values or (math.nan,) * len(goals)
        if trial.state == "finished" and not math.isnan(values[0]):
            better = min if is_min else max
            best = values[0] if math.isnan(best) else better(best, values[0])
        rows.append(
            {
                "number": trial.number,
                "run": next(iter(trial.run_ids), 0),
                "state": trial.state,
                "origin": origin_told(view.definition, trial),
                "early": is_early(trial),
                "seconds": trial.seconds,
                "best": best,
                **dict(zip(goals, values, strict=True)),
                **{varied.field: _cell(trial, varied.field) for varied in view.definition.fields},
            }
        )
    columns = ["number", "run", "state", "origin", "early", "seconds", "best", *goals]
    frame = pd.DataFrame(rows, columns=[*columns, *(varied.field for varied in view.definition.fields)])
    for varied in view.definition.fields:
        if isinstance(varied.range, Choices):
            frame[varied.field] = _in_order(frame[varied.field], [_written(each) for each in varied.range.values])
    return frame


def with_lists(view: SweepView, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Rows of `trial_frame` for people to read, and which columns are about what is varied: of a list whose values are
    varied one by one a single one, as [63, 34].
    """
    fields = [varied.field for varied in view.definition.fields]
    columns = columns_of(fields)
    lists = [name for name in columns if name not in fields]
    if not lists:
        return frame, columns
    known, wanted = view.definition.settings_of_base, set(frame["number"])
    told = {each.number: as_lists(each.params, fields, known) for each in view.trials if each.number in wanted}
    texts = {name: [_written(told[number].get(name)) for number in frame["number"]] for name in lists}
    return frame.assign(**texts), columns


def _in_order(values: pd.Series, given: Sequence[Any]) -> pd.Series:
    """Names as categories, in the order in which they were given, and behind them what was tried by hand."""
    if all(isinstance(each, int | float) for each in given):
        return values
    texts = values.map(lambda each: each if pd.isna(each) else str(each))
    others = sorted(set(texts.dropna()) - set(map(str, given)))
    return pd.Series(pd.Categorical(texts, categories=[*dict.fromkeys(map(str, given)), *others]), index=values.index)


def marked_frame(view: SweepView, frame: pd.DataFrame, goal: str) -> pd.DataFrame | None:
    """Of `trial_frame`, the trials that are drawn as points where all of them would only cover each other: the best,
    the newest, and those that were the best of their time. None where all can be drawn.
    """
    known = frame[frame[goal].notna()]
    if len(known) <= MOST_POINTS:
        return None
    is_min = next(each.is_min for each in view.definition.goals if each.metric == goal)
    ended = known[known["state"] == "finished"]
    best = ended.sort_values(goal, ascending=is_min, kind="stable").head(_BEST)
    newest = known.tail(_NEWEST)
    once = ended[ended["best"].ne(ended["best"].shift())]
    numbers = {*best["number"], *newest["number"], *once["number"]}
    return known[known["number"].isin(numbers)]


def marked_told(marked: pd.DataFrame | None) -> str:
    """What a picture shows of very many trials, to stand behind other words; "" of fewer."""
    if marked is None:
        return ""
    points = f"the best {_BEST}, the newest {_NEWEST}, and those that were best in their time"
    return f" Shading is how many trials lie there; points are {points}."


def early_told(frame: pd.DataFrame) -> str:
    """Which points of a picture ended early, of `trial_frame` or `curve_frame`, to stand behind other words; "" where
    none did.
    """
    count = frame[frame["early"]]["number"].nunique()
    if not count:
        return ""
    if count == 1:
        return " A square is a trial that ended early, with its result."
    return " Squares are trials that ended early, with their results."


def pruned_told(view: SweepView) -> str:
    """What the results of pruned trials are in a picture, to stand behind other words; "" where there are none."""
    count = sum(trial.state == "pruned" and trial.values is not None for trial in view.trials)
    if not count:
        return ""
    verb = "was" if count == 1 else "were"
    return f" {plural(count, 'trial')} {verb} pruned, and {'has' if count == 1 else 'have'} the result of that moment."


SEARCHED, FRESH, DEVIATION = "In the search", "Fresh seeds, mean", "Deviation"  # columns


def confirmed_digits(frame: pd.DataFrame) -> dict[str, list[float | None]]:
    """By column of `confirmed_frame` the values that its digits tell apart: results stand beside each other."""
    values = {name: [None if pd.isna(each) else float(each) for each in frame[name]] for name in
              (SEARCHED, FRESH, DEVIATION)}  # fmt: skip
    beside = [*values[SEARCHED], *values[FRESH]]
    return {SEARCHED: beside, FRESH: beside, DEVIATION: values[DEVIATION]}


def hand_told(frame: pd.DataFrame) -> str:
    """Which points of a picture were added by hand, to stand behind other words; "" where there are none."""
    count, beyond = (int(frame["origin"].str.startswith(start).sum()) for start in (BY_HAND, f"{BY_HAND}, outside"))
    if not count:
        return ""
    where = f", {'' if beyond == count else f'{beyond:,} of them '}outside of the ranges" if beyond else ""
    return f" {'A diamond is a trial' if count == 1 else 'Diamonds are trials'} by hand{where}."


def confirmed_frame(found: Sequence[Confirmed], goal: str) -> pd.DataFrame:
    """A row a config that was launched again on fresh seeds: what the search promised, and what came of it."""
    return pd.DataFrame(
        {
            "Trial": [each.trial.number for each in found],
            SEARCHED: [each.found for each in found],
            FRESH: [each.mean for each in found],
            DEVIATION: [each.deviation for each in found],
            "Seeds": [each.seeds for each in found],
            **({"Running": running} if any(running := [each.running for each in found]) else {}),
            "Failed": [each.failed for each in found],
            "Beside the search": [beside_search(each, goal) or None for each in found],
        }
    )


def curse_told(found: Sequence[Confirmed], goal: str) -> str:
    """How much the search promised too much, in words; "" before a fresh seed has ended."""
    drops = [each.drop for each in found if each.drop is not None]
    if not drops:
        return ""
    mean = sum(drops) / len(drops)
    if not mean:
        return f"{goal} of {plural(len(drops), 'config')} came out as in the search, on average."
    share = is_share(goal, (value for each in found for value in (each.found, *each.values)))
    than = f"{with_unit(abs(mean), results_of(found), share=share)} {'worse' if mean > 0 else 'better'}"
    lucky = "The search keeps what was lucky, too: that is the winner's curse"
    if goal.startswith("val_"):
        lucky += (
            ". A seed draws which examples are held back for validation, too, where the data have no part for it: the "
            "fresh ones may be harder, and how much is due to which is not told apart"
        )
    why = (
        f"{lucky}."
        if mean > 0
        else "The search's own seed may have been a hard one: a seed draws which examples are held back for "
        "validation, too, where the data have no part for it."
    )
    return f"{goal} of {plural(len(drops), 'config')} came out {than} than in the search, on average. {why}"


def line_frame(view: SweepView, frame: pd.DataFrame, goal: str, most: int) -> pd.DataFrame:
    """For parallel coordinates: a row a trial of the best, indexed by its number; the fields, then the goal."""
    is_min = next(each.is_min for each in view.definition.goals if each.metric == goal)
    some = frame[frame[goal].notna()].sort_values(goal, ascending=is_min).head(most)
    return some.set_index("number")[[*(varied.field for varied in view.definition.fields), goal]]


def log_fields(view: SweepView) -> dict[str, bool]:
    """By field whether its axis is logarithmic, as its range says; of choices the values tell."""
    fields = view.definition.fields
    return {varied.field: varied.range.log for varied in fields if not isinstance(varied.range, Choices)}


def slot_frame(view: SweepView, now: float) -> pd.DataFrame:
    """A row a run that has begun: number, run, slot, state, start and end in seconds since 1970."""
    rows = [
        (each.kept.number, run.id, ", ".join(run.slots), each.state, run.starting_at, run.finished_at or now)
        for each in view.all_runs
        if (run := each.run) is not None and run.starting_at is not None
    ]
    return pd.DataFrame(rows, columns=["number", "run", "slot", "state", "start", "end"])


def curve_frame(context: Context, view: SweepView) -> pd.DataFrame:
    """A row for each value that the first run of a trial recorded of the first goal: number, run, state, early (as
    in `trial_frame`), count (from 1), value. Of a sweep with many trials, those of the newest ones.
    """
    newest = [trial for trial in view.trials if trial.run_ids][-MOST_CURVES:]
    by_run = {trial.run_ids[0]: trial for trial in newest}
    with context.workspace.read() as session:
        found = db.sweeps.first_values(session, by_run, view.definition.goals[0].metric, MOST_VALUES)
    early = {run: is_early(trial) for run, trial in by_run.items()}
    rows = [
        (by_run[run].number, run, by_run[run].state, early[run], count, value)
        for run, values in found.items()
        for count, value in enumerate(values, start=1)
    ]
    return pd.DataFrame(rows, columns=["number", "run", "state", "early", "count", "value"])


def of_epochs(view: SweepView) -> bool:
    """Whether what its trials record comes once an epoch, as networks do; scripts count as they like."""
    return view.definition.kind == NETWORK.name


def rung_frame(view: SweepView, curves: pd.DataFrame) -> pd.DataFrame:
    """A row a rung of ASHA or Hyperband, by the trials of `curve_frame`: rung, came (trials that were judged there, and
    those by which others were, as they had ended with their result), ended (of those, there). Empty of other rules.
    """
    rule, epochs = view.definition.pruning, epochs_of(view.definition.base)
    came: dict[int, list[bool]] = {}
    last_of = curves.groupby(["number", "state", "early"], as_index=False)["count"].max()
    for trial, state, early, last in last_of.itertuples(index=False):
        for rung in judged_at(rule, trial, epochs if early and epochs else last, epochs):
            came.setdefault(rung, []).append(state == "pruned" and rung == last)
    rows = [(rung, len(found), sum(found)) for rung, found in sorted(came.items())]
    return pd.DataFrame(rows, columns=["rung", "came", "ended"])


def rungs_told(judged: pd.DataFrame) -> str:
    """What is drawn at rungs, and how that and what a trial's note says go together, to stand before other words."""
    if judged.empty:
        return ""
    return (
        "Above each dotted line, how many of all that have come to that rung until now went on. A trial is judged as "
        "it comes there, by those that came before it: why it ended tells its place among these, which were fewer. "
    )


def _cell(trial: Trial, field: str) -> Any:
    return _written(trial.params.get(field))


def _written(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict | bool) else value
