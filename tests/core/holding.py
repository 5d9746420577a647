"""Trainings that wait at a named place until they are asked to stop, or killed: none has to be long enough for a test.

What is put in the place of the product's own functions lives as long as the forked child, which runs one training.
"""

import os
import time
from typing import Any

from core.common.settings import Settings
from core.engine.engine import Engine
from core.training.heartbeat import Heartbeat
from core.training.loop import Loop
from core.training.mode_choice import ModeChoice
from core.training.trainer import Trainer, train
from db.records import Lease


def at_step(environment: dict[str, str], run_id: int, attempt: int, step: int) -> int:
    """Train, and wait after the call of the engine that reaches this step."""
    held = ModeChoice.on_steps_end

    def on_steps_end(choice: ModeChoice, taken: int, left: int) -> None:
        held(choice, taken, left)
        if taken >= step:
            _wait(choice._heartbeat)

    setattr(ModeChoice, "on_steps_end", on_steps_end)  # noqa: B010
    return _train(environment, run_id, attempt)


def in_validation(environment: dict[str, str], run_id: int, attempt: int) -> int:
    """Train, and wait when the first epoch is about to be validated."""
    _hold_within(Loop, "_close_epoch")
    return _train(environment, run_id, attempt)


def in_evaluation(environment: dict[str, str], run_id: int, attempt: int) -> int:
    """Train, and wait when the test set is about to be evaluated."""
    _hold_within(Trainer, "_test")
    return _train(environment, run_id, attempt)


def counting(environment: dict[str, str], run_id: int, attempt: int) -> int:
    """Train until asked to stop; returns how many calls of the engine began after the request was heard."""
    heartbeats: list[Heartbeat] = []
    begun, trained, beat = [0], Engine.train, Heartbeat.beat

    def count(engine: Engine, *arguments: Any) -> Any:
        begun[0] += bool(heartbeats and heartbeats[0].must_stop)
        return trained(engine, *arguments)

    def note(heartbeat: Heartbeat) -> None:
        heartbeats[:] = [heartbeat]
        beat(heartbeat)

    setattr(Engine, "train", count)  # noqa: B010
    setattr(Heartbeat, "beat", note)  # noqa: B010
    _train(environment, run_id, attempt)
    return begun[0]


def _hold_within(owner: type, name: str) -> None:
    """Have the first look for a request to stop within this method wait for one."""
    original, heed, within = getattr(owner, name), Heartbeat.heed, [False]

    def entered(*arguments: Any) -> Any:
        within[0] = True
        try:
            return original(*arguments)
        finally:
            within[0] = False

    def look(heartbeat: Heartbeat) -> None:
        if within[0]:
            _wait(heartbeat)
        heed(heartbeat)

    setattr(owner, name, entered)
    setattr(Heartbeat, "heed", look)  # noqa: B010


def _wait(heartbeat: Heartbeat) -> None:
    while not heartbeat.must_stop:
        time.sleep(0.01)


def _train(environment: dict[str, str], run_id: int, attempt: int) -> int:
    os.environ.update(environment)
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    return train(Settings(), Lease(run_id, attempt))
