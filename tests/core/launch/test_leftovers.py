"""A training leaves nothing in the temporary folder of the host, neither when it ends nor when it is killed."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.common.workspace import Workspace
from db.records import RunState
from tests.host import ENDLESS, Host, paths_in, trainer, wait_until


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of the host's processes."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def host(workspace: Workspace, shared: Path) -> Iterator[Host]:
    started = Host(workspace)
    started.start()
    yield started
    started.clear()
    started.end()


def test_a_training_leaves_nothing_in_the_temporary_folder_even_when_it_is_killed(host: Host, shared: Path) -> None:
    finished = host.launch(**{"training.epochs": 2})
    assert host.ended(finished).state is RunState.FINISHED
    wait_until(lambda: not paths_in(shared), "nothing is left of the training that finished")

    run_id = host.launch(**{**ENDLESS, "training.engine": "xla"})  # whose loop AutoGraph converts
    process = trainer(host.learning(run_id))
    written = [path for path in paths_in(shared) if path.name.startswith("__autograph_generated_file")]
    assert written, "AutoGraph writes no files any more: drop this"
    process.signal_group(signal.SIGKILL)
    assert host.ended(run_id).state is RunState.LOST
    wait_until(lambda: not paths_in(shared), "nothing is left of the training that was killed")
