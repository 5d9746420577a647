"""Runs of other tools come over, once, and later what is new of them."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import db.experiments
import db.keyed_tags
import db.logged_models
from core import runs
from core.common.context import Context
from core.common.errors import DataError
from core.imports.from_csv import read_csv
from core.imports.from_mlflow import read_mlflow
from core.imports.from_tensorboard import read_tensorboard
from core.imports.from_wandb import read_wandb
from core.imports.importing import Report, import_runs, told
from core.runs.records import RunQuery
from core.tracking.event_files.writing import write_event_file
from db.records import RunState
from tests.core.imports.conftest import CHILD, RUN, SAMPLES
from tests.event_writer import simple

WANDB = SAMPLES / "run-jkrwi241.wandb"


def _values(context: Context, run_id: int, metric: str) -> list[tuple[int, str]]:
    points = runs.history(context, run_id, metric)
    return [(step, str(value)) for step, value in zip(points.step.tolist(), points.value.tolist(), strict=True)]


def _only(report: Report) -> int:
    assert not report.failed
    (imported,) = report.runs
    return imported.run_id


def test_what_keras_logged_is_one_run_and_grows_with_its_logs(context: Context, keras_logs: Path) -> None:
    found = import_runs(context, read_tensorboard(keras_logs), tags=["old"])

    run = runs.get(context, _only(found))
    assert (run.name, run.experiment, run.kind, run.state) == ("digits/first", "logs", "logged", RunState.FINISHED)
    assert run.tags == ("old",)
    summary = runs.summaries(context, [run.id])[run.id]
    assert {name: each.count for name, each in summary.items()} == {
        **{"loss": 4, "val_loss": 4, "accuracy": 4, "val_accuracy": 4, "learning_rate": 4},
        **{"batch_loss": 8, "batch_accuracy": 8, "val_loss_vs_iterations": 4, "val_accuracy_vs_iterations": 4},
    }
    assert (summary["val_loss"].last_step, summary["val_loss_vs_iterations"].last_step) == (3, 8)
    kinds = {artifact.kind for artifact in runs.artifacts(context, run.id)}
    assert kinds == {"model"}
    assert runs.artifact_file(context, run.id, "model/train/keras/0-0.json").read_bytes().startswith(b"{")
    assert runs.listing(context, RunQuery(), "tag = old val_loss.last < 9").total == 1

    again = import_runs(context, read_tensorboard(keras_logs))
    assert [each.state for each in again.runs] == ["unchanged"]

    (log,) = (keras_logs / "digits" / "first" / "validation").iterdir()
    write_event_file(log, [simple("epoch_loss", 4, 0.25, 2e9)])
    grown = import_runs(context, read_tensorboard(keras_logs))
    assert [(each.run_id, each.state, each.points) for each in grown.runs] == [(run.id, "grown", 1)]
    assert _values(context, run.id, "val_loss")[-1] == (4, "0.25")
    assert runs.get(context, run.id).finished_at == 2e9

    write_event_file(log.with_name("events.out.tfevents.9.later"), [simple("epoch_loss", 3, 9.0, 3e9)])
    import_runs(context, read_tensorboard(keras_logs))  # the training went back
    assert [step for step, _ in _values(context, run.id, "val_loss")] == [0, 1, 2, 3, 4]
    assert (3, "9.0") in _values(context, run.id, "val_loss")
    assert told(again)


def test_a_database_of_mlflow_comes_over_with_every_value(context: Context, mlflow_store: Path) -> None:
    report = import_runs(context, read_mlflow(mlflow_store))

    good, child = runs.get_many(context, [each.run_id for each in report.runs])
    assert (good.uid, good.name, good.experiment, good.notes, good.created_by) == (
        RUN,
        "good",
        "exp one",
        "a note",
        "ada",
    )
    assert (good.training_at, good.finished_at, good.trained_seconds) == (1.0, 61.0, 60.0)
    assert good.config == {"lr": 0.1, "units": "1e3"}
    assert _values(context, good.id, "val") == [(0, "1.0"), (0, "2.0"), (0, "3.0")]
    assert _values(context, good.id, "odd") == [(1, "nan"), (2, "inf"), (3, "-inf")]
    assert [artifact.path for artifact in runs.artifacts(context, good.id)] == ["artifacts/sub/a.txt"]
    with context.workspace.read() as session:
        assert db.keyed_tags.of_runs(session, [good.id]) == {good.id: {"team": "x"}}
    assert (child.uid, child.state, child.parent_id) == (CHILD, RunState.STOPPED, good.id)
    # What a store names elsewhere on this host is not copied, and a link is not followed.
    assert not runs.artifacts(context, child.id)
    left_out = [set(each.left_out) for each in report.runs]
    assert left_out == [{"files that are links"}, {f"artifacts that lie outside of {mlflow_store}"}]

    with closing(sqlite3.connect(mlflow_store / "mlflow.db")) as store:  # as a later version of MLflow has them
        store.executescript(
            f"""
            CREATE TABLE experiment_tags (key TEXT, value TEXT, experiment_id INTEGER);
            CREATE TABLE datasets (dataset_uuid TEXT, experiment_id INTEGER, name TEXT, digest TEXT,
                dataset_source_type TEXT, dataset_source TEXT, dataset_schema TEXT, dataset_profile TEXT);
            CREATE TABLE inputs (input_uuid TEXT, source_type TEXT, source_id TEXT, destination_type TEXT,
                destination_id TEXT, step BIGINT);
            CREATE TABLE input_tags (input_uuid TEXT, name TEXT, value TEXT);
            CREATE TABLE logged_models (model_id TEXT, source_run_id TEXT);
            INSERT INTO experiment_tags VALUES ('team', 'vision', 1);
            INSERT INTO datasets VALUES ('d', 1, 'little', 'abc', 'code', '{{}}', NULL, NULL);
            INSERT INTO inputs VALUES ('i', 'DATASET', 'd', 'RUN', '{RUN}', 0);
            INSERT INTO input_tags VALUES ('i', 'mlflow.data.context', 'train');
            INSERT INTO logged_models VALUES ('m-1', '{CHILD}');
            """
        )
    again = import_runs(context, read_mlflow(mlflow_store)).runs
    assert [each.state for each in again] == ["unchanged"] * 2
    assert again[1].left_out["logged models, which come from MLflow's server"] == 1
    with context.workspace.read() as session:
        assert db.logged_models.inputs_of(session, good.id) == [("little", "abc", "train")]
        known = db.experiments.named(session, "exp one")
    assert known is not None
    assert known.tags == {"team": "vision"}
    with_deleted = import_runs(context, read_mlflow(mlflow_store, deleted=True))
    assert [(each.name, each.state) for each in with_deleted.runs][2] == ("gone", "new")

    (mlflow_store / "mlruns" / "1" / RUN / "artifacts" / "sub" / "a.txt").write_text("ho")  # no longer than before
    grown = import_runs(context, read_mlflow(mlflow_store)).runs
    assert [(each.state, each.files) for each in grown] == [("grown", 1), ("unchanged", 0)]
    assert runs.artifact_file(context, good.id, "artifacts/sub/a.txt").read_text() == "ho"


def test_a_file_store_of_mlflow_comes_over(context: Context, mlruns: Path) -> None:
    report = import_runs(context, read_mlflow(mlruns.parent), experiment="mine")

    run = runs.get(context, _only(report))
    assert (run.uid, run.name, run.experiment, run.state) == (RUN, "good", "mine", RunState.FAILED)
    assert (run.config, run.finished_at) == ({"lr": 0.1}, 2.5)
    assert _values(context, run.id, "nested/loss") == [(0, "0.5"), (1, "nan"), (1, "inf")]
    assert report.runs[0].left_out == {
        "values of metrics that are no numbers": 1,
        "logged models, which come from MLflow's server": 1,
        "data sets that runs name, without a name or digest, or too long to keep": 1,
    }
    with context.workspace.read() as session:
        assert db.logged_models.inputs_of(session, run.id) == [("little", "abc", "train")]
    assert [found.experiment_tags for found in read_mlflow(mlruns)] == [{"team": "vision"}]
    assert [artifact.path for artifact in runs.artifacts(context, run.id)] == ["artifacts/a.txt"]


def test_an_offline_run_of_wandb_comes_over(context: Context, tmp_path: Path) -> None:
    report = import_runs(context, read_wandb(WANDB))

    run = runs.get(context, _only(report))
    assert (run.name, run.experiment, run.tags, run.notes) == ("first", "digits", ("a", "b"), "hello")
    assert (run.state, run.reason) == (RunState.FAILED, "It ended with exit code 3.")
    assert run.config == {"lr": 0.1, "net.units": 32, "opt": "adam"}
    assert _values(context, run.id, "loss") == [(step, str(1 / (step + 1))) for step in range(6)]
    assert _values(context, run.id, "nested.acc") == [(step, str(step / 50)) for step in range(6)]
    assert {value for _, value in _values(context, run.id, "bad")} == {"nan"}
    assert report.runs[0].left_out == {"values that are no numbers: word": 6}
    assert run.training_at is not None
    assert 0 <= runs.history(context, run.id, "loss").wall_time[0] - run.training_at < 60

    cut = tmp_path / "run-cut.wandb"
    cut.write_bytes(WANDB.read_bytes()[:2000])
    (half,) = read_wandb(cut)
    assert half.state is RunState.LOST
    assert 0 < len(half.metrics["loss"]) <= 6
    cut.write_bytes(WANDB.read_bytes().replace(b"adam", b"eve!"))
    with pytest.raises(DataError, match="checksum"):
        list(read_wandb(cut))


def test_media_and_the_summary_of_wandb_come_over(context: Context) -> None:
    """It writes each part of a picture as an item of its own, and what was set in the summary nowhere else."""
    (found,) = read_wandb(SAMPLES / "wandb_media")
    assert set(found.metrics) == {"loss", "val.acc", "best"}
    assert (found.metrics["best"].step.tolist(), found.metrics["best"].value.tolist()) == ([2], [0.5])
    assert (found.params, found.keyed_tags["note"]) == ({"net.units": 32}, "hello")
    shown = sorted((each.kind, each.name, each.step, each.caption) for each in found.shown.values())
    assert shown == [("image", "val.img", step, "c") for step in range(3)]
    assert [(each.kind, each.name, each.step) for each in found.media] == [
        ("histogram", "h", step) for step in range(3)
    ]
    assert not found.left_out
    report = import_runs(context, iter([found]))
    assert _values(context, _only(report), "best") == [(2, "0.5")]
    assert import_runs(context, read_wandb(SAMPLES / "wandb_media")).runs[0].state == "unchanged"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_of_keras_comes_over_and_the_last_of_repeated_epochs_counts(
    context: Context, tmp_path: Path, separator: str
) -> None:
    rows = ["epoch,loss,val_loss,note", "0,0.5,NA,a", "1,0.4,nan,b", "1,0.3,0.6,c", "2,inf,0.5,d"]
    path = tmp_path / "first.csv"
    path.write_text("\n".join(rows).replace(",", separator) + "\n")

    report = import_runs(context, read_csv(path))

    run_id = _only(report)
    assert _values(context, run_id, "loss") == [(0, "0.5"), (1, "0.3"), (2, "inf")]
    assert _values(context, run_id, "val_loss") == [(1, "0.6"), (2, "0.5")]
    assert "column 'note': not of numbers" in report.runs[0].left_out
    assert report.runs[0].left_out["values of a step that comes again: the last of them counts"] == 2
    assert "cells of rows that are longer than the header" not in report.runs[0].left_out
    assert runs.get(context, run_id).name == "first"
    path.write_text(path.read_text() + separator.join(["3", "0.2", "0.4", "e"]))
    assert [(each.state, each.points) for each in import_runs(context, read_csv(path)).runs] == [("grown", 2)]
    path.write_text(path.read_text() + separator.join(["\n4", "0.2", "0.4", "e", "", "5"]))
    (wide,) = read_csv(path)
    assert wide.left_out["cells of rows that are longer than the header"] == 2


def test_what_cannot_be_read_of_several_is_told_and_the_others_come_over(context: Context, tmp_path: Path) -> None:
    for name, text in (("a", ""), ("b", "epoch,loss\n0,1\n"), ("c", "loss\n\n"), ("d", "epoch,loss\n0,2\n")):
        (tmp_path / f"{name}.csv").write_text(text)
    report = import_runs(context, read_csv(tmp_path))
    assert [run.name for run in report.runs] == ["b", "d"]
    assert {name: "has no rows" in why for name, why in report.failed.items()} == {"a.csv": True, "c.csv": True}

    (tmp_path / "run-a.wandb").write_bytes(b"rubbish")
    (tmp_path / "run-b.wandb").write_bytes(WANDB.read_bytes())
    again = import_runs(context, read_wandb(tmp_path))
    assert ([run.name for run in again.runs], [*again.failed]) == (["first"], ["run-a.wandb"])


def test_what_is_no_store_is_refused_with_what_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "rubbish").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "run-x.wandb").write_bytes(b"rubbish")
    (tmp_path / "empty").mkdir()
    for read, path, message in (
        (read_tensorboard, tmp_path / "empty", "no event files below"),
        (read_tensorboard, tmp_path / "absent", "cannot be read"),
        (read_mlflow, tmp_path / "rubbish", "cannot be read as a database of MLflow's"),
        (read_mlflow, tmp_path / "absent", "Accepted are MLflow's database"),
        (read_mlflow, tmp_path / "empty", "no file store of MLflow's"),
        (read_wandb, tmp_path / "run-x.wandb", "no log of a W&B run"),
        (read_wandb, tmp_path / "empty", "no run-….wandb below"),
        (read_csv, tmp_path / "rubbish", "cannot be read as a table"),
        (read_csv, tmp_path / "empty", "no .csv in"),
    ):
        with pytest.raises(DataError, match=message):
            list(read(path))
    shutil.copy(WANDB, tmp_path / "mlflow.db")
    with pytest.raises(DataError, match="cannot be read as a database"):
        list(read_mlflow(tmp_path / "mlflow.db"))
