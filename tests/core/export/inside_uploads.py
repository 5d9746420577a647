"""Run by the warm process: files of networks, as people have them."""

import zipfile
import zlib
from pathlib import Path
from typing import Any


def files(folder: str) -> dict[str, str]:
    """Kind to path: good ones for iris (four numbers to three probabilities), and what must be refused."""
    place = Path(folder)
    found = _of_keras(place)
    return {name: str(path) for name, path in (found | _of_others(place)).items()}


def _of_keras(place: Path) -> dict[str, Path]:
    import keras
    import numpy as np
    from keras import layers

    keras.utils.set_random_seed(0)
    x = keras.Input((4,), name="x")
    hidden = layers.Dense(8, "relu")(layers.Rescaling(0.5, -1.5)(x))
    good = keras.Model(x, layers.Dense(3, "softmax")(hidden))
    assert np.isfinite(good(np.ones((1, 4), np.float32)).numpy()).all()  # Keras exports what was called
    found: dict[str, Path] = {}

    def saved(name: str, model: Any) -> None:
        found[name] = place / f"{name}.keras"
        model.save(found[name])

    saved("good", good)
    good.export(place / "good.onnx", format="onnx", verbose=False)
    good.export(place / "good.tflite", format="litert", verbose=False)
    found |= {"good_onnx": place / "good.onnx", "good_tflite": place / "good.tflite"}
    saved("logits", keras.Model(x, layers.Dense(3, kernel_initializer="ones")(x)))
    saved("five", keras.Sequential([keras.Input((5,)), layers.Dense(3, "softmax")]))
    saved("lambda", keras.Model(x, layers.Lambda(lambda t: t * 2)(x)))

    class Own(layers.Layer):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return x

    saved("custom", keras.Model(x, Own()(x)))
    saved("function", keras.Model(x, layers.Dense(3, activation=lambda t: t)(x)))
    found["door"] = place / "door.keras"  # of Keras, and yet it does something else than to compute
    with zipfile.ZipFile(found["good"]) as archive, zipfile.ZipFile(found["door"], "w") as changed:
        load = b'{"module": "keras.datasets.mnist", "class_name": "function", "config": "load_data"}'
        for name in archive.namelist():
            changed.writestr(name, archive.read(name).replace(b'"relu"', load))
    found["hdf5"] = place / "hdf5.keras"
    good.save(place / "old.h5")
    (place / "old.h5").rename(found["hdf5"])
    found["cut"] = place / "cut.keras"
    found["cut"].write_bytes(found["good"].read_bytes()[:-200])
    found["bomb"] = place / "bomb.keras"
    with zipfile.ZipFile(found["bomb"], "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", "{}")
        archive.writestr("model.weights.h5", b"\0" * 200 * 2**20)
    found["gigabytes"] = _bomb(place / "gigabytes.keras", 2**32)
    found["declared"] = place / "declared.keras"
    found["liar"] = _bomb(place / "liar.keras", 100)
    with zipfile.ZipFile(found["declared"], "w") as archive:
        archive.writestr("config.json", "{}")
        for number in range(5):
            archive.writestr(f"{number}.h5", b"")
            archive.getinfo(f"{number}.h5").file_size = 12 * 2**30 // 5
    found["weights"] = place / "weights.keras"
    with zipfile.ZipFile(found["weights"], "w") as archive:
        archive.writestr("model.weights.h5", b"\x89HDF\r\n\x1a\n")

    found["raw"] = place / "raw.keras"
    keras.Sequential([keras.Input((2, 3)), layers.Flatten(), layers.Dense(2)]).save(found["raw"])
    return found


def _bomb(path: Path, declared: int) -> Path:
    """Four gigabytes of spaces for a config, whatever its entry declares that it unpacks to."""
    packer, block = zlib.compressobj(9, wbits=-15), b" " * 2**26
    same = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)  # after which nothing leans on what was before
    stream = same * (2**32 // len(block)) + packer.flush()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", stream)
        entry = archive.getinfo("config.json")
        entry.file_size, entry.compress_type = declared, zipfile.ZIP_DEFLATED
    return path


def _of_others(place: Path) -> dict[str, Path]:
    import onnx
    from onnx import TensorProto, helper

    found: dict[str, Path] = {}
    model = onnx.load(place / "good.onnx")
    found["external"] = place / "external.onnx"
    _external(model, found["external"])
    node = helper.make_node("Mine", ["x"], ["y"], domain="own.ops")
    wanted = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 4]) for name in ("x", "y")]
    graph = helper.make_graph([node], "g", wanted[:1], wanted[1:])
    found["operator"] = place / "operator.onnx"
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("own.ops", 1)]),
        found["operator"],
    )
    found["no_onnx"] = place / "no.onnx"
    found["no_onnx"].write_bytes(b"not at all" * 10)
    found["flex"] = place / "flex.tflite"
    found["flex"].write_bytes(_flex())
    found["no_tflite"] = place / "no.tflite"
    found["no_tflite"].write_bytes(b"\0\0\0\0TFL3" + b"\xff" * 20)
    return found


def _external(model: Any, path: Path) -> None:
    """Weights that are said to lie outside the folder."""
    import onnx

    changed = onnx.ModelProto()
    changed.CopyFrom(model)
    for tensor in changed.graph.initializer:
        tensor.ClearField("raw_data")
        tensor.data_location = onnx.TensorProto.EXTERNAL
        entry = tensor.external_data.add()
        entry.key, entry.value = "location", "../../etc/passwd"
    path.write_bytes(changed.SerializeToString())


def _flex() -> bytes:
    import tensorflow as tf

    def run(x: tf.Tensor) -> tf.Tensor:
        return tf.raw_ops.Cumprod(x=x, axis=1) + tf.linalg.det(tf.ones([1, 2, 2]) * x[0, 0])

    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [tf.function(run, input_signature=[tf.TensorSpec([1, 4], tf.float32)]).get_concrete_function()]
    )
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
    return bytes(converter.convert())
