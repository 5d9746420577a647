"""The network in a file that somebody gave: what it takes, and whether that and its answers are what was said."""

import importlib
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.common.errors import TraindeckError
from core.common.text import first_line
from core.data.data_info import CATEGORIES, NUMBERS, Array, DataInfo, Examples
from core.data.examples import count as examples
from core.data.examples import take
from core.export.file_checks import check_links, check_stored
from core.export.runtime_words import runtime_said
from core.inference.engines import ONNX_KINDS, Engine, engine
from core.training import uploaded_network
from core.training.uploaded_network import Tensor, UploadError

_RUNTIMES = {"onnx": "ONNX Runtime", "litert": "LiteRT"}
_NEAR = 1e-2  # of a sum of probabilities to 1
_APART = 0.1  # of the largest answer: by more it may not depend on the batch; numbers in 8 bits have one range in it


@dataclass(frozen=True)
class GivenNetwork:
    inputs: list[Tensor]
    batch: int | None  # examples that it takes at a time; None for any number
    model: Any  # keras.Model; None of a runtime's file
    ask: Engine | None = None  # of a runtime's file


def opened(path: Path, form: str, name: str) -> GivenNetwork:
    if form == "keras":
        model = uploaded_network.loaded(path, name, _check_weights(path, name))
        inputs = uploaded_network.inputs_of(model)
        if fixed := {each.shape[0] for each in model.inputs} - {None}:
            raise UploadError(f"{name} takes {fixed.pop()} examples at a time; accepted is any number of them. Build "
                              "it without batch_size, and save it again.")  # fmt: skip
        return GivenNetwork(inputs, None, model)
    try:
        inputs, batch = (_onnx_inputs if form == "onnx" else _litert_inputs)(path, name)
        return GivenNetwork(inputs, batch, None, engine(form, path, None))
    except TraindeckError:
        raise
    except Exception as error:  # whatever a runtime raises
        raise UploadError(
            f"{name} cannot be loaded by {_RUNTIMES[form]}: {runtime_said(error)}. Export it again."
        ) from error


def _check_weights(path: Path, name: str) -> int:
    """How many numbers are in it."""
    h5py = importlib.import_module("h5py")
    with zipfile.ZipFile(path) as archive:
        data = archive.read("model.weights.h5")
    try:
        with h5py.File(io.BytesIO(data), "r") as weights:
            check_links(weights)
            return check_stored(weights, len(data), name)
    except (OSError, RuntimeError, KeyError) as error:  # as h5py says that it is damaged
        raise UploadError(
            f"The weights of {name} are damaged ({first_line(error)[:200]}). Save the network again."
        ) from error


def _onnx_inputs(path: Path, name: str) -> tuple[list[Tensor], int | None]:
    runtime = importlib.import_module("onnxruntime")
    session = runtime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    found = [(each.name, each.shape, each.type) for each in session.get_inputs()]
    _one_output(len(session.get_outputs()), name)
    if (given := session.get_outputs()[0].type) not in ONNX_KINDS:
        raise UploadError(f"{name} gives {given}; accepted is a tensor of numbers. Export the network without what "
                          "turns its answer into words or lists (zipmap=False, of scikit-learn).")  # fmt: skip
    batch = _batch([shape for _, shape, _ in found], name)
    kinds = {"tensor(string)": "string"}
    return [
        Tensor(key, tuple(size if isinstance(size, int) else None for size in shape[1:]), kinds.get(kind, kind[7:-1]))
        for key, shape, kind in found
    ], batch


def _litert_inputs(path: Path, name: str) -> tuple[list[Tensor], int | None]:
    runtime = importlib.import_module("ai_edge_litert.interpreter")
    interpreter = runtime.Interpreter(str(path))
    interpreter.allocate_tensors()
    details = {each["name"]: each for each in interpreter.get_input_details()}
    if interpreter.get_signature_list():  # by which it is asked, in an order of its own
        details = interpreter.get_signature_runner().get_input_details()
    _one_output(len(interpreter.get_output_details()), name)
    for each in (*details.values(), *interpreter.get_output_details()):
        if each["dtype"] in (np.int8, np.uint8) and each["quantization"][0]:
            raise UploadError(
                f"{name} takes or gives numbers of 8 bits in units of its own. Convert it with inputs and outputs in "
                "float32 (inference_input_type, inference_output_type); its weights may stay in 8 bits."
            )
        if np.dtype(each["dtype"]).kind not in "fiub":
            raise UploadError(f"{name} takes or gives {np.dtype(each['dtype']).name}; accepted are numbers.")
    shapes = {key: [int(size) for size in each.get("shape_signature", each["shape"])] for key, each in details.items()}
    tensors = [
        Tensor(key, tuple(None if size < 0 else size for size in shapes[key][1:]), np.dtype(each["dtype"]).name)
        for key, each in details.items()
    ]
    # Without a signature the number of examples can be set anew, and one that is written as 1 often is any number.
    return tensors, _batch(list(shapes.values()), name)


def _one_output(count: int, name: str) -> None:
    if count != 1:
        raise UploadError(f"{name} has {count} outputs; accepted is one. Export a network with the one that counts.")


def _batch(shapes: Sequence[Sequence[Any]], name: str) -> int | None:
    """Examples at a time; None for any number."""
    first = {shape[0] if shape and isinstance(shape[0], int) and shape[0] >= 0 else None for shape in shapes}
    if not shapes or any(not shape for shape in shapes) or len(first) > 1 or not first <= {None, 1}:
        sizes = ", ".join(str(list(shape)) for shape in shapes) or "none"
        raise UploadError(f"{name} has inputs of the shapes {sizes}; the first is the number of examples, which must "
                          "be free or 1. Export it so.")  # fmt: skip
    return first.pop()


def require_fits(inputs: Sequence[Tensor], info: DataInfo, title: str, name: str) -> None:
    wanted: dict[str, tuple[int, ...]] = {"": info.shape}
    if info.kind == "table":
        sizes = {NUMBERS: len(info.numbers), CATEGORIES: len(info.categories)}
        wanted = {key: (size,) for key, size in sizes.items() if size}
        if len(wanted) == 1 and len(inputs) == 1:
            wanted = {"": next(iter(wanted.values()))}
    given = {each.name if "" not in wanted else "": each.shape for each in inputs}
    same = len(given) == len(inputs) == len(wanted) and all(
        key in given and len(given[key]) == len(shape)
        and all(size in (None, want) for size, want in zip(given[key], shape, strict=True))
        for key, shape in wanted.items()
    )  # fmt: skip
    if not same:
        received = ", ".join(f"{each.name} {shape_told(each.shape)}" for each in inputs)
        accepted = ", ".join(f"{key} {shape_told(shape)}".strip() for key, shape in wanted.items())
        raise UploadError(
            f"{name} takes {received}, without the examples; inputs prepared like those of {title} are {accepted}. "
            "Choose another run or version, or none for numbers as they are."
        )


def shape_told(shape: Sequence[int | None]) -> str:
    return f"[{', '.join('any' if size is None else str(size) for size in shape)}]"


def require_each_answered(ask: Callable[[Examples], Array], x: Examples, name: str) -> Array:
    """What it gives for these examples. Raises UploadError: not one finite answer for each, by itself."""
    asked = {count: np.asarray(ask(take(x, slice(0, count)))) for count in (examples(x), 3, 1)}
    for count, found in asked.items():
        if found.dtype.kind not in "fiub" or not found.ndim or len(found) != count:
            received = f"{found.dtype.name} of shape {list(found.shape)}"
            raise UploadError(
                f"{name} gives {received} for {count} examples; accepted are numbers, and as many answers as there are "
                "examples. Save it with the number of examples as the first size of what it gives."
            )
    given = next(iter(asked.values())).astype(np.float64)
    if wrong := int((~np.isfinite(given.reshape(len(given), -1)).all(axis=1)).sum()):
        raise UploadError(
            f"{name} gives what is no finite number for {wrong} of {len(given)} made examples. Look at its weights, "
            "and at what it takes."
        )
    for found in asked.values():
        apart = float(np.abs(given[: len(found)] - found).max(initial=0.0))
        if apart > _APART * max(float(np.abs(given).max(initial=0.0)), 1e-12):
            raise UploadError(
                f"{name} answers otherwise about the same example, by {apart:.3g}, when it is asked among "
                f"{len(given)} and among {len(found)}: its answer depends on the others in a batch, or on chance. Save "
                "a network that looks at each example alone."
            )
    return given


def require_answers(given: Array, info: DataInfo, name: str) -> None:
    if info.units:
        return
    wanted = {1, 2} if info.task == "binary" else {info.outputs}
    if given.shape[-1] not in wanted:
        raise UploadError(
            f"{name} gives {shape_told(given.shape[1:])} for an example; the task takes "
            f"{' or '.join(map(str, wanted))}. Upload a network for this task."
        )
    if not info.predicts_numbers and not _are_probabilities(given, info):
        ending = "sigmoid" if info.task == "multilabel" or given.shape[-1] == 1 else "softmax"
        raise UploadError(
            f"{name} gives numbers from {given.min():.3g} to {given.max():.3g}, which are no probabilities. If they "
            f"are logits, say so (--logits, or the box on the page), and a {ending} is put behind it; or end it with "
            f"{ending}."
        )


def require_logits(given: Array, info: DataInfo, name: str) -> None:
    if not info.units and not info.predicts_numbers and _are_probabilities(given, info):
        raise UploadError(
            f"{name} gives probabilities already, and was said to give logits. Leave that away, and upload it again."
        )


def _are_probabilities(given: Array, info: DataInfo) -> bool:
    is_share = given.min() >= -_NEAR and given.max() <= 1 + _NEAR
    is_alone = info.task == "multilabel" or given.shape[-1] == 1
    return bool(is_share and (is_alone or np.abs(given.sum(axis=-1) - 1).max() <= _NEAR))
