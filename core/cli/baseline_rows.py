"""Baselines beside networks, in `show` and `compare`."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.cli.tables import console, print_table
from core.evaluation.baseline_scores import of_facts, verdict_of_run
from db.records import RunRecord, Summary

_TOLD = (
    *("test_accuracy", "test_f1_micro", "test_f1_macro", "test_average_precision"),
    *("test_mase", "test_rmse", "test_mae", "test_perplexity"),
)


def as_json(run: RunRecord, summaries: Mapping[str, Summary]) -> dict[str, Any]:
    """For `--json`: the baselines, and how the network stands to them; empty where there are none."""
    found = of_facts(run.facts)
    if not found:
        return {}
    verdict = verdict_of_run(run.facts, _last(summaries))
    told = {"standing": verdict.standing, "text": verdict.text} if verdict else None
    return {"baselines": [each.model_dump(mode="json") for each in found], "verdict": told}


def show(run: RunRecord, summaries: Mapping[str, Summary]) -> None:
    """The verdict, and what each of them reached."""
    found = of_facts(run.facts)
    if not found:
        return
    if verdict := verdict_of_run(run.facts, _last(summaries)):
        style = "yellow" if verdict.standing == "below" else ""
        console.print(f"\n{verdict.text}", style=style, markup=False, highlight=False)
    names = _names([run])
    rows: list[list[object]] = [[each.name, *(each.metrics.get(name) for name in names)] for each in found]
    print_table(["baseline", *names], rows)
    console.print(found[-1].told, style="dim", markup=False, highlight=False)


def rows(records: Sequence[RunRecord], summaries: Mapping[int, Mapping[str, Summary]]) -> list[list[object]]:
    """For the table of `compare`: a row for each baseline and metric, a value for each run; at last how each stands."""
    by_run = [{each.name: each.metrics for each in of_facts(run.facts)} for run in records]
    models = dict.fromkeys(name for found in by_run for name in found)
    made: list[list[object]] = [
        [f"{metric} of {model}", *(found.get(model, {}).get(metric) for found in by_run)]
        for metric in _names(records)
        for model in models
        if any(metric in found.get(model, {}) for found in by_run)
    ]
    stands = [verdict_of_run(run.facts, _last(summaries.get(run.id, {}))) for run in records]
    if any(stands):
        made.append(["beside the best baseline", *(each.short if each else None for each in stands)])
    return made


def _names(records: Sequence[RunRecord]) -> list[str]:
    known = {name for run in records for each in of_facts(run.facts) for name in each.metrics}
    return [name for name in _TOLD if name in known]


def _last(summaries: Mapping[str, Summary]) -> dict[str, float]:
    return {name: summary.last for name, summary in summaries.items()}
