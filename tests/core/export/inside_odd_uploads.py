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
from core.system.cpu_limit import at_most_cpu
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
    identity = helper.make_node("Identity", ["x"], ["y"])
    _onnx(place / "wide.onnx", identity, 2 * 10**9)
    _onnx(place / "none.onnx", identity, 0)
    _onnx(place / "cell.onnx", helper.make_node("Gather", ["x", "size"], ["y"], axis=1), 4, 70)
    _onnx(place / "filled.onnx", helper.make_node("ConstantOfShape", ["size"], ["y"]), 4, 10**13)
    _onnx(place / "later.onnx", identity, 4, version=99)
    numbers = keras.Input((2,), name="numbers")
    hashed = layers.Hashing(5, output_mode="one_hot")(other)
    mixed = keras.Model({"numbers": numbers, "categories": other}, layers.Concatenate()([numbers, hashed]))
    runtimes = ("bytes", "words", "wide", "none", "cell", "filled", "later")
    endings = {"lite": ".tflite"} | dict.fromkeys(runtimes, ".onnx")
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


def endless(folder: str) -> None:
    """A loop of 10^15 rounds is asked, as an upload is, with two seconds of the CPU for it."""
    path, rounds = (
        Path(folder) / "loop.onnx",
        [
            helper.make_tensor("size", TensorProto.INT64, [], [10**15]),
            helper.make_tensor("goes_on", TensorProto.BOOL, [], [True]),
        ],
    )
    kinds = {"i": TensorProto.INT64, "c": TensorProto.BOOL, "a": TensorProto.FLOAT}
    kinds |= {"d": TensorProto.BOOL, "b": TensorProto.FLOAT}
    i, c, a, d, b = (
        helper.make_tensor_value_info(name, kind, None if name in "ab" else []) for name, kind in kinds.items()
    )
    nodes = [helper.make_node("Identity", ["c"], ["d"]), helper.make_node("Sin", ["a"], ["b"])]
    body = helper.make_graph(nodes, "body", [i, c, a], [d, b])
    _onnx(path, helper.make_node("Loop", ["size", "goes_on", "x"], ["y"], body=body), 4, rounds)
    with at_most_cpu(2):
        _tried(path)


def _onnx(path: Path, node: Any, width: int, size: Any = 0, version: int = 8) -> None:
    """One node, that takes x [n, width] and gives y; `size` is a whole number beside it."""
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", width])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    beside = size if isinstance(size, list) else [helper.make_tensor("size", TensorProto.INT64, [1], [size])]
    graph = helper.make_graph([node], "g", [x], [y], beside)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=version), path)


def _cast(path: Path, taken: int, given: int) -> None:
    ends = [helper.make_tensor_value_info(name, kind, ["n", 4]) for name, kind in (("x", taken), ("y", given))]
    graph = helper.make_graph([helper.make_node("Cast", ["x"], ["y"], to=given)], "g", ends[:1], ends[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.save(model, path)
