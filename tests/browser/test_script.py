"""The Script page in a real browser: people's own scripts, as they are, from a folder to their result."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.runs.records import RunQuery
from db.records import RunRecord, RunState
from tests.browser.conftest import fill, key, settled
from tests.core.scripts.test_parameters import SAMPLES
from tests.host import wait_until

SAMPLE = "keras_argparse"


@pytest.fixture(scope="module")
def projects(shared_workspace: Workspace) -> Path:
    place = shared_workspace.settings.home / "projects"
    shutil.copytree(SAMPLES / SAMPLE, place / SAMPLE)
    return place


def newest(context: Context) -> RunRecord:
    return runs.listing(context, RunQuery(limit=1)).runs[0]


def test_a_script_runs_as_it_is_from_its_folder_to_its_result(
    page: Page, shared_workspace: Workspace, projects: Path
) -> None:
    page.goto(f"/script?script_folder={projects / SAMPLE}")
    settled(page)
    fill(page, "epochs", "3")
    key(page, "script_launch").get_by_role("button").click()
    page.wait_for_url("**/run?id=*")
    context = Context.of_shell(shared_workspace)
    launched = newest(context)
    run = wait_until(lambda: (run := runs.get(context, launched.id)).state.is_finished and run, "the run ends")
    assert run.state is RunState.FINISHED, runs.log_tail(context, run.id, 100)
    expect(page.get_by_text("finished", exact=False).first).to_be_visible()
    assert runs.history(context, run.id, "val_accuracy").step.tolist() == [2, 4, 6]
    assert "model.keras" in {each.name for each in runs.artifacts(context, run.id)}
