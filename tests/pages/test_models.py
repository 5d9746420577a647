"""The Models page, and the action on the Run page that fills it."""

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import db.serving
import db.serving_windows
from core import models, runs
from core.common.context import Context
from core.evaluation.report_files import PREDICTIONS
from core.serving import served
from core.serving.feedback import Given, give, shadow_of
from core.serving.options import Options
from core.serving.traffic import Traffic
from db.serving_records import WindowRecord
from pages.shared.nav import MODELS, OVERVIEW, RUN, RUNS
from tests.conftest import AddRun
from tests.core.models.conftest import Leave, leave
from tests.pages.conftest import OpenPage

__all__ = ["leave"]


def texts(app: AppTest) -> str:
    shown = [*app.markdown, *app.caption, *app.error, *app.warning, *app.success, *app.text, *app.subheader]
    return "\n".join(str(element.value) for element in shown)


@pytest.fixture
def digits(context: Context, leave: Leave) -> list[models.VersionRecord]:
    """A champion and a better version after it."""
    first = models.register(context, leave(name="one"), "digits", aliases=["champion"], description="Reads *digits*.")
    return [first, models.register(context, leave(name="two", content=b"2", accuracy=0.95), "digits")]


def test_without_a_model_it_says_how_to_get_one(open_page: OpenPage, add_run: AddRun) -> None:
    add_run(metrics={"val_loss": [0.5]})  # which left no checkpoint
    assert "It begins with a run" in texts(open_page(MODELS))


def test_the_best_runs_are_offered_to_begin_with(open_page: OpenPage, leave: Leave) -> None:
    leave(name="wide", metrics={"val_loss": [0.5]})
    assert "The best of each experiment" in texts(open_page(MODELS))


def test_models_are_listed_with_their_champion_and_its_score(
    open_page: OpenPage, digits: list[models.VersionRecord]
) -> None:
    row = open_page(MODELS).dataframe[0].value.iloc[0]
    assert (row["Model"], row["Champion"], row["Score"], row["Versions"]) == ("digits", "version 1", "accuracy 0.9", 2)
    assert row["Beside baselines"] == "30.0 points above logistic regression (0.600)"


def test_a_model_shows_its_champion_and_another_version_becomes_it_in_one_click(
    open_page: OpenPage, context: Context, digits: list[models.VersionRecord]
) -> None:
    app = open_page(MODELS, model="digits")
    assert "Version 1 :green-badge[champion]" in texts(app)
    assert "Reads *digits*." in [each.value for each in app.text]  # as it is written
    versions = app.dataframe[0].value
    assert versions["Version"].tolist() == ["2", "▸ 1"]
    assert versions["Accuracy"].tolist() == pytest.approx([0.95, 0.9])
    assert {tile.label: (tile.value, tile.delta) for tile in app.metric}["Accuracy"] == ("0.9", "0.851 to 0.934")

    app = open_page(MODELS, model="digits", version="2")
    app.button(key="models_champion").click().run()
    assert models.find(context, "digits@champion").number == 2
    assert "champion is version 2 now" in texts(app)
    app.segmented_control(key=f"models_stage_{digits[1].id}").set_value("production").run()
    assert not app.exception
    assert models.find(context, "digits@2").stage == "production"
    app.text_input(key=f"models_alias_{digits[1].id}").input("Not a name")
    next(each for each in app.button if each.label == "Point it here").click().run()
    assert "such as not-a-name" in app.error[0].value.replace("\\", "")


def test_a_version_that_does_not_pass_the_gate_is_approved_with_a_reason(
    open_page: OpenPage, context: Context, digits: list[models.VersionRecord]
) -> None:
    app = open_page(MODELS, model="digits", version="2")
    key = f"_{digits[0].model_id}"
    app.selectbox(key=f"models_gate_metric{key}").set_value("test_accuracy")
    app.number_input(key=f"models_gate_bound{key}").set_value(0.97)
    next(each for each in app.button if each.label == "Save" and each.form_id.startswith("models_gate")).click().run()
    assert not app.exception
    assert models.get(context, "digits").gates == {"champion": {"metric": "test_accuracy", "bound": 0.97}}
    assert "Its accuracy of 0\\.95 is less than 0\\.97" in texts(app)
    assert "models_champion" not in [each.key for each in app.button]
    app.number_input(key=f"models_gate_ms{key}").set_value(2.0)
    app.selectbox(key=f"models_gate_time{key}").set_value(("p50", 32))
    app.number_input(key=f"models_gate_export{key}").set_value(0.293)  # KiB
    next(each for each in app.button if each.label == "Save" and each.form_id.startswith("models_gate")).click().run()
    gate = models.gate(models.get(context, "digits"), "champion")
    assert gate is not None
    assert (gate.max_ms, gate.percentile, gate.batch, gate.max_export_bytes) == (2.0, "p50", 32, 300)
    assert "Export it first" in texts(app)
    app.text_input(key=f"models_gate_reason_{digits[1].id}").input("the best we have")
    next(each for each in app.button if each.label == "Approve").click().run()
    assert models.find(context, "digits@champion").number == 2


def test_what_is_in_use_cannot_be_deleted_and_the_rest_can(
    open_page: OpenPage, context: Context, digits: list[models.VersionRecord]
) -> None:
    app = open_page(MODELS, model="digits", version="1")
    assert app.button(key="models_delete_version_apply").disabled
    assert app.button(key="models_delete_apply").disabled
    app.button(key="models_drop_champion").click().run()
    app.button(key="models_delete_version_apply").click().run()
    assert "Deleted version 1" in texts(app)
    assert [each.number for each in models.get(context, "digits").versions] == [2]
    app.button(key="models_delete_apply").click().run()
    assert models.listing(context) == []
    assert "No model yet" in texts(app)


def test_where_a_version_came_from_is_told_also_when_its_run_is_gone(
    open_page: OpenPage, context: Context, digits: list[models.VersionRecord]
) -> None:
    runs.trash(context, [digits[0].run_id])
    runs.empty_trash(context)
    app = open_page(MODELS, model="digits", version="1", models_view="Where it came from")
    told = texts(app)
    assert "which was deleted. Its config and figures are kept here." in told
    assert "Examples: 900 for train, 100 for validation, 200 for test" in told
    assert "with changes that were not committed" in told
    for view in ("Card", "Config", "History"):
        open_page(MODELS, model="digits", version="1", models_view=view)


def test_an_edited_card_is_shown_beside_the_generated_one(
    open_page: OpenPage, context: Context, digits: list[models.VersionRecord]
) -> None:
    models.edit_card(context, digits[0], "# Ours\n")
    app = open_page(MODELS, model="digits", version="1")
    assert "# Ours" in texts(app)
    app.segmented_control(key="models_card_shown").set_value("From the facts").run()
    assert "Weakest classes" in texts(app) or "logistic regression" in texts(app)


@pytest.mark.parametrize("query", [{"model": "<b>none</b>"}, {"model": "digits", "version": "99"}])
def test_an_address_of_what_is_not_there_says_so_and_shows_what_is(
    open_page: OpenPage, digits: list[models.VersionRecord], query: dict[str, str]
) -> None:
    app = open_page(MODELS, **query)
    assert "There is no model" in texts(app) or "has no version" in texts(app)
    assert app.dataframe[0].value.shape[0] in (1, 2)


def test_a_finished_run_becomes_a_version_on_its_page(open_page: OpenPage, context: Context, leave: Leave) -> None:
    run = leave(name="wide")
    app = open_page(RUN, id=str(run.id))
    assert app.selectbox(key=f"run_{run.id}_model").value == "digits"
    assert app.checkbox(key=f"run_{run.id}_champion_0").value, "there is none yet"
    app.button(key="run_register_apply").click().run()
    assert not app.exception
    assert models.find(context, "digits@champion").run_id == run.id
    app = open_page(RUN, id=str(run.id))
    assert "It becomes version 2 of digits." in texts(app)
    assert not app.checkbox(key=f"run_{run.id}_champion_1").value
    app.button(key="run_register_apply").click().run()
    assert "already" in app.error[0].value

    labels, half = np.arange(100) % 2, np.arange(100) < 50
    worse, better = leave(name="worse", content=b"1"), leave(name="better", content=b"2")
    for each, right in ((run, half), (worse, half), (better, half | True)):  # a version has a link to its run's
        file = context.workspace.settings.run_dir(each.id) / "artifacts" / PREDICTIONS
        pd.DataFrame({"label": labels, "predicted": np.where(right, labels, 1 - labels)}).to_parquet(file)
    assert not open_page(RUN, id=str(worse.id)).checkbox(key=f"run_{worse.id}_champion_1").value
    app = open_page(RUN, id=str(better.id))
    assert app.checkbox(key=f"run_{better.id}_champion_1").value, "it is surely better than the one there is"
    assert f"Run {better.id} is the best, with 100 of 100 right" in texts(app).replace("\\", "")


def test_a_run_that_is_deleted_says_which_model_keeps_what_it_needs(
    open_page: OpenPage, context: Context, digits: list[models.VersionRecord]
) -> None:
    runs.trash(context, [digits[0].run_id])
    kept = "digits@1 keeps the network and all that it needs."
    assert kept in texts(open_page(RUN, id=str(digits[0].run_id)))
    assert kept in texts(open_page(RUNS, trash="true"))


def test_a_model_is_served_by_a_click_and_says_where_it_is_found(
    open_page: OpenPage, context: Context, digits: list[models.VersionRecord]
) -> None:
    app = open_page(MODELS, model="digits")
    app.text_input(key=f"models_serving_title_{digits[0].model_id}").set_value("Which digit?")
    app.button(key=f"FormSubmitter:models_serving_form_{digits[0].model_id}-Serve").click().run()
    assert "digits is served" in app.success[0].value
    assert not app.session_state["models_serving"], "its popover covers what came of it"
    record = served.record(context, "digits")
    assert record is not None
    assert (record.options["reference"], record.options["title"]) == ("champion", "Which digit?")
    assert "no server has reported yet" in texts(app)
    assert "Nobody has asked it" in texts(app)
    assert "`:feedback` says whether an answer was right" in texts(app)

    both = {
        role: {"version": number, "ready": True, "format": "onnx"} for number, role in ((1, "main"), (2, "challenger"))
    }
    with context.workspace.write() as session:
        db.serving.report(session, record.model_id, {"roles": both})
    traffic = Traffic()
    for _ in range(20):  # no more than are kept in a second
        for role, version, correct in (("challenger", digits[1], False), ("main", digits[0], True)):
            traffic.note(record.model_id, version.id, role, 3.0, 200, ["7"])
            kept = traffic.keep(record.model_id, version.id, role, 3.0, 200, b"{}", b"{}")
            traffic.store(context.workspace)
            give(context, record.model_id, Given(id=kept, correct=correct))
    app = open_page(MODELS, model="digits")
    table = app.dataframe[0].value
    assert table["Version"].tolist() == ["1 (main)", "2 (challenger)"]
    assert table["Requests"].tolist() == [20, 20]
    assert "less often right than the main version, surely: -100.0 points" in texts(app)
    served.serve(context, "digits", Options(challenger="2", mode="shadow"))
    for name in ("7", "1"):
        seven, other = (f'{{"answers": [{{"prediction": "{each}"}}]}}'.encode() for each in ("7", name))
        kept = traffic.keep(record.model_id, digits[0].id, "main", 3.0, 200, b"{}", seven)
        traffic.keep(record.model_id, digits[1].id, "shadow", 3.0, 200, b"{}", other, shadow_of(kept))
    traffic.store(context.workspace)
    alike = "in 1 of 2 kept answers (95 %: 0.6 % to 99.4 %), and otherwise in 1"
    assert f"the challenger answers as the main version does {alike}" in texts(open_page(MODELS, model="digits"))

    app = open_page(MODELS, model="digits")
    app.button(key="models_serving_stop").click().run()
    assert served.record(context, "digits") is None


def test_drift_is_told_in_a_line_until_one_knows_of_it(
    open_page: OpenPage, context: Context, digits: list[models.VersionRecord]
) -> None:
    served.serve(context, "digits", Options())
    record = served.record(context, "digits")
    assert record is not None
    shifts = {"brightness": [1e-9, 0.42, 1.0], "contrast": [0.5, 0.05, 0.0]}
    window = WindowRecord(record.model_id, digits[0].id, 1.0, 500, "", [], time.time(), shifts)
    report = {"roles": {"main": {"version": 1, "ready": True, "format": "onnx"}}}
    with context.workspace.write() as session:
        db.serving_windows.put(session, window)
        db.serving.report(session, record.model_id, report)
    assert "1 drift alarm" in texts(open_page(OVERVIEW))
    assert open_page(MODELS).dataframe[0].value["Drift"].tolist() == ["1 alarm"]
    app = open_page(MODELS, model="digits")
    assert "**brightness** of version 1 is not as in training: 42 %" in texts(app)
    assert "42 % of its values lie elsewhere" in texts(app)
    assert "The next comparison with training comes after 500 more examples, in 10 minutes at the earliest" in texts(
        app
    )
    app.button(key=f"models_drift_known_{digits[0].id}").click().run()
    assert "known by ada" in texts(app)
    assert "1 drift alarm" not in texts(open_page(OVERVIEW))

    with context.workspace.write() as session:
        shifts = {"brightness": [1e-9, 0.42, 1.0], "red": [1e-9, 0.31, 1.0], "blue": [1e-9, 0.2, 1.0]}
        db.serving_windows.put(session, replace(window, ended_at=window.ended_at + 60, shifts=shifts))
    told = texts(open_page(MODELS, model="digits"))
    alike = "**red** (31 %), **blue** (20 %) of version 1 are not as in training: so many of their values lie elsewhere"
    assert 0 < told.index(alike) < told.index("known by ada"), "one line of both, before what one knows of"
