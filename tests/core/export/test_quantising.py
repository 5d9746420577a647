"""ONNX files with weights of 8 bits: smaller, and near the original."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from core.data.data_info import Array
from core.export.quantising import quantised
from core.inference.engines import ONLY, engine

DRAW = np.random.default_rng(0)


def network(path: Path) -> Path:
    """A layer of 64 units after 32 numbers."""
    weights: list[Any] = [
        numpy_helper.from_array(DRAW.normal(size=shape).astype(np.float32), name)
        for name, shape in (("w", (32, 64)), ("b", (64,)))
    ]
    nodes = [helper.make_node("MatMul", ["x", "w"], ["m"]), helper.make_node("Add", ["m", "b"], ["y"])]
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", width]) for name, width in (("x", 32), ("y", 64))
    ]
    graph = helper.make_graph(nodes, "layer", ends[:1], ends[1:], weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


@pytest.mark.parametrize("variant", ["dynamic-int8", "static-int8"])
def test_a_network_in_8_bits_is_smaller_and_answers_nearly_the_same(variant: str, tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    whole, small = network(tmp_path / "whole.onnx"), tmp_path / "bundle" / "network.onnx"
    x: Array = DRAW.normal(size=(70, 32)).astype(np.float32)  # more than are looked at at a time
    quantised(whole, small, variant, {ONLY: x})
    assert small.stat().st_size < 0.6 * whole.stat().st_size
    before, after = (engine("onnx", path, 1)({ONLY: x}) for path in (whole, small))
    assert 0 < np.abs(before - after).max() < 0.05 * np.abs(before).max()
    assert [each.name for each in small.parent.iterdir()] == ["network.onnx"]
