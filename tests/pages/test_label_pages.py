"""Several labels on the pages: the form that adds them, the profile, the evaluation."""

import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.common.workspace import Workspace
from core.data import library
from core.data.base import DataInfo, Dataset
from core.evaluation import multilabel, predictions, report_files
from core.evaluation.report import Report
from pages.shared.nav import DATASETS, RUN
from tests.conftest import AddRun
from tests.pages.conftest import OpenPage

TABLE = "x,kind,tag_a,tag_b\n" + "".join(f"{at}.5,{'pq'[at % 2]},{at % 2},{int(at % 3 == 0)}\n" for at in range(60))


@pytest.fixture
def table(workspace: Workspace) -> Path:
    path = workspace.settings.inbox_dir / "tags.csv"
    path.write_text(TABLE)
    return path


def _box(app: AppTest, label: str) -> str:
    return str(next(box.key for box in [*app.selectbox, *app.multiselect] if box.label == label))


def _texts(app: AppTest) -> str:
    parts = [*app.markdown, *app.caption, *app.error, *app.warning, *app.success, *app.info]
    return "\n".join(element.value for element in parts).replace("\\", "")


def test_columns_that_are_labels_are_chosen_and_profiled(
    open_page: OpenPage, workspace: Workspace, table: Path
) -> None:
    app = open_page(DATASETS, add="table")
    next(group for group in app.button_group if group.key == "datasets_place").set_value("Take it from this host").run()
    app.text_input(key="datasets_path").set_value(str(table)).run()
    app.selectbox(key=_box(app, "Column to predict")).set_value("tag_a").run()
    app.selectbox(key=_box(app, "What is predicted")).set_value("multilabel").run()
    more = _box(app, "Further columns, each a label")
    assert app.multiselect(key=more).options == ["tag_b"]
    app.multiselect(key=more).set_value(["tag_b"]).run()

    assert "Each of 2 columns is a label, 0.83 of each row on average." in _texts(app)
    app.button(key="datasets_apply").click().run()

    assert not app.exception
    assert library.get(workspace.settings, "tags").info.class_names == ("tag_a", "tag_b")
    assert ":gray-badge[Several labels]" in _texts(app)
    assert re.search(r"A training example has 0\.8\d of 2 labels on average", _texts(app))


def test_an_evaluation_has_figures_at_both_thresholds_and_a_matrix_a_label(
    open_page: OpenPage, workspace: Workspace, add_run: AddRun
) -> None:
    y = np.array([[1, 0], [0, 1], [1, 1], [0, 0]], np.uint8)
    p = np.array([[0.4, 0.1], [0.1, 0.9], [0.45, 0.2], [0.35, 0.1]], np.float32)
    cut = multilabel.Thresholds(np.array([0.38, 0.5]), np.array([True, False]))
    none = np.empty(0, np.int32)
    info = DataInfo((1,), ("sun *x*", "rain"), 0, 4, "multilabel", "rows")
    frame = predictions.of_labels(
        p, Dataset(none, none, none, none, np.ones((4, 1)), y, info, ""), info.class_names, cut.values, np.ones(4)
    )
    made = multilabel.multilabel(p, y, info.class_names, cut, np.ones(4))
    report = Report(task="multilabel", kind="rows", examples=4, multilabel=made)
    run_id = add_run(facts={"examples": {"test": 4}})
    folder = report_files.file(workspace.settings, run_id, report_files.REPORT).parent
    folder.mkdir(parents=True)
    (folder / report_files.REPORT).write_text(report.model_dump_json())
    frame.to_parquet(folder / report_files.PREDICTIONS, index=False)

    app = open_page(RUN, id=str(run_id), run_view="Evaluation")

    assert not app.exception
    assert next((tile.label, tile.value) for tile in app.metric if tile.label == "F1") == ("F1", "0.8571")
    frames = [each.value for each in app.dataframe]
    both = next(each for each in frames if "At 0.5" in each)
    assert both.loc[both["Figure"] == "F1, micro", ["As chosen", "At 0.5"]].round(4).values.tolist() == [[0.8571, 0.4]]
    assert next(each for each in frames if "Missed" in each)["Missed"].tolist() == [0, 1]
    app.selectbox(key="run_label").set_value("rain").run()
    app.selectbox(key="run_label_true").set_value("With the label").run()
    assert "2 test examples: true with the label, given any" in _texts(app)
