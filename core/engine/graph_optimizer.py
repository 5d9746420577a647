"""Whether TensorFlow's optimiser of graphs, Grappler, is worth its time.

For a small network of dense layers on a CPU it takes a tenth of a second before the first step, a fifth of what such a
network takes until then, and its steps are no faster afterwards. Convolutions it joins with what follows them, and
recurrent layers it gives other kernels: those are twice as fast with it.
"""

import keras
import tensorflow as tf

from core.engine.keras_internals import every_layer

_MOST_PARAMETERS = 500_000  # of a network whose steps take less than a few milliseconds
_GAINS_NOTHING = (
    *("InputLayer", "Dense", "Dropout", "Activation", "ReLU", "Softmax", "BatchNormalization", "LayerNormalization"),
    *("Flatten", "Reshape", "Rescaling", "Normalization", "Concatenate", "StringLookup"),
)


def choose_graph_optimizer(model: keras.Model) -> None:
    """For all graphs of this process that are called for the first time from now on."""
    has_gpu = bool(tf.config.get_visible_devices("GPU"))
    is_plain = all(type(layer).__name__ in _GAINS_NOTHING for layer in every_layer(model))
    is_left_out = is_plain and not has_gpu and model.count_params() <= _MOST_PARAMETERS
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": is_left_out})
