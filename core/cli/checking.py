"""What a config builds, and how a batch does, asked of the standby before a run is queued."""

import contextlib
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from core.common.context import Context
from core.common.errors import ConfigError, StateError
from core.config.run import RunConfig
from core.jobs import inspection, job_queue, preflight
from core.jobs.job_queue import POLL_SECONDS, WAIT_SECONDS
from core.system.hosts import living_supervisor

if TYPE_CHECKING:
    from core.launch.supervisor import Supervisor

Answer = TypeVar("Answer", inspection.Inspection, preflight.Preflight)


def inspect(context: Context, config: RunConfig, supervisor: "Supervisor | None") -> None:
    """Refuse a network or data that will fail, where that is found out by the way; else the trainer finds it out.

    Raises:
        ConfigError: with every problem.
    """
    host = living_supervisor(context.workspace) if supervisor is None else None
    if supervisor is None and (host is None or host.standby.get("state") != "ready"):
        return
    # A supervisor of this process's own has to wait for its standby in any case.
    seconds = WAIT_SECONDS if supervisor else context.workspace.settings.check_seconds
    _forget_refusals(context, config)
    answer = _awaited(lambda: inspection.ask(context, config), seconds, supervisor)
    if answer is not None and answer.problems:
        raise ConfigError(answer.found())


def try_batch(context: Context, config: RunConfig, supervisor: "Supervisor | None") -> None:
    """Build the network, train it for a few steps and say, on standard error, what it will take.

    Raises:
        ConfigError: with every problem.
        StateError: there is nobody to ask.
    """
    if supervisor is None and living_supervisor(context.workspace) is None:
        raise StateError(
            "No supervisor is at work that could try a batch. Start the dashboard or `python -m core supervise`, "
            "or launch with --wait or without --preflight."
        )
    _forget_refusals(context, config)
    _answer(context, lambda: inspection.ask(context, config), supervisor)
    trial = _answer(context, lambda: preflight.ask(context, config), supervisor)
    for line in [_trial_line(trial, config, context), *trial.warnings]:
        sys.stderr.write(f"{line}\n")  # standard output is for the runs


def _forget_refusals(context: Context, config: RunConfig) -> None:
    """What was refused before is looked at anew: data may be there by now, memory may be free."""
    for job in (inspection, preflight):
        with contextlib.suppress(LookupError):
            told = job_queue.look(context, job.KIND, job.key(config))
            if told is not None and told.problems:
                job.forget(context, config)


def _answer(context: Context, ask: Callable[[], Answer | None], supervisor: "Supervisor | None") -> Answer:
    answer = _awaited(ask, WAIT_SECONDS, supervisor)
    if answer is None:
        raise StateError(
            f"The standby has not answered within {WAIT_SECONDS:.0f} s; "
            f"{context.workspace.settings.home}/standby.log may say why. Without --preflight the run is queued all "
            "the same."
        )
    if answer.problems:
        raise ConfigError(answer.found())
    return answer


def _awaited(ask: Callable[[], Answer | None], seconds: float, supervisor: "Supervisor | None") -> Answer | None:
    """The standby's answer, None when it does not come in time or not at all."""
    deadline = time.monotonic() + seconds
    while (answer := ask()) is None:
        if time.monotonic() > deadline or (supervisor is not None and supervisor.launcher.failures):
            return None
        if supervisor is not None:
            supervisor.tick()
        time.sleep(POLL_SECONDS)
    return answer


def _trial_line(trial: preflight.Preflight, config: RunConfig, context: Context) -> str:
    """What a batch showed: about how long, how much memory, how the loss begins."""
    told = []
    info = config.data.info(context.workspace.settings)
    total, epoch = trial.total_seconds(config, info), trial.epoch_seconds(config, info)
    if total is not None and epoch is not None:
        cpu = " on the CPU, less on the GPU" if trial.device == "gpu" else ""
        told.append(f"about {total:,.1f} s in all, {epoch:,.2f} s per epoch{cpu}")
    if trial.memory is not None:
        told.append(f"{trial.memory.needed / 1e6:,.1f} MB of {trial.memory.free / 1e9:,.1f} GB of memory")
    if trial.loss is not None and trial.expected is not None:
        told.append(f"first loss {trial.loss:.3f} ({trial.rule} = {trial.expected:.3f})")
    if trial.checkpoint is not None:
        told.append(f"checkpoint {trial.checkpoint / 1e6:,.1f} MB")
    return f"Tried a batch: {', '.join(told) or 'nothing is known'}."
