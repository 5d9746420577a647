"""A whole file is answered as the evaluation answered the same examples, as CSV and as Parquet."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.common.settings import Settings
from core.common.workspace import Workspace
from core.data.pictures import png_of, shown
from core.evaluation.report_files import SAMPLES, file, read_predictions
from core.jobs import batch_prediction
from core.jobs.batch_prediction import Predicted
from db.records import RunRecord
from tests.core.conftest import Queue
from tests.core.warm import Warm

Train = Callable[[int], RunRecord]
NAMES = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")


def _answered(warm: Warm, settings: Settings, run: RunRecord, given: Path, form: str) -> tuple[Predicted, pd.DataFrame]:
    asked, place = batch_prediction.placed(settings, run, given.name, format=form)
    place.symlink_to(given)
    raw = asked.model_dump(mode="json")
    done = Predicted(**warm.call("tests.core.inside:predict_file", settings.environment(), raw))
    path = batch_prediction.answers(settings, asked)
    if not path.exists():
        return done, pd.DataFrame()
    return done, pd.read_csv(path) if form == "csv" else pd.read_parquet(path)


def test_rows_without_a_target_get_what_the_evaluation_said_of_them(
    workspace: Workspace, queue: Queue, train: Train, warm: Warm, tmp_path: Path
) -> None:
    run = train(queue(data={"source": "iris"}, training={"epochs": 20}))
    known = read_predictions(workspace.settings, run.id)
    rows = pd.DataFrame({"Id": known["index"] + 500, **{name: known[f"x_{n}"] for n, name in enumerate(NAMES, 1)}})
    rows = rows.astype(object)
    rows.loc[3, NAMES[1]] = "wide"
    rows.to_csv(tmp_path / "test.csv", index=False)
    done, frame = _answered(warm, workspace.settings, run, tmp_path / "test.csv", "csv")
    assert done.problem == ""
    assert (done.rows, done.wrong, len(frame)) == (30, 1, 30)
    assert frame.columns.tolist() == ["Id", "prediction", "p_setosa", "p_versicolor", "p_virginica", "error"]
    assert frame["Id"].tolist() == rows["Id"].tolist()
    read = frame.index != 3
    assert frame.loc[read, "p_setosa"].to_numpy() == pytest.approx(known.loc[read, "p_setosa"], abs=1e-5)
    names = np.array(["setosa", "versicolor", "virginica"])
    assert (frame.loc[read, "prediction"] == names[known.loc[read, "predicted"]]).all()
    assert frame["prediction"].isna().tolist() == [each == 3 for each in range(30)]
    assert any(note.startswith("Row 4: sepal width (cm) must be a number") for note in done.notes)

    lacking = tmp_path / "lacking.csv"
    rows.drop(columns=[NAMES[2]]).to_csv(lacking, index=False)
    done, _ = _answered(warm, workspace.settings, run, lacking, "csv")
    assert "lacking.csv has no column 'petal length (cm)'" in done.problem


def test_a_zip_of_pictures_becomes_a_parquet_file(
    workspace: Workspace, queue: Queue, train: Train, warm: Warm, tmp_path: Path
) -> None:
    run = train(queue(data={"source": "digits"}, training={"epochs": 2}))
    with np.load(file(workspace.settings, run.id, SAMPLES), allow_pickle=False) as stored:
        positions, images = stored["index"][:5], stored["images"][:5]
    with zipfile.ZipFile(tmp_path / "test.zip", "w") as archive:
        for position, pixels in zip(positions, images, strict=True):
            shown(png_of(pixels)).save(tmp_path / "one.png")
            archive.write(tmp_path / "one.png", f"{position:05}.png")
    done, frame = _answered(warm, workspace.settings, run, tmp_path / "test.zip", "parquet")
    assert (done.problem, done.wrong) == ("", 0)
    known = read_predictions(workspace.settings, run.id).set_index("index").loc[np.sort(positions)]
    assert frame["file"].tolist() == [f"{position:05}.png" for position in np.sort(positions)]
    assert frame["prediction"].tolist() == known["predicted"].astype(str).tolist()
    assert frame["p_3"].to_numpy() == pytest.approx(known["p_3"], abs=1e-5)
    assert done.epoch == done.step / run.steps_per_epoch
