"""Run by the warm process: a network that learned from pixels 0 to 1 and gives logits, as .keras and as .onnx."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np

CLASSES = 3


def asked(_: dict[str, str], folder: str) -> dict[str, Any]:
    """How far each is from what it learned once it is completed, and what is hinted in that range and in bytes."""
    from core.data.number_scaling import Numbers
    from core.export.asked_range import range_hint
    from core.export.completing import completed
    from core.export.given_network import opened
    from core.jobs.new_version import BYTES, Uploaded
    from core.training.uploaded_network import around, through_runtime

    data, logits = _pictures(), _network()
    x = data.x_train.astype(np.float32)
    expected = np.asarray(around(logits, None, "softmax")(x / 255))
    logits.save(Path(folder) / "given.keras")
    logits.export(Path(folder) / "given.onnx", format="onnx", verbose=False)
    found: dict[str, Any] = {"apart": {}, "told": {}}
    for form in ("keras", "onnx"):
        for pixels in ((0.0, 1.0), BYTES):
            path = Path(folder) / f"asked.{form}"
            shutil.copyfile(Path(folder) / f"given.{form}", path)
            wanted = Uploaded(folder="0" * 32, name=path.name, like="1", pixels=pixels, logits=True)
            done = completed(opened(path, form, path.name), path, data.info, wanted, CLASSES)
            model = done.model
            if model is None:
                assert done.ask is not None
                model = through_runtime(done.ask, data.info, done.batch, (CLASSES,))
            if pixels != BYTES:
                found["apart"][form] = float(np.abs(np.asarray(model(x)) - expected).max())
            found["told"][f"{form} {pixels[1]:g}"] = range_hint(model, data, Numbers(), pixels)
    return found


def _pictures() -> Any:
    """Of which one row of pixels is brighter than the others: which one is the class."""
    from core.data.base import Dataset
    from core.data.data_info import DataInfo

    draw = np.random.default_rng(0)
    y = np.arange(60, dtype=np.int32) % CLASSES
    x = draw.integers(0, 160, (60, CLASSES, 4, 1))
    x[np.arange(60), y] += 40
    info = DataInfo((CLASSES, 4, 1), ("a", "b", "c"), 60, 0, task="multiclass", kind="image")
    none = slice(0, 0)
    pictures = x.astype(np.uint8)
    return Dataset(pictures, y, pictures[none], y[none], pictures[none], y[none], info, "made")


def _network() -> Any:
    """Whose weights are as large as they should be for pixels 0 to 1."""
    import keras
    from keras import layers

    x = keras.Input((CLASSES, 4, 1), name="x")
    seen = layers.Reshape((CLASSES * 4,))(x)
    model = keras.Model(x, layers.Dense(CLASSES, name="logits")(seen))
    kernel = np.repeat(5 * np.eye(CLASSES, dtype=np.float32), 4, axis=0)
    model.layers[-1].set_weights([kernel, np.zeros(CLASSES, np.float32)])
    assert model(np.zeros((1, CLASSES, 4, 1), np.float32)).shape == (1, CLASSES)  # Keras exports what was called
    return model
