"""A trial of the modes to execute a network's steps, in a process of its own: a compilation that takes too long, or too
much memory, is killed with it.

The process is forked before TensorFlow's first operation, and waits; in a spare, whose first operation comes before it
knows its run, with the config still to come. It makes the network and random examples of the data's shapes. What it
measures comes back in messages: a mode's name when it begins with it, the same with its timing when it has it, and a
last one; so that one that was killed has told what it knew, and what it was killed at.
"""

import contextlib
import os
import resource
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import numpy as np

from core.common.settings import Settings
from core.config.run import RunConfig
from core.data.base import CATEGORIES, NUMBERS, Array, DataInfo, Dataset, Examples
from core.engine import setup
from core.engine.engine import Engine
from core.engine.freeze import freeze
from core.engine.keras_internals import every_layer
from core.engine.modes import EngineError
from core.engine.recurrent_sharing import choose_threads
from core.system.channel import Channel
from core.system.process import set_title

MODES = ("xla", "step", "stream", "fit")  # beside `graph`, in this order
LEAST_CALLS, LEAST_SECONDS = 3, 0.3  # that each mode is timed
EXAMPLES = 2048  # at most, unless two batches are more
PATIENCE = 4  # times its seconds of CPU time that it may take by the clock; on a host at full load it hardly gets any

# XLA runs these on a CPU slower than TensorFlow's own kernels do, after compiling them for minutes; on GPUs recurrent
# layers have kernels of their own.
_SLOW_IN_XLA = {"cpu": ("Conv", "LSTM", "GRU", "RNN", "Bidirectional"), "gpu": ("LSTM", "GRU", "RNN", "Bidirectional")}


@dataclass(frozen=True)
class Timing:
    """Seconds that a mode takes: before its first step, for tracing and compiling; and for a step."""

    setup: float
    step: float


class Trial:
    """The process. To be made before the first operation, begun at most once, and closed in any case.

    On a CPU what it costs the training beside it is its CPU time, so that is what is limited. A GPU it takes in turns
    with the training, whatever its CPU time; there the clock is limited, too.
    """

    def __init__(self, settings: Settings) -> None:
        self.timings: dict[str, Timing] = {}
        self.seconds = 0  # of CPU time that it may take, once it has begun
        self.is_complete = False  # whether it told everything
        self._clock = 0  # seconds that it may take by the clock
        self._trying = ""
        self._signal = 0  # that ended it
        self.channel, its_end = Channel.pair()
        self._pid = os.fork()
        if not self._pid:
            self.channel.close()
            _serve(its_end, lambda config: measure(settings, config))
        its_end.close()

    def begin(self, config: RunConfig, seconds: int, on_gpu: bool) -> None:
        """Let it measure the modes of this run, with at most so much CPU time."""
        self.seconds, self._clock = seconds, seconds if on_gpu else PATIENCE * seconds
        told = config.model_dump(mode="json")
        self.channel.send({"seconds": seconds, "clock": self._clock, "config": told})

    @property
    def has_begun(self) -> bool:
        return self.seconds > 0

    def has_ended(self) -> bool:
        """Take in what it told since the last look; true once it told everything, or was killed."""
        for message in self.channel.heard():
            self._hear(**message)
        return self.is_complete or self.channel.is_over

    def _hear(self, mode: str = "", timing: dict[str, float] | None = None) -> None:
        """A message; the last one is empty."""
        self.is_complete = not mode
        self._trying = "" if timing else mode
        if timing:
            self.timings[mode] = Timing(**timing)

    @property
    def abandoned(self) -> str:
        """Of one that has ended and is closed: which mode it was killed at, and why; "" when it told everything."""
        if self.is_complete:
            return ""
        reasons: dict[int, str] = {
            signal.SIGXCPU: f"after {self.seconds} s of CPU time",
            signal.SIGALRM: f"after {self._clock} s",
        }
        reason = reasons.get(self._signal, "when its process died")
        return f"{self._trying or 'the trial'} was abandoned {reason}"

    @property
    def spent(self) -> int:
        """Of one that was killed, as `abandoned`: with how many seconds of CPU time a later one would tell no more."""
        return 0 if self._signal == signal.SIGALRM and self._clock > self.seconds else self.seconds

    def close(self) -> None:
        if not self._pid:
            return
        self.channel.close()
        os.kill(self._pid, signal.SIGKILL)  # not waited for before, so that the pid is still its own
        self._signal = os.WTERMSIG(os.waitpid(self._pid, 0)[1])  # the first that it got
        self._pid = 0

    def drop(self) -> None:
        """Close it without waiting for its end: what it shares with this process takes the system some time to part,
        as long as ten epochs of a small training.
        """
        threading.Thread(target=self.close, daemon=True).start()


_ahead: list[Trial] = []  # at most one: made before this process knew its run


def make_ahead(settings: Settings) -> None:
    """For the run that this process will have after its first operation, when a fork would be too late."""
    _ahead.append(Trial(settings))


def trial_for(settings: Settings, is_needed: bool) -> Trial | None:
    """The one made ahead, else a new one; where none is needed, nothing, and none is left."""
    waiting = _ahead.pop() if _ahead else None
    if is_needed:
        return waiting or Trial(settings)
    if waiting is not None:
        waiting.drop()
    return None


def _serve(channel: Channel, work: Callable[[RunConfig], Iterator[tuple[str, Timing | None]]]) -> None:
    """The life of the forked process."""
    set_title("trial")
    for number in (signal.SIGTERM, signal.SIGXCPU, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    with contextlib.suppress(OSError):  # where memory runs out, this process goes before the run
        Path("/proc/self/oom_score_adj").write_text("1000")
    try:
        if begin := channel.wait():  # else the run ended, or needs no trial
            _limit(begin["seconds"], begin["clock"])
            for mode, timing in work(RunConfig.model_validate(begin["config"])):
                if not channel.send({"mode": mode, "timing": asdict(timing) if timing else None}):
                    break  # the run is gone
            else:
                channel.send({})
    except BaseException:  # noqa: BLE001 - whatever ends a child
        traceback.print_exc()
    finally:
        os._exit(0)


def _limit(seconds: int, clock: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    signal.alarm(clock)


def measure(settings: Settings, config: RunConfig) -> Iterator[tuple[str, Timing | None]]:
    """The modes beside `graph` that can execute this run on this host: each when it begins, and when it is timed."""
    info = config.data.info(settings)
    choose_threads(config)
    device = "gpu" if "GPU" in setup.choose_devices(config)[0] else "cpu"
    setup.fix_numbers(config)
    batch = config.training.batch_size
    data = random_examples(info, max(2 * batch, min(EXAMPLES, 32 * batch)))
    model = network(config, data)
    step, y = setup.step(model, config, data), setup.targets(model, data.y_train)
    engine: Engine | None = None
    for mode in MODES:
        if mode == "xla" and not may_pay(model, device):
            continue
        yield mode, None
        try:
            if engine is None:
                engine = Engine(step, data.x_train, y, batch, mode)
            else:
                engine.use(mode)
        except (EngineError, OSError):
            continue
        yield mode, Timing(engine.setup_seconds, _timed(engine, batch))


def network(config: RunConfig, data: Dataset) -> keras.Model:
    """As the run trains it, with random weights: frozen layers have no gradients to take."""
    frozen = config.fine_tune.freeze if config.fine_tune else ()
    return setup.build(config, data, lambda model: freeze(model, frozen))


def may_pay(model: keras.Model, device: str) -> bool:
    """Whether compiling by XLA can make this network faster on a "cpu" or "gpu"."""
    kinds = [type(layer).__name__ for layer in every_layer(model)]
    texts = any(tensor.dtype == "string" for tensor in model.inputs)
    return not texts and not any(kind.startswith(slow) for kind in kinds for slow in _SLOW_IN_XLA[device])


def _timed(engine: Engine, batch: int) -> float:
    """Seconds a step in the fastest call: what else the host does only makes calls slower."""
    fastest, calls, started = np.inf, 0, time.perf_counter()
    while calls < LEAST_CALLS or time.perf_counter() - started < LEAST_SECONDS:
        _take(engine, batch, engine.chunk)
        fastest, calls = min(fastest, engine.step_seconds), calls + 1
    return float(fastest)


def _take(engine: Engine, batch: int, steps: int) -> None:
    engine.train(np.resize(np.arange(2 * batch, dtype=np.int32), steps * batch), np.zeros(steps, np.float32))


def random_examples(info: DataInfo, count: int) -> Dataset:
    """Examples at random, of the shapes and kinds that the network takes; a test set there is not."""
    random = np.random.default_rng(0)
    x = _examples(random, info, count)
    y: Array
    if info.predicts_numbers:
        shape = (count, info.outputs) if info.task == "forecast" else (count,)
        y = random.normal(size=shape).astype(np.float32)
    elif info.task == "multilabel":
        y = random.integers(0, 2, (count, info.classes), dtype=np.uint8)
    elif info.task == "generation":
        y = random.integers(0, info.vocabulary, (count, *info.shape), dtype=np.int32)
    else:
        y = np.arange(count, dtype=np.int32) % max(2, info.classes)
    return Dataset(x, y, x, y[:0], x, y[:0], info, "")


def _examples(random: np.random.Generator, info: DataInfo, count: int) -> Examples:
    if info.kind == "table":
        columns: dict[str, Array] = {}
        if info.numbers:
            columns[NUMBERS] = random.normal(size=(count, len(info.numbers))).astype(np.float32)
        if info.categories:
            columns[CATEGORIES] = np.array([[each.categories[0] for each in info.categories]] * count, object)
        return columns
    if info.is_image:
        return random.integers(0, 256, (count, *info.shape), dtype=np.uint8)
    if info.vocabulary:
        return random.integers(0, info.vocabulary, (count, *info.shape), dtype=np.int32)
    return random.normal(size=(count, *info.shape)).astype(np.float32)
