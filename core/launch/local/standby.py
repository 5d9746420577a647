"""The standby: a process that has TensorFlow imported, runs no operation, and forks a child for every run.

A fork takes milliseconds where the import takes ten seconds and more, every child starts from the same clean state,
and a child that crashes takes nothing with it. This works because importing TensorFlow starts neither its thread pools
nor CUDA; the first operation does, in the child.

Requests come as JSON lines on standard input, and its end ends the standby; trainers go on without it. Answers go as
JSON lines to what was standard output:
    {"run": 12, "attempt": 1, "kind": "network", "gpus": "GPU-6f…"}
                                                  train; the child's exit is told as {"run": 12, …, "exit": 0}
    {"inspect": "<key>", "config": {…}}           answer a question; {"inspect": "<key>", "exit": 0}
    {"preflight": "<key>", "config": {…}}         try a run; {"preflight": "<key>", "exit": 0}
    {"cancel": "<key>"}                           nobody waits for this trial any more
    {"predict": "<key>", "checkpoint": 12}        answer a question about an input with the best network of run 12, by
                                                  a child that stays; {"predict": "<key>", "exit": 0}
"""

import contextlib
import gc
import json
import os
import select
import signal
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from core.common.pause_points import pause_point
from core.common.settings import Settings
from core.launch.local.predictors import Predictors
from core.system.process import ProcessId, set_title
from core.workers.warm_up import import_libraries

INSPECTION_SECONDS = 60  # of CPU time; a network that takes longer to build is refused
PREFLIGHT_SECONDS = 90  # of CPU time, on all cores together
MEMORY_SHARE = 0.9  # of what is free, that a question may take; more would be taken from runs


def main() -> None:
    set_title("standby")
    settings = Settings()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the supervisor decides
    answers = os.dup(1)
    os.dup2(2, 1)  # what libraries print belongs to the log, not between the answers
    import_libraries()
    # What is loaded now lives as long as the process: keep the collector from touching, and so copying, its pages.
    gc.collect()
    gc.freeze()
    _tell(answers, {"ready": True})
    _serve(settings, answers)


def _serve(settings: Settings, answers: int) -> None:
    children: dict[int, dict[str, Any]] = {}
    predictors = Predictors(lambda work: _fork(work, answers, predictors))
    pending = b""
    while True:
        if 0 in select.select([0, *predictors.descriptors], [], [], 0.05)[0]:
            received = os.read(0, 1 << 16)
            if not received:
                return
            *lines, pending = (pending + received).split(b"\n")
            for request in map(json.loads, lines):
                if "predict" in request:
                    predictors.ask(request["predict"], request["checkpoint"], partial(_predict, settings))
                elif "cancel" in request:
                    _cancel(children, request["cancel"])
                else:
                    task = _train if "run" in request else _try if "preflight" in request else _inspect
                    if task is _train:
                        pause_point("received")
                    children[_fork(partial(task, settings, request), answers, predictors)] = request
                    if task is _train:
                        pause_point("forked")
        for message in predictors.look():
            _tell(answers, message)
        for pid in list(children):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                request = children.pop(pid)
                request.pop("config", None)
                _tell(answers, request | {"pid": pid, "exit": os.waitstatus_to_exitcode(status)})


def _tell(answers: int, message: dict[str, Any]) -> None:
    with contextlib.suppress(BrokenPipeError):  # the supervisor is gone; standard input ends next
        os.write(answers, json.dumps(message).encode() + b"\n")


def _cancel(children: dict[int, dict[str, Any]], key: str) -> None:
    for pid, request in children.items():
        if request.get("preflight") == key:
            os.kill(pid, signal.SIGKILL)  # not waited for yet, so that the pid is still its own


def _fork(work: Callable[[], int], answers: int, predictors: Predictors) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.close(answers)
        predictors.close()
        code = work()
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)  # no exit handlers: they are the standby's


def _train(settings: Settings, request: dict[str, Any]) -> int:
    from core.common.workspace import Workspace
    from core.runs.kinds import KINDS
    from db import leases
    from db.records import Lease

    pause_point("born")
    os.setsid()
    set_title(f"trainer {request['run']}")
    os.environ["CUDA_VISIBLE_DEVICES"] = request["gpus"]
    _write_to(settings.log_file(request["run"]))
    own, lease = ProcessId.own(), Lease(request["run"], request["attempt"])
    workspace = Workspace.open(settings)
    with workspace.write() as session:
        taken = leases.take(session, lease, own.pid, own.started)
    workspace.close()
    pause_point("taken")
    # Not taken: stopped or given to another process meanwhile, as after a crash of the supervisor.
    return KINDS[request["kind"]].run(settings, lease) if taken else 0


def _inspect(settings: Settings, request: dict[str, Any]) -> int:
    from core.workers.inspection import answer

    set_title("inspection")
    _limit(INSPECTION_SECONDS)
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"  # shapes need no GPU, and its memory belongs to the runs
    return _answer(settings, request["inspect"], answer(settings, request["config"]))


def _try(settings: Settings, request: dict[str, Any]) -> int:
    from core.workers.preflight import answer

    set_title("preflight")
    _limit(PREFLIGHT_SECONDS)
    return _answer(settings, request["preflight"], answer(settings, request["config"]))


def _answer(settings: Settings, key: str, result: dict[str, Any]) -> int:
    from core.common.workspace import Workspace
    from db import hosts

    workspace = Workspace.open(settings)
    with workspace.write() as session:
        hosts.answer(session, key, result)
    return 0


def _limit(seconds: int) -> None:
    """A bad config ends this process, and nothing else on the host."""
    import resource

    import psutil

    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    most = own + int(MEMORY_SHARE * psutil.virtual_memory().available)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    with contextlib.suppress(OSError):  # where Linux runs out of memory all the same, this process goes first
        Path("/proc/self/oom_score_adj").write_text("1000")


def _predict(settings: Settings, run: int, questions: int, answers: int) -> int:
    from core.workers.prediction import serve

    set_title(f"predictor {run}")
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"  # one example needs no GPU, and its memory belongs to the runs
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    return serve(settings, run, questions, answers)


def _write_to(log: Path) -> None:
    """Standard output and error to the end of the log, nothing on standard input."""
    log.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]


if __name__ == "__main__":
    main()
