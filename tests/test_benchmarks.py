import pytest

from benchmarks import fill as filling
from benchmarks.fill import METRICS, add_bare_run, fill
from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.runs.records import RunQuery


def test_a_store_is_filled_with_runs_as_a_team_has_them(workspace: Workspace, context: Context) -> None:
    ids = fill(workspace, runs=12, points=5)

    page = runs.listing(context, RunQuery(sort="metric:val_accuracy.best"), "adam learning_rate < 1")
    assert page.total > 0
    assert runs.column_names(context)[1] == sorted(METRICS)
    assert all(len(runs.params(context, [run_id])[run_id]) >= 20 for run_id in ids)
    assert len(runs.history(context, ids[0], "loss")) == 5


def test_past_the_first_ones_runs_repeat_themselves_as_runs_of_their_own(
    workspace: Workspace, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "ORIGINALS", 4)
    ids = fill(workspace, runs=10, points=3)
    first, *_, last = records = [runs.get(context, run_id) for run_id in (*ids[:4], *ids[4:8])]
    assert len(runs.listing(context, RunQuery()).runs) == len(set(ids)) == 10
    assert len({run.uid for run in records}) == 8
    assert [run.config for run in records[:4]] == [run.config for run in records[4:]]
    assert last.created_at > first.created_at
    assert (last.finished_at or 0) > (last.training_at or 0) > 0
    assert runs.params(context, ids[:1])[ids[0]] == runs.params(context, ids[4:5])[ids[4]]
    assert runs.summaries(context, ids[4:5])[ids[4]]["loss"].last == runs.history(context, ids[4], "loss").value[-1]
    assert add_bare_run(workspace) == ids[-1] + 1
