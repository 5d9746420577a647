"""When there is a spare, which runs it takes and when it is let go; without TensorFlow, and so without a warm-up."""

import math
import os
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from core.common.settings import Settings
from core.launch.local import spare as module
from core.launch.local.spare import Spare
from tests.host import wait_until

RUN = {"run": 1, "attempt": 1, "kind": "network", "gpus": "-1", "spare": True}
TRAINED = 7  # the exit code of one that had a run
_forked: list[int] = []


def _spare(**settings: Any) -> Spare:
    def fork(work: Callable[[], int]) -> int:
        pid = os.fork()
        if pid:
            _forked.append(pid)
            return pid
        try:
            spare.close()  # as every child of the standby
            os._exit(work())
        finally:
            os._exit(1)

    spare = Spare(Settings(**{"spare": True, **settings}), fork, lambda request: TRAINED * request["run"])
    return spare


def _until_seen(spare: Spare, child: psutil.Process) -> None:
    def seen() -> bool:
        spare.keep()
        return not psutil.pid_exists(child.pid)

    wait_until(seen, "it has ended, and was waited for", 60.0)


def _children() -> list[psutil.Process]:
    """Those that a spare was forked into, as long as nobody has waited for their end."""
    return [child for child in psutil.Process().children() if child.pid in _forked]


@pytest.fixture(autouse=True)
def _host_at_rest(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(module, "IDLE_CORES", -math.inf)
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(Spare, "_warm_up", lambda _: None)
    yield
    assert not _children()


def test_one_is_made_after_the_first_run_for_it_and_takes_the_next() -> None:
    spare = _spare()
    spare.keep()
    assert not _children()
    assert spare.take(RUN) == 0  # there is none yet
    spare.keep()
    [child] = _children()
    pid = wait_until(lambda: spare.take(RUN), "it is ready and takes the run")
    assert pid == child.pid
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == TRAINED
    assert spare.take(RUN) == 0  # it had one run, and is a trainer no other of the standby's children is


@pytest.mark.parametrize(
    ("settings", "request_"),
    [({}, {"spare": False}), ({}, {"gpus": "GPU-6f"}), ({"spare": False}, {})],
    ids=["a config that is not for it", "a GPU", "switched off"],
)
def test_none_is_made_for_what_it_could_not_take(settings: dict[str, Any], request_: dict[str, Any]) -> None:
    spare = _spare(**settings)
    assert spare.take(RUN | request_) == 0
    spare.keep()
    assert not _children()


def test_none_is_made_while_no_core_is_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IDLE_CORES", math.inf)
    spare = _spare()
    spare.take(RUN)
    spare.keep()
    assert not _children()


def test_one_that_nobody_wanted_for_long_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    spare = _spare()
    spare.take(RUN)
    now[0] = module.KEPT_SECONDS - 1
    spare.keep()
    [child] = _children()
    spare.keep()
    assert child.is_running()
    now[0] = module.KEPT_SECONDS
    _until_seen(spare, child)
    spare.keep()
    assert not _children()


def test_one_that_cannot_warm_up_is_not_made_again_before_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Spare, "_warm_up", lambda _: os._exit(1))
    spare = _spare()
    spare.take(RUN)
    spare.keep()
    _until_seen(spare, _children()[0])
    spare.keep()
    assert not _children()
    spare.take(RUN)
    spare.keep()
    _until_seen(spare, _children()[0])
