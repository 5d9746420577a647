"""The process that times the modes: what it costs at most, what it tells when it is killed, what it tries."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.core.warm import Warm, eventually

HERE = "tests.core.engine.test_trial:"
DEEP = {"data": {"source": "digits"}, "architecture": {"name": "mlp", "hidden": [8] * 80}}  # XLA needs many seconds
NETWORKS: dict[str, dict[str, Any]] = {
    "mlp": {"name": "mlp", "hidden": [8]},
    "cnn": {"name": "cnn", "filters": [4], "hidden": [8]},
    "lstm": {"name": "recurrent", "units": [4]},
    "gru both ways": {"name": "recurrent", "cell": "gru", "units": [4], "bidirectional": True},
    "transformer": {"name": "transformer", "width": 8, "heads": 2},
}


def ended(raw: dict[str, Any], seconds: int, on_gpu: bool) -> dict[str, Any]:
    """A trial from its begin to its end, and what it took."""
    import resource

    import psutil

    from core.common.settings import Settings
    from core.config.run import RunConfig
    from core.engine.trial import Trial

    trial = Trial(Settings(), RunConfig.model_validate(raw))
    process = psutil.Process().children()[-1]
    started = time.monotonic()
    trial.begin(seconds, on_gpu)
    eventually(trial.has_ended)
    trial.close()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "complete": trial.is_complete,
        "timings": list(trial.timings),
        "abandoned": trial.abandoned,
        "spent": trial.spent,
        "clock": time.monotonic() - started,
        "cpu": used.ru_utime + used.ru_stime,
        "alive": process.is_running(),
    }


def ended_waiting(seconds: int, on_gpu: bool) -> dict[str, Any]:
    """A trial that waits without any CPU time, as for its turn on a card."""
    from core.engine import trial

    def wait(*_: object) -> Iterator[tuple[str, None]]:
        yield "xla", None
        time.sleep(60)

    vars(trial)["measure"] = wait
    return ended(DEEP, seconds, on_gpu)


def ended_by_an_error() -> dict[str, Any]:
    from core.engine import trial

    def fail(*_: object) -> Iterator[tuple[str, trial.Timing | None]]:
        yield "xla", None
        yield "xla", trial.Timing(1.0, 0.1)
        yield "step", None
        raise MemoryError

    vars(trial)["measure"] = fail
    return ended(DEEP, 3, False)


def may_pay(architecture: dict[str, Any]) -> dict[str, bool]:
    """Whether XLA may, by device."""
    from pydantic import TypeAdapter

    from core.config.run import AnyArchitecture
    from core.data.base import DataInfo
    from core.engine import trial

    chosen: Any = TypeAdapter(AnyArchitecture).validate_python(architecture)
    shape: tuple[int, ...] = (8, 8, 1) if "image" in chosen.kinds else (6,)
    kind: Any = "image" if "image" in chosen.kinds else "text"
    model = chosen.build(DataInfo(shape, ("a", "b", "c"), 8, 0, kind=kind, vocabulary=20))
    return {device: trial.may_pay(model, device) for device in ("cpu", "gpu")}


def trained_weights(freeze: list[str]) -> list[str]:
    """Of the network that a trial of a fine-tuned run times."""
    from core.common.settings import Settings
    from core.config.run import RunConfig
    from core.engine.trial import _random, network

    raw = {"data": {"source": "iris"}, "architecture": NETWORKS["mlp"], "fine_tune": {"run": 1, "freeze": freeze}}
    config = RunConfig.model_validate(raw)
    model = network(config, _random(config.data.info(Settings()), 64))
    return sorted({weight.path.partition("/")[0] for weight in model.trainable_variables})


def test_a_compilation_that_takes_too_long_is_abandoned_at_the_limit(warm: Warm) -> None:
    found = warm.call(f"{HERE}ended", DEEP, 1, False)
    assert found["abandoned"] == "xla was abandoned after 1 s of CPU time"
    assert (found["complete"], found["timings"], found["spent"], found["alive"]) == (False, [], 1, False)
    assert 1 <= found["cpu"] < 1.2  # what the kernel needs to end it counts, too


@pytest.mark.parametrize(
    ("on_gpu", "clock", "spent"), [(True, 1, 1), (False, 4, 0)], ids=["that it shares", "that is at full load"]
)
def test_a_trial_that_gets_no_turn_on_its_device_is_abandoned(warm: Warm, on_gpu: bool, clock: int, spent: int) -> None:
    found = warm.call(f"{HERE}ended_waiting", 1, on_gpu)
    assert found["abandoned"] == f"xla was abandoned after {clock} s"
    assert (found["complete"], found["spent"], found["alive"]) == (False, spent, False)
    assert found["clock"] >= clock


def test_a_trial_that_dies_has_told_what_it_knew(warm: Warm) -> None:
    found = warm.call(f"{HERE}ended_by_an_error")
    assert (found["complete"], found["timings"]) == (False, ["xla"])
    assert found["abandoned"] == "step was abandoned when its process died"


@pytest.mark.parametrize(
    ("name", "on_cpu", "on_gpu"),
    [
        ("mlp", True, True),
        ("cnn", False, True),
        ("lstm", False, False),
        ("gru both ways", False, False),
        ("transformer", True, True),
    ],
)
def test_xla_is_tried_only_where_it_can_pay(warm: Warm, name: str, on_cpu: bool, on_gpu: bool) -> None:
    assert warm.call(f"{HERE}may_pay", NETWORKS[name]) == {"cpu": on_cpu, "gpu": on_gpu}


def test_a_trial_freezes_the_layers_that_its_run_freezes(warm: Warm) -> None:
    assert warm.call(f"{HERE}trained_weights", []) == ["dense_1", "logits"]
    assert warm.call(f"{HERE}trained_weights", ["dense_1"]) == ["logits"]
