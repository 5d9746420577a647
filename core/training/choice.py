"""Which way executes a run: the one that the user named, or, with `auto`, the fastest that was measured.

A run that is long enough tries the ways beside its own training, with at most a twentieth of its time and 5 seconds of
CPU time, and goes on with the fastest. What was measured is remembered for the same network, data, batch, device and
libraries.
"""

import hashlib
import json
import math
import os
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from core.config.run import RunConfig
from core.data.base import DataInfo
from core.settings import Settings
from core.training.engine import Engine
from core.training.facts import device_name
from core.training.say import say
from core.training.trial import Timing, Trial
from core.training.ways import EngineError

DEFAULT = "graph"
SHARE, MOST_SECONDS = 0.05, 5.0  # of the estimated training, and in all, that a trial may take of CPU time
LEAST_SECONDS = 1.0  # with less, not even the first way could be timed
SETTLED_STEPS = 3  # calls of the engine before its pace tells how long the run will take
GAIN = 1.05  # times faster another way must be, in all that is left with its setup, to be taken


class Choice:
    """The way of one run, and why it is that one."""

    def __init__(self, settings: Settings, config: RunConfig, begun: str) -> None:
        """To be made before TensorFlow's first operation. `begun` is the way a resumed run was executed in, or ""."""
        self.way, self.why = _fixed(config, begun)
        self._settings = settings
        self._config = config
        self._file: Path | None = None
        self._calls = 0
        self._step_seconds = math.inf  # of a step in the fastest call, the way the run began
        self._trial = None if self.way else Trial(settings, config)

    def settle(self, info: DataInfo, steps: int, fits: bool) -> str:
        """The way to begin with; `fits` says whether the examples fit on the device."""
        if not fits:
            self._decide("stream", "the examples do not fit into the device's memory")
        elif not self.way:
            self._file = self._settings.home / "cache" / "engines" / f"{key(self._config, info)}.json"
            known = _read(self._file)
            if known:
                self._decide(fastest(known, steps), f"measured before: {_told(known)}")
            else:
                self.way, self.why = DEFAULT, "no other was measured for this network"
        return self.way

    def _decide(self, way: str, why: str) -> None:
        self.way, self.why = way, why
        self.close()

    def consider(self, engine: Engine, left: int) -> bool:
        """Between two calls of the engine: begin the trial, hear it, change the way; true when that was decided.

        Args:
            left: steps that remain.
        """
        if self._trial is None:
            return False
        self._calls += 1
        self._step_seconds = min(self._step_seconds, engine.step_seconds)
        if not self._trial.has_begun:
            seconds = min(MOST_SECONDS, SHARE * left * self._step_seconds)
            if self._calls >= SETTLED_STEPS and seconds < LEAST_SECONDS:
                self.close()  # so short a run is over before another way could pay
            elif self._calls >= SETTLED_STEPS:
                self._trial.begin(seconds)
            return False
        if not self._trial.has_ended():
            return False
        self._conclude(self._trial, engine, left)
        return True

    def _conclude(self, trial: Trial, engine: Engine, left: int) -> None:
        self.close()
        timings = {engine.way: Timing(engine.setup_seconds, self._step_seconds), **trial.timings}
        if trial.is_complete or trial.seconds >= MOST_SECONDS:  # else a longer run may find out more
            self._remember(timings)
        if not trial.timings:
            self.why = f"no other could be timed within {trial.seconds:.0f} s of CPU time"
            return
        way = fastest(timings, left, engine.way)
        self.why = f"measured beside the training: {_told(timings)}"
        if way != engine.way:
            try:
                engine.use(way)
            except EngineError as error:
                self.why += f"; {error}"
        self.way = engine.way
        say(f"Engine: {self.way}, {self.why}.")

    def _remember(self, timings: dict[str, Timing]) -> None:
        if self._file is None:
            return
        temporary = self._file.with_suffix(f".{os.getpid()}")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps({way: asdict(timing) for way, timing in timings.items()}))
            temporary.replace(self._file)
        except OSError as error:
            say(f"What was measured could not be kept: {error}")

    def facts(self, engine: Engine) -> dict[str, Any]:
        seconds = round(engine.setup_seconds + engine.evaluation_setup_seconds, 3)
        return {"engine": {"way": self.way, "why": self.why, "setup_seconds": seconds}}

    def close(self) -> None:
        if self._trial is not None:
            self._trial.close()
            self._trial = None


def _fixed(config: RunConfig, begun: str) -> tuple[str, str]:
    """The way where there is nothing to choose, and why; otherwise nothing."""
    engine = config.training.engine
    if engine != "auto":
        return engine, "chosen in the config"
    if begun:
        return begun, "as the run was begun"
    if config.deterministic:
        return DEFAULT, "always so where every bit counts"
    if config.resources.gpus > 1:
        return DEFAULT, "always so on several devices"
    return "", ""


def fastest(timings: dict[str, Timing], steps: int, current: str = "") -> str:
    """The way that so many steps are done first in, its setup included unless it is in use already."""

    def seconds(way: str) -> float:
        timing = timings[way]
        return steps * timing.step * (1 if way == favoured else GAIN) + (0 if way == current else timing.setup)

    favoured = current or DEFAULT
    return min(timings, key=seconds)


def key(config: RunConfig, info: DataInfo) -> str:
    """Of what the speed depends on."""
    training = config.training
    question = {
        "network": config.architecture.model_dump(mode="json"),
        "data": [info.shape, info.kind, info.task, info.outputs, info.vocabulary, len(info.features)],
        "augmentation": repr(getattr(config.data, "augmentation", None)),
        "training": [training.batch_size, training.optimizer.name, training.optimizer.clip_norm, training.precision],
        "device": [device_name(), len(os.sched_getaffinity(0))],
        "libraries": [version(name) for name in ("tensorflow", "keras")],
    }
    return hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()[:32]


def _read(file: Path) -> dict[str, Timing]:
    """What was measured; nothing where nobody did, or the file is damaged."""
    try:
        return {str(way): Timing(**timing) for way, timing in json.loads(file.read_text()).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _told(timings: dict[str, Timing]) -> str:
    each = [f"{way} {1000 * timings[way].step:.3g} ms" for way in sorted(timings, key=lambda way: timings[way].step)]
    return f"{', '.join(each)} a step"
