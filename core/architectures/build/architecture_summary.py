"""A network without its weights: shapes and parameter counts, and absurd sizes refused before they are made."""

import keras
import psutil

from core.architectures.architecture import Architecture
from core.common.errors import TraindeckError
from core.data.base import DataInfo

# float32 weights, their gradients, and the two moments that Adam keeps of them.
BYTES_PER_PARAMETER = 4 * 4


class NetworkError(TraindeckError):
    """A network that cannot be trained, whatever the data."""


def summary_model(architecture: Architecture, data: DataInfo) -> keras.Model:
    """The model with weights that have a shape and no values: for looking at, not for running.

    Raises:
        ValueError: shapes that do not fit, in one sentence.
    """
    try:
        with keras.StatelessScope(initialize_variables=False):
            return architecture.build(data)
    finally:
        # Keras would make the weights after all when the next scope ends.
        keras.utils.clear_session(free_memory=False)


def check_parameters(model: keras.Model) -> None:
    """Raises NetworkError when there are no parameters to train, or more than this host's free memory can hold."""
    if not model.trainable_variables:
        raise NetworkError("the network has no weights to train; add a layer that learns, such as Dense")
    needed = model.count_params() * BYTES_PER_PARAMETER
    free = psutil.virtual_memory().available
    if needed > free:
        raise NetworkError(
            f"the network has {model.count_params():,} parameters, which need {_gb(needed)} to train (weights, "
            f"gradients and optimizer), and {_gb(free)} of memory are free; take smaller layers"
        )


def _gb(number: int) -> str:
    return f"{number / 1e9:,.1f} GB"
