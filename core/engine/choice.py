"""Which mode executes a run: the one that the user named, or, with `auto`, the fastest that was measured.

A run that is long enough tries the modes beside its own training, with at most a twentieth of its time and 5 seconds of
CPU time, and goes on with the fastest. What was measured is remembered. Where that trial was killed before it knew
everything, a run that can spend more tries again.
"""

import math
from pathlib import Path
from typing import Any

import tensorflow as tf

from core.common.settings import Settings
from core.config.run import RunConfig
from core.data.base import DataInfo
from core.engine.calibration import Remembered, keep, key, read
from core.engine.engine import Engine
from core.engine.modes import EngineError
from core.engine.trial import Timing, Trial, trial_for
from core.tracking.run_log import log_line

DEFAULT = "graph"
SHARE, MOST_SECONDS = 0.05, 5  # of the estimated training, and in all, that a trial may take of CPU time
SETTLED_STEPS = 3  # calls of the engine before its pace tells how long the run will take
GAIN = 1.05  # times faster another mode must be, in all that is left with its setup, to be taken


class Choice:
    """The mode of one run, and why it is that one."""

    def __init__(self, settings: Settings, config: RunConfig, begun: str) -> None:
        """To be made before TensorFlow's first operation. `begun` is the mode a resumed run was executed in, or ""."""
        self.mode, self.why = _fixed(config, begun)
        self._settings = settings
        self._config = config
        self._file: Path | None = None
        self._known = Remembered()
        self._calls = 0
        self._alone, self._beside = math.inf, math.inf  # seconds of a step in the fastest call before, during the trial
        self._trial = trial_for(settings, is_needed=not self.mode)

    def settle(self, info: DataInfo, steps: int, fits: bool) -> str:
        """The mode to begin with; `fits` says whether the examples fit on the device."""
        if not fits and self._config.resources.gpus == 1:
            self.mode, self.why = "stream", "the examples do not fit into the device's memory"
            self._drop()
        elif not self.mode:
            self._file = self._settings.cache_dir / "engines" / f"{key(self._config, info)}.json"
            self._known = read(self._file)
            if self._known.timings:
                self.mode, self.why = fastest(self._known.timings, steps), f"measured before: {_told(self._known)}"
            else:
                self.mode, self.why = DEFAULT, "no other was measured for this network"
            if self._known.seconds >= MOST_SECONDS:
                self._drop()
        return self.mode

    def consider(self, engine: Engine, left: int) -> bool:
        """Between two calls of the engine: begin the trial, hear it, change the mode; true when that was decided.

        Args:
            left: steps that remain.
        """
        if self._trial is None:
            return False
        if not self._trial.has_begun:
            self._begin(self._trial, engine, left)
        elif self._trial.has_ended():
            self._conclude(self._trial, engine, left)
            return True
        else:
            self._beside = min(self._beside, engine.step_seconds)
        return False

    def _begin(self, trial: Trial, engine: Engine, left: int) -> None:
        """The trial, once the pace has settled; none where it could find out no more than is known."""
        self._calls += 1
        self._alone = min(self._alone, engine.step_seconds)
        if self._calls < SETTLED_STEPS:
            return
        seconds = affordable(left * self._alone)
        if seconds > self._known.seconds:
            trial.begin(self._config, seconds, on_gpu())
        else:
            self._drop()

    def _conclude(self, trial: Trial, engine: Engine, left: int) -> None:
        self.close()
        step_seconds = self._beside if self._beside < math.inf else self._alone
        own = {engine.mode: Timing(engine.setup_seconds, step_seconds)}
        timings = {**self._known.timings, **trial.timings, **own}
        seconds = MOST_SECONDS if trial.is_complete else max(trial.spent, self._known.seconds)
        found = Remembered(timings, seconds, trial.abandoned)
        self._remember(found)
        self.why = f"measured beside the training: {_told(found)}"
        mode = fastest(timings, left, engine.mode)
        if mode != engine.mode:
            try:
                engine.use(mode)
            except (EngineError, OSError) as error:
                self.why += f"; {error}"
        self.mode = engine.mode
        log_line(f"Engine: {self.mode}, {self.why}.")

    def _remember(self, found: Remembered) -> None:
        if self._file is None:
            return
        try:
            keep(self._file, found)
        except OSError as error:
            log_line(f"What was measured could not be kept: {error}")

    def facts(self, engine: Engine) -> dict[str, Any]:
        seconds = round(engine.setup_seconds + engine.evaluation_setup_seconds, 3)
        return {"engine": {"mode": self.mode, "why": self.why, "setup_seconds": seconds}}

    def close(self) -> None:
        if self._trial is not None:
            self._trial.close()
            self._trial = None

    def _drop(self) -> None:
        if self._trial is not None:
            self._trial.drop()
            self._trial = None


def _fixed(config: RunConfig, begun: str) -> tuple[str, str]:
    """The mode where there is nothing to choose, and why; otherwise nothing."""
    engine = config.training.engine
    if engine != "auto":
        return engine, "chosen in the config"
    if config.distillation is not None:
        return DEFAULT, "always so where a teacher is asked, too"
    if begun:
        return begun, "as the run was begun"
    if config.deterministic:
        return DEFAULT, "always so where every bit counts"
    if config.resources.gpus > 1:
        return DEFAULT, "always so on several devices"
    return "", ""


def affordable(seconds: float) -> int:
    """Whole seconds of CPU time, as the kernel limits them, that a trial may take beside a training of so many."""
    return int(min(MOST_SECONDS, SHARE * seconds))


def on_gpu() -> bool:
    return bool(tf.config.get_visible_devices("GPU"))


def fastest(timings: dict[str, Timing], steps: int, current: str = "") -> str:
    """The mode that so many steps are done first in, its setup included unless it is in use already."""

    def seconds(mode: str) -> float:
        timing = timings[mode]
        return steps * timing.step * (1 if mode == favoured else GAIN) + (0 if mode == current else timing.setup)

    favoured = current or DEFAULT
    return min(timings, key=seconds)


def _told(found: Remembered) -> str:
    timings = found.timings
    each = [
        f"{mode} {1000 * timings[mode].step:.3g} ms" for mode in sorted(timings, key=lambda mode: timings[mode].step)
    ]
    return "; ".join(filter(None, [f"{', '.join(each)} a step", found.abandoned]))
