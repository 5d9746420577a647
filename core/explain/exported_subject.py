"""The network of an export as explanations ask it, in the runtime that answers; without TensorFlow."""

import math
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import numpy as np

from core.data.base import Array, Examples
from core.explain.subject import Subject
from core.inference.model import Model
from core.jobs.explanation import ASKING, Method

_RANDOM = 3  # networks with random weights, which stay in memory


class ExportedSubject(Subject):
    """It is only asked: its format has no gradients."""

    def __init__(self, folder: Path) -> None:
        """Raises BundleError."""
        self._folder = folder
        self.model = self._asked = Model(folder)
        super().__init__(self.model.known.info)

    @property
    def methods(self) -> tuple[Method, ...]:
        return tuple(each for each in super().methods if each in ASKING)

    def outputs(self, x: Examples) -> Array:
        return self._asked.batch(x)

    def random_networks(self, parts: int) -> int:
        return len(self._random)

    @contextmanager
    def random_weights(self, seed: int) -> Iterator[None]:
        self._asked = self._random[seed]
        try:
            yield
        finally:
            self._asked = self.model

    @cached_property
    def _random(self) -> list[Model]:
        """None of a format whose weights cannot be drawn anew."""
        is_onnx = self.model.known.format == "onnx"
        return [_randomised(self._folder, self.model.known.file, seed) for seed in range(_RANDOM)] if is_onnx else []


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
