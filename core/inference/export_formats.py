"""The formats in which a network is exported."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    name: str
    title: str
    file: str
    needs: tuple[str, ...]  # what its folder needs installed, beside numpy
    tolerance: float  # the largest difference of an output to the original network's, see core.export.comparing
    summary: str


FORMATS = {
    each.name: each
    for each in (
        Format("onnx", "ONNX", "network.onnx", ("onnxruntime",), 1e-5, "Small and fast, on every system."),
        Format("litert", "LiteRT", "network.tflite", ("ai-edge-litert",), 1e-5, "TensorFlow Lite: phones, boards."),
        Format("keras", "Keras", "network.keras", ("tensorflow",), 1e-5, "To go on with in Keras."),
        Format("saved_model", "SavedModel", "saved_model", ("tensorflow",), 1e-5, "For TensorFlow and its Serving."),
    )
}
