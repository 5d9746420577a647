from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from db.listing import RunQuery
from db.records import RunState
from tests.conftest import AddRun
from tests.postgres import only_sqlite

EVERY = RunQuery(trashed=True)


def test_the_trash_takes_runs_at_rest_only_and_gives_them_back(context: Context, add_run: AddRun) -> None:
    finished, running, queued = (
        add_run(state=state) for state in (RunState.FINISHED, RunState.RUNNING, RunState.QUEUED)
    )

    assert runs.trash(context, [finished, running, queued, 999]) == ([finished], [running, queued])
    assert runs.matching_ids(context, EVERY) == [finished]

    runs.restore(context, [finished])
    assert runs.matching_ids(context, EVERY) == []


@only_sqlite
def test_emptying_the_trash_frees_the_bytes_that_it_says(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    kept = add_run(metrics={"loss": [1.0]})
    doomed = [add_run(metrics={name: [1.0] * 5_000 for name in ("loss", "accuracy")}) for _ in range(5)]
    for run_id in [kept, *doomed]:
        file = workspace.settings.run_dir(run_id) / "checkpoints" / "last.keras"
        file.parent.mkdir(parents=True)
        file.write_bytes(bytes(100_000))
    workspace.compact()
    before = runs.folder_bytes(workspace.settings.home)
    runs.trash(context, doomed)

    count, freed = runs.empty_trash(context)

    assert count == 5
    assert freed > 5 * 100_000 + 1_000_000
    assert abs(before - runs.folder_bytes(workspace.settings.home) - freed) < 100_000  # SQLite's shared memory
    assert not any(workspace.settings.run_dir(run_id).exists() for run_id in doomed)
    assert workspace.settings.run_dir(kept).exists()
    assert runs.history(context, kept, "loss").value.tolist() == [1.0]
    assert runs.matching_ids(context, EVERY) == []


def test_an_empty_trash_can_be_emptied(context: Context, add_run: AddRun) -> None:
    add_run()

    assert runs.empty_trash(context)[0] == 0


def test_more_runs_than_one_transaction_takes_are_deleted(context: Context, add_run: AddRun) -> None:
    ids = [add_run() for _ in range(45)]
    runs.trash(context, ids)

    assert runs.empty_trash(context)[0] == 45
    assert runs.experiments(context) == {}
