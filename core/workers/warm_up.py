"""What the standby imports before it forks, so that no trainer and no job has to."""

import os
from importlib import import_module

from core.data.sources.bundled import read_ahead
from core.jobs.job_registry import JOB_KINDS
from core.runs.kinds import KINDS
from core.system.devices import cards
from core.system.program import program


def import_libraries() -> None:
    """Theirs, and what of ours does runs and jobs: that alone would take a child a tenth of a second.

    To be called in a process that never runs an operation: TensorFlow's threads and CUDA do not survive a fork.
    """
    # Errors are raised as exceptions; what TensorFlow logs beside them on a host without GPUs is that it found none.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2" if cards() else "3")
    import keras  # noqa: F401
    import pyarrow.parquet  # noqa: F401
    import sklearn.datasets
    import sklearn.model_selection  # noqa: F401
    import tensorflow  # noqa: F401

    runners = (kind.runner for kind in KINDS.values() if kind.runner)
    for function in (*runners, *(kind.worker for kind in JOB_KINDS.values())):
        import_module(function.partition(":")[0])
    read_ahead()
    program()
