"""The process that times the modes: what it costs at most, what it tells when it is killed, what it tries."""

import json
import resource
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.core.warm import Warm, eventually

if TYPE_CHECKING:  # imports TensorFlow
    from core.engine.trial import Timing

Told = Iterator[tuple[str, "Timing | None"]]
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
    import psutil

    from core.common.settings import Settings
    from core.config.run import RunConfig
    from core.engine.trial import Trial

    trial = Trial(Settings())
    process = psutil.Process().children()[-1]
    started = time.monotonic()
    trial.begin(RunConfig.model_validate(raw), seconds, on_gpu)
    eventually(trial.has_ended)
    trial.close()
    return {
        "complete": trial.is_complete,
        "timings": list(trial.timings),
        "abandoned": trial.abandoned,
        "spent": trial.spent,
        "clock": time.monotonic() - started,
        "modes": {name: [each.setup, each.step] for name, each in trial.timings.items()},
        "alive": process.is_running(),
    }


def put_in_place(measure: Callable[..., Told], *, since_first_way: bool = False) -> None:
    """Have trials measure by this function; with their limits counted from the first mode's begin on, if wanted: what
    comes before it takes a slow machine longer than a trial may take. Here no trial waits for its turn on a device.
    """
    from core.engine import trial

    limit = trial._limit
    given: list[Any] = []

    def measured(*arguments: Any) -> Told:
        for number, told in enumerate(measure(*arguments)):
            yield told  # is told before the next line
            if since_first_way and number == 0:
                seconds, clock = given
                limit(seconds + _used() + 1, clock)

    def note(seconds: int, clock: int) -> None:
        given[:] = seconds, clock

    vars(trial)["measure"] = measured
    if since_first_way:
        vars(trial)["_limit"] = note


def _used() -> int:
    """Whole seconds of CPU time that this process has taken."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return int(used.ru_utime + used.ru_stime)


def ended_compiling() -> dict[str, Any]:
    """A trial of a network that XLA compiles for longer than it may, with all the time by the clock that it wants."""
    from core.engine import trial

    vars(trial)["PATIENCE"] = 1000
    put_in_place(trial.measure, since_first_way=True)
    return ended(DEEP, 1, False)


def ended_waiting(seconds: int, on_gpu: bool) -> dict[str, Any]:
    """A trial that waits without any CPU time, as for its turn on a card."""

    def wait(*_: object) -> Told:
        yield "xla", None
        time.sleep(3600)

    put_in_place(wait, since_first_way=True)
    return ended(DEEP, seconds, on_gpu)


def ended_by_an_error() -> dict[str, Any]:
    from core.engine import trial

    def fail(*_: object) -> Told:
        yield "xla", None
        yield "xla", trial.Timing(1.0, 0.1)
        yield "step", None
        raise MemoryError

    put_in_place(fail)
    return ended(DEEP, 3600, False)


def ended_by_itself(raw: dict[str, Any]) -> dict[str, Any]:
    """A trial that may take as long as it wants."""
    return ended(raw, 3600, False)


def limits_of(seconds: int, on_gpu: bool) -> dict[str, Any]:
    """What the kernel knows of a trial: its limits of CPU time, soft and hard, and by the clock; and its title."""
    import signal

    import psutil

    def tell(*_: object) -> Told:
        soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
        clock = round(signal.getitimer(signal.ITIMER_REAL)[0])
        yield json.dumps({"cpu": [soft, hard], "clock": clock, "title": " ".join(psutil.Process().cmdline())}), None
        raise MemoryError

    put_in_place(tell)
    found: dict[str, Any] = json.loads(ended(DEEP, seconds, on_gpu)["abandoned"].partition(" was abandoned")[0])
    return found


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
    from core.engine.trial import network, random_examples

    raw = {"data": {"source": "iris"}, "architecture": NETWORKS["mlp"], "fine_tune": {"run": 1, "freeze": freeze}}
    config = RunConfig.model_validate(raw)
    model = network(config, random_examples(config.data.info(Settings()), 64))
    return sorted({weight.path.partition("/")[0] for weight in model.trainable_variables})


def test_a_compilation_that_takes_too_long_is_abandoned_at_the_limit(warm: Warm) -> None:
    found = warm.call(f"{HERE}ended_compiling")
    assert found["abandoned"] == "xla was abandoned after 1 s of CPU time"
    assert (found["complete"], found["timings"], found["spent"], found["alive"]) == (False, [], 1, False)


@pytest.mark.parametrize(("on_gpu", "clock"), [(False, 400), (True, 100)])
def test_the_kernel_limits_a_trials_cpu_time_and_its_time_by_the_clock(warm: Warm, on_gpu: bool, clock: int) -> None:
    found = warm.call(f"{HERE}limits_of", 100, on_gpu)
    assert found["cpu"] == [100, 101]
    assert clock - 60 <= found["clock"] <= clock  # less what has passed since
    assert found["title"].strip() == "traindeck: trial"


@pytest.mark.parametrize(("name", "compiled"), [("mlp", ["xla"]), ("cnn", [])])
def test_a_trial_that_may_take_its_time_tells_every_way(warm: Warm, name: str, compiled: list[str]) -> None:
    found = warm.call(f"{HERE}ended_by_itself", {"data": {"source": "digits"}, "architecture": NETWORKS[name]})
    assert (found["complete"], found["abandoned"]) == (True, "")
    assert list(found["modes"]) == [*compiled, "step", "stream", "fit"]
    assert all(setup > 0 and step > 0 for setup, step in found["modes"].values())


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
