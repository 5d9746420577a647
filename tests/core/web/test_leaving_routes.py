"""Runs as a file to take away, over HTTP."""

from pathlib import Path

import pytest

from core.common.context import Context
from core.common.workspace import Workspace
from db.records import RunState
from tests.asgi import ask
from tests.conftest import AddRun
from tests.core.web.one_api import api_of


@pytest.mark.parametrize("form", ["bundle", "tensorboard", "csv"])
def test_runs_are_taken_away_as_a_zip_and_nothing_stays(
    workspace: Workspace, context: Context, add_run: AddRun, form: str
) -> None:
    api = api_of(workspace)
    first, running = add_run(metrics={"loss": [0.5]}), add_run(state=RunState.RUNNING)

    answer = ask(api, "GET", f"/exports?form={form}&runs={first}")

    assert answer.status == 200
    assert answer.body.startswith(b"PK")
    assert f'filename="traindeck-{form}-1-runs.zip"' in answer.headers["content-disposition"]
    assert ask(api, "GET", f"/exports?form={form}&runs=999").status == 404
    assert ask(api, "GET", f"/exports?form={form}&runs=1;2").status == 422
    if form == "bundle":
        assert ask(api, "GET", f"/exports?runs={running}").status == 409
    assert list(Path(workspace.settings.cache_dir).glob("export-*")) == []
