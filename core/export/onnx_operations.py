"""An ONNX file as ONNX's own operations have it: TensorFlow's converter leaves some that no runtime knows."""

import importlib
from pathlib import Path
from typing import Any


def to_standard(file: Path) -> None:
    """Write `Erfc`, which exact GELUs have, as one minus `Erf`: erfc(x) = 1 - erf(x). The file is changed in place.

    Raises:
        OSError, and whatever ONNX raises of a file that is none.
    """
    onnx: Any = importlib.import_module("onnx")
    network = onnx.load(str(file))
    if _replaced(network.graph, onnx):
        onnx.save(network, str(file))


def _replaced(graph: Any, onnx: Any) -> bool:
    """Whether there was one, in a body of a loop or a branch, too."""
    found, nodes = False, []
    for node in graph.node:
        for inner in (each.g for each in node.attribute if each.type == onnx.AttributeProto.GRAPH):
            found |= _replaced(inner, onnx)
        if node.op_type != "Erfc":
            nodes.append(node)
            continue
        found, name = True, node.name or node.output[0]
        one = onnx.helper.make_node("Constant", [], [f"{name}/one"], f"{name}/one", value_float=1.0)
        error = onnx.helper.make_node("Erf", [node.input[0]], [f"{name}/erf"], f"{name}/erf")
        rest = onnx.helper.make_node("Sub", [f"{name}/one", f"{name}/erf"], [node.output[0]], f"{name}/rest")
        nodes += [one, error, rest]
    if found:
        del graph.node[:]
        graph.node.extend(nodes)
    return found
