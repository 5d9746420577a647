"""Printing for programs: strict JSON, and the options that ask for it and for CSV."""

import json
import math
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from core.cli.known_runs import KnownRuns
from core.cli.tables import as_shown, console
from core.runs.data_names import data_set
from core.runs.events import said, told
from core.runs.progress import phases
from db.records import EventRecord, RunRecord, Summary

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print the table as CSV, with all digits.")]


def print_json(value: object) -> None:
    """Strict JSON: NaN and infinities become null, "Infinity" and "-Infinity"."""
    text = json.dumps(_strict(value), ensure_ascii=False, indent=2, allow_nan=False)
    console.file.write(as_shown(text, "\\u{:04x}") + "\n")


def _strict(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    if isinstance(value, dict):
        return {key: _strict(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(item) for item in value]
    return value


def utc(moment: float | None) -> str:
    """A time as programs read it: 2026-11-26T08:30:00+00:00."""
    return "" if moment is None else datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")


def ago(moment: float | None) -> str:
    """A time as a person says it in a list: seconds, minutes, hours or days ago."""
    if moment is None:
        return ""
    seconds = max(0.0, time.time() - moment)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit} ago"
    return f"{int(seconds)} s ago"


def phase_seconds(run: RunRecord) -> dict[str, float | None]:
    """Seconds spent queued, starting, training and evaluating, and in all; None for a phase that has not ended.

    Training is that of all attempts at the run, pauses between them left out; the rest is of the last one.
    """
    ended = {phase.name: phase.seconds for phase in phases(run, time.time()) if phase.ended}
    earlier = run.stretches[-1].before if run.stretches else 0.0
    if "training" in ended:
        ended["training"] += earlier
    total = run.finished_at - run.queued_at + earlier if run.finished_at is not None else None
    return {name: ended.get(name) for name in ("queued", "starting", "training", "evaluation")} | {"total": total}


def as_dict(summary: Summary) -> dict[str, float | None]:
    """The best and its step are None where it never was a number."""
    known = {name: getattr(summary, name) for name in ("last", "best", "min", "max", "best_step")}
    return known if summary.has_best else {**known, "best": None, "best_step": None}


HISTORY = ["when", "who", "what", "change"]


def event_row(event: EventRecord) -> list[object]:
    """Under the columns of HISTORY."""
    return [ago(event.at), event.actor.name, said(event), told(event)]


def event_json(event: EventRecord) -> dict[str, Any]:
    """A line of a run's history, as `show --json` prints it."""
    at = datetime.fromtimestamp(event.at, UTC).isoformat(timespec="milliseconds")
    actor = {"name": event.actor.name, "kind": event.actor.kind}
    return {"at": at, "actor": actor, "verb": event.verb, "before": event.before, "after": event.after}


def run_json(known: KnownRuns, run: RunRecord) -> dict[str, Any]:
    """A run as `show --json` and `launch --wait --json` print it."""
    summary = known.summaries([run.id]).get(run.id, {})
    failed = run.state.value in ("failed", "lost")
    return {
        "id": run.id,
        "uid": run.uid,
        "name": run.name,
        "experiment": run.experiment,
        "data_set": data_set(run),
        "preset": run.preset,
        "tags": list(run.tags),
        "notes": run.notes,
        "created_by": run.created_by,
        "parent": run.parent_id,
        "status": run.state.value,
        "reason": run.reason,
        "error": run.reason if failed else None,
        "config": run.config,
        "summary": {metric: as_dict(values) for metric, values in summary.items()},
        "seconds": phase_seconds(run),
        "step": run.step,
        "total_steps": run.total_steps,
        "host": run.host,
        "slots": list(run.slots),
        "facts": run.facts,
        "log_tail": known.log_tail(run.id, 15) if failed else None,
        "artifacts": known.artifact_names(run.id),
    }


def print_runs(known: KnownRuns, records: Sequence[RunRecord]) -> None:
    """As JSON: one by itself, several as a list."""
    values = [run_json(known, run) for run in records]
    print_json(values[0] if len(values) == 1 else values)


def interrupted() -> int:
    """What Ctrl-C means while runs are waited for; the exit code of it."""
    sys.stderr.write("No longer waiting. What has started goes on; `python -m core runs` shows it.\n")
    return 130
