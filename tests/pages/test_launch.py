"""The Launch page: the form shows every field, every problem at its field, and queues what was edited."""

import json

import pytest
import streamlit as st
import yaml
from pydantic import BaseModel
from streamlit.testing.v1 import AppTest

from core import runs
from core.common.context import Context
from core.common.settings import PROJECT_ROOT
from core.common.workspace import Workspace
from core.config.complete import nested_model
from core.config.edit import model_of, to_yaml, variants_of
from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.jobs import inspection
from core.jobs.inspection import Example, Inspection, LayerRow
from core.runs import Draft
from db.listing import RunQuery
from db.records import RunRecord
from pages.parts.launch.places import KEY
from pages.shared import state
from pages.shared.clicks import once
from pages.shared.nav import LAUNCH
from tests import jobs
from tests.pages.conftest import OpenPage, at

DIGITS = PRESETS["digits-mlp"]


def keys(app: AppTest) -> set[str]:
    names = (str(key) for key in app.session_state.keys())  # noqa: SIM118
    return {name.removeprefix(KEY).partition(":")[0] for name in names if name.startswith(KEY)}


def leaves(model: type[BaseModel], prefix: str) -> set[str]:
    """Paths of every field below a model whose optional and chosen parts stand at their defaults."""
    found = set()
    for name, field in model.model_fields.items():
        path = f"{prefix}{name}"
        default = None if field.is_required() else field.get_default(call_default_factory=True)
        inner = nested_model(field, default.model_dump() if isinstance(default, BaseModel) else None)
        found |= {path} if inner is None or default is None else leaves(inner, f"{path}.")
    return found


def variants() -> list[tuple[str, str, type[BaseModel]]]:
    """(path of the choice, variant, model) for every discriminated union in the config."""
    found = []

    def walk(model: type[BaseModel], prefix: str) -> None:
        for name, field in model.model_fields.items():
            for variant, inner in variants_of(field).items():
                found.append((f"{prefix}{name}.{field.discriminator}", variant, inner))
            inner_model = model_of(field)
            if inner_model:
                walk(inner_model, f"{prefix}{name}.")

    walk(RunConfig, "")
    return found


def all_runs(context: Context) -> list[RunRecord]:
    return sorted(runs.listing(context, RunQuery()).runs, key=lambda run: run.id)


def errors(app: AppTest) -> list[str]:
    return [text.value for text in app.markdown if text.value.startswith(":small[:red[")]


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    count = app.session_state.get(state.LAUNCH_UPLOADS, 0)
    return app.file_uploader(key=f"launch_file_{count}").upload(name, content).run()


@pytest.mark.parametrize(
    ("path", "variant", "model"), variants(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_field_of_every_variant_is_in_the_form(
    open_page: OpenPage, path: str, variant: str, model: type[BaseModel]
) -> None:
    app = open_page(LAUNCH)
    if path.startswith("evaluation.threshold"):  # between two classes
        app.selectbox(key=at(app, "data.source")).select("breast_cancer").run()
    app.selectbox(key=at(app, path)).select(variant).run()
    assert not app.exception
    parent = path.rpartition(".")[0]
    assert leaves(model, f"{parent}.") <= keys(app)


def test_every_field_outside_variants_is_in_the_form(open_page: OpenPage) -> None:
    app = open_page(LAUNCH)
    app.toggle(key=at(app, "training.early_stopping")).set_value(True).run()
    shown = keys(app)
    assert {"seed", "deterministic", "evaluation.monitor", "resources.slot", "training.epochs"} <= shown
    assert {f"training.early_stopping.{name}" for name in ("patience", "min_delta", "restore_best")} <= shown


def test_launching_queues_a_run_with_the_edited_values(open_page: OpenPage, context: Context) -> None:
    app = open_page(LAUNCH, preset="digits-mlp")
    app.number_input(key=at(app, "training.epochs")).set_value(3).run()
    app.text_input(key=at(app, "architecture.hidden")).set_value("32,16").run()
    app.selectbox(key=at(app, "training.schedule.name")).select("cosine").run()
    app.number_input(key=at(app, "data.limit")).set_value(200).run()
    app.text_input(key="launch_name").set_value("first try").run()
    app.text_input(key="launch_created_by").set_value("grace").run()
    app.button(key="launch_go").click().run()
    assert not app.exception
    [run] = all_runs(context)
    assert (run.name, run.created_by, run.preset, run.experiment) == ("first try", "grace", "digits-mlp", "default")
    assert run.config["training"]["epochs"] == 3
    assert run.config["architecture"]["hidden"] == [32, 16]
    assert run.config["training"]["schedule"]["name"] == "cosine"
    assert run.config["data"]["limit"] == 200
    assert [link.label for link in app.page_link] == ["Launch your own script", "Open first try"]


def test_the_user_of_the_settings_launches_when_nobody_is_named(
    open_page: OpenPage, workspace: Workspace, context: Context
) -> None:
    open_page(LAUNCH).button(key="launch_go").click().run()
    assert all_runs(context)[0].created_by == workspace.settings.user


def test_several_seeds_make_several_runs_and_a_link_to_compare_them(open_page: OpenPage, context: Context) -> None:
    app = open_page(LAUNCH)
    app.number_input(key="launch_seeds").set_value(3).run()
    app.button(key="launch_go").click().run()
    assert [run.config["seed"] for run in all_runs(context)] == [0, 1, 2]
    assert app.page_link[-1].label == "Compare them"


def test_three_problems_appear_at_once_each_below_its_field(open_page: OpenPage, context: Context) -> None:
    app = open_page(LAUNCH)
    app.number_input(key=at(app, "training.epochs")).set_value(0).run()
    app.text_input(key=at(app, "architecture.hidden")).set_value("64, many").run()
    app.number_input(key=at(app, "training.optimizer.learning_rate")).set_value(-1.0).run()
    assert len(errors(app)) == 3
    assert "3 problems to solve" in app.error[0].value
    app.button(key="launch_go").click().run()
    assert all_runs(context) == []
    assert "Nothing was launched" in app.error[0].value
    assert app.text_input(key=at(app, "architecture.hidden")).value == "64, many"


def test_a_problem_is_called_as_its_field_is_which_a_link_leads_to_and_an_outline_shows(open_page: OpenPage) -> None:
    app = open_page(LAUNCH, preset="digits-mlp")
    app.number_input(key=at(app, "training.optimizer.learning_rate")).set_value(-1.0).run()
    app.text_input(key="launch_name").set_value("x" * 1000).run()
    told = app.error[0].value
    assert "[**Training › Optimizer › Learning rate**](#field-training-optimizer-learning_rate)" in told
    assert "[**Name**](#field-name)" in told
    marks = "".join(part.proto.body for part in app.get("html"))
    assert 'id="field-training-optimizer-learning_rate"' in marks
    assert ".st-key-launch-training-optimizer-learning_rate {" in marks
    assert ".st-key-launch_name {" in marks


def test_fields_that_most_leave_as_they_are_are_folded_and_found_by_their_words(open_page: OpenPage) -> None:
    app = open_page(LAUNCH, preset="digits-mlp")
    assert any(box.label.startswith("More") and "precision" in box.label for box in app.expander)
    app.number_input(key=at(app, "training.max_steps")).set_value(0).run()
    [training] = [box for box in app.expander if "1 changed" in box.label]
    assert training.proto.expanded  # something in it is wrong
    app.text_input(key="launch_field").set_value("clip").run()
    assert {path for path in keys(app) if path.startswith("training.optimizer")} >= {"training.optimizer.clip_norm"}
    drawn = {path for path in keys(app) if at(app, path) in {box.key for box in app.number_input}}
    assert "training.epochs" not in drawn
    assert "training.max_steps" in drawn  # a link leads to what is wrong with it
    app.text_input(key="launch_field").set_value("").run()
    assert app.number_input(key=at(app, "training.max_steps")).value == 0


def test_a_solved_problem_is_gone_at_once(open_page: OpenPage) -> None:
    app = open_page(LAUNCH)
    app.number_input(key=at(app, "training.epochs")).set_value(0).run()
    app.number_input(key=at(app, "training.epochs")).set_value(1).run()
    assert errors(app) == []
    assert not app.error


def test_another_variant_keeps_what_fits(open_page: OpenPage) -> None:
    app = open_page(LAUNCH, preset="digits-mlp")
    app.number_input(key=at(app, "architecture.dropout")).set_value(0.25).run()
    app.selectbox(key=at(app, "architecture.name")).select("cnn").run()
    assert app.number_input(key=at(app, "architecture.dropout")).value == 0.25
    assert app.text_input(key=at(app, "architecture.filters")).value == "32, 64"


def test_what_fits_the_task_is_offered_first_and_what_means_nothing_for_it_is_not_shown(open_page: OpenPage) -> None:
    app = open_page(LAUNCH, preset="digits-mlp")
    offered = app.selectbox(key=at(app, "training.loss.name")).options
    assert offered[:3] == ["By the task", "Cross-entropy", "Focal loss"]
    assert offered[3] == "Squared error · not for multiclass"
    assert {"training.class_weights.name"} <= keys(app)
    assert not {"evaluation.threshold.name", "training.target_scaling"} & keys(app)
    app.selectbox(key=at(app, "data.source")).select("breast_cancer").run()
    app.selectbox(key=at(app, "evaluation.threshold.name")).select("f1").run()
    app.selectbox(key=at(app, "data.source")).select("iris").run()
    assert "f1 is between two classes" in errors(app)[0]


def test_weights_of_classes_are_written_as_lines_and_a_wrong_class_is_told(
    open_page: OpenPage, context: Context
) -> None:
    app = open_page(LAUNCH, preset="digits-mlp")
    app.selectbox(key=at(app, "training.class_weights.name")).select("given").run()
    app.text_area(key=at(app, "training.class_weights.weights")).set_value("- 3: 2.5\n- eleven: 2").run()
    assert "eleven\\' is no class" in errors(app)[0]
    app.text_area(key=at(app, "training.class_weights.weights")).set_value("- 3: 2.5").run()
    assert errors(app) == []
    app.button(key="launch_go").click().run()
    [run] = all_runs(context)
    weights = run.config["training"]["class_weights"]["weights"]
    assert weights == [{"class_name": "3", "weight": 2.5}]


def test_a_layer_list_is_written_as_lines_and_a_broken_one_says_where(open_page: OpenPage, context: Context) -> None:
    app = open_page(LAUNCH, preset="digits-mlp")
    app.selectbox(key=at(app, "architecture.name")).select("layers").run()
    text = "- Flatten\n- Dense: {units: 10, activation: softmax}"
    tagged = "- !!bool foo\n- Dense: {units: 3}"
    app.text_area(key=at(app, "architecture.layers")).set_value(tagged).run()
    assert not app.exception
    assert "the tag '!!bool' at line 1" in errors(app)[0].replace("\\", "")
    assert app.text_area(key=at(app, "architecture.layers")).value == tagged
    app.text_area(key=at(app, "architecture.layers")).set_value("- Dense: {units").run()
    assert "line 1" in errors(app)[0]
    assert app.text_area(key=at(app, "architecture.layers")).value == "- Dense: {units"
    app.text_area(key=at(app, "architecture.layers")).set_value(text).run()
    assert errors(app) == []
    assert app.text_area(key=at(app, "architecture.layers")).value == text
    app.button(key="launch_go").click().run()
    layers = all_runs(context)[0].config["architecture"]["layers"]
    assert layers[1] == {"layer": "Dense", "arguments": {"units": 10, "activation": "softmax"}}


def test_the_address_names_the_preset_and_choosing_another_changes_both(open_page: OpenPage) -> None:
    app = open_page(LAUNCH)
    first = next(iter(PRESETS))
    assert app.query_params["preset"] == first
    app.number_input(key=at(app, "training.epochs")).set_value(77).run()
    other = list(PRESETS)[-1]
    app.button(key="launch_start").click().run()
    app.button(key=f"launch_from_{other}").click().run()
    assert app.query_params["preset"] == other
    assert app.number_input(key=at(app, "training.epochs")).value == PRESETS[other].config.training.epochs


def test_an_unknown_preset_or_run_is_named_and_the_form_stays_usable(open_page: OpenPage) -> None:
    app = open_page(LAUNCH, preset="<b>nope</b>")
    assert "There is no preset" in app.warning[0].value
    assert "<b>" not in app.warning[0].value
    assert f"{KEY}training.epochs" in app.session_state
    app = open_page(LAUNCH, **{"from": "99"})
    assert "There is no run 99" in app.warning[0].value


def test_a_clone_starts_from_its_parent_and_shows_what_it_changes(
    open_page: OpenPage, workspace: Workspace, context: Context
) -> None:
    raw = {**DIGITS.raw, "seed": 5}
    [parent] = runs.create(context, Draft(raw, preset="digits-mlp", experiment="old", tags=("a",), name="parent"))
    app = open_page(LAUNCH, **{"from": str(parent)})
    assert app.number_input(key=at(app, "seed")).value == 5
    assert app.selectbox(key="launch_experiment").value == "old"
    app.session_state["launch_tabs"] = "Changes"
    app.number_input(key=at(app, "seed")).set_value(6).run()
    assert app.query_params["from"] == str(parent)
    changes = next(frame.value for frame in app.dataframe if "old" in frame.value.columns)
    assert changes.to_numpy().tolist() == [["seed", "5", "6"]]
    app.button(key="launch_go").click().run()
    child = all_runs(context)[-1]
    assert (child.parent_id, child.experiment, child.tags, child.preset) == (parent, "old", ("a",), "digits-mlp")


def test_reset_takes_every_edit_back(open_page: OpenPage) -> None:
    app = open_page(LAUNCH, preset="digits-mlp")
    app.number_input(key=at(app, "training.epochs")).set_value(77).run()
    app.button(key="launch_reset").click().run()
    assert app.number_input(key=at(app, "training.epochs")).value == 30


@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_an_uploaded_config_fills_the_form(open_page: OpenPage, suffix: str) -> None:
    raw = {**DIGITS.raw, "seed": 42}
    content = to_yaml(raw) if suffix == "yaml" else json.dumps(raw)
    app = upload(open_page(LAUNCH), f"config.{suffix}", content.encode())
    assert app.number_input(key=at(app, "seed")).value == 42


def test_an_uploaded_config_with_values_out_of_range_shows_them_at_their_fields(open_page: OpenPage) -> None:
    raw = {"data": {"source": "iris"}, "architecture": {"name": "mlp"}, "training": {"epochs": 2.5, "batch_size": "x"}}
    app = upload(open_page(LAUNCH), "config.yaml", yaml.safe_dump(raw).encode())
    assert len(errors(app)) == 2
    assert app.number_input(key=at(app, "training.epochs")).value is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfe\x00broken", "UTF"),
        (b"just words", "mapping"),
        (b"a: [1, 2", "neither JSON nor YAML"),
        (b"", "nothing"),
        (b"data: {source: iris}\narchitecture: {name: mlp, wings: 2}", "wings"),
        (b"data: {source: iris}\narchitecture: {name: mpl}", "mpl"),
        (b"data: {source: iris}\narchitecture: {name: mlp}\ntraining: 3", "training"),
        (b"architecture: {name: mlp}", "data"),
        (b"data: {source: iris}\narchitecture: {name: mlp}\nseed: 2020-01-01\nwhen: 2020-01-01", "when"),
        (b"data: {source: iris, limit: .nan}\narchitecture: {name: mlp}\n1: {2: 3}", "not a known field"),
        (b"x: &a [*a]", "an alias"),
        (b"training: {epochs: 1}\ntraining: {epochs: 2}", "is given twice, at lines 1 and 2"),
        (b"seed: !!bool foo", "the tag"),
    ],
)
def test_a_file_that_is_no_config_is_refused_with_the_reason(open_page: OpenPage, content: bytes, reason: str) -> None:
    app = open_page(LAUNCH, preset="digits-mlp")
    app.number_input(key=at(app, "training.epochs")).set_value(77).run()
    app = upload(app, "config.yaml", content)
    assert not app.exception
    assert reason in app.error[0].value.replace("\\", "")
    assert app.number_input(key=at(app, "training.epochs")).value == 77


@pytest.mark.parametrize(
    "name", ['"; DROP TABLE runs; --', "🦜 *bold* :smile: $x$", "<script>alert(1)</script>", "a`b"]
)
def test_odd_names_are_kept_as_they_are(open_page: OpenPage, context: Context, name: str) -> None:
    app = open_page(LAUNCH)
    app.text_input(key="launch_name").set_value(name).run()
    app.button(key="launch_go").click().run()
    assert all_runs(context)[0].name == name
    assert "<script>" not in app.page_link[0].label


def test_a_name_of_ten_thousand_characters_is_refused_below_its_field(open_page: OpenPage, context: Context) -> None:
    app = open_page(LAUNCH)
    app.text_input(key="launch_name").set_value("x" * 10_000).run()
    assert "at most" in errors(app)[0]
    app.button(key="launch_go").click().run()
    assert all_runs(context) == []


def answer(workspace: Workspace, result: Inspection) -> None:
    """Answer the open question about what is built, as the standby does."""
    jobs.answer(workspace, "inspection", result)


PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="  # a PNG

BUILT = Inspection(
    layers=(
        LayerRow(name="input", kind="InputLayer", output_shape=(8, 8, 1), params=0, trainable=True),
        LayerRow(
            name="dense", kind="Dense", output_shape=(10,), params=650, trainable=True, inputs=("input",), detail="10"
        ),
    ),
    train_examples=1150,
    class_counts={"<b>": 2},
    examples=(Example(label="*3*", picture=PIXEL), Example(label="3", picture=PIXEL)),
)


def test_the_answer_of_the_standby_is_shown_when_it_is_there(open_page: OpenPage, workspace: Workspace) -> None:
    app = open_page(LAUNCH, preset="digits-mlp")
    assert any("Asking the standby" in caption.value for caption in app.caption)
    answer(workspace, BUILT)
    app.run()
    assert {metric.label: metric.value for metric in app.metric}["Parameters"] == "650"
    assert not any("Asking the standby" in caption.value for caption in app.caption)
    assert len(app.get("bidi_component")) == 2  # schedule, network
    app.session_state["launch_tabs"] = "Data"
    app.run()
    assert len(app.get("bidi_component")) == 2  # schedule, balance of the classes


def test_the_network_of_other_data_is_not_shown_beside_a_config_that_cannot_be_built(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = open_page(LAUNCH, preset="digits-mlp")
    answer(workspace, BUILT)
    app.run()
    upload(app, "s3.yaml", (PROJECT_ROOT / "tests" / "core" / "architectures" / "s3_as_printed.yaml").read_bytes())
    assert "Parameters" not in [metric.label for metric in app.metric]
    assert any("The network is drawn as soon as nothing is wrong" in caption.value for caption in app.caption)


def test_what_keras_refuses_stands_at_its_field_and_is_not_launched(
    open_page: OpenPage, workspace: Workspace, context: Context
) -> None:
    app = open_page(LAUNCH, preset="digits-mlp")
    answer(workspace, Inspection(problems=(("architecture.hidden", "does not fit"),)))
    app.run()
    assert "does not fit" in errors(app)[0]
    app.button(key="launch_go").click().run()
    assert all_runs(context) == []


def test_only_a_change_of_what_is_built_asks_again(open_page: OpenPage, workspace: Workspace, context: Context) -> None:
    app = open_page(LAUNCH, preset="digits-mlp")
    answer(workspace, BUILT)
    app.run()
    app.number_input(key=at(app, "training.epochs")).set_value(3).run()
    assert jobs.open_jobs(workspace, "inspection") == []
    assert inspection.ask(context, DIGITS.config) == BUILT


def test_the_form_stays_as_edited_when_another_page_was_open(open_page: OpenPage, app: AppTest) -> None:
    open_page(LAUNCH, preset="digits-mlp")
    app.number_input(key=at(app, "training.epochs")).set_value(77).run()
    app.query_params.clear()
    app.switch_page("overview.py").run()
    app.switch_page(LAUNCH.file).run()
    assert app.number_input(key=at(app, "training.epochs")).value == 77
    assert app.query_params["preset"] == "digits-mlp"


def test_data_that_cannot_be_had_stay_a_problem_until_they_are_looked_for_again(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = open_page(LAUNCH, preset="digits-mlp")
    answer(workspace, Inspection(problems=(("data.source", "no file"),)))
    app.run()
    app.text_input(key=at(app, "architecture.hidden")).set_value("7").run()
    assert "no file" in errors(app)[0]
    answer(workspace, Inspection(problems=(("data.source", "no file"),)))
    app.run()
    app.button(key="launch_check").click().run()
    assert errors(app) == []
    answer(workspace, BUILT)
    app.run()
    assert errors(app) == []


def test_without_a_supervisor_it_is_said_what_that_means(open_page: OpenPage, app: AppTest) -> None:
    open_page(LAUNCH)
    app.session_state[state.LAUNCH_ASKED] = 0.0
    app.run()
    assert "No supervisor is at work" in app.info[0].value


def test_a_refusal_is_gone_once_everything_is_solved(open_page: OpenPage) -> None:
    app = open_page(LAUNCH)
    app.text_input(key="launch_name").set_value("x" * 1000).run()
    app.button(key="launch_go").click().run()
    assert "Nothing was launched" in app.error[0].value
    app.text_input(key="launch_name").set_value("x").run()
    assert not app.error


def test_a_click_that_comes_twice_before_the_page_is_drawn_anew_launches_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a page that is drawn anew while it answers a click is given it again; two clicks are two actions."""
    kept: dict[str, int] = {}
    monkeypatch.setattr(st, "session_state", kept)
    done: list[int] = []

    def click() -> None:
        button["on_click"](*button["args"])

    button = once("launch_go", done.append, 7)
    click()
    click()
    assert done == [7]
    button = once("launch_go", done.append, 8)
    click()
    assert done == [7, 8]
