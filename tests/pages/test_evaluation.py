"""The Run page's Evaluation tab, on evaluations as a trainer leaves them, of predictions made up here."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core import runs
from core.common.workspace import Workspace
from core.config.threshold_rules import BestF1
from core.data.base import DataInfo, Dataset, Feature
from core.data.vocabulary import Vocabulary
from core.evaluation import classification, generation, kept_texts, predictions, regression, report_files, samples
from core.evaluation.baseline_scores import Baseline
from core.evaluation.report import Report
from core.evaluation.thresholds import thresholds
from core.inference.decisions import taken
from core.jobs.evaluation import Evaluated
from core.tracking.recorder import Recorder
from db.records import RunState
from pages.parts.compare.flips import ANSWERS
from pages.parts.evaluation.examples import _columns
from pages.shared.nav import COMPARE, RUN
from tests.conftest import AddRun
from tests.jobs import answer, open_jobs
from tests.pages.conftest import OpenPage

NAMES = ("cat", "dog *x*", "owl")
LABELS = np.array([0, 0, 0, 1, 1, 2], np.int32)
GUESSES = [0, 0, 1, 1, 1, 0]

Leave = Callable[..., int]


def _data(info: DataInfo, x: object, y: object, **more: object) -> Dataset:
    none = np.empty(0, np.int32)
    return Dataset(none, none, none, none, x, np.asarray(y), info, "stamp", **more)  # type: ignore[arg-type]


@pytest.fixture
def leave(workspace: Workspace, add_run: AddRun) -> Leave:
    """A finished run with a report and predictions in its folder; returns its number."""

    def go(report: Report, frame: object, pictures: object = None) -> int:
        beside = [each.model_dump() for each in report.baselines]
        run_id = add_run(facts={"examples": {"test": report.examples}, "baselines": beside})
        folder = report_files.file(workspace.settings, run_id, report_files.REPORT).parent
        folder.mkdir(parents=True)
        (folder / report_files.REPORT).write_text(report.model_dump_json())
        frame.to_parquet(folder / report_files.PREDICTIONS, index=False)  # type: ignore[attr-defined]
        if pictures is not None:
            samples.save_samples(folder / report_files.SAMPLES, pictures, frame)  # type: ignore[arg-type]
        return run_id

    return go


def _classified(leave: Leave, kind: str, guesses: Sequence[int] = GUESSES) -> int:
    probabilities = np.full((6, 3), 0.15, np.float32)
    probabilities[np.arange(6), guesses] = 0.7
    scores = classification.classification(probabilities, LABELS, NAMES)
    report = Report(task="multiclass", kind=kind, examples=6, classification=scores, notices=("One *notice*.",))
    info = DataInfo((4, 4, 1), NAMES, 0, 6, kind=kind)  # type: ignore[arg-type]
    texts = np.array([f"text {number}" for number in range(6)], object) if kind == "text" else None
    pictures = np.zeros((6, 4, 4, 1), np.uint8)
    frame = predictions.of_classes(probabilities, _data(info, pictures, LABELS, texts_test=texts), NAMES)
    return leave(report, frame, pictures if kind == "image" else None)


def _texts(app: AppTest) -> str:
    return "\n".join(each.value for each in [*app.markdown, *app.caption, *app.info, *app.warning, *app.error])


def test_a_classifier_has_scores_by_class_and_a_confusion_matrix(open_page: OpenPage, leave: Leave) -> None:
    app = open_page(RUN, id=str(_classified(leave, "text")), run_view="Evaluation")
    tiles = {tile.label: tile.value for tile in app.metric}
    assert tiles["Accuracy"] == "0.6667"
    assert len(app.get("bidi_component")) == 4  # confusion, ROC, precision-recall, calibration
    frames = [frame.value for frame in app.dataframe]
    by_class = next(frame for frame in frames if "Precision" in frame)
    assert by_class["Class"].tolist() == list(NAMES)
    assert by_class["Examples"].tolist() == [3, 2, 1]
    mistakes = next(frame for frame in frames if "Text" in frame)
    assert mistakes["Text"].tolist() == ["text 2", "text 5"]
    assert "One \\*notice\\*" in _texts(app)


def test_what_only_one_of_two_runs_gets_right_is_shown_on_compare(open_page: OpenPage, leave: Leave) -> None:
    one, other = _classified(leave, "text"), _classified(leave, "text", [0, 1, 0, 1, 2, 0])
    app = open_page(COMPARE, runs=f"{one},{other}", **{ANSWERS: "true"})
    tiles = {tile.label: tile.value for tile in app.metric}
    assert (tiles["Only one right"], tiles["Only other right"], tiles["Neither right"]) == ("2", "1", "1")
    shown = next(frame.value for frame in app.dataframe if "Text" in frame.value)
    assert shown["Text"].tolist() == ["text 1", "text 4"]
    assert shown["Predicted"].tolist() == ["dog *x*", "owl"]  # by the one that is wrong
    app.button_group(key="flips").set_value("only other").run()
    shown = next(frame.value for frame in app.dataframe if "Text" in frame.value)
    assert shown["Text"].tolist() == ["text 2"]


def test_two_classes_have_a_threshold_with_its_curve_and_the_scores_at_half_beside(
    open_page: OpenPage, leave: Leave
) -> None:
    scores, labels = np.array([0.1, 0.2, 0.3, 0.4, 0.9]), np.array([0, 0, 1, 1, 1])
    rows, names = np.stack([1 - scores, scores], axis=1), ("no *x*", "yes *y*")
    chosen = thresholds(BestF1(), names, (scores, labels), (scores, labels))
    predicted = taken(scores, chosen.threshold)
    made = classification.classification(rows, labels, names, None, predicted)
    made = made.model_copy(update={"thresholds": chosen})
    report = Report(task="binary", kind="rows", examples=5, classification=made, loss=0.3, loss_note="Focal loss.")
    info = DataInfo((1,), names, 0, 5, task="binary")
    frame = predictions.of_classes(rows, _data(info, np.zeros((5, 1)), labels), names, None, predicted)
    app = open_page(RUN, id=str(leave(report, frame)), run_view="Evaluation")
    assert not app.exception
    table = next(each.value for each in app.dataframe if "Threshold" in each.value)
    assert table["Part"].tolist() == ["Test", "Test", "Validation", "Validation"]
    assert table["Threshold"].tolist() == pytest.approx([0.5, 0.25] * 2)
    assert table["Recall"].tolist() == pytest.approx([1 / 3, 1.0] * 2)
    assert "from a probability of **0.25** on: the best F1 on the validation part" in _texts(app)
    assert len(app.get("bidi_component")) == 5  # beside the confusion matrix and three curves
    assert {tile.label: tile.value for tile in app.metric}["Loss"] == "0.3"


@pytest.mark.parametrize(("own", "told"), [(0.5, "below logistic regression"), (1.0, "above logistic")])
def test_plain_models_stand_beside_the_network_and_in_the_head(
    open_page: OpenPage, leave: Leave, workspace: Workspace, own: float, told: str
) -> None:
    labels = np.zeros(1000, np.int32)
    labels[500:] = 1
    given = np.zeros((1000, 2), np.float32)
    given[np.arange(1000), labels if own == 1 else 0] = 1
    scores = classification.classification(given, labels, NAMES[:2])
    plain = Baseline(name="logistic regression", metrics={"test_accuracy": 0.9}, fitted_on=200, available=900)
    report = Report(task="binary", kind="rows", examples=1000, classification=scores, baselines=(plain,))
    rows = np.zeros((1000, 1), np.float32)
    frame = predictions.of_classes(given, _data(DataInfo((1,), NAMES[:2], 0, 1000), rows, labels), NAMES[:2])
    run_id = leave(report, frame)
    recorder = Recorder(workspace, run_id)
    recorder.log({"test_accuracy": own}, 1)
    recorder.flush()
    app = open_page(RUN, id=str(run_id), run_view="Evaluation")
    boxes = app.warning if own < 0.9 else app.success
    assert any(told in box.value for box in boxes)
    assert any("badge" in each.value and told in each.value for each in app.markdown)
    table = next(frame.value for frame in app.dataframe if "Model" in frame.value)
    assert table["Model"].tolist() == ["This network", "logistic regression"]
    assert "Fitted on 200 of the 900 training examples" in _texts(app)


def test_a_cell_of_the_confusion_matrix_in_the_address_shows_its_examples(open_page: OpenPage, leave: Leave) -> None:
    run_id = str(_classified(leave, "text"))
    app = open_page(RUN, id=run_id, run_view="Evaluation", run_true="cat", run_predicted="dog *x*")
    assert "1 test example: true cat, predicted dog" in _texts(app).replace("\\", "")
    assert app.dataframe[0].value["Text"].tolist() == ["text 2"]
    app.selectbox(key="run_predicted").set_value("cat").run()
    assert app.dataframe[0].value["Text"].tolist() == ["text 0", "text 1"]


def test_the_group_with_the_most_errors_is_named_with_how_sure_that_is(open_page: OpenPage, leave: Leave) -> None:
    labels, town = np.tile([0, 1], 100).astype(np.int32), np.repeat(["York", "*Bath*"], 100)
    probabilities = np.full((200, 2), 0.1)
    probabilities[np.arange(200), np.where((town == "York") | (np.arange(200) % 5 > 0), labels, 1 - labels)] = 0.9
    scores = classification.classification(probabilities, labels, ("a", "b"))
    info = DataInfo((1,), ("a", "b"), 0, 200, task="binary", kind="rows")
    frame = predictions.of_classes(probabilities, _data(info, np.zeros((200, 1)), labels), ("a", "b"))
    run_id = leave(Report(task="binary", kind="rows", examples=200, classification=scores), frame.assign(x_town=town))
    app = open_page(RUN, id=str(run_id), run_view="Evaluation")
    [worst] = [each.value for each in app.dataframe if "Group" in each.value]
    assert worst["Group"][0] == "town = *Bath*"
    assert (worst["Examples"][0], worst["Wrong"][0]) == (100, 20)
    assert (worst["p"] < 0.05).all()
    assert "groups were looked at; wrong means another class is predicted: 10.0 % of all" in _texts(app).replace(
        "\\", ""
    )


def test_pictures_of_a_cell_are_shown_with_their_confidence(open_page: OpenPage, leave: Leave) -> None:
    app = open_page(RUN, id=str(_classified(leave, "image")), run_view="Evaluation", run_true="cat")
    assert len(app.get("image")) == 3 + 2  # the cell's, and the two mistakes
    without = open_page(RUN, id=str(_classified(leave, "rows")), run_view="Evaluation", run_true="no class")
    assert len(without.get("image")) == 0


def test_a_regression_shows_errors_residuals_and_rows(open_page: OpenPage, leave: Leave) -> None:
    true, predicted = np.array([1.0, 2, 3]), np.array([1.0, 2.5, 1])
    info = DataInfo(
        (1,), (), 0, 3, task="regression", kind="table", features=(Feature("age", "number"),), target="fare"
    )
    frame = predictions.of_numbers(predicted, _data(info, {"numbers": np.ones((3, 1))}, true))
    report = Report(
        task="regression", kind="table", target="fare", examples=3, regression=regression.regression(predicted, true)
    )
    app = open_page(RUN, id=str(leave(report, frame)), run_view="Evaluation")
    assert {tile.label: tile.value for tile in app.metric}["MAE"] == "0.8333"
    assert app.dataframe[-1].value[["Example", "Residual", "age"]].values.tolist()[0] == [2, 2, 1]


def test_true_minus_predicted_is_the_residual_that_is_shown() -> None:
    table = pd.DataFrame({"True": [869_330.0, 5.0], "Predicted": [810_670.0, 3.5], "Residual": [58_660.0, 1.5]})
    shown = _columns(table, 100)
    assert {shown[str(name)]["type_config"]["format"] for name in table} == {"%,.3f"}
    whole = _columns(table.head(1), 100)
    assert whole["True"]["type_config"]["format"] == "%,.0f"


def test_a_generator_shows_perplexity_and_what_it_writes_while_it_learns(
    open_page: OpenPage, leave: Leave, add_run: AddRun, workspace: Workspace
) -> None:
    losses = np.full((2, 3), np.log(8))
    report = Report(task="generation", kind="corpus", examples=2, generation=generation.generation(losses, losses > 0))
    frame = predictions.of_windows(
        losses, losses > 0, _data(DataInfo((3,), (), 0, 2), np.ones((2, 3)), np.ones((2, 3)))
    )
    app = open_page(RUN, id=str(leave(report, frame)), run_view="Evaluation")
    assert {tile.label: tile.value for tile in app.metric}["Perplexity"] == "8"
    config = {"data": {"source": "corpus", "dataset": "poems"}, "architecture": {"name": "gpt"}}
    live = add_run(state=RunState.RUNNING, total_steps=20, config=config, metrics={"val_perplexity": [8.0, 4.0]})
    path = report_files.file(workspace.settings, live, report_files.GENERATED)
    path.parent.mkdir(parents=True)
    path.write_text('{"epoch": 1, "prompt": "To", "temperature": 0.8, "text": "be or"}\n')
    app = open_page(RUN, id=str(live), run_view="Evaluation")
    assert app.code[-1].value == "be or"
    assert "Perplexity" in _texts(app)
    assert "When training ends" in _texts(app)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"state": RunState.QUEUED}, "When training ends"),
        ({"state": RunState.STOPPED}, "Resume it"),
        ({"state": RunState.FAILED}, "before it could be evaluated"),
        ({"facts": {"examples": {"test": 0}}}, "no test examples"),
        ({"reason": "The evaluation failed; the training is kept. Why."}, "shown above"),
        ({}, "from before they were kept"),
    ],
)
def test_without_an_evaluation_the_tab_says_why(
    open_page: OpenPage, add_run: AddRun, columns: dict[str, object], told: str
) -> None:
    assert told in _texts(open_page(RUN, id=str(add_run(**columns)), run_view="Evaluation"))


def test_a_stopped_run_is_evaluated_by_a_click_and_what_went_wrong_is_told(
    open_page: OpenPage, add_run: AddRun, workspace: Workspace
) -> None:
    run_id = add_run(state=RunState.STOPPED)
    assert "run_evaluate" not in [each.key for each in open_page(RUN, id=str(run_id), run_view="Evaluation").button]
    checkpoint = workspace.settings.run_dir(run_id) / "checkpoints" / runs.BEST_CHECKPOINT
    checkpoint.parent.mkdir(parents=True)
    checkpoint.write_bytes(b"weights")
    app = open_page(RUN, id=str(run_id), run_view="Evaluation")
    app.button(key="run_evaluate").click().run()
    assert len(open_jobs(workspace, "evaluation")) == 1
    assert "run_evaluate" not in [each.key for each in app.button]
    answer(workspace, "evaluation", Evaluated(problem="It is damaged."))
    app.run()
    assert any("It is damaged" in box.value for box in app.error)
    assert app.button(key="run_evaluate")


def test_a_damaged_report_is_told_and_breaks_nothing(open_page: OpenPage, leave: Leave, workspace: Workspace) -> None:
    run_id = _classified(leave, "text")
    report_files.file(workspace.settings, run_id, report_files.PREDICTIONS).write_bytes(b"no parquet")
    assert "predictions.parquet of run" in _texts(open_page(RUN, id=str(run_id), run_view="Evaluation")).replace(
        "\\", ""
    )
    report_files.file(workspace.settings, run_id, report_files.REPORT).write_text("{")
    assert "Evaluate the run anew" in open_page(RUN, id=str(run_id), run_view="Evaluation").error[0].value


def test_of_a_long_text_what_the_network_saw_stands_beside_what_it_did_not(open_page: OpenPage, leave: Leave) -> None:
    texts = np.array(["short", *(f"beginning {number} of a text, seen at last" for number in range(5))], object)
    vocabulary = Vocabulary.of(texts, "word", 100)
    probabilities = np.full((6, 3), 0.15, np.float32)
    probabilities[np.arange(6), GUESSES] = 0.7
    data = _data(
        DataInfo((3,), NAMES, 0, 6, kind="text"), vocabulary.encode(texts.tolist(), 3), LABELS, texts_test=texts,
        vocabulary=vocabulary,
    )  # fmt: skip
    frame = predictions.of_classes(probabilities, data, NAMES)
    scores = classification.classification(probabilities, LABELS, NAMES)
    told = kept_texts.told(frame["unseen"].tolist(), 3)
    report = Report(task="multiclass", kind="text", examples=6, classification=scores, notices=tuple(told))

    app = open_page(RUN, id=str(leave(report, frame)), run_view="Evaluation")

    shown = next(each.value for each in app.dataframe if "Text" in each.value)
    assert shown["Text"].tolist() == ["…seen at last", "…seen at last"]
    assert shown["Not seen, before it"].tolist() == ["beginning 1 of a text, ", "beginning 4 of a text, "]
    assert "Of 5 of 6 test texts, the network saw the last 3 tokens only" in _texts(app).replace("\\", "")
