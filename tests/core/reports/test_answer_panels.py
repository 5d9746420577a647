"""Panels of two networks' answers, of a cross-validation, of the champion, and of curves by a param."""

from collections.abc import Sequence

import numpy as np
import pytest

from core.common.context import Context
from core.config.edit import Raw, with_values
from core.data.base import DataInfo, Dataset
from core.evaluation import classification, predictions, report_files, samples
from core.evaluation.report import Report
from core.reports.blocks import Block, Chart, Legend, Picture, Table, Words
from core.reports.drawn_panels import drawn, frozen
from core.reports.panel_specs import Curves, EvaluationPanel, FlipsPanel, FoldsPanel, Leaderboard, RunTable
from core.runs import experiment_board
from core.sweeps.advancing import Advancing
from core.sweeps.trials import view
from tests.conftest import AddRun
from tests.core.sweeps.conftest import Begin, End, begin, end

__all__ = ["begin", "end"]

NAMES, LABELS = ("cat", "dog", "owl"), np.array([0, 0, 1, 1, 2, 2])


def _judge(context: Context, run_id: int, guesses: Sequence[int], *, texts: bool = False) -> int:
    shares = np.full((6, 3), 0.15, np.float32)
    shares[np.arange(6), guesses] = 0.7
    info = DataInfo((4, 4, 1), NAMES, 0, 6, kind="text" if texts else "image")
    pictures = np.zeros((6, 4, 4, 1), np.uint8)
    data = Dataset(
        pictures[:0], LABELS[:0], pictures[:0], LABELS[:0], pictures, LABELS, info, "",
        texts_test=np.array([f"text {number}" for number in range(6)], object) if texts else None,
    )  # fmt: skip
    frame = predictions.of_classes(shares, data, NAMES)
    folder = report_files.file(context.workspace.settings, run_id, report_files.REPORT).parent
    folder.mkdir(parents=True)
    scores = classification.classification(shares, LABELS, NAMES)
    report = Report(task="multiclass", kind=info.kind, examples=6, classification=scores)
    (folder / report_files.REPORT).write_text(report.model_dump_json())
    frame.to_parquet(folder / report_files.PREDICTIONS, index=False)
    if not texts:
        samples.save_samples(folder / report_files.SAMPLES, pictures, frame)
    return run_id


def _words(blocks: Sequence[Block]) -> str:
    return "\n".join(block.text for block in blocks if isinstance(block, Words))


@pytest.mark.parametrize("texts", [False, True])
def test_flips_show_what_only_one_gets_right_and_other_confusions(
    context: Context, add_run: AddRun, texts: bool
) -> None:
    one = _judge(context, add_run(name="one"), [0, 0, 1, 1, 2, 0], texts=texts)
    other = _judge(context, add_run(name="other"), [0, 1, 1, 1, 0, 0], texts=texts)
    panel = FlipsPanel(run=one, other=other)
    blocks = drawn(context, panel).blocks
    shares, *_, cells = (block for block in blocks if isinstance(block, Table))
    assert shares.rows[0][1:4] == ("2", "0", "1")
    assert sorted(cells.rows) == [("cat", "dog", "0", "1"), ("owl", "cat", "1", "2")]
    assert "2 examples. Right by #1 one only; predicted is the answer of #2 other." in _words(blocks)
    if texts:
        [table] = (block for block in blocks if isinstance(block, Table) and "Text" in block.titles)
        assert [row[:3] for row in table.rows] == [("text 1", "cat", "dog"), ("text 4", "owl", "cat")]
    else:
        captions = [block.caption for block in blocks if isinstance(block, Picture)]
        assert captions == ["cat → dog 70 %", "owl → cat 70 %"]
        assert "The first 1 of 2" in _words(drawn(context, panel.model_copy(update={"most": 1})).blocks)
    assert frozen(context, panel)[1]
    nothing = drawn(context, FlipsPanel(run=one, other=other, examples="only other")).blocks
    assert "0 examples. Right by #2 other only" in _words(nothing)
    unlike = add_run(name="unlike")
    told = _words(drawn(context, FlipsPanel(run=one, other=unlike)).blocks)
    assert told.startswith(f"Run {unlike} has no predictions for a test set.")


_SET = {
    "f1_micro": 0.8, "f1_macro": None, "f1_weighted": 0.7, "f1_samples": 0.7, "precision_micro": 0.9,
    "recall_micro": 0.7, "subset_accuracy": 0.5, "hamming_loss": 0.1,
}  # fmt: skip
_PARTS: dict[str, dict[str, object]] = {
    "multilabel": {
        "chosen": _SET, "at_half": _SET, "log_loss": 0.3, "roc_auc": 0.9, "average_precision": 0.85, "labels": [],
        "true_labels": 1.5, "given_labels": 1.4, "roc": [], "precision_recall": [],
    },
    "regression": {
        "mae": 2.5, "rmse": 3.25, "r2": 0.75, "median_error": 2.0, "quantiles": {}, "edges": [0, 1], "counts": [2],
        "points": [[0, 1.0, 1.5], [1, 2.0, 2.5]],
    },
    "forecast": {
        "network": {"mae": 0.5, "rmse": 0.75, "mase": 0.9, "smape": 12.5, "step_mae": [0.4, 0.6]}, "windows": 9,
        "series": 1, "horizon": 2, "frequency": "monthly", "season": 12, "dated": True,
    },
    "generation": {
        "loss": 1.5, "perplexity": 4.482, "tokens": 90, "windows": 3, "length": 30, "accuracy": 0.4,
        "by_position": [2.0, 1.0],
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("multilabel", {"F1, micro": "0.8", "All labels right": "50.00 %", "Average precision": "0.85"}),
        ("regression", {"MAE": "2.5", "RMSE": "3.25", "R²": "0.75"}),
        ("forecast", {"MAE": "0.5", "RMSE": "0.75", "MASE": "0.9", "sMAPE, %": "12.5"}),
        ("generation", {"Perplexity": "4.482", "Loss, nats per token": "1.5", "Accuracy": "40.00 %"}),
        ("", {}),
    ],
)
def test_an_evaluation_has_the_figures_of_its_task(
    context: Context, add_run: AddRun, part: str, told: dict[str, str]
) -> None:
    path = report_files.file(context.workspace.settings, add_run(name="net"), report_files.REPORT)
    path.parent.mkdir(parents=True)
    parts = {part: _PARTS[part]} if part else {"notices": ["No prediction was a number."]}
    raw = {"task": "regression", "kind": "rows", "examples": 2, **parts}
    path.write_text(Report.model_validate(raw).model_dump_json())
    blocks = drawn(context, EvaluationPanel(run=1)).blocks
    tables = [block for block in blocks if isinstance(block, Table)]
    assert [dict(zip(table.titles, table.rows[0], strict=True)) for table in tables] == ([told] if told else [])
    assert any(isinstance(block, Chart) for block in blocks) == (part not in ("", "multilabel"))
    assert part or _words(blocks) == "No prediction was a number."


def test_a_cross_validation_is_told_with_each_fold(context: Context, add_run: AddRun, raw_config: Raw) -> None:
    for fold, value in enumerate((0.9, 0.92, 0.94)):
        config = with_values(raw_config, {"data.folds": 4, "data.fold": fold, "seed": 0})
        add_run(name=f"net · fold {fold + 1} of 4", config=config, metrics={"val_accuracy": [value]})
    heading, mean, table, rest = drawn(context, FoldsPanel(run=2)).blocks
    assert isinstance(table, Table)
    assert "Cross-validation of net" in str(heading)
    assert "in the mean of 3 folds, with a standard deviation of 0.020" in str(mean).replace("\xa0", " ")
    assert [row[-2:] for row in table.rows][2:] == [("0.9400", "+1.0 sd"), ("", "not launched")]
    assert "1 fold was never launched" in str(rest)
    alone = drawn(context, FoldsPanel(run=add_run(name="alone"))).blocks
    assert "no fold of a cross-validation" in _words(alone)


def test_the_leaderboard_tells_each_config_against_the_champion(
    context: Context, add_run: AddRun, raw_config: Raw
) -> None:
    for size, score in ((8, 0.7), (16, 0.8), (32, 0.9)):
        for seed in range(4):
            config = with_values(raw_config, {"training.batch_size": size, "seed": seed})
            add_run(name="net", config=config, metrics={"val_accuracy": [score + seed / 1000]})
    panel = Leaderboard(experiment="default", most=2)

    def column() -> list[str]:
        [table] = (block for block in drawn(context, panel).blocks if isinstance(block, Table))
        assert table.titles[-1] == "Against the champion"
        return [row[-1] for row in table.rows]

    assert column()[0] == "champion"
    assert column()[1].startswith("worse")
    experiment_board.choose_champion(context, "default", 2)
    assert [text.split()[0] for text in column()] == ["better", "better", "champion"]  # listed, though it is third
    assert "chosen by" in _words(drawn(context, panel).blocks)


def test_the_leaderboard_has_one_champion_and_says_of_which_configs_its_verdict_is(
    context: Context, add_run: AddRun, raw_config: Raw
) -> None:
    scores = {4: (0.95,), 8: (0.90, 0.91, 0.92), 16: (0.89, 0.93, 0.90), 32: (0.7, 0.71, 0.72)}
    for size, values in scores.items():
        for seed, score in enumerate(values):
            config = with_values(raw_config, {"training.batch_size": size, "seed": seed})
            add_run(name="net", config=config, metrics={"val_accuracy": [score]})
    blocks = drawn(context, Leaderboard(experiment="default", most=2)).blocks
    [table] = (block for block in blocks if isinstance(block, Table))
    rows = {row[0].partition("batch_size ")[2].rstrip(")"): row[-1] for row in table.rows}
    assert list(rows) == ["4", "8", "16", "32"]  # the best two, and those that are judged
    assert (rows["4"], rows["8"], rows["16"]) == ("not judged: a single run", "champion", "not decided")
    told = _words(blocks)
    assert "Not decided: net (batch_size 8) has the best mean, though it is better than 1 of the 2 others." in told
    assert "Judged: the 3 configs with several seeds, of 4." in told
    assert "Champion: net (batch_size 8), the best of those with several seeds." in told


def test_the_champion_is_the_best_of_the_verdict_where_some_were_validated_on_other_examples(
    context: Context, add_run: AddRun, raw_config: Raw
) -> None:
    for size, split, scores in ((8, 0.5, (0.97, 0.98)), (16, 0.1, (0.90, 0.91)), (32, 0.1, (0.7, 0.71))):
        for seed, score in enumerate(scores):
            changes = {"training.batch_size": size, "data.validation_split": split, "seed": seed}
            add_run(name="net", config=with_values(raw_config, changes), metrics={"val_accuracy": [score]})
    blocks = drawn(context, Leaderboard(experiment="default")).blocks
    [table] = (block for block in blocks if isinstance(block, Table))
    assert [row[-1].split()[0] for row in table.rows] == ["no", "champion", "worse"]
    assert f"{table.rows[1][0]} is better than " in _words(blocks)
    assert f"Champion: {table.rows[1][0]}, the best of those that can be compared." in _words(blocks)


def test_the_leaderboard_judges_as_many_as_it_says(context: Context, add_run: AddRun, raw_config: Raw) -> None:
    for size in range(1, 13):
        for seed in range(2):
            config = with_values(raw_config, {"training.batch_size": size, "seed": seed})
            add_run(name="net", config=config, metrics={"val_accuracy": [size / 20 + seed / 1000]})
    blocks = drawn(context, Leaderboard(experiment="default", most=12)).blocks
    [table] = (block for block in blocks if isinstance(block, Table))
    assert "is the best of 10, and better than each of the others." in _words(blocks)
    assert "Judged: the first 10 of 12 configs." in _words(blocks)
    assert [row[-1].split()[0] for row in table.rows] == ["champion", *["worse"] * 9, "not", "not"]


def test_tables_have_the_values_that_configs_are_judged_by(context: Context, begin: Begin, end: End) -> None:
    goal = {"metric": "val_loss", "kind": "last"}
    sweep = begin(["training.batch_size=8,16"], method="grid", goals=[goal], budget={"trials": 2}, at_once=2)
    Advancing(context).look(sweep)
    for each, values in zip(view(context, sweep).active, ([0.1, 0.9], [0.5, 0.4]), strict=True):
        end(each.kept.run_id or 0, values)
    for grouped in (False, True):
        [table] = drawn(context, RunTable(experiment="default", metrics=("val_loss",), grouped=grouped)).blocks[:1]
        assert isinstance(table, Table)
        assert table.titles[1] == "val_loss (last)"
        assert [float(row[1]) for row in table.rows] == [0.9, 0.4]


def test_means_of_a_column_have_the_same_decimals(context: Context, add_run: AddRun, raw_config: Raw) -> None:
    for size, losses in ((8, (0.0647, 0.0667)), (16, (0.0861, 0.0862)), (32, (0.051,))):
        for seed, loss in enumerate(losses):
            config = with_values(raw_config, {"training.batch_size": size, "seed": seed})
            add_run(name="net", config=config, metrics={"val_loss": [loss]})
    table = drawn(context, RunTable(experiment="default", metrics=("val_loss",), grouped=True)).blocks[0]
    assert isinstance(table, Table)
    assert [row[1] for row in table.rows] == ["0.0657 ± 0.0014", "0.0862 ± 0.0001", "0.0510"]


def test_curves_and_tables_group_by_params(context: Context, add_run: AddRun, raw_config: Raw) -> None:
    for size, epochs in ((8, 2), (8, 3), (16, 2)):
        config = with_values(raw_config, {"training.batch_size": size, "training.epochs": epochs})
        add_run(name="net", config=config, metrics={"val_loss": [2.0, 1.0]})
    by = ("training.batch_size",)
    legend, chart = drawn(context, Curves(runs=(1, 2, 3), metrics=("val_loss",), by=by)).blocks
    assert isinstance(legend, Legend)
    assert isinstance(chart, Chart)
    assert [name for _, name in legend.entries] == ["batch_size 8 (n=2)", "batch_size 16 (n=1)"]
    table, explained = drawn(context, RunTable(runs=(1, 2, 3), metrics=("val_loss",), by=by)).blocks
    assert "± is the standard deviation over seeds or folds. n: how many seeds or folds count" in str(explained)
    assert isinstance(table, Table)
    assert [row[0] for row in table.rows] == ["batch_size 8 (n=2)", "batch_size 16 (n=1)"]
    for first, other in (("batch_size", "epochs"), ("epochs", "batch_size")):
        asked = RunTable(runs=(1, 2, 3), metrics=("val_loss",), by=(f"training.{first}",))
        table = drawn(context, asked).blocks[0]
        assert isinstance(table, Table)
        assert table.titles[-2:] == (first, other)
        assert table.rows[0][-1] == "several"
    wrong = drawn(context, Curves(runs=(1,), by=("training.batch_sise",))).blocks
    assert "did you mean training.batch_size" in _words(wrong)
