"""Commands about the runs of a server: they print what they print on its host, and change what they change there."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.config.edit import Raw, with_values
from core.config.presets import get_preset
from core.evaluation import report_files
from core.evaluation.report import Report
from core.jobs.evaluation import Evaluated
from core.runs.records import RunQuery
from core.sweeps import managing
from core.sweeps.asked_sweep import fields_of
from core.sweeps.trial_names import of_sweep
from db.records import RunState
from tests import jobs
from tests.conftest import AddRun
from tests.core.cli.conftest import Core
from tests.host import wait_until
from tests.server import Server

TOLD = (
    ["runs"],
    ["runs", "--json"],
    ["runs", "--csv", "--limit", "1"],
    ["runs", "tag:best val_loss.best < 1", "--json"],
    ["runs", "no such thing >"],
    ["show", "wide"],
    ["show", "1", "--json"],
    ["metrics", "1", "val_loss"],
    ["metrics", "1", "val_loss", "--csv"],
    ["metrics", "1", "nothing"],
    ["compare", "1", "2", "--json"],
    ["compare", "3", "4", "--json"],
    ["log", "1"],
    ["show", "99"],
    ["presets", "--json"],
)


@pytest.fixture
def server(context: Context, workspace: Workspace, add_run: AddRun, raw_config: Raw) -> Iterator[Server]:
    old = dict.fromkeys(("created_at", "queued_at", "starting_at", "training_at", "finished_at"), 1000000000.0)
    add_run(name="wide", tags=["best"], notes="*Mine*", metrics={"val_loss": [0.5, float("nan"), 0.25]}, **old)
    add_run(name="narrow", state=RunState.FAILED, reason="It failed.", metrics={"val_loss": [2.0]}, **old)
    for batch in (16, 64):
        config, metrics = with_values(raw_config, {"training.batch_size": batch}), {"loss": [0.1], "val_loss": [0.5]}
        add_run(name="tried", tags=[of_sweep(1)], config=config, metrics=metrics, **old)
    fields = [{"field": "training.batch_size", "range": {"kind": "choices", "values": [16, 64]}}]
    goals = [{"metric": "loss"}]
    managing.start(context, {"base": raw_config, "fields": fields, "method": "random", "goals": goals}, "", (3, 4))
    managing.stop(context, 1)
    workspace.settings.run_dir(1).mkdir(parents=True)
    workspace.settings.log_file(1).write_text("one\ntwo\n")
    started = Server(workspace.settings.model_copy(update={"standby": False}))
    started.start(until_healthy=False)
    yield started
    started.close()


def test_a_server_is_asked_and_told_as_the_workspace_itself_is(
    server: Server, core: Core, context: Context, tmp_path: Path
) -> None:
    elsewhere = {"TRAINDECK_HOME": str(tmp_path / "nothing"), "TRAINDECK_URL": server.url}
    for arguments in TOLD:
        here, there = core(*arguments), core(*arguments, **elsewhere)
        assert (there.returncode, there.stdout) == (here.returncode, here.stdout), arguments
        assert (there.stdout or there.stderr) == (here.stdout or here.stderr), arguments
    assert core("tag", "2", "slow", "--server", server.url, TRAINDECK_HOME=elsewhere["TRAINDECK_HOME"]).returncode == 0
    assert core("delete", "2", **elsewhere).returncode == 0
    assert runs.get(context, 2).tags == ("slow",)
    assert [run.id for run in runs.listing(context, RunQuery()).runs] == [4, 3, 1]
    assert not (tmp_path / "nothing").exists()
    refused = core("datasets", **elsewhere)
    assert refused.returncode != 0
    assert "works on the workspace and the files of this host" in refused.stderr
    server.end()
    away = core("runs", **elsewhere)
    assert away.returncode != 0
    assert f"{server.url} cannot be reached" in away.stderr


def test_configs_of_a_server_are_judged_by_last_values_where_its_newest_sweep_went_by_these(
    server: Server, core: Core, context: Context, add_run: AddRun, raw_config: Raw, tmp_path: Path
) -> None:
    one, other = (
        add_run(config=with_values(raw_config, {"training.batch_size": size}), metrics={"val_loss": losses})
        for size, losses in ((8, [0.1, 0.9]), (16, [0.5, 0.4]))
    )
    fields = [field.model_dump(mode="json") for field in fields_of(["training.batch_size=8,16"])]
    goals = [{"metric": "val_loss", "kind": "last"}]
    values = {"base": raw_config, "fields": fields, "method": "grid", "goals": goals, "budget": {"trials": 2}}
    managing.start(context, values, "", (one, other))
    elsewhere = {"TRAINDECK_HOME": str(tmp_path / "nothing"), "TRAINDECK_URL": server.url}
    asked = ("compare", str(one), str(other), "--json")
    here, there = core(*asked), core(*asked, **elsewhere)
    assert json.loads(there.stdout)["verdict"]["kind"] == "last"
    assert there.stdout == here.stdout


def test_a_servers_host_evaluates_and_the_command_waits_for_it(
    server: Server, core: Core, workspace: Workspace, add_run: AddRun, tmp_path: Path
) -> None:
    elsewhere = {"TRAINDECK_HOME": str(tmp_path / "nothing"), "TRAINDECK_URL": server.url}
    run = add_run(config=get_preset("iris-mlp").raw)
    refused = core("evaluate", str(run), **elsewhere)
    assert (refused.returncode, "left no best checkpoint to evaluate" in refused.stderr) == (2, True)
    checkpoint = workspace.settings.run_dir(run) / "checkpoints" / runs.BEST_CHECKPOINT
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    checkpoint.write_bytes(b"weights")
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(core, "evaluate", str(run), "--json", **elsewhere)
        wait_until(lambda: jobs.open_jobs(workspace, "evaluation") != [], "it is asked for")
        report = Report(task="regression", kind="rows", examples=4, loss=0.5)
        path = report_files.file(workspace.settings, run, report_files.REPORT)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(report.model_dump_json())
        jobs.answer(workspace, "evaluation", Evaluated(step=7, metrics=report.metrics()))
        done = asked.result(timeout=120)
    assert (done.returncode, json.loads(done.stdout)) == (
        0,
        {"run": run, "step": 7, "epoch": None, "metrics": report.metrics(), "notices": []},
    ), done.stderr
