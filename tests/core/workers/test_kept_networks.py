"""The network that a script or a client kept is evaluated, tried, registered and exported as one that trained here."""

import shutil
from collections.abc import Callable

import pytest

import db.logged_models
from core import models, runs
from core.common.context import Context
from core.common.errors import NotFoundError, StateError
from core.evaluation.report_files import read_pictures, read_report
from core.inference.description import MANIFEST
from core.jobs import comparison, evaluation, export, prediction
from core.jobs.prediction import Picture
from core.models import run_exports
from core.models.version_source import is_judged
from core.runs import logged
from core.runs.logged import Logged
from core.runs.reported_networks import JUDGED, kept_network
from core.runs.sent_files import OTHERS
from db.logged_models import LoggedModelRecord
from db.records import RunRecord, RunState
from tests.core.warm import Warm
from tests.core.workers.conftest import Ask

Keep = Callable[..., RunRecord]


@pytest.fixture
def keep(context: Context, warm: Warm) -> Keep:
    """`keep(data="digits")`: a run at rest that kept a network as KerasCallback does; `place` is another file's."""

    def kept(place: str = "checkpoints/best.keras", units: int = 10, **facts: object) -> RunRecord:
        run = logged.begin(context, Logged("mine", facts={"checkpoint": facts}))
        path = context.workspace.settings.run_dir(run.id) / place
        path.parent.mkdir(parents=True)
        warm.call("tests.core.workers.inside_kept:digits", str(path), units)
        logged.record(context, run.id, [("loss", 7, 0.5, 1.0), ("test_loss", 7, 0.5, 1.0)])
        logged.end(context, run.id, RunState.FINISHED)
        return runs.get(context, run.id)

    return kept


def _evaluated(warm: Warm, context: Context, asked: evaluation.Request) -> evaluation.Evaluated:
    given = warm.call(
        "tests.core.workers.inside_kept:evaluate",
        context.workspace.settings.environment(),
        asked.model_dump(mode="json"),
    )
    return evaluation.Evaluated.model_validate(given)


def _compared(warm: Warm, context: Context, asked: comparison.Wanted) -> comparison.Compared:
    environment = context.workspace.settings.environment()
    return comparison.Compared(**warm.call("tests.core.inside:comparison", environment, asked.model_dump()))


def test_what_a_script_kept_is_evaluated_tried_and_exported_without_another_step(
    context: Context, warm: Warm, keep: Keep, ask: Ask
) -> None:
    run, settings = keep(data="digits"), context.workspace.settings
    assert "Nobody said yet whose inputs" in prediction.not_ready(context, run)
    assert "First say whose inputs" in run_exports.why_not_exported(context, run)
    asked = evaluation.request(context, run, pixels=(0.0, 1.0))
    assert asked.like == "data:digits", "no run was trained on it: the data set that the script named, as it is"
    done = _evaluated(warm, context, asked)
    assert done.problem == ""
    report = read_report(settings, run.id)
    assert 0.0 < report.metrics()["test_accuracy"] < 0.5, "it was not trained"
    assert read_pictures(settings, run.id, [0])[0].shape == (8, 8, 1)
    known = runs.summaries(context, [run.id])[run.id]
    assert (known["test_accuracy"].last, known["test_accuracy"].best_step) == (done.metrics["test_accuracy"], 7)
    assert known["test_loss"].last == 0.5, "what the script told itself stays"
    assert runs.events(context, run.id)[-1].verb == "evaluate"

    (answer,) = ask(run.id, Picture.of_file(_picture(), "seven.png"))
    assert (answer.problem, len(answer.classes)) == ("", 10)
    twin = keep("artifacts/model.keras", data="digits")
    both = comparison.wanted(context, [run, twin], "digits")
    assert "Nobody said yet" in comparison.why_not(context, twin)
    assert _evaluated(warm, context, evaluation.request(context, twin, pixels=(0.0, 1.0))).problem == ""
    found = _compared(warm, context, both)
    assert found.problem == ""
    assert found.metrics[f"run {run.id}"] == found.metrics[f"run {twin.id}"], "it is the same network"
    assert f"run {run.id} is of a program of its own: it may have learned from these examples." in found.notes

    version = run_exports.export_run(context, run, "digits", "onnx")
    assert (version.title, version.run_id, version.metrics["test_accuracy"]) == (
        "digits@1",
        run.id,
        done.metrics["test_accuracy"],
    )
    assert [each.form for each in export.asked(context, version)] == ["onnx"]
    assert run_exports.export_run(context, run, "other", "litert").title == "digits@1", "it is a version already"
    folder = models.network_file(context.workspace.settings, version).parent
    assert (folder / MANIFEST).is_file()
    best = settings.run_dir(run.id) / "checkpoints" / runs.BEST_CHECKPOINT
    warm.call("tests.core.workers.inside_kept:digits", str(best), 5)  # it went on, and is of another shape now
    assert not is_judged(context, run)
    refused = _evaluated(warm, context, asked)
    assert "5" in refused.problem
    assert read_report(settings, run.id) == report, "what was judged before stays, and nothing is left beside"
    assert [each.name for each in settings.run_dir(run.id).iterdir() if each.name.startswith(f".{JUDGED}")] == []


def _picture() -> bytes:
    import io

    from PIL import Image

    file = io.BytesIO()
    Image.new("L", (8, 8), 200).save(file, "PNG")
    return file.getvalue()


def test_it_is_found_wherever_clients_keep_it_and_asked_for_by_name(context: Context, keep: Keep) -> None:
    run, settings = keep("artifacts/model/data/model.keras"), context.workspace.settings
    assert kept_network(context, run) == settings.run_dir(run.id) / "artifacts/model/data/model.keras"
    with pytest.raises(StateError, match="does not say which data set its network is for"):
        evaluation.request(context, run)
    with pytest.raises(NotFoundError, match="No run here was trained on 'unheard'"):
        evaluation.request(context, keep(data="unheard"))
    autologged = logged.begin(context, Logged("autologged"))
    assert kept_network(context, autologged) is None
    model = LoggedModelRecord("m-1", 1, "model", "READY", 1.0, 1.0, run_uid=autologged.uid)
    with context.workspace.write() as session:
        db.logged_models.add(session, model)
    place = settings.home / OTHERS / "1" / "models" / "m-1" / "artifacts" / "data"
    place.mkdir(parents=True)
    shutil.copyfile(settings.run_dir(run.id) / "artifacts/model/data/model.keras", place / "model.keras")
    assert kept_network(context, autologged) == place / "model.keras"
    bare = logged.begin(context, Logged("bare"))
    logged.end(context, bare.id, RunState.FINISHED)
    with pytest.raises(StateError, match="kept no network of Keras"):
        evaluation.request(context, runs.get(context, bare.id), "data:digits")
    assert (runs.tabs_of(bare, has_network=False), "Try it" in runs.tabs_of(bare)) == (
        ("Curves", "Media", "Config", "Files", "Facts", "History"),
        True,
    )
