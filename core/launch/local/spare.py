"""The spare: a trainer that the standby forks ahead of its run, and that is warmed up when the run comes.

A first training takes a third of a second of a core longer to begin than a later one of the same process; nothing of
that can be done in the standby itself, since TensorFlow's threads do not survive a fork. So one child at most warms up
and waits: from the first run that it would have fitted on, while a core has nothing else to do, and not for ever.
Where none is ready, a run is forked as any.
"""

import gc
import os
import time
from collections.abc import Callable
from typing import Any

import psutil

from core.common.settings import Settings
from core.system.channel import Channel
from core.system.devices import NO_CARDS
from core.system.process import set_title
from core.tracking.run_log import log_line

KEPT_SECONDS = 600.0  # after the last run that it would have fitted: it holds 70 MB
LOOK_SECONDS = 0.2  # of which the processor's load is measured
IDLE_CORES = 0.5  # at least, of the host's: what is at work shall not wait for a warm-up


class Spare:
    """At most one, and one that is about to end."""

    def __init__(
        self, settings: Settings, fork: Callable[[Callable[[], int]], int], train: Callable[[dict[str, Any]], int]
    ) -> None:
        """
        Args:
            fork: runs a function in a child, whose exit code it returns there, and returns the child's pid.
            train: what a trainer does with the request for a run; its exit code.
        """
        self._settings = settings
        self._fork = fork
        self._train = train
        self._pid = 0
        self._channel: Channel | None = None
        self._is_ready = False
        self._wanted_until = 0.0
        self._looked_at = 0.0

    def take(self, request: dict[str, Any]) -> int:
        """Have the one that is ready execute this run: its pid, and it is a trainer as any; 0 where none can."""
        if not (self._settings.spare and request["spare"] and request["gpus"] == NO_CARDS):
            return 0
        self._wanted_until = time.monotonic() + KEPT_SECONDS
        self._measure()
        self._hear()
        if not (self._is_ready and self._channel is not None and self._channel.send(request)):
            return 0
        pid, self._pid = self._pid, 0
        self._leave()
        return pid

    def keep(self) -> None:
        """Fork one where one is wanted and a core idle; end one that nobody wanted for long."""
        self._hear()
        if self._pid and os.waitpid(self._pid, os.WNOHANG)[0]:
            if self._channel is not None:  # killed, or it cannot warm up here: not again before the next run
                log_line("The spare ended before there was a run for it.")
                self._wanted_until = 0.0
            self._pid = 0
            self._leave()
        is_wanted = time.monotonic() < self._wanted_until
        if self._pid and not is_wanted:
            self._leave()  # which ends it
        elif is_wanted and not self._pid and self._has_idle_core():
            self._make()

    def close(self) -> None:
        """Leave it: in a child that is not it, whose copy of the channel would keep it from ending."""
        self._leave()

    def _make(self) -> None:
        self._channel, its_end = Channel.pair()
        self._pid = self._fork(lambda: self._wait_for_run(its_end))
        its_end.close()

    def _wait_for_run(self, standby: Channel) -> int:
        """The life of the child, until it has a run or the standby lets it go, or is gone."""
        set_title("warm-up")
        os.environ["CUDA_VISIBLE_DEVICES"] = NO_CARDS
        self._warm_up()
        standby.send({"ready": True})
        set_title("spare")
        request = standby.wait()
        standby.close()
        return self._train(request) if request else 0

    def _warm_up(self) -> None:
        from core.engine.trial import make_ahead
        from core.training.warm_up_run import warm_up

        make_ahead(self._settings)
        warm_up()
        gc.collect()
        gc.freeze()

    def _hear(self) -> None:
        if self._channel is not None and self._channel.heard():
            self._is_ready = True

    def _leave(self) -> None:
        if self._channel is not None:
            self._channel.close()
        self._channel, self._is_ready = None, False

    def _has_idle_core(self) -> bool:
        """Asked often; of the time since it was measured last."""
        if time.monotonic() - self._looked_at < LOOK_SECONDS:
            return False
        return self._measure() >= IDLE_CORES

    def _measure(self) -> float:
        """Cores that had nothing to do since the last time."""
        self._looked_at = time.monotonic()
        return (1 - psutil.cpu_percent() / 100) * (psutil.cpu_count() or 1)
