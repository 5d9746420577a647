"""The weights of a run's last epochs, one file each, so that a version can be made of their mean.

There are as many files as epochs are kept, and the next epoch is written over the oldest.
"""

import os
from pathlib import Path
from typing import Any

import keras
import numpy as np

from core.common.errors import TraindeckError
from core.data.data_info import Array
from core.data.examples import count, take
from core.engine.keras_internals import every_layer
from core.runs.kept_weights import EPOCH, RUN, file_of
from core.tracking.run_log import log_line
from core.training.callbacks import Callback, EpochEnd
from core.training.checkpoints import KIND, Publishing


class KeptEpochs(Callback):
    """Writes them; a file that cannot be written leaves its epoch out, and the log says so."""

    def __init__(self, folder: Path, run: str, model: keras.Model, count: int, publishing: Publishing) -> None:
        """
        Args:
            folder: of the run's checkpoints.
            run: its uid.
            count: how many epochs are kept; 0 for none.
        """
        self._folder, self._run, self._model = folder, run, model
        self._count, self._publishing = count, publishing

    def on_epoch_end(self, epoch: EpochEnd) -> str:
        if not self._count:
            return ""
        path = self._folder / file_of(epoch.number % self._count)
        temporary = path.with_name(f".{os.getpid()}-{path.name}")
        arrays: dict[str, Any] = {f"w{place}": value for place, value in enumerate(self._model.get_weights())}
        arrays |= {EPOCH: np.int64(epoch.number), RUN: np.str_(self._run)}
        try:
            with temporary.open("wb") as file:
                np.savez(file, **arrays)
            with self._publishing(path, KIND):
                temporary.replace(path)
        except OSError as error:
            log_line(f"The weights of epoch {epoch.number} could not be kept: {error.strerror or error}")
        finally:
            temporary.unlink(missing_ok=True)
        return ""


class AveragingError(TraindeckError):
    """Weights whose mean cannot be taken."""


def mean_of(files: list[Path]) -> list[Array]:
    """In the order of the network's weights; what is no number, such as a counter, as the last file has it.

    Raises:
        AveragingError: they are damaged, or of several networks.
    """
    sums: list[Array] = []
    try:
        for path in files:
            with np.load(path) as stored:
                weights = [stored[f"w{place}"] for place in range(len(stored.files) - 2)]
            if sums and [each.shape for each in sums] != [each.shape for each in weights]:
                raise AveragingError("The kept epochs are of different networks. Launch the run again.")
            wide = [each.astype(np.float64) if each.dtype.kind == "f" else each for each in weights]
            pairs = zip(wide, sums or wide, strict=True)
            sums = [each + before if sums and each.dtype.kind == "f" else each for each, before in pairs]
    except (OSError, ValueError, KeyError) as error:
        raise AveragingError(f"The kept weights cannot be read ({error}). Launch the run again.") from error
    return [(each / len(files)).astype(np.float32) if each.dtype.kind == "f" else each for each in sums]


def renew_statistics(model: keras.Model, x: Array | dict[str, Array], batch: int) -> int:
    """Moving means and variances of batch normalisation anew, as the mean over the batches of these examples, which
    those of other weights are not (Izmailov et al., 2018, arXiv 1803.05407); returns how many layers have some.
    """
    found = [
        each for each in every_layer(model) if isinstance(each, keras.layers.BatchNormalization) and each.trainable
    ]
    momenta = [each.momentum for each in found]
    if found:
        whole = max(1, count(x) // batch)  # a last batch that is smaller would count as much as the others
        for number in range(whole):
            for each in found:
                each.momentum = number / (number + 1)
            model(take(x, slice(number * batch, (number + 1) * batch)), training=True)
        for each, momentum in zip(found, momenta, strict=True):
            each.momentum = momentum
    return len(found)
