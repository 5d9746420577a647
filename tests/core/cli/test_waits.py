"""Commands beside a supervisor at work, and those that wait for what it does."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import runs
from core.common.settings import PROJECT_ROOT, Settings
from core.common.workspace import Workspace
from core.config.presets import get_preset
from tests.conftest import DATA
from tests.core.cli.conftest import Core, answer
from tests.host import ENDLESS, PATIENCE_SECONDS, Host, wait_until
from tests.processes import command


@pytest.fixture
def started(environment: dict[str, str]) -> Core:
    """`started("runs")` runs `python -m core runs` in an interpreter of its own, as people start it."""

    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "core", *arguments]
        return subprocess.run(
            line, cwd=PROJECT_ROOT, env=environment | more, capture_output=True, text=True, timeout=600, check=False
        )

    return run


@pytest.fixture(scope="module")
def shared_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """At work, and ready to train, on a workspace of its own."""
    folder = tmp_path_factory.mktemp("commands")
    workspace = Workspace.open(
        Settings(home=folder / "workspace", user="ada", data_dir=DATA if DATA.is_dir() else None)
    )
    host = Host(workspace)
    try:
        host.start()
        host.standby()
        yield host
    finally:
        host.close()
        workspace.close()


@pytest.fixture
def host(shared_host: Host) -> Iterator[Host]:
    """Its runs end with the test."""
    yield shared_host
    shared_host.clear()


@pytest.fixture
def at_host(host: Host) -> Core:
    """As `core`, on the workspace of the host."""
    environment = {**os.environ, **host.workspace.settings.environment(), "PYTHONPATH": str(PROJECT_ROOT)}
    return lambda *arguments, **more: command(arguments, environment | more)


def test_a_wait_sees_mnist_through_without_a_server_and_prints_its_result(started: Core, data_dir: Path) -> None:
    done = started("launch", "mnist-mlp", "--wait", "--json", TRAINDECK_DATA_DIR=str(data_dir))
    result = answer(done)
    assert done.returncode == 0, result
    assert result["status"] == "finished"
    assert result["error"] is None
    assert result["summary"]["test_accuracy"]["last"] > 0.97
    assert result["config"]["training"]["epochs"] == 5
    assert set(result["seconds"]) == {"queued", "starting", "training", "evaluation", "total"}
    assert all(seconds is not None for seconds in result["seconds"].values())


def test_a_wait_for_a_run_that_fails_exits_with_one_and_says_why(at_host: Core) -> None:
    sgd = ["--set", "training.optimizer.name=sgd", "--set", "training.optimizer.learning_rate=100"]
    late = ["--set", "training.schedule.name=cosine", "--set", "training.schedule.warmup=5000"]
    late += ["--set", "training.epochs=10000", "--set", "training.early_stopping=null"]
    late += ["--set", "architecture.activation=linear"]  # units of relu may all die, and then nothing grows any more
    done = at_host("launch", "iris-mlp", *sgd, *late, "--wait", "--json")
    assert done.returncode == 1
    assert "no longer a number" in answer(done)["error"]


def test_a_preflight_says_what_a_run_will_take_and_refuses_one_that_fails_at_once(
    core: Core, at_host: Core, host: Host
) -> None:
    refused = core("launch", "iris-mlp", "--preflight")
    assert refused.returncode == 2
    assert "No supervisor is at work" in refused.stderr
    sgd = ["--set", "training.optimizer.name=sgd", "--set", "training.optimizer.learning_rate=100"]
    refused = at_host("launch", "iris-mlp", *sgd, "--preflight", "--wait")
    assert refused.returncode == 2
    assert "training.optimizer.learning_rate" in refused.stderr
    assert not runs.active(host.context)
    tried = at_host("launch", "iris-mlp", "--set", "training.epochs=2", "--preflight", "--wait", "--json")
    assert "Tried a batch: about" in tried.stderr
    assert answer(tried)["status"] == "finished"


def test_layers_that_do_not_fit_are_refused_before_they_are_queued(at_host: Core, host: Host, tmp_path: Path) -> None:
    raw = get_preset("digits-cnn").raw
    raw["architecture"] = {
        "name": "layers",
        "layers": [{"layer": "Conv2D", "arguments": {"filters": 8, "kernel_size": 20}}, {"layer": "Flatten"}],
    }
    file = tmp_path / "config.json"
    file.write_text(json.dumps(raw))
    for arguments in ([], ["--wait"]):
        done = at_host("launch", str(file), *arguments, TRAINDECK_CHECK_SECONDS="300")
        assert done.returncode == 2
        assert "Conv2D" in done.stderr
        assert "architecture.layers" in done.stderr
    assert not runs.active(host.context)


def test_cifar_trains_a_few_steps_from_the_published_pictures_once_they_are_there(
    core: Core, at_host: Core, data_dir: Path, tmp_path: Path
) -> None:
    few = ["--set", "training.max_steps=3", "--set", "evaluation.test=false", "--set", "training.record_steps=true"]
    launch = ["launch", "cifar10-cnn", *few, "--wait", "--json"]
    broken = tmp_path / "cifar10" / "cifar10.npz"
    broken.parent.mkdir()
    broken.write_bytes(b"half a download")
    refused = core(*launch, TRAINDECK_DATA_DIR=str(tmp_path))
    assert refused.returncode == 2
    assert "cifar10.npz" in refused.stdout
    done = at_host(*launch, TRAINDECK_DATA_DIR=str(data_dir))
    result = answer(done)
    assert done.returncode == 0, result
    assert result["step"] == 3
    assert result["summary"]["step_loss"]["last"] == pytest.approx(2.3, abs=0.5)


def test_an_interrupted_wait_leaves_the_training_and_says_so(host: Host) -> None:
    sets = [argument for path, value in ENDLESS.items() for argument in ("--set", f"{path}={json.dumps(value)}")]
    waiting = subprocess.Popen(
        [sys.executable, "-m", "core", "launch", "digits-mlp", *sets, "--wait"],
        cwd=PROJECT_ROOT, env=os.environ | host.workspace.settings.environment(), text=True,
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,
    )  # fmt: skip
    wait_until(lambda: runs.active(host.context), "the run is queued")
    run = host.learning(runs.active(host.context)[0].id)
    os.kill(waiting.pid, signal.SIGINT)
    _, told = waiting.communicate(timeout=PATIENCE_SECONDS)
    assert waiting.returncode == 130
    assert "goes on" in told
    step = host.run(run.id).step
    wait_until(lambda: host.run(run.id).step > step, "the training goes on")
