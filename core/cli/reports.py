"""`runs`, `show`, `metrics`, `compare`: what is in the store."""

import csv
from typing import Any

from core import runs
from core.cli.output import ago, as_dict, console, event_json, phase_seconds, print_json, print_table, run_json
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.text import quoted
from core.config.edit import flatten, to_yaml
from core.runs.data_names import data_set
from core.runs.events import said, told
from core.runs.highlights import ERROR_NOTE, MAIN_METRICS, loss_note, main_result
from db.listing import RunQuery
from db.records import RunRecord, RunState, Summary


def list_runs(context: Context, search: str, states: list[RunState], limit: int, *, as_json: bool) -> None:
    page = runs.listing(context, RunQuery(states=tuple(states), limit=limit), search)
    if as_json:
        print_json({"total": page.total, "runs": [run_json(context, run) for run in page.runs]})
        return
    summaries = runs.summaries(context, [run.id for run in page.runs], MAIN_METRICS)
    rows: list[list[object]] = []
    for run in page.runs:
        result = main_result(summaries.get(run.id, {}))
        shown = ["", None] if result is None else [result.metric, result.best if result.has_best else None]
        rows.append([run.id, run.state.value, run.name, data_set(run), run.experiment, ago(run.created_at), *shown])
    print_table(["id", "state", "name", "data", "experiment", "created", "metric", "best"], rows)
    if any(str(row[-2]).endswith("mae") for row in rows):
        console.print(ERROR_NOTE, style="dim", highlight=False)
    if page.total > len(page.runs):
        console.print(f"{len(page.runs)} of {page.total:,}; more with --limit", highlight=False)


def show(context: Context, run: RunRecord, *, as_json: bool) -> None:
    history = runs.events(context, run.id)
    if as_json:
        print_json({**run_json(context, run), "events": [event_json(event) for event in history]})
        return
    console.print(f"Run {run.id}: {run.name}", style="bold", markup=False, highlight=False)
    facts = {
        "state": f"{run.state.value}{f': {run.reason}' if run.reason else ''}",
        "experiment": run.experiment,
        "data set": data_set(run) or None,
        "preset": run.preset or None,
        "tags": ", ".join(run.tags) or None,
        "launched by": f"{run.created_by}, {ago(run.created_at)}",
        "on": " ".join([run.host, *run.slots]).strip() or None,
        "progress": f"step {run.step:,} of {run.total_steps:,}" if run.total_steps else None,
        "seconds": ", ".join(f"{k} {v:.1f}" for k, v in phase_seconds(run).items() if v is not None) or None,
    }
    print_table(["", ""], [[key, value] for key, value in facts.items() if value is not None])
    console.print()
    print_table(
        ["metric", "last", "best", "at step"],
        [
            [name, values.last, *((values.best, values.best_step) if values.has_best else ("none", None))]
            for name, values in runs.summaries(context, [run.id]).get(run.id, {}).items()
            if not name.startswith("system/")
        ],
    )
    if note := loss_note(run.facts):
        console.print(f"loss: {note}", style="dim", markup=False, highlight=False)
    console.print()
    print_table(
        ["when", "who", "what", "change"],
        [[ago(event.at), event.actor.name, said(event), told(event)] for event in history],
    )
    if run.state in (RunState.FAILED, RunState.LOST):
        console.print("\nThe end of its log:", style="bold")
        console.print(runs.log_tail(context, run.id, 15), markup=False, highlight=False)
    console.print()
    console.print(to_yaml(run.config), markup=False, highlight=False)


def metrics(context: Context, run: RunRecord, name: str, *, as_csv: bool, as_json: bool) -> None:
    """Raises NotFoundError when the run has no such metric."""
    known = runs.summaries(context, [run.id]).get(run.id, {})
    if name not in known:
        accepted = ", ".join(known) or "none yet"
        raise NotFoundError(f"Run {run.id} has no metric {quoted(name)}. It has {accepted}.")
    series = runs.history(context, run.id, name)
    columns = {"step": series.step.tolist(), "value": series.value.tolist(), "wall_time": series.wall_time.tolist()}
    if as_json:
        print_json({"run": run.id, "metric": name, **columns})
    elif as_csv:
        writer = csv.writer(console.file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    else:
        print_table(["step", "value"], [[step, value] for step, value, _ in zip(*columns.values(), strict=True)])


def compare(context: Context, records: list[RunRecord], *, as_json: bool) -> None:
    """The params that differ, and each metric's last and best value."""
    params = {run.id: flatten(run.config) for run in records}
    keys = dict.fromkeys(key for values in params.values() for key in values)
    differing = [key for key in keys if len({repr(params[run.id].get(key)) for run in records}) > 1]
    summaries = runs.summaries(context, [run.id for run in records])
    names = sorted({n for values in summaries.values() for n in values if not n.startswith("system/")})
    if as_json:
        values: list[dict[str, Any]] = [
            {
                "id": run.id,
                "name": run.name,
                "status": run.state.value,
                "params": {key: params[run.id].get(key) for key in differing},
                "summary": {n: as_dict(s) for n, s in summaries.get(run.id, {}).items() if n in names},
            }
            for run in records
        ]
        print_json({"differing": differing, "runs": values})
        return
    rows: list[list[object]] = [["state", *(run.state.value for run in records)]]
    rows.append(["data set", *(data_set(run) for run in records)])
    rows += [[key, *(params[run.id].get(key) for run in records)] for key in differing]
    for name in names:
        rows.append([f"{name} best", *(_best(summaries, run, name) for run in records)])
        rows.append([f"{name} last", *(_last(summaries, run, name) for run in records)])
    print_table(["", *(f"{run.id} {run.name}" for run in records)], rows)


def _best(summaries: dict[int, dict[str, Summary]], run: RunRecord, name: str) -> float | None:
    found = summaries.get(run.id, {}).get(name)
    return found.best if found and found.has_best else None


def _last(summaries: dict[int, dict[str, Summary]], run: RunRecord, name: str) -> float | None:
    found = summaries.get(run.id, {}).get(name)
    return found.last if found else None
