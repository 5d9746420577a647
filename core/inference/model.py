"""An exported network, asked as *Try it* asks the original one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.data.data_info import Array, Examples
from core.data.examples import count, take
from core.inference.description import BundleError, read
from core.inference.engines import ONLY, engine
from core.inference.inputs import batch_of, network_inputs
from core.inference.told import answer_of

BATCH = 256  # examples that the network is asked about at a time


class Model:
    """The network of an exported folder, in memory."""

    def __init__(self, folder: Path | str, threads: int | None = None) -> None:
        """`threads` that it may take; None for what its runtime takes. Raises BundleError."""
        self.known = read(Path(folder))
        self._engine = engine(self.known.format, Path(folder) / self.known.file, threads)
        self._most = self.known.batch or BATCH

    def predict(self, instances: Sequence[Any]) -> list[dict[str, Any]]:
        """An answer for each instance: the prediction, what it was chosen among, notes on what was given.

        Args:
            instances: pictures (bytes of a file, a Path, {"b64": …}, or pixels), texts, rows ({feature: value}, or
                values in order), or windows of numbers.

        Raises:
            DataError: one of them is not what the network takes.
        """
        if not len(instances):
            return []
        x, notes = batch_of(self.known, instances)
        given = self.batch(x)
        return [
            answer_of(self.known, row) | ({"notes": list(told)} if told else {})
            for row, told in zip(given, notes, strict=True)
        ]

    def batch(self, x: Examples) -> Array:
        """[examples, …]: probabilities, or numbers in the target's unit.

        Args:
            x: raw examples: pixels 0 to 255, rows, token ids; of a table {"numbers", "categories"}.
        """
        return self.known.numbers.of_outputs(self.outputs(x))

    def outputs(self, x: Examples) -> Array:
        """The same as the network gives it: float32, numbers scaled as its target was."""
        inputs = network_inputs(self.known.info, self.known.numbers, x, self.known.normal)
        starts = range(0, count(inputs), self._most)
        parts = [(part, self._asked(part)) for part in (take(inputs, slice(at, at + self._most)) for at in starts)]
        for part, given in parts:
            if given.ndim == 0 or len(given) != count(part):
                raise BundleError(
                    f"{self.known.file} gave {len(given) if given.ndim else 1} answers for {count(part)} examples, so "
                    "which is whose is not known. Ask a network that answers for each example."
                )
        return np.concatenate([given for _, given in parts])

    def _asked(self, part: Examples) -> Array:
        return np.asarray(self._engine(part if isinstance(part, dict) else {ONLY: part}), np.float32)
