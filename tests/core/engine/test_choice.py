"""Which mode executes a run, and what it costs to find out."""

import itertools
import json
import select
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from db.records import RunRecord, RunState
from tests.core.conftest import Queue, StartRun
from tests.core.warm import Warm, eventually

INSIDE = "tests.core.inside:"
HERE = "tests.core.engine.test_choice:"
Train = Callable[[int], RunRecord]

LONG: dict[str, Any] = {
    "data": {"source": "digits", "validation_split": 0.0},
    "training": {"epochs": 1_000_000, "batch_size": 32},
    "evaluation": {"test": False},
}
DEEP = {"data": {"source": "digits"}, "architecture": {"name": "mlp", "hidden": [8] * 80}}  # XLA needs many seconds


class Paced(SimpleNamespace):
    """What a choice asks an engine for; `step_seconds` is what the next call takes for a step."""

    def __init__(self, mode: str, step_seconds: float) -> None:
        super().__init__(mode=mode, setup_seconds=0.1, step_seconds=step_seconds)

    def use(self, mode: str) -> None:
        self.mode = mode


def limits(seconds: float, third_call: float, on_gpu: bool = False) -> list[list[int]]:
    """Seconds of CPU time and by the clock that a trial may take after each of four calls, in a training of so many
    seconds, the third call of which takes so many times longer.
    """
    from core.common.settings import Settings
    from core.config.run import RunConfig
    from core.engine import choice

    vars(choice)["on_gpu"] = lambda: on_gpu
    chosen = choice.Choice(Settings(), RunConfig.model_validate(DEEP), "")
    trial, step = chosen._trial, seconds / 100
    assert trial is not None
    given = []
    for slower in (1, 1, third_call, 1):
        engine: Any = Paced("graph", step * slower)
        chosen.consider(engine, 100)
        given.append([trial.seconds, trial._clock])
    chosen.close()
    return given


def decisions(home: str, trainings: list[float], most: int) -> list[dict[str, Any]]:
    """Of one run after the other, of so many seconds each, where a trial gets at most so much CPU time.

    A step takes 1 ms, 2 ms while a trial is under way, and 0.1 ms once that has ended. A trial begins with a mode,
    waits for a call of the training beside it, and then takes CPU time until it is killed.
    """
    from core.common.settings import Settings
    from core.config.run import RunConfig
    from core.engine import choice, trial

    beside = Path(home) / "a call was beside"

    def spin(*_: object) -> Iterator[tuple[str, None]]:
        yield "xla", None
        while not beside.exists():
            time.sleep(0.01)
        while True:
            pass

    choice.MOST_SECONDS = most
    vars(trial).update(measure=spin, PATIENCE=1000)
    settings, config = Settings(home=Path(home)), RunConfig.model_validate(DEEP)
    told = []
    for seconds in trainings:
        chosen, left = choice.Choice(settings, config, ""), int(1000 * seconds)
        engine: Any = Paced(chosen.settle(config.data.info(settings), left, True), 0.001)
        first = chosen.why
        calls = itertools.count()
        beside.unlink(missing_ok=True)
        while (process := chosen._trial) is not None:
            next(calls)
            under_way = process.has_begun
            engine.step_seconds = 0.001 if not under_way else 0.0001 if _is_over(process.channel) else 0.002
            chosen.consider(engine, left)
            if under_way:
                beside.touch()
            time.sleep(0.01)
        told.append({"first": first, "why": chosen.why, "mode": engine.mode, "calls": next(calls)})
    return told


def _is_over(channel: Any) -> bool:
    """Whether nobody holds the other end any more; what it told is left to be heard."""
    poll = select.poll()
    poll.register(channel.fileno())
    return any(event & select.POLLHUP for _, event in poll.poll(0))


def test_a_short_run_tries_nothing(train: Train, queue: Queue, workspace: Workspace) -> None:
    run = train(queue(training={"epochs": 3}))
    engine = run.facts["engine"]
    assert (engine["mode"], engine["why"]) == ("graph", "no other was measured for this network")
    assert engine["setup_seconds"] > 0
    assert not (workspace.settings.cache_dir / "engines").exists()


def test_a_named_way_is_taken(train: Train, queue: Queue) -> None:
    run = train(queue(training={"epochs": 3, "engine": "step"}))
    assert (run.facts["engine"]["mode"], run.facts["engine"]["why"]) == ("step", "chosen in the config")


def test_every_bit_counts_where_the_config_says_so(train: Train, queue: Queue) -> None:
    assert train(queue(training={"epochs": 3}, deterministic=True)).facts["engine"]["mode"] == "graph"


def train_and_try(environment: dict[str, str], run_id: int, attempt: int, timings: dict[str, list[float]]) -> int:
    """Train, with a trial that may take as long as it wants; it tells these timings, or else its own."""
    from core.engine import choice, trial
    from tests.core.inside import train

    def tell(*_: object) -> Iterator[tuple[str, trial.Timing | None]]:
        for mode, timing in timings.items():
            yield mode, None
            yield mode, trial.Timing(*timing)

    choice.SHARE, choice.MOST_SECONDS = 1000, 3600
    if timings:
        vars(trial)["measure"] = tell
    return train(environment, run_id, attempt)


@pytest.fixture
def tried(context: Context, queue: Queue, start: StartRun) -> Callable[..., tuple[RunRecord, str]]:
    """A long run that is tried beside its training, up to then: the run, and its log."""

    def go(timings: dict[str, list[float]]) -> tuple[RunRecord, str]:
        run_id = queue(**LONG)
        child = start(run_id, f"{HERE}train_and_try", timings)
        eventually(lambda: "measured beside" in runs.get(context, run_id).facts.get("engine", {}).get("why", ""))
        runs.stop(context, [run_id])
        assert child.wait() == 0, child.log
        return runs.get(context, run_id), child.log

    return go


def test_a_long_run_is_tried_beside_its_training_and_goes_on_with_the_fastest(
    workspace: Workspace, tried: Callable[..., tuple[RunRecord, str]]
) -> None:
    run, log = tried({})
    [file] = (workspace.settings.cache_dir / "engines").glob("*.json")
    remembered = json.loads(file.read_text())
    timings = remembered["timings"]
    assert (remembered["seconds"], remembered["abandoned"]) == (3600, "")
    assert {"graph", "xla", "step", "stream", "fit"} == set(timings)
    mode = run.facts["engine"]["mode"]
    # In a million epochs no setup counts; the mode at the beginning is left only for one that is a twentieth faster.
    assert timings[mode]["step"] <= 1.1 * min(timing["step"] for timing in timings.values())
    assert f"Engine: {mode}, measured beside the training" in log


def test_what_was_measured_for_a_run_is_remembered_by_a_later_one(
    tried: Callable[..., tuple[RunRecord, str]], queue: Queue, train: Train
) -> None:
    run, log = tried({"xla": [100.0, 1e-9], "step": [0.1, 10.0]})
    assert run.facts["engine"]["mode"] == "xla"
    assert "Engine: xla, measured beside the training: xla 1e-06 ms, graph " in log
    later = train(queue(**{**LONG, "training": {**LONG["training"], "max_steps": 20}}))
    assert "measured before" in later.facts["engine"]["why"]
    assert later.facts["engine"]["mode"] != "xla", "in 20 steps its compilation does not pay"
    assert later.state is RunState.FINISHED


@pytest.mark.parametrize(
    ("training", "seconds"),
    [(19.5, 0), (20.5, 1), (59, 2), (61, 3), (101, 5), (1_000_000, 5)],
    ids=["short", "just long enough", "rounded down", "a minute", "as many as any", "days"],
)
def test_a_trial_gets_a_twentieth_of_the_training_and_at_most_five_seconds(
    warm: Warm, training: float, seconds: int
) -> None:
    none, begun = [0, 0], [seconds, 4 * seconds]
    assert warm.call(f"{HERE}limits", training, 1) == [none, none, begun, begun]


def test_a_slow_call_makes_a_training_no_longer(warm: Warm) -> None:
    assert warm.call(f"{HERE}limits", 19.5, 100)[-1] == [0, 0]


def test_beside_a_training_on_a_gpu_the_clock_is_limited_as_the_cpu_time(warm: Warm) -> None:
    assert warm.call(f"{HERE}limits", 1_000_000, 1, True)[-1] == [5, 5]


def test_what_was_abandoned_is_told_and_tried_again_only_by_a_run_that_can_spend_more(
    warm: Warm, tmp_path: Path
) -> None:
    again = "graph 2 ms a step; xla was abandoned after"
    first, alike, short, longer, after = warm.call(f"{HERE}decisions", str(tmp_path), [30, 30, 5, 3000, 3000], 2)
    assert first["first"] == "no other was measured for this network"
    assert first["why"] == f"measured beside the training: {again} 1 s of CPU time"
    for later in (alike, short):
        assert later["first"] == later["why"] == f"measured before: {again} 1 s of CPU time"
        assert later["calls"] == 3, "none was begun"
    assert longer["first"] == alike["first"]
    assert longer["why"] == f"measured beside the training: {again} 2 s of CPU time"
    assert after["first"] == after["why"] == f"measured before: {again} 2 s of CPU time"
    assert after["calls"] == 0, "as many seconds as any trial may take were spent"
    assert {each["mode"] for each in (first, alike, short, longer, after)} == {"graph"}


@pytest.mark.parametrize(
    ("steps", "mode"),
    [(10, "graph"), (1000, "graph"), (100_000, "xla")],
    ids=["short", "the setup does not pay", "long"],
)
def test_the_fastest_mode_is_the_one_that_ends_first_with_its_setup(warm: Warm, steps: int, mode: str) -> None:
    timings = {"graph": [0.2, 0.0010], "xla": [2.0, 0.0005], "step": [0.2, 0.0020]}
    assert warm.call(f"{INSIDE}fastest", timings, steps) == mode


@pytest.mark.parametrize("engine", ["step", "stream", "fit", "graph", "xla"])
def test_a_stop_takes_effect_with_the_call_that_is_under_way(
    context: Context, queue: Queue, start: StartRun, engine: str
) -> None:
    run_id = queue(**{**LONG, "training": {**LONG["training"], "engine": engine}})
    child = start(run_id, "counting")
    eventually(lambda: runs.get(context, run_id).step > 100)
    runs.stop(context, [run_id])
    assert child.result() <= 1, "a call that begins just as the request is heard"
    assert runs.get(context, run_id).state is RunState.STOPPED


def paces(of_a_step: list[float]) -> list[list[float]]:
    """Steps and seconds of a call once the pace has settled, for steps of so many seconds each."""
    from core.engine.engine import Pace

    found = []
    for seconds in of_a_step:
        pace = Pace()
        for _ in range(100):
            pace.took(pace.steps, pace.steps * seconds)
        found.append([pace.steps, pace.steps * seconds])
    return found


def test_a_stop_is_heard_and_takes_effect_within_two_seconds_unless_a_step_takes_longer(warm: Warm) -> None:
    from core.training.heartbeat import BEAT_SECONDS

    for steps, seconds in warm.call(f"{HERE}paces", [1e-6, 1e-4, 0.01, 0.2, 1.0, 5.0]):
        assert steps == 1 or BEAT_SECONDS + seconds < 2
