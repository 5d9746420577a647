"""A process with TensorFlow imported that forks a child for every call: for tests of what happens inside a trainer."""

import contextlib
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.common.settings import PROJECT_ROOT
from core.workers.warm_up import import_libraries

PATIENCE_SECONDS = 300.0  # what never comes is awaited so long, not what is slow


class Child:
    """A function that runs in a forked process."""

    def __init__(self, pid: int, folder: Path, exits: Callable[[], int]) -> None:
        self.pid = pid
        self.folder = folder
        self._exits = exits
        self._code: int | None = None

    @property
    def log(self) -> str:
        return (self.folder / "log.txt").read_text()

    def kill(self, number: int = signal.SIGKILL) -> None:
        os.kill(self.pid, number)

    def wait(self) -> int:
        """The exit code, negative for a signal."""
        if self._code is None:
            self._code = self._exits()
        return self._code

    def end(self) -> None:
        """Kill it where it still runs."""
        if self._code is None:
            with contextlib.suppress(ProcessLookupError):
                self.kill()
            self.wait()

    def result(self) -> Any:
        assert self.wait() == 0, self.log
        return json.loads((self.folder / "result.json").read_text())


class Warm:
    """The warm process. One call at a time: a child that a failed test left behind is killed at its end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._calls = 0
        self._child: Child | None = None
        # No download in tests: the network is a closed port, and Keras's own cache an empty folder.
        closed = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
        environment = {**os.environ, **closed, "KERAS_HOME": str(folder / "keras"), "TF_CPP_MIN_LOG_LEVEL": "3"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.core.warm"],
            cwd=PROJECT_ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, function: str, *arguments: Any) -> Child:
        """Begin `package.module:function` with these arguments (JSON data) in a child."""
        self.end_child()
        self._calls += 1
        folder = self._folder / str(self._calls)
        folder.mkdir()
        request = {"function": function, "arguments": arguments, "folder": str(folder)}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        self._child = Child(self._answer(), folder, self._answer)
        return self._child

    def call(self, function: str, *arguments: Any) -> Any:
        """What the function returns, as JSON data."""
        return self.start(function, *arguments).result()

    def close(self) -> None:
        self.end_child()
        self._process.communicate(timeout=PATIENCE_SECONDS)

    def end_child(self) -> None:
        if self._child is not None:
            self._child.end()

    def _answer(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline() or -signal.SIGKILL)  # it is gone, as after a SIGTERM to all tests


def eventually(condition: Callable[[], Any]) -> Any:
    """Wait until the condition holds and return what it gave."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError("it did not happen in time")


def _serve() -> None:
    import_libraries()  # and what of ours trains and does jobs: a second of a core in each child otherwise
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        request = json.loads(line)
        pid = os.fork()
        if pid == 0:
            os.setpgid(0, 0)
            os._exit(_run(**request))
        with contextlib.suppress(PermissionError, ProcessLookupError):  # whoever of the two comes first
            os.setpgid(pid, pid)
        _tell(pid)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        os.killpg(pid, signal.SIGKILL)  # what it started; its own number is not given to others yet
        _tell(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def _tell(number: int) -> None:
    os.write(1, f"{number}\n".encode())


def _run(function: str, arguments: list[Any], folder: str) -> int:
    log = os.open(Path(folder) / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        module, _, name = function.partition(":")
        result = getattr(importlib.import_module(module), name)(*arguments)
        (Path(folder) / "result.json").write_text(json.dumps(result))
        return 0
    except BaseException:
        traceback.print_exc()
        return 70
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


if __name__ == "__main__":
    _serve()
