"""What is measured of several labels while training."""

from typing import Any

import keras


@keras.saving.register_keras_serializable("traindeck")
class ExampleF1(keras.metrics.MeanMetricWrapper):  # type: ignore[misc]
    """F1 of the labels that are more probable than not, of each example; the mean over the examples.

    Unlike micro or macro F1 it is a mean, and so has one value whatever the batches. Of an example that has no labels
    and is given none it is 1. Labels that MixUp mixed count where the larger share has them.
    """

    def __init__(self, name: str = "f1", dtype: Any = None) -> None:
        super().__init__(_example_f1, name, dtype=dtype)

    def get_config(self) -> dict[str, Any]:
        return {"name": self.name, "dtype": self.dtype}


def _example_f1(y_true: Any, y_pred: Any) -> Any:
    true = keras.ops.cast(keras.ops.cast(y_true, "float32") >= 0.5, "float32")
    given = keras.ops.cast(keras.ops.cast(y_pred, "float32") > 0.5, "float32")
    both = 2 * keras.ops.sum(true * given, axis=-1)
    every = keras.ops.sum(true + given, axis=-1)
    return keras.ops.where(every > 0, both / keras.ops.maximum(every, 1), 1.0)
