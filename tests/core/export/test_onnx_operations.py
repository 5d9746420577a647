"""Files that TensorFlow's converter wrote with operations of its own."""

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper
from scipy.special import erfc

from core.export.onnx_operations import to_standard


def test_erfc_becomes_what_every_runtime_knows_in_branches_too(tmp_path: Path) -> None:
    number, truth = (TensorProto.FLOAT, TensorProto.BOOL)
    inner = []
    for kind in ("Erfc", "Neg"):
        out = helper.make_tensor_value_info(kind, number, ["n"])
        inner.append(helper.make_graph([helper.make_node(kind, ["x"], [kind])], kind, [], [out]))
    nodes = [
        helper.make_node("If", ["is"], ["branch"], then_branch=inner[0], else_branch=inner[1]),
        helper.make_node("Erfc", ["branch"], ["y"], "last"),
    ]
    ends = [helper.make_tensor_value_info(*each) for each in (("is", truth, []), ("x", number, ["n"]))]
    graph = helper.make_graph(nodes, "g", ends, [helper.make_tensor_value_info("y", number, ["n"])])
    file = tmp_path / "network.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), file)

    to_standard(file)

    x = np.linspace(-3, 3, 50, dtype=np.float32)
    runtime: Any = importlib.import_module("onnxruntime")
    (found,) = runtime.InferenceSession(file).run(None, {"is": np.array(True), "x": x})
    np.testing.assert_allclose(found, erfc(erfc(x)), atol=1e-6)
    before = file.read_bytes()
    to_standard(file)
    assert file.read_bytes() == before
