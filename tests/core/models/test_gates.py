"""Gates: what a version must pass before it becomes champion, and who let one through that did not."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import db.registry
from core import models, runs
from core.common.context import Actor, Context
from core.common.errors import StateError
from core.evaluation.regression import regression
from core.evaluation.report import Report
from core.evaluation.report_files import PREDICTIONS, REPORT
from core.models import aliases, exports
from core.runs.events import told
from tests.core.models.conftest import Leave, keep_export
from tests.postgres import only_sqlite


def made(context: Context, leave: Leave, accuracy: float, **columns: object) -> models.VersionRecord:
    """A version that is right on so many of the same 200 examples; the less accurate, the later it errs."""
    run = leave(accuracy=accuracy, content=str((accuracy, columns)).encode(), **columns)
    labels = np.arange(200) % 4
    predicted = np.where(np.arange(200) < round(200 * accuracy), labels, (labels + 1) % 4)
    file = context.workspace.settings.run_dir(run.id) / "artifacts" / PREDICTIONS
    pd.DataFrame({"label": labels, "predicted": predicted}).to_parquet(file)
    return models.register(context, run, "digits")


def test_a_version_below_the_bound_is_refused_until_somebody_approves_it(context: Context, leave: Leave) -> None:
    version = made(context, leave, 0.9)
    models.set_gate(context, "digits", "champion", models.Gate(metric="test_accuracy", bound=0.95, max_bytes=3))
    with pytest.raises(models.GateError) as refused:
        models.point(context, version, "champion")
    for sentence in (
        "digits@1 may not become champion yet.",
        "Its accuracy of 0.9 is less than 0.95.",
        f"Its network of {version.size} bytes is more than 3.",
        "or approve this one with a reason.",
    ):
        assert sentence in str(refused.value)
    assert models.get(context, "digits").aliases == {}
    models.point(context, version, "canary")  # which has no gate

    grace = Context(context.workspace, Actor("grace"))
    models.point(grace, version, "champion", "for the demo only")
    event = models.history(context, "digits")[-1]
    assert (event.actor.name, event.after["champion"], event.after["approved"]) == ("grace", 1, "for the demo only")
    assert "is less than 0.95" in event.after["though"]


def test_a_version_that_passes_says_so_in_the_history_and_a_gate_can_be_taken_away(
    context: Context, leave: Leave
) -> None:
    version = made(context, leave, 0.9)
    models.set_gate(context, "digits", "champion", models.Gate(metric="test_accuracy", bound=0.9, not_worse=True))
    models.point(context, version, "champion")
    assert told(models.history(context, "digits")[-1]) == "champion: 1; gate: passed"
    models.set_gate(context, "digits", "champion", models.Gate())
    assert models.gate(models.get(context, "digits"), "champion") is None
    assert told(models.history(context, "digits")[-1]).startswith("gate of champion: accuracy at least 0.9, not surely")


@pytest.mark.parametrize(("accuracy", "passes"), [(0.9, True), (0.88, True), (0.7, False), (0.95, True)])
def test_worse_than_the_champion_is_what_mcnemar_is_sure_of(
    context: Context, leave: Leave, accuracy: float, passes: bool
) -> None:
    models.point(context, made(context, leave, 0.9), "champion")
    models.set_gate(context, "digits", "champion", models.Gate(not_worse=True))
    version = made(context, leave, accuracy, name="second")
    [finding] = models.findings(context, models.get(context, "digits"), version, "champion")
    assert finding.passed is passes
    assert "digits@1" in finding.text
    assert ("sure, as" in finding.text) is (accuracy in (0.7, 0.95))


def test_what_cannot_be_compared_does_not_pass(context: Context, leave: Leave) -> None:
    models.point(context, made(context, leave, 0.9), "champion")
    models.set_gate(context, "digits", "champion", models.Gate(not_worse=True))
    other = made(context, leave, 0.95, facts={"data_fingerprint": "e" * 64})
    with pytest.raises(models.GateError, match="was not tested on the data of digits@1"):
        models.point(context, other, "champion")
    # Without predictions of classes, by the main figure.
    plain = models.register(context, leave(accuracy=0.85, content=b"plain"), "digits")
    with pytest.raises(models.GateError, match=r"Its accuracy is 0.85, that of digits@1 0.9"):
        models.point(context, plain, "champion")
    never = models.register(context, leave(accuracy=None, content=b"never"), "digits")
    with pytest.raises(models.GateError, match="no figure that digits@1 has"):
        models.point(context, never, "champion")


def test_of_regressions_worse_is_what_the_main_figure_says(context: Context, leave: Leave) -> None:
    versions = []
    for error in (1.0, 2.0, 0.5):
        run = leave(accuracy=None, content=str(error).encode())
        artifacts = context.workspace.settings.run_dir(run.id) / "artifacts"
        scores = regression(np.arange(20.0) + error, np.arange(20.0))
        report = Report(task="regression", kind="table", examples=20, regression=scores)
        (artifacts / REPORT).write_text(report.model_dump_json())
        pd.DataFrame({"label": np.arange(20.0), "predicted": np.arange(20.0) + error}).to_parquet(
            artifacts / PREDICTIONS
        )
        versions.append(models.register(context, run, "digits"))
    first, worse, better = versions
    models.point(context, first, "champion")
    models.set_gate(context, "digits", "champion", models.Gate(not_worse=True))
    with pytest.raises(models.GateError, match=r"is 2, that of digits@1 1"):
        models.point(context, worse, "champion")
    models.point(context, better, "champion")


@only_sqlite
def test_a_gate_that_changed_while_it_was_judged_is_looked_at_again(
    context: Context, leave: Leave, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = made(context, leave, 0.9)

    def judged_late(*arguments: Any) -> list[models.Finding]:
        found = models.findings(*arguments)
        models.set_gate(context, "digits", "champion", models.Gate(metric="test_accuracy", bound=0.95))
        return found

    monkeypatch.setattr(aliases, "findings", judged_late)
    with pytest.raises(StateError, match=r"changed meanwhile\. Look at it, and try again"):
        models.point(context, version, "champion")
    assert models.get(context, "digits").aliases == {}


def test_a_gate_on_a_metric_that_no_version_has_is_refused(context: Context, leave: Leave) -> None:
    made(context, leave, 0.9)
    with pytest.raises(models.ModelError, match=r"No version of digits has test_acuracy \(did you mean test_accuracy"):
        models.set_gate(context, "digits", "champion", models.Gate(metric="test_acuracy", bound=1))


def test_a_gate_that_cannot_be_read_is_shut_until_it_is_set_again(context: Context, leave: Leave) -> None:
    version = made(context, leave, 0.9)
    with context.workspace.write() as session:
        db.registry.set_gate(session, version.model_id, "champion", {"bound": "high", "max_bytes": []})
    with pytest.raises(models.ModelError, match=r"gate of champion of digits cannot be read\. Set it again"):
        models.point(context, version, "champion")
    models.set_gate(context, "digits", "champion", models.Gate())
    models.point(context, version, "champion")


def test_a_run_that_is_registered_as_champion_meets_the_gate_and_stays_registered(
    context: Context, leave: Leave
) -> None:
    made(context, leave, 0.9)
    models.set_gate(context, "digits", "champion", models.Gate(metric="test_accuracy", bound=0.95))
    with pytest.raises(models.GateError, match="digits@2 may not become champion yet"):
        models.register(context, leave(content=b"new"), "digits", aliases=["champion"])
    assert models.find(context, "digits@2").aliases == ()


def test_a_gate_asks_how_fast_and_how_large_the_export_is_that_answers(context: Context, leave: Leave) -> None:
    version = made(context, leave, 0.9)
    keep_export(context, version, "onnx-dynamic-int8", 1000, 0.9, 0)  # it is smaller, and never served by itself
    models.set_gate(context, "digits", "champion", models.Gate(max_ms=0.04, max_export_bytes=3000))
    with pytest.raises(models.GateError, match=r"cannot be told\. Export it first: .*--format onnx"):
        models.point(context, version, "champion")
    keep_export(context, version, "litert", 2000, 0.9, 0)
    with pytest.raises(models.GateError, match=r"LiteRT export takes 0\.05 ms \(p95, 1 example, one thread\), which"):
        models.point(context, version, "champion")
    assert "0.02 ms (p50, batch 1), 0.05 ms (p95, batch 1)" in models.card_in_use(context, version)
    keep_export(context, version, "onnx", 4000, 0.9, 0)
    models.set_gate(context, "digits", "champion", models.Gate(max_ms=0.04, percentile="p50", max_export_bytes=3000))
    with pytest.raises(models.GateError, match=r"yet\. Its ONNX export of 4,000 bytes is more than 3,000"):
        models.point(context, version, "champion")
    models.set_gate(context, "digits", "champion", models.Gate(max_ms=0.01999, percentile="p50"))
    with pytest.raises(models.GateError, match=r"takes 0\.02 ms \(p50, 1 example, one thread\), .* than 0\.01999\."):
        models.point(context, version, "champion")
    models.set_gate(context, "digits", "champion", models.Gate(max_ms=5, batch=32))
    with pytest.raises(models.GateError, match=r"The speed of its ONNX export was not measured\. Export it again"):
        models.point(context, version, "champion")  # p95 of 32 is not among its times
    models.set_gate(context, "digits", "champion", models.Gate(max_ms=0.1, percentile="p50", batch=32))
    models.point(context, version, "champion")
    exports.place(context.workspace.settings, version, "onnx").rmdir()  # LiteRT answers from now on
    assert "Served as LiteRT, 2,000 bytes" in models.card_in_use(context, version)


def test_a_run_is_surely_better_where_chance_does_not_explain_it(context: Context, leave: Leave) -> None:
    good, better, other = (made(context, leave, each, **columns) for each, columns in
                           ((0.8, {}), (0.95, {}), (0.96, {"facts": {"data_fingerprint": "e" * 64}})))  # fmt: skip
    of = {each.number: runs.get(context, each.run_id) for each in (good, better, other)}
    text = models.surely_better(context, of[better.number], good)
    assert text.startswith(f"Run {better.run_id} is the best, with 190 of 200 right. digits@1 has 160, 15.0 points")
    assert models.surely_better(context, of[good.number], better) == ""
    assert models.surely_better(context, of[other.number], good) == "", "it was tested on other data"
    assert models.surely_better(context, leave(), good) == "", "it left no predictions that can be read"
