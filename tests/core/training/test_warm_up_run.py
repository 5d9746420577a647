"""A run in a process that is warmed up comes out as in a fresh one, to the last bit; a host has such processes."""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.config.presets import PRESETS
from core.runs.kinds import NETWORK
from db.records import RunRecord, RunState
from tests import leftovers
from tests.calm import SPARES
from tests.core.conftest import Queue, StartRun
from tests.host import Host, host_of, trainer, wait_until

DIGITS = {"source": "digits", "limit": 200}
RUNS: dict[str, dict[str, Any]] = {
    "dropout": {"architecture": {"name": "mlp", "hidden": [8], "dropout": 0.5, "batch_norm": True}},
    "pictures that are changed at random, every bit counting": {
        "data": {**DIGITS, "augmentation": {"rotation": 10, "mixup": 0.2}},
        "architecture": {"name": "cnn", "filters": [4], "hidden": [8], "dropout": 0.2},
        "deterministic": True,
    },
    "bfloat16 by tf.data": {"data": DIGITS, "training": {"precision": "mixed_bfloat16", "engine": "stream"}},
}
SERIES = ("loss", "val_loss", "val_accuracy", "test_loss", "learning_rate")


def warmed_up(environment: dict[str, str], run_id: int, attempt: int) -> int:
    """A trainer's process that has been a spare."""
    import os

    os.environ.update(environment)
    from core.engine.trial import make_ahead
    from core.training.warm_up_run import warm_up
    from tests.core.inside import train

    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    make_ahead(Settings())
    warm_up()
    return train(environment, run_id, attempt)


def threads_of(raw: dict[str, Any]) -> int:
    """That an operation of this config takes; 0 where TensorFlow decides."""
    import tensorflow as tf

    from core.config.run import RunConfig
    from core.engine.recurrent_sharing import choose_threads

    choose_threads(RunConfig.model_validate(raw))
    return int(tf.config.threading.get_intra_op_parallelism_threads())


def _left(context: Context, run: RunRecord) -> dict[str, Any]:
    """All that came of a run, but for its name and times."""
    series = {name: runs.history(context, run.id, name).value.tolist() for name in SERIES}
    parts: dict[str, Any] = {}
    for name in ("last.keras", "best.keras"):
        with zipfile.ZipFile(runs.artifact_file(context, run.id, name)) as archive:
            position = json.loads(archive.read("traindeck.json"))
            weights = hashlib.sha256(archive.read("model.weights.h5")).hexdigest()
            config = re.sub(
                r'"shared_object_id": \d+', "", archive.read("config.json").decode()
            )  # an address in memory
            parts[name] = config, weights, {**position, "run": ""}
    predictions = runs.artifact_file(context, run.id, "predictions.parquet").read_bytes()
    return {"series": series, "predictions": predictions, **parts}


@pytest.mark.parametrize("raw", RUNS.values(), ids=list(RUNS))
def test_what_comes_of_a_run_is_the_same_in_a_process_that_is_warmed_up(
    context: Context, queue: Queue, start: StartRun, raw: dict[str, Any]
) -> None:
    raw = {**raw, "training": {"epochs": 3, "batch_size": 16, **raw.get("training", {})}, "seed": 5}
    fresh, spare = queue(**raw), queue(**raw)
    for run_id, function in ((fresh, ""), (spare, f"{__name__}:warmed_up")):
        child = start(run_id, function)
        assert child.wait() == 0, child.log
    ended = runs.get(context, fresh), runs.get(context, spare)
    assert [run.state for run in ended] == [RunState.FINISHED] * 2
    assert _left(context, ended[0]) == _left(context, ended[1])
    assert len(runs.history(context, spare, "val_loss")) == 3


@pytest.mark.parametrize(
    "name", ["sentiment-lstm", "sentiment-transformer", "sunspots-gru", "text-generator", "digits-cnn"]
)
def test_a_config_that_sets_threads_is_not_for_a_process_that_has_them(name: str, warm: Any) -> None:
    raw = PRESETS[name].raw
    threads = warm.call(f"{__name__}:threads_of", raw)
    cores = len(psutil.Process().cpu_affinity())
    assert NETWORK.spare(raw) == (name not in ("sentiment-lstm", "sunspots-gru"))
    assert cores > 4 or NETWORK.spare(raw) == (threads == 0)


@pytest.mark.parametrize("raw", [{}, [], None, {"architecture": "mlp"}, {"architecture": None}])
def test_a_config_that_nobody_understands_is_not_for_it_either(raw: Any) -> None:
    assert not NETWORK.spare(raw)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with host_of(tmp_path / "host", SPARES) as host:
        host.start()
        yield host


def test_the_run_after_the_first_is_taken_by_the_spare_and_tries_modes_as_any(host: Host) -> None:
    standby = psutil.Process(host.standby().pid)
    launched = {"training.epochs": 2, "data.limit": 100}
    assert host.ended(host.launch(**launched)).state is RunState.FINISHED

    [spare] = wait_until(lambda: leftovers.children(standby, "spare"), "a spare is ready")
    left_to_it = host.launch(**launched, **{"training.engine": "auto"})
    run = host.ended(left_to_it)
    assert (run.state, run.reason, trainer(run).pid) == (RunState.FINISHED, "", spare.pid)
    wait_until(lambda: leftovers.children(standby, "spare"), "there is another")
