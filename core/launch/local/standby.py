"""The standby: a process that has TensorFlow imported, runs no operation, and forks a child for every run.

A fork takes milliseconds where the import takes ten seconds and more, every child starts from the same clean state,
and a child that crashes takes nothing with it. This works because importing TensorFlow starts neither its thread pools
nor CUDA; the first operation does, in the child.

Requests come over a channel, and its end ends the standby; trainers go on without it, jobs do not. Answers go the same
way:
    {"run": 12, "attempt": 1, "kind": "network", "gpus": "GPU-6f…", "spare": true}
                                                     train; the child's exit is told as {"run": 12, …, "exit": 0}
    {"job": "<key>", "kind": "inspection", …}        do a job; {"job": "<key>", "exit": 0, "late": false}
    {"cancel": "<key>"}                              nobody waits for this job any more
"""

import core.system.own_end  # noqa: F401 - its handler has to be registered before all others

# isort: split
import contextlib
import gc
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from core.common.pause_points import pause_point
from core.common.settings import Settings
from core.launch.local.job_processes import JobProcesses
from core.launch.local.spare import Spare
from core.runs.location import NAMES
from core.system.channel import Channel, wait_for_any
from core.system.process import ProcessId, set_title
from core.system.temporary import sweep_temporary, temporary_folder
from core.tracking.full_disk import PATIENCE_SECONDS, wait_out
from core.tracking.log_stream import guard_output, log_to
from core.tracking.run_log import log_error, log_line, stamp_lines
from core.workers.warm_up import import_libraries

REAP_SECONDS = 0.05  # between two looks whether a child has ended
SWEEP_SECONDS = 5.0  # between two looks for what children left; one that ends may have some that end later


def main() -> None:
    set_title("standby")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the supervisor decides
    guard_output()
    sweep_temporary()
    import_libraries()
    # What is loaded now lives as long as the process: keep the collector from touching, and so copying, its pages.
    gc.collect()
    gc.freeze()
    serve(Settings(), Channel(int(sys.argv[1])))


def serve(settings: Settings, supervisor: Channel) -> None:
    """Do what the supervisor asks for, until it is gone."""
    trainers: dict[int, dict[str, Any]] = {}

    def fork(work: Callable[[], int]) -> int:
        return _fork(work, supervisor, jobs, spare)

    jobs = JobProcesses(settings, fork)
    spare = Spare(settings, fork, partial(_train, settings))
    supervisor.send({"ready": True})
    swept = time.monotonic()
    while not supervisor.is_over:
        wait_for_any([supervisor, *jobs.channels], REAP_SECONDS)
        if time.monotonic() - swept > SWEEP_SECONDS:
            sweep_temporary()
            swept = time.monotonic()
        for request in supervisor.heard():
            if "cancel" in request:
                jobs.cancel(request["cancel"])
            elif "job" in request:
                jobs.ask(request)
            else:
                pause_point("received")
                trainers[spare.take(request) or fork(partial(_train, settings, request))] = request
                pause_point("forked")
        spare.keep()
        for message in jobs.look():
            sweep_temporary()
            supervisor.send(message)
        for pid in list(trainers):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                sweep_temporary()
                supervisor.send(trainers.pop(pid) | {"pid": pid, "exit": os.waitstatus_to_exitcode(status)})


def _fork(work: Callable[[], int], *own: Channel | JobProcesses | Spare) -> int:
    """The pid of a child that closes what is the standby's `own`, does the work, and ends with its code."""
    pid = _forked()
    if pid:
        return pid
    code = 1
    try:
        for each in own:
            each.close()
        with temporary_folder():
            code = work()
    except BaseException as error:  # noqa: BLE001 - whatever ends a child
        log_error(error)
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)  # no exit handlers: they are the standby's


def _forked() -> int:
    """As os.fork, once the system has a process to give."""
    while True:
        try:
            with warnings.catch_warnings():  # from 3.12 on, of threads of NVML and pyarrow: a child needs none
                warnings.simplefilter("ignore", DeprecationWarning)
                return os.fork()
        except OSError as error:
            log_line(f"No process could be started, trying again: {error}")
            time.sleep(1)


def _train(settings: Settings, request: dict[str, Any]) -> int:
    from core.common.workspace import Workspace
    from core.runs.kinds import KINDS
    from db import leases
    from db.records import Lease

    pause_point("born")
    os.setsid()
    set_title(f"trainer {request['run']}")
    os.environ["CUDA_VISIBLE_DEVICES"] = request["gpus"]
    wait_out(lambda: _write_to(settings.log_file(request["run"])))
    own, lease = ProcessId.own(), Lease(request["run"], request["attempt"])

    def take() -> bool:
        with contextlib.closing(Workspace.open(settings)) as workspace, workspace.write() as session:
            return leases.take(session, lease, own.pid, own.started, own.boot)

    taken = wait_out(take, store_seconds=PATIENCE_SECONDS)
    pause_point("taken")
    # Not taken: stopped or given to another process meanwhile, as after a crash of the supervisor.
    return KINDS[request["kind"]].run(settings, lease) if taken else 0


def _write_to(log: Path) -> None:
    """Standard output and error to the end of the log, nothing on standard input. Raises OSError."""
    runs = log.parent.parent
    if not runs.exists() and (runs.parent / NAMES).exists():  # removed, where the workspace itself is there
        runs.mkdir(exist_ok=True)
    log.parent.mkdir(exist_ok=True)  # not its parents: a workspace that is away is not to be made anew
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    log_to(log)
    stamp_lines()


if __name__ == "__main__":
    main()
