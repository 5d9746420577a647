import math

import numpy as np
import pytest

import db.runs
from core import runs
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.workspace import Workspace
from db.records import ArtifactRecord
from tests.conftest import AddRun


def test_a_run_is_found_or_the_message_says_what_would_do(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    run = runs.get(context, add_run(name="wide"))

    assert runs.find(context, "wide") == runs.find(context, run.uid[:8]) == runs.find(context, str(run.id)) == run
    for reference in ("no such", "\udcff", "9" * 40, ""):
        with pytest.raises(NotFoundError, match="Accepted are a run's number, its uid"):
            runs.find(context, reference)
    for run_id in (999, -1, 2**80):
        with pytest.raises(NotFoundError, match=f"no run {run_id}"):
            runs.get(context, run_id)


def test_curves_are_thinned_to_what_a_chart_can_show(context: Context, add_run: AddRun) -> None:
    values = [math.sin(step / 50) for step in range(3_000)]
    run_id = add_run(metrics={"loss": values})

    curve = runs.histories(context, [run_id], ["loss"], max_points=200)[run_id, "loss"]

    assert len(curve) <= 200
    assert (curve.value.min(), curve.value.max()) == (min(values), max(values))
    np.testing.assert_array_equal(runs.history(context, run_id, "loss").value, values)


def test_a_table_can_show_every_param_and_metric_that_some_run_has(context: Context, add_run: AddRun) -> None:
    add_run(metrics={"loss": [1.0]})
    add_run(config={"seed": 1}, metrics={"accuracy": [1.0]})

    params, metrics = runs.column_names(context)

    assert params == ["architecture.name", "data.source", "seed", "training.epochs"]
    assert metrics == ["accuracy", "loss"]


def test_an_artifact_is_there_while_its_file_is(workspace: Workspace, context: Context, add_run: AddRun) -> None:
    run_id = add_run()
    with workspace.write() as session:
        db.runs.put_artifact(session, ArtifactRecord(run_id, "best", "checkpoint", "checkpoints/best.keras", 3, 0.0))
    file = workspace.settings.run_dir(run_id) / "checkpoints" / "best.keras"

    with pytest.raises(NotFoundError, match="its file was removed"):
        runs.artifact_file(context, run_id, "best")
    file.parent.mkdir(parents=True)
    file.write_bytes(b"abc")
    assert runs.artifact_file(context, run_id, "best") == file
    with pytest.raises(NotFoundError, match="no artifact 'other'"):
        runs.artifact_file(context, run_id, "other")


def test_two_files_of_one_name_are_two_artifacts(workspace: Workspace, context: Context, add_run: AddRun) -> None:
    run_id = add_run()
    for time, folder in enumerate(("first", "second")):
        file = workspace.settings.run_dir(run_id) / folder / "report.json"
        file.parent.mkdir(parents=True)
        file.write_text(folder)
        with workspace.write() as session:
            record = ArtifactRecord(run_id, "report.json", "report", f"{folder}/report.json", 5, float(time))
            db.runs.put_artifact(session, record)

    assert [each.path for each in runs.artifacts(context, run_id)] == ["first/report.json", "second/report.json"]
    assert runs.artifact_file(context, run_id, "first/report.json").read_text() == "first"
    assert runs.artifact_file(context, run_id, "report.json").read_text() == "second"  # the newer


def test_the_tail_of_a_log_is_its_last_lines_whatever_bytes_it_holds(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    run_id = add_run()
    assert runs.log_tail(context, run_id) == ""

    log = workspace.settings.log_file(run_id)
    log.parent.mkdir(parents=True)
    log.write_bytes(b"\xff\xfe\n" + "\n".join(f"line {number} é" for number in range(100_000)).encode())

    assert runs.log_tail(context, run_id, lines=2) == "line 99998 é\nline 99999 é"
