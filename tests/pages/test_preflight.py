"""What the Launch page shows of a trial, and what it offers for the chosen data."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import db.jobs
from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.data import library
from core.jobs.inspection import Example, Histogram, Inspection, Tokens
from core.jobs.job_kind import Progress
from core.jobs.preflight import Memory, Preflight
from db.listing import RunQuery
from db.records import JobClaim
from pages.shared.nav import LAUNCH
from tests import jobs
from tests.pages.conftest import OpenPage, at
from tests.pages.test_launch import BUILT, answer, errors

S3 = Path(__file__).parents[1] / "core" / "architectures" / "s3_as_printed.yaml"
MEMORY = Memory(parameters=100, gradients=100, optimizer=200, activations=300, data=324, free=10**9, place="this host")
TRIED = Preflight(
    x_shape=(32, 8, 8, 1),
    y_shape=(32, 10),
    memory=MEMORY,
    checkpoint=2048,
    loss=2.31,
    expected=2.303,
    rule="ln(10)",
    step_seconds=0.5,
)


def open_trials(workspace: Workspace) -> list[str]:
    return jobs.open_jobs(workspace, "preflight")


def tell(workspace: Workspace, result: Preflight) -> None:
    jobs.answer(workspace, "preflight", result)


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


@pytest.fixture
def built(open_page: OpenPage, workspace: Workspace) -> AppTest:
    """A sound config whose network is known, and which is being tried."""
    app = open_page(LAUNCH, preset="digits-mlp")
    assert open_trials(workspace) == []
    answer(workspace, BUILT)
    return app.run()


def test_time_memory_loss_and_checkpoint_stand_above_the_button(built: AppTest, workspace: Workspace) -> None:
    assert any("Trying a batch" in caption.value for caption in built.caption)
    tell(workspace, TRIED.model_copy(update={"warnings": ("odd *start*",)}))
    built.run()
    assert not any("Trying a batch" in caption.value for caption in built.caption)
    shown = figures(built)
    # 36 steps of half a second, and a validation of 287 examples at a third of their cost; 30 epochs.
    assert (shown["Time"], shown["Memory"], shown["First loss"], shown["Weights"]) == (
        "≈ 10 min",
        "1 KiB",
        "2.31",
        "2 KiB",
    )
    assert built.warning[0].value == "odd \\*start\\*"
    built.number_input(key=at(built, "training.epochs")).set_value(300).run()
    assert figures(built)["Time"] == "≈ 2 h"
    assert open_trials(workspace) == []
    built.session_state["launch_tabs"] = "Preflight"
    built.run()
    facts = next(frame.value for frame in built.dataframe if "what" in frame.value.columns)
    assert "mere guessing: ln(10) = 2.303" in facts.set_index("what").value["First loss"]


def test_a_sweep_says_how_much_training_it_is(built: AppTest, workspace: Workspace) -> None:
    tell(workspace, TRIED)
    built.run().toggle("launch_sweep_toggle").set_value(True).run()
    built.toggle("launch_vary_training.optimizer.learning_rate").set_value(True).run()
    like = "were every trial like this config and trained to its end."
    told = f"≈ 8 h of training in all, start-up of each trial not counted, {like}"  # 50 times 9.9 min
    assert told in [caption.value for caption in built.caption]


def test_what_a_trial_is_doing_is_told_while_it_is_waited_for(built: AppTest, workspace: Workspace) -> None:
    [key] = open_trials(workspace)
    claim = JobClaim(key, "box 7 1.0", 5.0)
    with workspace.write() as session:
        db.jobs.claim(session, claim)
        db.jobs.tell(session, claim, Progress(text="loading the data").model_dump(mode="json"))
    built.run()
    assert any("Trying a batch: loading the data; you can launch" in caption.value for caption in built.caption)


def test_only_the_newest_trial_goes_on(built: AppTest, workspace: Workspace) -> None:
    [first] = open_trials(workspace)
    built.number_input(key=at(built, "training.batch_size")).set_value(64).run()
    [second] = open_trials(workspace)
    assert first != second


def test_what_a_trial_refuses_is_not_launched_and_what_it_has_not_told_is(
    built: AppTest, workspace: Workspace, context: Context
) -> None:
    built.button(key="launch_go").click().run()
    assert len(runs.listing(context, RunQuery()).runs) == 1
    tell(workspace, Preflight(problems=(("training.batch_size", "does not fit"),)))
    built.run()
    assert "does not fit" in errors(built)[0]
    built.button(key="launch_go").click().run()
    assert len(runs.listing(context, RunQuery()).runs) == 1
    built.button(key="launch_check").click().run()
    answer(workspace, BUILT)
    built.run()
    assert errors(built) == []
    assert len(open_trials(workspace)) == 1


EXAMPLES = {
    "table": Inspection(
        examples=(Example(label="12.5", values=(1.0, None, "x")), Example(label="3", values=(None, 2.0, None))),
        columns=("<b>", "rooms", "kind"),
        target="price",
        targets=Histogram(edges=(0.0, 5.0, 10.0), counts=(3, 4)),
    ),
    "text": Inspection(
        examples=(Example(label="pos", text="*fine*", cut="long ago"),),
        class_counts={"pos": 1},
        tokens=Tokens(unit="word", vocabulary=100, length=40, unknown=0.031, full=0.25),
    ),
    "corpus": Inspection(
        examples=(Example(label="\n", text="To be"),),
        tokens=Tokens(unit="character", vocabulary=67, length=64, unknown=0.0, full=1.0),
    ),
}


@pytest.mark.parametrize("kind", EXAMPLES)
def test_examples_of_every_kind_are_shown(open_page: OpenPage, workspace: Workspace, kind: str) -> None:
    app = open_page(LAUNCH, preset="digits-mlp")
    answer(workspace, EXAMPLES[kind])
    app.session_state["launch_tabs"] = "Data"
    app.run()
    assert not app.exception
    if kind == "table":
        rows = next(frame.value for frame in app.dataframe if "label" in frame.value.columns)
        assert rows.iloc[0, 1] == 1.0
        assert rows.iloc[:, 2].isna().tolist() == [True, False]
        assert len(app.get("bidi_component")) == 2  # schedule, and the histogram of prices
    elif kind == "text":
        assert any(":gray[long ago]" in text.value and "\\*fine\\*" in text.value for text in app.markdown)
        assert any("3.1 % of the training texts' words are not among them" in text.value for text in app.caption)
    else:
        assert app.code[-1].value == "To be"
        assert any("goes on with “↵”" in text.value for text in app.caption)


def test_the_printed_network_for_other_images_is_told_what_to_change(open_page: OpenPage) -> None:
    app = open_page(LAUNCH)
    app.file_uploader(key="launch_file_0").upload("s3.yaml", S3.read_bytes()).run()
    assert "declares 128 x 128 x 3 values" in errors(app)[0]
    app.text_input(key=at(app, "data.resize")).set_value("128, 128").run()
    assert errors(app) == []


@pytest.fixture
def arrays(workspace: Workspace, tmp_path: Path) -> str:
    """The name of an added data set of rows."""
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "a.npz", x_train=rng.normal(size=(40, 3)), y_train=np.arange(40) % 2)
    return library.add_arrays(workspace.settings, "mine", tmp_path / "a.npz").name


def test_an_added_data_set_is_chosen_from_those_of_the_host(open_page: OpenPage, arrays: str) -> None:
    app = open_page(LAUNCH, preset="digits-cnn")
    app.selectbox(key=at(app, "data.source")).select("text").run()
    assert "Add a data set" in [link.label for link in app.page_link]
    app.selectbox(key=at(app, "data.source")).select("arrays").run()
    assert app.selectbox(key=at(app, "data.dataset")).value == arrays
    assert errors(app) == []
    assert app.selectbox(key=at(app, "architecture.name")).value == "mlp"
    assert any("not for" in note.value for note in app.info)
    app = open_page(LAUNCH, dataset=arrays)
    assert app.query_params["dataset"] == [arrays] or app.query_params["dataset"] == arrays
    assert app.selectbox(key=at(app, "data.dataset")).value == arrays
    assert errors(app) == []


def test_other_data_bring_a_network_that_takes_them(open_page: OpenPage) -> None:
    app = open_page(LAUNCH, preset="digits-cnn")
    app.selectbox(key=at(app, "data.source")).select("imdb").run()
    assert app.selectbox(key=at(app, "architecture.name")).value == "recurrent"
    assert app.info[0].value == "Was cnn\\, which is not for texts\\."
    assert errors(app) == []
    options = app.selectbox(key=at(app, "architecture.name")).options
    assert options.index("Recurrent network") < options.index("Convolutional network · not for texts")


def test_all_folds_are_launched_at_once(open_page: OpenPage, context: Context) -> None:
    app = open_page(LAUNCH, preset="iris-mlp")
    app.number_input(key=at(app, "data.folds")).set_value(3).run()
    assert app.toggle(key="launch_all_folds").value  # whoever sets folds wants them
    assert app.button(key="launch_go").label == "Launch 3 runs"
    app.toggle(key="launch_all_folds").set_value(False).run()
    assert app.button(key="launch_go").label == "Launch"
    app.toggle(key="launch_all_folds").set_value(True).run()
    app.button(key="launch_go").click().run()
    launched = sorted(runs.listing(context, RunQuery()).runs, key=lambda run: run.id)
    assert [run.config["data"]["fold"] for run in launched] == [0, 1, 2]
    assert launched[1].name == "iris-mlp · fold 2 of 3"
