"""The process of a script: forked before anything else is at work, so that it starts clean, and told later what to do.

With the product's own interpreter it goes on as a Python that has TensorFlow imported; another takes its place (exec).
It has a process group of its own, so that what a script sends to its group does not reach the one who watches it.
"""

import json
import os
import shlex
import signal
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from core.script_runs.within import run_here
from core.system.process import end_with

_RESET = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGCHLD, signal.SIGUSR1, signal.SIGUSR2)


@dataclass(frozen=True)
class Order:
    """What is to be run. `script` is a file, or `module` and perhaps its `function` are what is run."""

    folder: str  # that it works in
    arguments: list[str]
    script: str = ""
    module: str = ""
    function: str = ""
    interpreter: str = ""  # "" for this one
    environment: dict[str, str] = field(default_factory=dict)  # all of it
    paths: list[str] = field(default_factory=list)  # where it imports from, beside what the interpreter has
    title: str = "script"

    def command(self) -> list[str]:
        """As another interpreter is called."""
        if self.function:
            code = f"import sys; from {self.module} import {self.function}; sys.exit({self.function}())"
            return [self.interpreter, "-u", "-c", code, *self.arguments]
        what = ["-m", self.module] if self.module else [self.script]
        return [self.interpreter, "-u", *what, *self.arguments]

    def shown(self) -> str:
        """As it would be typed in a shell in its folder."""
        words = [self.interpreter or "python", *self.command()[2:]]
        return shlex.join(words).replace(f"{self.folder}/", "")


class ScriptProcess:
    """One child. Nothing of the script runs before `begin`; without it the child ends with its parent."""

    def __init__(self) -> None:
        """Forks: to be called while this process has one thread only."""
        orders, self._orders = os.pipe()
        self.output, its_output = os.pipe()
        parent = os.getpid()
        self.pid = os.fork()
        if not self.pid:
            os.close(self._orders)
            os.close(self.output)
            _be_child(parent, orders, its_output)
        os.close(orders)
        os.close(its_output)
        self._status: int | None = None

    def begin(self, order: Order) -> None:
        with os.fdopen(self._orders, "wb") as pipe:
            pipe.write(json.dumps(asdict(order)).encode())

    def exit_code(self) -> int | None:
        """None while it runs; negative for a signal."""
        if self._status is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            self._status = os.waitstatus_to_exitcode(status) if ended else None
        return self._status

    def signal(self, number: signal.Signals) -> None:
        if self.exit_code() is None:
            os.kill(self.pid, number)


def _be_child(parent: int, orders: int, output: int) -> None:
    """Never returns."""
    try:
        os.setpgid(0, 0)
        end_with(parent)
        for number in _RESET:
            signal.signal(number, signal.SIG_DFL)
        told = b""
        while piece := os.read(orders, 65536):
            told += piece
        os.close(orders)
        if not told:  # the parent has nothing to run
            os._exit(0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        _begin(Order(**json.loads(told)))
    except BaseException as error:  # noqa: BLE001 - whatever it is, it must not unwind into its parent's work
        os.write(2, f"The script could not be started: {error}\n".encode())
    finally:
        os._exit(127)


def _begin(order: Order) -> None:
    os.chdir(order.folder)
    if order.interpreter:
        _check(order.interpreter)
        os.execve(order.interpreter, order.command(), order.environment)  # noqa: S606 - the one that was chosen
    what: dict[str, Any] = {"script": order.script, "module": order.module, "function": order.function}
    run_here(what, order.arguments, order.environment, order.paths, order.title)


def _check(interpreter: str) -> None:
    if not Path(interpreter).exists():
        raise FileNotFoundError(f"there is no {interpreter}")
