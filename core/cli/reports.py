"""`runs`, `show`, `metrics`, `compare`: what is in the store."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.cli import baseline_rows, cross_validation_rows, verdicts_told
from core.cli.known_runs import KnownRuns, find_run
from core.cli.output import HISTORY, ago, as_dict, event_json, event_row, phase_seconds, print_json, run_json, utc
from core.cli.tables import console, print_table, short_names
from core.common.digits import aligned
from core.common.errors import NotFoundError
from core.common.text import quoted
from core.config.edit import flatten, to_yaml
from core.runs.data_names import data_set
from core.runs.highlights import ERROR_NOTE, MAIN_METRICS, loss_note, main_result
from db.records import RunRecord, RunState, Summary

_MOST_BESIDE = 3  # runs that are compared side by side


def list_runs(
    known: KnownRuns, search: str, states: list[RunState], limit: int, *, as_json: bool, as_csv: bool
) -> None:
    page = known.listing(states, limit, search)
    if as_json:
        print_json({"total": page.total, "runs": [run_json(known, run) for run in page.runs]})
        return
    if as_csv:
        _print_csv(page.runs, *_params(page.runs), known.summaries([run.id for run in page.runs]))
        return
    summaries = known.summaries([run.id for run in page.runs], MAIN_METRICS)
    main = [_main_metric(summaries.get(run.id, {})) for run in page.runs]
    # Each metric has its own digits: a column over several would show those of the coarsest.
    best = {
        metric: iter(aligned([value for name, value in main if name == metric]))
        for metric in {name for name, _ in main}
    }
    rows: list[list[object]] = [
        [run.id, run.state.value, run.name, data_set(run), run.experiment, ago(run.created_at), name, next(best[name])]
        for run, (name, _) in zip(page.runs, main, strict=True)
    ]
    print_table(["id", "state", "name", "data", "experiment", "created", "metric", "best"], rows)
    if not page.total and not search and not states:
        console.print(known.none_told, markup=False, highlight=False)
    if any(name.endswith("mae") for name, _ in main):
        console.print(ERROR_NOTE, style="dim", highlight=False)
    if page.total > len(page.runs):
        console.print(f"{len(page.runs)} of {page.total:,}; more with --limit", highlight=False)


def _main_metric(values: dict[str, Summary]) -> tuple[str, float | None]:
    result = main_result(values)
    return ("", None) if result is None else (result.metric, result.best if result.has_best else None)


def show(known: KnownRuns, run: RunRecord, *, as_json: bool, as_csv: bool) -> None:
    history = known.events(run.id)
    summaries = known.summaries([run.id]).get(run.id, {})
    if as_json:
        beside = baseline_rows.as_json(run, summaries)
        folds = cross_validation_rows.as_json(known, run)
        beside |= {"cross_validation": folds} if folds else {}
        print_json({**run_json(known, run), **beside, "events": [event_json(event) for event in history]})
        return
    if as_csv:
        _print_metrics(summaries, as_csv=True)
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
    _print_metrics(summaries)
    baseline_rows.show(run, summaries)
    cross_validation_rows.show(known, run)
    if note := loss_note(run.facts):
        console.print(f"loss: {note}", style="dim", markup=False, highlight=False)
    console.print()
    print_table(HISTORY, [event_row(event) for event in history])
    if run.state in (RunState.FAILED, RunState.LOST):
        console.print("\nThe end of its log:", style="bold")
        console.print(known.log_tail(run.id, 15), markup=False, highlight=False)
    console.print()
    console.print(to_yaml(run.config), markup=False, highlight=False)


def _print_metrics(summaries: Mapping[str, Summary], *, as_csv: bool = False) -> None:
    rows = [
        [
            name,
            values.last,
            *((values.best, values.best_step) if values.has_best else (None if as_csv else "none", None)),
        ]
        for name, values in summaries.items()
        if not name.startswith("system/")
    ]
    print_table(["metric", "last", "best", "at step"], rows, by_row=True, as_csv=as_csv)


def metrics(known: KnownRuns, run: RunRecord, name: str, *, as_csv: bool, as_json: bool) -> None:
    """Raises NotFoundError when the run has no such metric."""
    there = known.summaries([run.id]).get(run.id, {})
    if name not in there:
        accepted = ", ".join(there) or "none yet"
        raise NotFoundError(f"Run {run.id} has no metric {quoted(name)}. It has {accepted}.")
    series = known.history(run.id, name)
    columns = {"step": series.step.tolist(), "value": series.value.tolist(), "wall_time": series.wall_time.tolist()}
    if as_json:
        print_json({"run": run.id, "metric": name, **columns})
    else:
        names = list(columns) if as_csv else ["step", "value"]
        print_table(names, list(zip(*(columns[name] for name in names), strict=True)), as_csv=as_csv)


def compare(known: KnownRuns, references: Sequence[str], by: str, *, as_json: bool, as_csv: bool) -> None:
    """The params that differ, each metric's last and best value, one where they are the same in all runs; the verdict.

    A few runs stand beside each other, of more each has a row.

    Args:
        by: the metric that decides; "" for the one that tells best how good a run is.

    Raises:
        NotFoundError: there is no such run, or none of them has such a metric.
    """
    records = [find_run(known, reference) for reference in references]
    params, keys = _params(records)
    differing = [key for key in keys if len({repr(params[run.id].get(key)) for run in records}) > 1]
    summaries = known.summaries([run.id for run in records])
    if as_csv:
        _print_csv(records, params, differing, summaries, baseline_rows.rows(records, summaries))
        return
    names = _metric_names(summaries)
    if as_json:
        values: list[dict[str, Any]] = [
            {
                "id": run.id,
                "name": run.name,
                "status": run.state.value,
                "params": {key: params[run.id].get(key) for key in differing},
                "summary": {n: as_dict(s) for n, s in summaries.get(run.id, {}).items() if n in names},
                **baseline_rows.as_json(run, summaries.get(run.id, {})),
            }
            for run in records
        ]
        print_json(
            {"differing": differing, "runs": values, "verdict": verdicts_told.as_json(known, records, summaries, by)}
        )
        return
    are_beside = len(records) <= _MOST_BESIDE
    rows: list[list[object]] = [["state", *(run.state.value for run in records)]]
    rows.append(["data set", *(data_set(run) for run in records)])
    titles = differing if are_beside else short_names(differing)
    rows += [
        [title, *(_as_written(params[run.id].get(key)) for run in records)]
        for key, title in zip(differing, titles, strict=True)
    ]
    for name in names:
        best, last = ([_value(summaries, run, name, kind) for run in records] for kind in ("best", "last"))
        rows += [[name, *last]] if best == last else [[f"{name} best", *best], [f"{name} last", *last]]
    rows += baseline_rows.rows(records, summaries)
    if are_beside:
        print_table(["", *(f"{run.id} {run.name}" for run in records)], rows, by_row=True)
    else:
        heads, *by_run = zip(
            ["run", *(run.id for run in records)], ["name", *(run.name for run in records)], *rows, strict=True
        )
        print_table(list(map(str, heads)), by_run, to_read=True)
    verdicts_told.show(known, records, summaries, by)


def _params(records: Sequence[RunRecord]) -> tuple[dict[int, dict[str, Any]], list[str]]:
    """Of each run by its number, and the names of all of them."""
    params = {run.id: flatten(run.config) for run in records}
    return params, list(dict.fromkeys(key for values in params.values() for key in values))


def _as_written(param: object) -> str:
    return "" if param is None else f"{param:g}" if isinstance(param, float) else str(param)


def _metric_names(summaries: Mapping[int, Mapping[str, Summary]]) -> list[str]:
    return sorted({name for values in summaries.values() for name in values if not name.startswith("system/")})


def _print_csv(
    records: Sequence[RunRecord],
    params: Mapping[int, Mapping[str, Any]],
    keys: Sequence[str],
    summaries: Mapping[int, dict[str, Summary]],
    more: Sequence[Sequence[object]] = (),
) -> None:
    """A row for each run: who and when, these params, last and best of each metric.

    Args:
        more: further columns, the heading first.
    """
    fixed = ["id", "uid", "name", "state", "data_set", "experiment", "tags", "created_by", "created_at", "seconds"]
    values = [(name, kind) for name in _metric_names(summaries) for kind in ("last", "best")]
    rows = [
        [
            *(run.id, run.uid, run.name, run.state.value, data_set(run), run.experiment, " ".join(run.tags)),
            *(run.created_by, utc(run.created_at), run.trained_seconds),
            *(params[run.id].get(key) for key in keys),
            *(_value(summaries, run, name, kind) for name, kind in values),
            *(column[place] for column in more),
        ]
        for place, run in enumerate(records, start=1)
    ]
    headings = [*fixed, *keys, *(f"{name}.{kind}" for name, kind in values), *(str(column[0]) for column in more)]
    print_table(headings, rows, as_csv=True)


def _value(summaries: Mapping[int, Mapping[str, Summary]], run: RunRecord, name: str, kind: str) -> float | None:
    """None where the run has no such metric, or one that never was a number."""
    found = summaries.get(run.id, {}).get(name)
    if found is None or (kind == "best" and not found.has_best):
        return None
    return found.best if kind == "best" else found.last
