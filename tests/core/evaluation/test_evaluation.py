"""The evaluation that a real trainer leaves, for each task."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.data import library
from core.evaluation import report_files
from core.evaluation.baseline_scores import of_facts, verdict_of_run
from core.evaluation.report import Report
from db.records import RunRecord, RunState
from tests.core.conftest import Queue

Train = Callable[[int], RunRecord]


def _left(context: Context, run: RunRecord) -> tuple[Report, dict[str, float]]:
    """The report and the last value of each metric; the run finished, and has nothing to complain of."""
    assert (run.state, run.reason) == (RunState.FINISHED, "")
    kinds = {artifact.name: artifact.kind for artifact in runs.artifacts(context, run.id)}
    assert (kinds[report_files.REPORT], kinds[report_files.PREDICTIONS]) == ("evaluation", "predictions")
    summaries = runs.summaries(context, [run.id])[run.id]
    return report_files.read_report(context.workspace.settings, run.id), {
        name: each.last for name, each in summaries.items()
    }


def test_images_are_judged_as_while_training_and_kept_as_samples(
    workspace: Workspace, context: Context, queue: Queue, train: Train
) -> None:
    run = train(queue(data={"source": "digits"}, training={"epochs": 2}))
    report, metrics = _left(context, run)
    scores = report.classification
    assert scores is not None
    assert scores.accuracy == pytest.approx(metrics["test_accuracy"])
    assert scores.log_loss == pytest.approx(metrics["test_loss"], rel=1e-4)
    assert scores.average("macro").f1 == metrics["test_f1_macro"]
    assert {"test_roc_auc", "test_precision_macro", "test_recall_macro", "test_top3_accuracy"} <= set(metrics)
    frame = report_files.read_predictions(workspace.settings, run.id)
    assert len(frame) == report.examples == 360
    assert (frame["label"] == frame["predicted"]).mean() == pytest.approx(scores.accuracy)
    wrong = frame.loc[frame["label"] != frame["predicted"], "index"].tolist()
    assert set(report_files.read_pictures(workspace.settings, run.id, wrong)) == set(wrong)
    assert [each.name for each in report.baselines] == ["the majority class", "logistic regression"]
    assert of_facts(run.facts) == report.baselines
    found = verdict_of_run(run.facts, metrics)
    assert found is not None
    assert "logistic regression" in found.short
    kept = list((workspace.settings.cache_dir / "baselines").iterdir())
    assert len(kept) == 1, "for all runs of the same data and split"


def test_errors_of_a_regression_on_a_table_are_in_its_unit(
    workspace: Workspace, context: Context, queue: Queue, train: Train, data_dir: Path, tmp_path: Path
) -> None:
    lines = (data_dir / "tabular" / "california_housing.csv").read_text().splitlines()
    table = tmp_path / "houses.csv"
    table.write_text("\n".join(lines[:121]))
    target = "median_house_value"
    library.add_table(workspace.settings, "houses", table, library.TableOptions(target=target, task="regression"))
    report, metrics = _left(
        context, train(queue(data={"source": "table", "dataset": "houses"}, training={"epochs": 40}))
    )
    assert (report.task, report.kind, report.target) == ("regression", "table", target)
    assert report.regression is not None
    assert report.regression.mae == pytest.approx(metrics["test_mae"], rel=1e-4)
    assert report.regression.rmse == metrics["test_rmse"]
    assert metrics["test_r2"] <= 1
    frame = report_files.read_predictions(workspace.settings, 1)
    assert {"residual", "x_median_income"} <= set(frame)


def test_texts_are_kept_with_their_predictions_and_generators_are_judged_by_perplexity(
    workspace: Workspace, context: Context, queue: Queue, train: Train, data_dir: Path, tmp_path: Path
) -> None:
    lines = []
    for label in ("neg", "pos"):
        read = (data_dir / "text_en" / f"rt-polarity.{label}").read_text(encoding="utf-8", errors="replace")
        lines += [f"{label}\t{line.strip()}" for line in read.splitlines()[:60]]
    reviews, poem = tmp_path / "reviews.tsv", tmp_path / "poem.txt"
    reviews.write_text("label\ttext\n" + "\n".join(lines), encoding="utf-8")
    poem.write_text((data_dir / "corpora" / "tinyshakespeare.txt").read_text()[:8000])
    library.add_text(workspace.settings, "reviews", reviews, library.TextOptions(text="text", label="label"))
    library.add_corpus(workspace.settings, "poem", poem)
    recurrent = {"name": "recurrent", "embedding": 4, "units": [4]}
    generator = {"name": "recurrent_generator", "embedding": 4, "units": [8]}
    once = {"epochs": 1}
    report, _ = _left(
        context, train(queue(data={"source": "text", "dataset": "reviews"}, architecture=recurrent, training=once))
    )
    assert (report.task, report.kind) == ("binary", "text")
    assert report.classification is not None
    frame = report_files.read_predictions(workspace.settings, 1)
    known = {line.partition("\t")[2] for line in lines}
    assert len(frame) == report.examples
    assert set(frame["text"]) <= known
    report, metrics = _left(
        context,
        train(queue(data={"source": "corpus", "dataset": "poem", "length": 16}, architecture=generator, training=once)),
    )
    assert report.generation is not None
    assert report.generation.length == 16
    assert np.log(metrics["test_perplexity"]) == pytest.approx(metrics["test_loss"], rel=1e-3)


def test_an_evaluation_that_fails_loses_no_training_and_says_so(
    workspace: Workspace, context: Context, queue: Queue, train: Train
) -> None:
    run_id = queue(training={"epochs": 1})
    in_the_way = report_files.file(workspace.settings, run_id, report_files.REPORT).parent
    in_the_way.parent.mkdir(parents=True, exist_ok=True)
    in_the_way.write_text("a file where the folder goes")
    run = train(run_id)
    assert run.state is RunState.FINISHED
    assert run.reason.startswith("The evaluation failed; the training is kept.")
    assert runs.summaries(context, [run_id])[run_id]["test_accuracy"].count == 1
    assert runs.artifact_file(context, run_id, "best.keras").is_file()
