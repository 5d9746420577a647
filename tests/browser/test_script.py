"""The Script page in a real browser: people's own scripts, as they are, from a folder to their result."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core import models, runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.config.edit import with_values
from core.config.presets import get_preset
from core.models import exports
from core.runs.records import RunQuery
from db.records import RunRecord, RunState
from tests.browser.conftest import chart_points, fill, key, settled
from tests.core.scripts.test_parameters import SAMPLES
from tests.host import wait_until

# By sample, in fields what differs from the script's own; and what it leaves: files, values of metrics.
KINDS: dict[str, tuple[dict[str, str], set[str], dict[str, list[int]]]] = {
    "keras_argparse": ({"epochs": "3"}, {"model.keras"}, {"val_accuracy": [2, 4, 6]}),
    "absl_flags": ({"out *": "place.txt", "steps": "3"}, {"place.txt"}, {}),
    "click_numpy": ({"epochs": "2", "tag": "a, b"}, {"weights.npy"}, {}),
    "dataclass_config": ({"rate": "0.25"}, {"result.txt"}, {}),
    "tensorboard_logs": ({"epochs": "2"}, set(), {"val_loss": [0, 1]}),
}


@pytest.fixture(scope="module")
def projects(shared_workspace: Workspace) -> Path:
    place = shared_workspace.settings.home / "projects"
    shutil.copytree(SAMPLES, place)
    return place


def launched(page: Page, folder: Path, fields: dict[str, str]) -> int:
    """The number of the run, once its page is there."""
    page.goto(f"/script?script_folder={folder}")
    settled(page)
    for label, value in fields.items():
        fill(page, label, value)
    key(page, "script_launch").get_by_role("button").click()
    page.wait_for_url("**/run?id=*")
    return int(re.findall(r"id=(\d+)", page.url)[0])


def ended(context: Context, number: int) -> RunRecord:
    run: RunRecord = wait_until(
        lambda: (run := runs.get(context, number)).state.is_finished and run, f"run {number} ends"
    )
    assert run.state is RunState.FINISHED, runs.log_tail(context, number, 100)
    return run


def test_scripts_of_five_kinds_run_as_they_are_from_their_folder_to_their_result(
    page: Page, shared_workspace: Workspace, projects: Path
) -> None:
    context = Context.of_shell(shared_workspace)
    numbers = {sample: launched(page, projects / sample, fields) for sample, (fields, _, _) in KINDS.items()}
    expect(page.get_by_text("finished", exact=False).first).to_be_visible()
    for sample, (_, files, metrics) in KINDS.items():
        run = ended(context, numbers[sample])
        assert files <= {each.name for each in runs.artifacts(context, run.id)}, sample
        for name, steps in metrics.items():
            assert runs.history(context, run.id, name).step.tolist() == steps, sample
    found = runs.listing(context, RunQuery(limit=len(KINDS))).runs
    assert {each.kind for each in found} == {"script"}


def test_an_articles_own_code_stands_beside_the_preset_of_the_same_network(
    page: Page, shared_workspace: Workspace, projects: Path, data_dir: Path
) -> None:
    context = Context.of_shell(shared_workspace)
    own = launched(page, projects / "mnist_article", {"data": str(data_dir / "mnist" / "mnist.npz")})
    preset = runs.create(context, runs.Draft(with_values(get_preset("mnist-mlp").raw, {"training.epochs": 5})))[0]
    for number in (own, preset):
        ended(context, number)
    summaries = runs.summaries(context, [own, preset])
    accuracy = {number: summaries[number]["test_accuracy"].last for number in (own, preset)}
    assert all(0.96 < value < 0.99 for value in accuracy.values()), accuracy
    page.goto(f"/compare?runs={own},{preset}")
    settled(page)
    assert chart_points(page) == [5, 5]  # epochs, of the one and of the other


FOLLOWED = """
import keras, traindeck
from sklearn.datasets import load_iris

keras.utils.set_random_seed(0)
x, y = load_iris(return_X_y=True)
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(32, "relu"), keras.layers.Dense(3, "softmax")])
model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x.astype("float32"), y, epochs=20, verbose=0, callbacks=[traindeck.KerasCallback(data="iris")])
"""


def test_the_best_network_of_a_script_is_evaluated_tried_and_exported_on_its_page(
    page: Page, shared_workspace: Workspace, projects: Path
) -> None:
    context = Context.of_shell(shared_workspace)
    (projects / "iris").mkdir()
    (projects / "iris" / "train.py").write_text(FOLLOWED)
    own = launched(page, projects / "iris", {})  # nobody trained on iris here: the data set as it is
    ended(context, own)
    page.goto(f"/run?id={own}&run_view=Evaluation")
    settled(page)
    key(page, "run_judge_evaluation").get_by_role("button").click()
    expect(page.get_by_text("Accuracy", exact=False).first).to_be_visible(timeout=120_000)
    page.goto(f"/run?id={own}&run_view=Try+it")
    settled(page)
    expect(page.get_by_text("Predicted").first).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Export", exact=True).click()
    key(page, "run_export_apply").get_by_role("button").click()
    page.wait_for_url("**/models?*models_view=Exports*")
    version = models.of_runs(context, [own])[0]
    assert version.metrics["test_accuracy"] > 0.8
    wait_until(lambda: exports.listing(context, version), "the export is there")
    page.goto(f"/run?id={own}")
    expect(page.get_by_text(f"Model {version.title}")).to_be_visible()
    models.delete_model(context, version.model)
