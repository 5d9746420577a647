"""Sweeps and their trials as lines and rows."""

from collections.abc import Sequence

from core.cli.tables import Read
from core.common.context import Context
from core.common.digits import decimals, number
from core.common.text import plural
from core.sweeps.by_hand import origin_told
from core.sweeps.confirming import Confirmed, confirmed
from core.sweeps.list_fields import as_lists, columns_of, described
from core.sweeps.spending import forecast
from core.sweeps.telling_values import telling_values
from core.sweeps.trials import SweepView
from core.verdicts.confirmed_told import AS_GOOD, beside_search, confirmed_told, grounds_told, mean_told
from core.verdicts.fresh_seeds import fresh_seeds

_STATE, _GOALS = 2, 3  # columns of a trial's row


def head_lines(context: Context, view: SweepView) -> list[str]:
    """What is searched, how far it is, and what was confirmed."""
    sweep, definition = view.sweep, view.definition
    over = sum(trial.is_over for trial in view.trials)
    counts = {state: sum(trial.state == state for trial in view.trials) for state in ("finished", "pruned", "failed")}
    told = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    lines = [f"Sweep {sweep.id}, {sweep.name}: {sweep.state.value}{f'. {sweep.reason}' if sweep.reason else ''}"]
    lines.append(definition.told)
    lines += [f"  {each}" for each in described(definition.fields)]
    lines.append(f"{plural(over, 'trial')} over{f': {told}' if told else ''}; {view.seconds:.0f} s of training")
    if (ahead := forecast(view)) is not None and ahead.left:
        lines.append(f"About {ahead.seconds:.0f} s for {ahead.left} more")
    elif ahead is not None and ahead.seconds >= 1:
        lines.append(f"About {ahead.seconds:.0f} s for what it confirms")
    again = confirmed(view)
    lines += [confirmed_line(each, view.definition.goals[0].metric) for each in again]
    if len(again) > 1:
        verdict = fresh_seeds(context, view).verdict
        lines += filter(None, (confirmed_told(view, verdict), grounds_told(verdict)))
    return lines


def confirmed_line(each: Confirmed, goal: str) -> str:
    """Of one config: what the search had, and what fresh seeds gave."""
    if each.mean is None:
        return f"Trial {each.trial.number}: {number(each.found)} in the search; its confirmation is not done yet"
    beside = beside_search(each, goal)
    more = f" ({each.running} not at rest yet)" if each.running else ""
    return (
        f"Trial {each.trial.number}: {number(each.found)} in the search, {mean_told(each)} on "
        f"{plural(each.seeds, 'fresh seed')}{more}; {beside} {'as' if beside == AS_GOOD else 'than'} it looked"
    )


def read_rows(view: SweepView, rows: Sequence[Sequence[object]]) -> list[list[object]]:
    """Those of `trial_rows` for people: goals with the digits in which the best of them differ."""
    shown = [list(row) for row in rows]
    for place, goal in enumerate(view.definition.goals, _GOALS):
        values = [value if isinstance(value, float) else None for value in (row[place] for row in rows)]
        places = decimals(telling_values(values, [row[_STATE] == "finished" for row in rows], is_min=goal.is_min))
        for row, value in zip(shown, values, strict=True):
            row[place] = None if value is None else Read(value, places)
    return shown


def trial_rows(view: SweepView, *, to_read: bool = True) -> tuple[list[str], list[list[object]]]:
    """A row for each trial: its goals, what was varied, who added it where the search did not, and why it ended so.

    Args:
        to_read: by people: lists whose values are varied one by one are lists, and what no trial has is left out.
    """
    fields, known = [varied.field for varied in view.definition.fields], view.definition.settings_of_base
    columns = columns_of(fields) if to_read else fields
    goals = [goal.metric for goal in view.definition.goals]
    rows: list[list[object]] = []
    for trial in view.trials:
        values = list(trial.values) if trial.values else [None] * len(goals)
        run_ids = " ".join(map(str, trial.run_ids))
        params = as_lists(trial.params, fields, known) if to_read else trial.params
        tried = [params.get(name) for name in columns]
        told = [origin_told(view.definition, trial) or None, trial.note or None]
        rows.append([trial.number, run_ids, trial.state, *values, *tried, trial.seconds, *told])
    titles = ["trial", "run", "state", *goals, *columns, "seconds", "added", "why"]
    return _without_empty(titles, rows) if to_read else (titles, rows)


def _without_empty(titles: list[str], rows: list[list[object]]) -> tuple[list[str], list[list[object]]]:
    """Of what is told of few trials, none where none has it."""
    empty = [name for name in ("added", "why") if all(row[titles.index(name)] is None for row in rows)]
    kept = [place for place, name in enumerate(titles) if name not in empty]
    return [titles[place] for place in kept], [[row[place] for place in kept] for row in rows]
