from benchmarks.fill import METRICS, fill
from core import runs
from core.records import RunQuery
from core.workspace import Workspace


def test_a_store_is_filled_with_runs_as_a_team_has_them(workspace: Workspace) -> None:
    ids = fill(workspace, runs=12, points=5)

    page = runs.listing(workspace, RunQuery(sort="metric:val_accuracy.best"), "adam learning_rate < 1")
    assert page.total > 0
    assert runs.column_names(workspace)[1] == sorted(METRICS)
    assert all(len(runs.params(workspace, [run_id])[run_id]) >= 20 for run_id in ids)
    assert len(runs.history(workspace, ids[0], "loss")) == 5
