"""How runs ended that did not say so themselves, in words."""

import psutil

from core.system.process import boot_id, describe_exit
from db.records import RunRecord


def why_lost(run: RunRecord, code: int | None) -> str:
    """`code` is the exit code of its process, None when nobody saw it end."""
    if code is None and _restarted(run):
        return f"The host was restarted while the run was training{where(run)}."
    return f"The run ended without a word: {describe_exit(code)}{where(run)}."


def _restarted(run: RunRecord) -> bool:
    """Whether the host was started anew since the run's process was."""
    if run.pid_boot:
        return run.pid_boot != boot_id()
    return run.starting_at is not None and psutil.boot_time() > run.starting_at


def where(run: RunRecord) -> str:
    """How far it was, to go on a sentence with."""
    if run.training_at is None:
        return ", before training began"
    if not run.steps_per_epoch:  # a script's steps are what it makes of them
        return f", at step {run.step:,}" if run.step else ""
    return f", in epoch {int(run.epoch) + 1} of {max(1, round(run.total_steps / run.steps_per_epoch))}"
