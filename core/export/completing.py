"""What a given network lacks is put around it: its pixels' range in front, and what makes logits probabilities behind.

It goes into the network itself, so that whoever asks it, here or in an export, asks it as any other one.
"""

import importlib
from pathlib import Path
from typing import Any

from core.data.data_info import DataInfo
from core.export.given_network import GivenNetwork, opened
from core.jobs.new_version import BYTES, Uploaded
from core.training import uploaded_network
from core.training.uploaded_network import UploadError

_OWN = "traindeck_"  # what names of nodes that are put into a graph begin with


def completed(network: GivenNetwork, path: Path, info: DataInfo, asked: Uploaded, units: int) -> GivenNetwork:
    """With a scale of pixels 0 to 255 in front, and a softmax or sigmoid behind, as was asked; of ONNX in its file.

    Args:
        units: how many numbers it gives.

    Raises UploadError: its format cannot be changed, or the task has no such thing.
    """
    span = asked.pixels if asked.pixels != BYTES else None
    if span and not info.is_image:
        raise UploadError(f"A range of pixels is for pictures, and {asked.like} is about a {info.kind}. Leave it away.")
    if asked.logits and info.predicts_numbers:
        raise UploadError(f"Logits are of classes; {asked.like} predicts numbers. Leave that away.")
    if network.model is None and path.suffix != ".onnx":
        raise UploadError(
            f"{asked.name} is a TFLite file, in which nothing can be put before or behind the network. Convert it with "
            "the scale of its pixels (a Rescaling layer) and its softmax inside, or upload it as .keras or .onnx."
        )
    ending = ending_of(info, units) if asked.logits else ""
    scale = ((span[1] - span[0]) / BYTES[1], span[0]) if span else None
    if network.model is not None:
        model = uploaded_network.around(network.model, scale, ending)
        return GivenNetwork(uploaded_network.inputs_of(model), None, model)
    _change_onnx(path, asked.name, scale, ending)
    return opened(path, "onnx", asked.name)


def ending_of(info: DataInfo, units: int) -> str:
    """softmax, or sigmoid where each output is by itself."""
    return "sigmoid" if info.task == "multilabel" or units == 1 else "softmax"


def _change_onnx(path: Path, name: str, scale: tuple[float, float] | None, ending: str) -> None:
    onnx = importlib.import_module("onnx")
    model = onnx.load(str(path))
    graph, helper = model.graph, onnx.helper
    if scale:
        held = {each.name for each in graph.initializer}
        one = next(each for each in graph.input if each.name not in held)
        kind = one.type.tensor_type.elem_type
        if kind not in (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16, onnx.TensorProto.DOUBLE):
            raise UploadError(f"{name} takes whole numbers, which cannot be pixels of another range. Leave it away.")
        _renamed(graph, one.name, f"{_OWN}pixels", outputs=False)
        for what, value in zip(("scale", "shift"), scale, strict=True):
            graph.initializer.append(helper.make_tensor(_OWN + what, kind, [], [value]))
        graph.node.insert(0, helper.make_node("Mul", [one.name, f"{_OWN}scale"], [f"{_OWN}scaled"]))
        graph.node.insert(1, helper.make_node("Add", [f"{_OWN}scaled", f"{_OWN}shift"], [f"{_OWN}pixels"]))
    if ending:
        (out,) = graph.output
        _renamed(graph, out.name, f"{_OWN}logits", outputs=True)
        how = {"axis": -1} if ending == "softmax" else {}
        graph.node.append(helper.make_node(ending.capitalize(), [f"{_OWN}logits"], [out.name], **how))
    onnx.save(model, str(path))


def _renamed(graph: Any, before: str, after: str, *, outputs: bool) -> None:
    """Wherever a tensor is taken, in graphs within as well; with `outputs` where it is made, too."""
    for node in graph.node:
        node.input[:] = [after if each == before else each for each in node.input]
        if outputs:
            node.output[:] = [after if each == before else each for each in node.output]
        for attribute in node.attribute:
            for inner in (*attribute.graphs, *([attribute.g] if attribute.HasField("g") else [])):
                _renamed(inner, before, after, outputs=outputs)
