"""The formats in which a network is exported."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    name: str  # the engine that runs it, and what is smaller in it than in the original
    title: str
    file: str
    needs: tuple[str, ...]  # what its folder needs installed, beside numpy
    # The largest difference of an output to the original network's, see core.export.comparing; None where answers are
    # meant to differ, and accuracy and flips tell whether they may.
    tolerance: float | None
    summary: str

    @property
    def engine(self) -> str:
        return self.name.partition("-")[0]

    @property
    def variant(self) -> str:
        """What its weights are; "" for those of the original."""
        return self.name.partition("-")[2]

    @property
    def by_range(self) -> bool:
        """Whether numbers are whole ones within it, by the range that they have on training examples."""
        return self.variant in ("int8", "full-int8", "static-int8") and self.engine != "keras"


def _onnx(name: str, title: str, summary: str, tolerance: float | None = None) -> Format:
    return Format(name, title, "network.onnx", ("onnxruntime",), tolerance, summary)


def _litert(name: str, title: str, summary: str, tolerance: float | None = None) -> Format:
    return Format(name, title, "network.tflite", ("ai-edge-litert",), tolerance, summary)


def _keras(name: str, title: str, summary: str, tolerance: float | None = None) -> Format:
    return Format(name, title, "network.keras", ("tensorflow",), tolerance, summary)


FORMATS = {
    each.name: each
    for each in (
        _onnx("onnx", "ONNX", "Small and fast, on every system.", 1e-5),
        _litert("litert", "LiteRT", "TensorFlow Lite: phones, boards.", 1e-5),
        _keras("keras", "Keras", "To go on with in Keras.", 1e-5),
        Format("saved_model", "SavedModel", "saved_model", ("tensorflow",), 1e-5, "For TensorFlow and its Serving."),
        _onnx("onnx-dynamic-int8", "ONNX, dynamic int8", "Weights of 8 bits, numbers rounded as they come."),
        _onnx("onnx-static-int8", "ONNX, static int8", "Weights and numbers of 8 bits, set by training examples."),
        _litert("litert-float16", "LiteRT, float16", "Weights of 16 bits: half the size, hardly another answer."),
        _litert("litert-dynamic", "LiteRT, dynamic int8", "Weights of 8 bits, numbers rounded as they come."),
        _litert("litert-int8", "LiteRT, int8", "Weights and numbers of 8 bits, set by training examples."),
        _litert("litert-full-int8", "LiteRT, full int8", "As int8, with 8 bits also in and out: chips without floats."),
        _keras("keras-int8", "Keras, int8", "Weights of 8 bits in dense layers and embeddings; not faster."),
        _keras("keras-int4", "Keras, int4", "Weights of 4 bits in dense layers and embeddings; not faster."),
    )
}
# Tried by whoever wants it small and fast, those of TensorFlow aside.
COMPACT = tuple(each for each in FORMATS.values() if each.needs != ("tensorflow",))
