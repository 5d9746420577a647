"""The network of an export as explanations ask it, in the runtime that answers; without TensorFlow."""

import math
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from core.data.base import Array, Examples
from core.explain.subject import Subject
from core.inference.model import Model
from core.jobs.explanation import ASKING, Method

_MANY = 12  # parts of an input
_RANDOM, _FOR_FEW = 3, 10  # networks with random weights, which stay in memory; the second of few parts


class ExportedSubject(Subject):
    """It is only asked: its format has no gradients."""

    def __init__(self, folder: Path) -> None:
        """Raises BundleError."""
        self._folder = folder
        self.model = self._asked = Model(folder)
        self._random: list[Model] = []
        super().__init__(self.model.known.info)

    @property
    def methods(self) -> tuple[Method, ...]:
        return tuple(each for each in super().methods if each in ASKING)

    def outputs(self, x: Examples) -> Array:
        return self._asked.batch(x)

    def random_networks(self, parts: int) -> int:
        """None of a format whose weights cannot be drawn anew; more of few parts, which are alike by chance."""
        if self.model.known.format != "onnx":
            return 0
        return _FOR_FEW if parts < _MANY else _RANDOM

    @contextmanager
    def random_weights(self, seed: int) -> Iterator[None]:
        while len(self._random) <= seed:
            self._random.append(_randomised(self._folder, self.model.known.file, len(self._random)))
        self._asked = self._random[seed]
        try:
            yield
        finally:
            self._asked = self.model


def _randomised(folder: Path, network: str, seed: int) -> Model:
    """Matrices are drawn after Glorot and Bengio (2010); biases stay, and so does what scales the inputs."""
    import onnx

    draw, graph = np.random.default_rng(seed), onnx.load(folder / network)
    for tensor in graph.graph.initializer:
        values = onnx.numpy_helper.to_array(tensor)
        if values.dtype.kind == "f" and values.ndim > 1:
            most = math.sqrt(
                6 / (values.size / max(values.shape[-2:]) / min(values.shape[-2:]) * sum(values.shape[-2:]))
            )
            drawn = draw.uniform(-most, most, values.shape).astype(values.dtype)
            tensor.CopyFrom(onnx.numpy_helper.from_array(drawn, tensor.name))
    with tempfile.TemporaryDirectory() as place:
        for file in folder.iterdir():
            if file.is_file() and file.name != network:
                shutil.copy2(file, place)
        onnx.save(graph, Path(place) / network)
        return Model(place)
