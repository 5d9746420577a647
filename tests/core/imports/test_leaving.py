"""Runs leave: a bundle that another Traindeck takes, TensorBoard's logs, CSV."""

import csv
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import runs
from core.common.context import Context
from core.common.errors import DataError, StateError
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.imports.bundle_writing import write_bundle
from core.imports.from_bundle import read_bundle
from core.imports.from_mlflow import read_mlflow
from core.imports.from_tensorboard import read_tensorboard
from core.imports.importing import import_runs
from core.imports.leaving import write_csv, write_tensorboard
from db.records import RunState
from tests.conftest import AddRun


@pytest.fixture
def ours(context: Context, add_run: AddRun, mlflow_store: Path) -> list[int]:
    """A run that was trained here, with a file, and two that came over."""
    trained = add_run(name="wide", experiment="mnist", tags=["best"], notes="…", metrics={"val_loss": [0.5, 0.1]})
    log = context.workspace.settings.run_dir(trained) / "log.txt"
    log.parent.mkdir(parents=True)
    log.write_text("epoch 1")
    return [trained, *(each.run_id for each in import_runs(context, read_mlflow(mlflow_store)).runs)]


@pytest.fixture
def elsewhere(context: Context, tmp_path: Path) -> Iterator[Context]:
    """Another Traindeck."""
    workspace = Workspace.open(Settings(home=tmp_path / "elsewhere"))
    yield Context(workspace, context.actor)
    workspace.close()


def test_a_bundle_brings_runs_to_another_traindeck_under_their_uids(
    context: Context, elsewhere: Context, ours: list[int], tmp_path: Path
) -> None:
    path = write_bundle(context, ours, tmp_path / "runs.zip")

    report = import_runs(elsewhere, read_bundle(path))

    assert not report.failed
    before = runs.get_many(context, ours)
    after = runs.get_many(elsewhere, [each.run_id for each in report.runs])
    for old, new in zip(before, after, strict=True):
        ours_alone = ("id", "facts", "heartbeat_at", "parent_id", "host", "resources")
        kept: dict[str, Any] = {name: getattr(old, name) for name in ours_alone}
        assert replace(new, **kept) == old
        assert runs.params(elsewhere, [new.id]).get(new.id) == runs.params(context, [old.id]).get(old.id)
        for name in runs.summaries(context, [old.id]).get(old.id, {}):
            one, other = runs.history(context, old.id, name), runs.history(elsewhere, new.id, name)
            for column in ("step", "value", "wall_time"):
                assert np.array_equal(getattr(one, column), getattr(other, column), equal_nan=True)
    assert after[2].parent_id == after[1].id
    assert runs.artifact_file(elsewhere, after[1].id, "artifacts/sub/a.txt").read_text() == "hi"
    assert runs.artifact_file(elsewhere, after[0].id, "log.txt").read_text() == "epoch 1"
    assert [each.state for each in import_runs(elsewhere, read_bundle(path)).runs] == ["unchanged"] * 3
    with zipfile.ZipFile(path) as bundle:
        bundle.extractall(tmp_path / "unpacked")
    checked = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path / "unpacked")
    assert checked.returncode == 0


def test_a_bundle_that_was_changed_is_refused_and_leads_nowhere(
    context: Context, elsewhere: Context, ours: list[int], tmp_path: Path
) -> None:
    path = write_bundle(context, ours[1:2], tmp_path / "runs.zip")
    with zipfile.ZipFile(path) as bundle:
        content = {name: bundle.read(name) for name in bundle.namelist()}
    uid = runs.get(context, ours[1]).uid
    for name, old, new, message in (
        (f"runs/{uid}/files/artifacts/sub/a.txt", b"hi", b"ha", "does not fit its checksum"),
        (f"runs/{uid}/run.json", b"sub/a.txt", b"../../../x", "does not fit its checksum"),
        ("traindeck.json", b'"format": 1', b'"format": 9', "does not fit its checksum"),
        ("SHA256SUMS", b"traindeck.json", b"another.json!!", "does not fit its checksum"),
    ):
        changed = {**content, name: content[name].replace(old, new)}
        assert changed != content
        with zipfile.ZipFile(tmp_path / "changed.zip", "w") as bundle:
            for each, data in changed.items():
                bundle.writestr(each, data)
        with pytest.raises(DataError, match=message):
            import_runs(elsewhere, read_bundle(tmp_path / "changed.zip"))
    (tmp_path / "no.zip").write_bytes(b"PK rubbish")
    with pytest.raises(DataError, match="cannot be read as a bundle"):
        list(read_bundle(tmp_path / "no.zip"))


def test_a_run_that_is_not_at_rest_stays(context: Context, add_run: AddRun, tmp_path: Path) -> None:
    running = add_run(state=RunState.RUNNING)

    with pytest.raises(StateError, match=f"not at rest cannot be exported: {running}"):
        write_bundle(context, [running], tmp_path / "runs.zip")
    assert list(tmp_path.glob("*.zip")) == []


def test_logs_for_tensorboard_have_every_value_and_the_params(
    context: Context, ours: list[int], tmp_path: Path
) -> None:
    write_tensorboard(context, ours, tmp_path / "logs")

    found = {run.name.partition("-")[2]: run for run in read_tensorboard(tmp_path / "logs")}

    odd = found["good"].metrics["odd"]
    assert odd.step.tolist() == [1, 2, 3]
    assert np.array_equal(odd.value, [np.nan, np.inf, -np.inf], equal_nan=True)
    assert found["good"].metrics["val"].value.tolist() == [1, 2, 3]
    assert (found["good"].params, found["good"].began_at, found["good"].ended_at) == (
        {"lr": 0.1, "units": "1e3"},
        1,
        61,
    )
    assert found["wide"].params["training.epochs"] == runs.get(context, ours[0]).config["training"]["epochs"]
    with pytest.raises(DataError, match="is there already"):
        write_tensorboard(context, ours, tmp_path / "logs")


def test_tables_have_every_run_and_every_point(context: Context, ours: list[int], tmp_path: Path) -> None:
    paths = write_csv(context, ours, tmp_path / "tables")

    with paths[0].open(newline="") as file:
        table = list(csv.DictReader(file))
    with paths[1].open(newline="") as file:
        points = list(csv.DictReader(file))
    assert [(row["name"], row["lr"], row["val_loss.best"]) for row in table] == [
        ("wide", "", "0.1"),
        ("good", "0.1", ""),
        ("child", "", ""),
    ]
    assert [row["value"] for row in points if row["metric"] == "odd"] == ["nan", "inf", "-inf"]
