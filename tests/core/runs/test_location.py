"""What lies here under the number of another host's run is not that run's: it is told where its files are."""

import socket
from pathlib import Path

import pytest

import db.runs
from core import runs
from core.common.context import Context
from core.common.errors import ConfigError, NotFoundError, StateError
from core.config.edit import Raw
from core.jobs import prediction
from core.runs.location import register_host
from core.web.api import build_api
from db.records import ArtifactRecord, RunRecord, RunState
from tests.asgi import ask
from tests.conftest import AddRun, Python


@pytest.fixture
def away(context: Context, add_run: AddRun) -> RunRecord:
    """A run of host "beta", and files of some other run here under its number."""
    register_host(context.workspace)  # what is registered later has not always been here
    run_id = add_run(state=RunState.FAILED, host="beta", reason="died")
    folder = context.workspace.settings.run_dir(run_id)
    for name in ("log.txt", "checkpoints/best.keras", "checkpoints/last.keras"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("of another run")
    with context.workspace.write() as session:
        path = "checkpoints/best.keras"
        db.runs.put_artifact(session, ArtifactRecord(run_id, "best.keras", "checkpoint", path, 3, 0.0))
    return runs.get(context, run_id)


def test_its_log_and_files_are_told_to_be_on_the_other_host(context: Context, away: RunRecord) -> None:
    assert runs.log_tail(context, away.id).startswith(f"The log of run {away.id} is on host beta")
    with pytest.raises(NotFoundError, match="on host beta"):
        runs.log_file(context, away.id)
    with pytest.raises(NotFoundError, match="on host beta"):
        runs.artifact_file(context, away.id, "best.keras")


def test_its_checkpoints_are_not_used(context: Context, away: RunRecord, raw_config: Raw) -> None:
    assert not runs.can_resume(context, away)
    assert not runs.has_checkpoint(context, away)
    assert prediction.stamp(context, away) is None
    assert "on host beta" in prediction.not_ready(context, away)
    with pytest.raises(StateError, match=r"cannot be resumed here\..* on host beta"):
        runs.resume(context, away.id)
    with pytest.raises(ConfigError, match="no checkpoint to begin from on this host"):
        runs.create(context, runs.Draft({**raw_config, "fine_tune": {"run": away.id}}))


def test_emptying_the_trash_leaves_what_is_not_its_own(context: Context, away: RunRecord) -> None:
    runs.trash(context, [away.id])
    assert runs.empty_trash(context).count == 1
    assert context.workspace.settings.log_file(away.id).is_file()


def test_the_http_interface_says_so(context: Context, away: RunRecord) -> None:
    api = build_api(lambda: context.workspace)
    for path in ("log", "artifacts/best.keras"):
        answer = ask(api, "GET", f"/runs/{away.id}/{path}")
        assert (answer.status, "on host beta" in answer.json()["error"]) == (404, True)


def test_the_command_line_says_so(away: RunRecord, python: Python) -> None:
    told = python("from core.cli.commands import main; import sys; main()", "show", away.id)
    assert "on host beta" in " ".join(told.stdout.split()), told.stderr
    assert "of another run" not in told.stdout


def test_a_folder_remembers_the_names_of_its_hosts(
    context: Context, away: RunRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a container is made anew, with the same folder and another name."""
    mine = runs.get(context, away.id)
    own = socket.gethostname()
    monkeypatch.setattr(socket, "gethostname", lambda: "anew")
    register_host(context.workspace)
    with context.workspace.write() as session:
        db.runs.update(session, mine.id, host=own)
    assert runs.log_tail(context, mine.id) == "of another run"
    assert (context.workspace.settings.home / "hosts.txt").read_text().split() == [own, "anew"]


def test_in_a_folder_of_before_names_were_kept_everything_is_here(
    context: Context, add_run: AddRun, tmp_path: Path
) -> None:
    old = runs.get(context, add_run(host="old-name"))
    assert runs.elsewhere(context.workspace.settings, old)
    register_host(context.workspace)
    together = context.workspace.settings.database_file is not None  # else the store is of many folders
    assert bool(runs.elsewhere(context.workspace.settings, old)) is not together
