"""How sparse a network becomes while it is pruned: a metric, and in the end a fact of the run."""

from typing import Any

import keras

from core.engine.pruning import sparsity
from core.tracking.recorder import Recorder
from core.training.callbacks import Callback, EpochEnd

FACT = "pruned"


class Sparsity(Callback):
    """Of the kernels, after each epoch that ends a call of the engine; the last one's is put among `facts`."""

    def __init__(self, model: keras.Model, recorder: Recorder, facts: dict[str, Any]) -> None:
        self._model = model
        self._recorder = recorder
        self._facts = facts

    def on_epoch_end(self, epoch: EpochEnd) -> str:
        if epoch.is_current:
            zeros, weights = sparsity(self._model)
            self._recorder.log({"sparsity": zeros / max(1, weights)}, epoch.step)
            self._facts[FACT] = {"weights": weights, "zeros": zeros}
        return ""
