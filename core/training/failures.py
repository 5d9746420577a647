"""Why runs fail, for people."""

import tensorflow as tf

from core.common.errors import TraindeckError
from core.common.text import first_line


def explain(error: Exception) -> str:
    """Why the run failed, in a sentence for the person who launched it; the log has the traceback."""
    if isinstance(error, TraindeckError):
        return str(error)
    if isinstance(error, MemoryError | tf.errors.ResourceExhaustedError):
        return (
            "The memory did not suffice. Take a smaller batch, smaller layers or fewer examples, or a device with more."
        )
    text = first_line(error)
    return text if isinstance(error, ValueError) and text else f"{type(error).__name__}: {text} (see the log)"
