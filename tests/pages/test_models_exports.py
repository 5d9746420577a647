"""The exports of a version on the Models page: asked for, followed, put away, set beside each other, deleted."""

import time

import pytest
from streamlit.testing.v1 import AppTest

import db.jobs
from core import models, runs
from core.common.context import Context
from core.jobs import export as job
from core.jobs import job_queue, new_version
from core.jobs.job_queue import Outcome
from core.models import exports
from db.records import JobClaim
from pages.shared.nav import MODELS
from tests.core.models.conftest import Leave, keep_export, leave
from tests.pages.conftest import OpenPage
from tests.pages.test_models import texts

__all__ = ["leave"]


@pytest.fixture
def version(context: Context, leave: Leave) -> models.VersionRecord:
    return models.register(context, leave(name="one"), "digits")


def shown(open_page: OpenPage) -> AppTest:
    return open_page(MODELS, model="digits", models_view="Exports")


def end(context: Context, version: models.VersionRecord, form: str, done: job.Exported) -> None:
    """As a supervisor and its worker do it."""
    claim = JobClaim(job.key(version, form), "supervisor", time.time())
    outcome = Outcome(answer=done.model_dump(mode="json"))
    with context.workspace.write() as session:
        assert db.jobs.claim(session, claim)
        assert db.jobs.finish(session, claim, outcome.model_dump(mode="json"))


def test_an_export_is_asked_for_followed_and_stopped(
    open_page: OpenPage, context: Context, version: models.VersionRecord
) -> None:
    app = shown(open_page)
    assert "An export is this version as a folder that answers" in texts(app)
    app.selectbox(key=f"models_export_{version.id}").set_value("litert")
    app.button(key="models_export_ask").click().run()
    assert not app.exception
    assert job_queue.is_asked(context, job.key(version, "litert"))
    app = shown(open_page)  # another visitor, later
    assert "litert" not in " ".join(app.selectbox(key=f"models_export_{version.id}").options).lower().split()
    app.button(key="models_export_stop_litert").click().run()
    assert not job_queue.is_asked(context, job.key(version, "litert"))


def test_why_one_failed_is_told_until_it_is_put_away(
    open_page: OpenPage, context: Context, version: models.VersionRecord
) -> None:
    job.ask(context, version, "litert")
    end(context, version, "litert", job.Exported(problem="Its layer is a loop."))
    job.ask(context, version, "onnx")
    end(context, version, "onnx", job.Exported(problem="ONNX cannot hold it."))
    for _ in range(2):
        app = shown(open_page)
        told = texts(app).replace("\\", "")
        assert "LiteRT: Its layer is a loop." in told
        assert "ONNX cannot hold it." in told
        assert "ONNX: ONNX" not in told
    app.button(key="models_export_away").click().run()
    assert "Its layer is a loop." not in texts(app).replace("\\", "")
    assert not app.exception


def test_all_that_may_be_small_is_asked_for_at_once(
    open_page: OpenPage, context: Context, version: models.VersionRecord
) -> None:
    keep_export(context, version, "onnx", 100, 0.9, 0)
    app = shown(open_page)
    app.number_input(key="models_small_within").set_value(2.5)
    app.pills(key="models_small_ways").set_value(["prune", "distil"])
    app.button(key="models_export_small").click().run()
    assert not app.exception
    assert app.number_input(key="models_export_within").value == 2.5  # of the table, too
    begun = [each.request.made_of for each in new_version.asked(context)]
    assert [(each.of, each.within) for each in begun if isinstance(each, new_version.Smaller)] == [
        ("digits@1", 0.025)
    ] * 2
    assert {run.config["pruning"] is not None for run in runs.active(context)} == {True, False}
    asked = {each.form for each in job.asked(context, version)}
    assert {"litert", "onnx-dynamic-int8", "litert-int8", "keras"} <= asked  # the last tells the original's speed
    assert not {"onnx", "saved_model"} & asked
    end(context, version, "litert", job.Exported(name="litert"))
    assert "litert" not in {each.form for each in job.asked(context, version)}
    assert not job_queue.is_asked(context, job.key(version, "litert"))


def test_exports_stand_beside_the_original_and_the_best_is_named(
    open_page: OpenPage, context: Context, version: models.VersionRecord
) -> None:
    keep_export(context, version, "onnx", 4000, 0.9, 0)
    keep_export(context, version, "onnx-dynamic-int8", 1000, 0.88, 4)
    app = shown(open_page)
    frame = app.dataframe[-2].value
    assert frame["Format"].tolist() == ["Original", "ONNX", "ONNX, dynamic int8"]
    assert frame["Accuracy"].tolist()[1:] == ["0.9 (0.851 to 0.934)", "0.88 (0.828 to 0.918)"]
    assert frame["Flips"].tolist()[1:] == [0, 4]
    assert frame["1 example"].tolist() == ["not measured", "0.02 ms", "0.02 ms"]
    assert frame["Best"].tolist()[1] == "✓"
    assert "ONNX is the smallest and the fastest within 1 point." in texts(app).replace("\\", "")
    app.number_input(key="models_export_within").set_value(2.0).run()
    assert "ONNX, dynamic int8 is the smallest" in texts(app).replace("\\", "")
    app.segmented_control(key="models_export_by").set_value("latency").run()
    assert not app.exception
    app.selectbox(key=f"models_exported_{version.id}").set_value("onnx-dynamic-int8").run()
    app.button(key="models_exported_delete_apply").click().run()
    assert [each.name for each in exports.listing(context, version)] == ["onnx"]
    assert "Deleted the export" in texts(app)
