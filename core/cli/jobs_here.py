"""Jobs done in this process, where no supervisor is at work: a command needs no dashboard. Imports TensorFlow."""

import os
from importlib import import_module

from core.common.context import Context
from core.jobs.job_kind import JobKind, Payload, Result
from core.workers.work import Work


def done_here(context: Context, kind: JobKind[Payload, Result], payload: Payload, process: str = "") -> Result:
    """What the kind's worker answers; `process` as in core.jobs.job_queue.put."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if not kind.limits.cards:
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"  # a GPU's memory belongs to the runs
    module, _, name = kind.worker.partition(":")
    function = getattr(import_module(module), name)
    do = function(context.workspace, process) if kind.limits.warm else function
    answer: Result = do(Work(context.workspace), payload)
    return answer
