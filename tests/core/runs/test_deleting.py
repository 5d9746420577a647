import shutil
from pathlib import Path

import pytest

import db.points
from core import runs
from core.common.context import Context
from core.common.errors import StateError
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

    emptied = runs.empty_trash(context)
    count, freed = emptied.count, emptied.freed

    assert count == 5
    assert freed > 5 * 100_000 + 1_000_000
    assert abs(before - runs.folder_bytes(workspace.settings.home) - freed) < 100_000  # SQLite's shared memory
    assert not any(workspace.settings.run_dir(run_id).exists() for run_id in doomed)
    assert workspace.settings.run_dir(kept).exists()
    assert runs.history(context, kept, "loss").value.tolist() == [1.0]
    assert runs.matching_ids(context, EVERY) == []


def test_an_empty_trash_can_be_emptied(context: Context, add_run: AddRun) -> None:
    add_run()

    assert runs.empty_trash(context).count == 0


def test_more_runs_than_one_transaction_takes_are_deleted(context: Context, add_run: AddRun) -> None:
    ids = [add_run() for _ in range(45)]
    runs.trash(context, ids)

    assert runs.empty_trash(context).count == 45
    assert runs.experiments(context) == {}


def test_what_cannot_be_removed_stays_in_the_trash_with_the_reason_and_goes_later(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    held, gone = (add_run(metrics={"loss": [1.0]}) for _ in range(2))
    runs.trash(context, [held, gone])
    elsewhere = workspace.settings.home / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept.txt").touch()
    link = workspace.settings.run_dir(held)
    link.symlink_to(elsewhere)  # what it points at is not ours to remove

    emptied = runs.empty_trash(context)

    assert emptied.count == 1
    assert list(emptied.kept) == [held]
    assert "symbolic link" in emptied.kept[held]
    assert str(link) in emptied.kept[held]
    assert runs.matching_ids(context, EVERY) == [held]
    assert len(runs.history(context, held, "loss")) == 1
    assert (elsewhere / "kept.txt").exists()
    assert runs.restore(context, [held]) == [held]
    runs.trash(context, [held])
    link.unlink()
    assert runs.empty_trash(context).count == 1
    assert runs.matching_ids(context, EVERY) == []


def test_nobody_waits_for_files_to_be_removed(
    workspace: Workspace, context: Context, add_run: AddRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    doomed, other = add_run(), add_run()
    runs.trash(context, [doomed])
    workspace.settings.run_dir(doomed).mkdir(parents=True)
    remove = shutil.rmtree

    def removed(folder: Path) -> None:
        """While it lasts, others write; the run itself can be neither restored nor resumed any more."""
        runs.annotate(context, other, notes="written meanwhile")
        assert runs.restore(context, [doomed]) == []
        remove(folder)

    monkeypatch.setattr(shutil, "rmtree", removed)
    assert runs.empty_trash(context).count == 1
    assert runs.get(context, other).notes == "written meanwhile"


def test_what_was_cut_short_is_finished_the_next_time_and_not_restored_before(
    workspace: Workspace, context: Context, add_run: AddRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    doomed = add_run(metrics={"loss": [1.0]}, state=RunState.STOPPED)
    checkpoint = workspace.settings.run_dir(doomed) / "checkpoints" / runs.LAST_CHECKPOINT
    checkpoint.parent.mkdir(parents=True)
    checkpoint.touch()
    runs.trash(context, [doomed])
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", lambda _folder: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            runs.empty_trash(context)
    assert runs.restore(context, [doomed]) == []
    with pytest.raises(StateError, match="being deleted"):
        runs.resume(context, doomed)
    assert runs.get(context, doomed).state is RunState.STOPPED
    assert runs.empty_trash(context).count == 1


def test_a_run_of_many_points_is_deleted_in_pieces(
    workspace: Workspace, context: Context, add_run: AddRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.runs.deleting._POINTS", 70)
    kept = add_run(metrics={"loss": [1.0] * 10})
    doomed = add_run(metrics={name: [1.0] * 100 for name in ("loss", "accuracy", "precision")})
    with workspace.write() as session:
        db.points.remove_first(session, kept, 70)
        db.points.remove_first(session, doomed, 170)
    assert len(runs.history(context, doomed, "precision")) == 100
    assert len(runs.history(context, doomed, "loss")) + len(runs.history(context, doomed, "accuracy")) == 30
    runs.trash(context, [doomed])

    assert runs.empty_trash(context).count == 1

    assert len(runs.history(context, kept, "loss")) == 10
    assert len(runs.history(context, doomed, "precision")) == 0
