"""ONNX files with weights of 8 bits, by ONNX Runtime's own tools."""

import importlib
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from core.data.data_info import Array
from core.inference.engines import named

_BATCH = 32  # examples that numbers are looked at in at a time


def quantised(source: Path, target: Path, variant: str, examples: Mapping[str, Array]) -> None:
    """Write the file in 8 bits: `dynamic-int8`, or `static-int8` by the range that numbers have on these examples.

    Raises whatever ONNX Runtime raises.
    """
    tools: Any = importlib.import_module("onnxruntime.quantization")
    with tempfile.TemporaryDirectory(dir=target.parent.parent) as folder:
        prepared = Path(folder) / "prepared.onnx"
        preparing: Any = importlib.import_module("onnxruntime.quantization.shape_inference")
        preparing.quant_pre_process(source, prepared, skip_symbolic_shape=True)
        if variant == "dynamic-int8":
            tools.quantize_dynamic(prepared, target, weight_type=tools.QuantType.QInt8)
            return
        batches = _batches(source, examples)

        class Reader(tools.CalibrationDataReader):  # type: ignore[misc]
            def get_next(self) -> dict[str, Array] | None:
                return next(batches, None)

        tools.quantize_static(prepared, target, Reader(), weight_type=tools.QuantType.QInt8)


def _batches(source: Path, examples: Mapping[str, Array]) -> Iterator[dict[str, Array]]:
    runtime: Any = importlib.import_module("onnxruntime")
    session = runtime.InferenceSession(str(source), providers=["CPUExecutionProvider"])
    names = [each.name for each in session.get_inputs()]
    for start in range(0, len(next(iter(examples.values()))), _BATCH):
        yield named({name: np.asarray(each[start : start + _BATCH]) for name, each in examples.items()}, names)
