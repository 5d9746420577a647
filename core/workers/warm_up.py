"""What the standby imports before it forks, so that no trainer and no job has to."""

import os

from core.system.devices import cards


def import_libraries() -> None:
    """To be called in a process that never runs an operation: TensorFlow's threads and CUDA do not survive a fork."""
    # Errors are raised as exceptions; what TensorFlow logs beside them on a host without GPUs is that it found none.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2" if cards() else "3")
    import keras  # noqa: F401
    import sklearn.model_selection  # noqa: F401
    import tensorflow  # noqa: F401
