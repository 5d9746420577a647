"""Run by the warm process: networks that answer in odd ways, as files that somebody uploads."""

import json
import zipfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx
from keras import layers, ops
from onnx import TensorProto, helper

from core.common.errors import TraindeckError
from core.export import uploading
from core.export.file_checks import check
from core.export.given_network import opened, require_answers
from core.training.uploaded_network import inputs_of


def told(folder: str) -> dict[str, Any]:
    """Why each is refused, in words; or the shape of an answer."""
    place = Path(folder)
    x, other = keras.Input((4,), name="x"), keras.Input((4,), dtype="string", name="categories")
    given = layers.Dense(3, "softmax")(x)
    plain = keras.Model([x], [given])
    broken = keras.Sequential(
        [keras.Input((4,)), layers.Dense(3, kernel_initializer=keras.initializers.Constant(np.nan))]
    )
    fixed = keras.Input((4,), batch_size=7)
    word = keras.Input((1,), dtype="string")
    for name, model in {
        "listed": plain,
        "mean": keras.Model(x, ops.mean(given, axis=0, keepdims=True)),
        "axis": keras.Model(x, ops.softmax(layers.Dense(3)(x), axis=0)),
        "nan": broken,
        "named": keras.Model(x, {"x": given}),
        "fixed": keras.Model(fixed, layers.Dense(3)(fixed)),
        "path": keras.Model(word, layers.Dense(3)(layers.StringLookup(vocabulary=["a"], output_mode="one_hot")(word))),
    }.items():
        model.save(place / f"{name}.keras")

    _changed(place / "listed.keras", place / "huge.keras", "Dense", units=10**9)
    _changed(place / "path.keras", place / "path.keras", "StringLookup", vocabulary=str(place / "listed.keras"))
    plain.export(place / "lite.tflite", format="litert", verbose=False)
    _cast(place / "bytes.onnx", TensorProto.UINT8, TensorProto.FLOAT)
    _cast(place / "words.onnx", TensorProto.FLOAT, TensorProto.STRING)
    numbers = keras.Input((2,), name="numbers")
    hashed = layers.Hashing(5, output_mode="one_hot")(other)
    mixed = keras.Model({"numbers": numbers, "categories": other}, layers.Concatenate()([numbers, hashed]))
    endings = {"lite": ".tflite", "bytes": ".onnx", "words": ".onnx"}
    names = ("listed", "mean", "axis", "nan", "named", "fixed", "path", "huge", *endings)
    found = {name: _tried(place / f"{name}{endings.get(name, '.keras')}") for name in names}
    return found | {"mixed": {each.name: [list(each.shape), each.kind] for each in inputs_of(mixed)}}


def _tried(path: Path) -> Any:
    try:
        network = opened(path, check(path, path.name), path.name)
        manifest = uploading._manifest(None, None, network, path.name)  # type: ignore[arg-type]  # of no run
        given = uploading._answers(network, manifest, path.name)
        require_answers(given, manifest.info, path.name)
    except TraindeckError as error:
        return str(error)
    return list(manifest.info.whole or given.shape[1:])


def _changed(source: Path, target: Path, kind: str, **values: Any) -> None:
    """The file with other settings of the layers of a kind."""
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(parts["config.json"])
    for layer in config["config"]["layers"]:
        if layer["class_name"] == kind:
            layer["config"] |= values
    parts["config.json"] = json.dumps(config).encode()
    with zipfile.ZipFile(target, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)


def _cast(path: Path, taken: int, given: int) -> None:
    ends = [helper.make_tensor_value_info(name, kind, ["n", 4]) for name, kind in (("x", taken), ("y", given))]
    graph = helper.make_graph([helper.make_node("Cast", ["x"], ["y"], to=given)], "g", ends[:1], ends[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.save(model, path)
