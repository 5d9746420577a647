"""The runtimes in which an exported network runs; each is imported only where it is used."""

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from core.common.errors import DataError
from core.data.data_info import Array
from core.inference.description import BundleError

ONNX_KINDS: dict[str, Any] = {
    f"tensor({name})": kind
    for name, kind in {
        **{"float16": np.float16, "float": np.float32, "double": np.float64, "uint8": np.uint8, "int8": np.int8},
        **{"int32": np.int32, "int64": np.int64, "bool": np.bool_},
    }.items()
}
Engine = Callable[[Mapping[str, Array]], Array]  # inputs by name, to [examples, outputs]
ONLY = "input"  # name of the one input of a network that has one, whatever its file calls it


def engine(form: str, file: Path, threads: int | None) -> Engine:
    """Of a format, with so many threads, None for what the runtime takes. Raises BundleError."""
    try:
        return _ENGINES[form](file, threads)
    except KeyError:
        raise BundleError(f"{form!r} is no format of an export; known are {', '.join(_ENGINES)}.") from None
    except ModuleNotFoundError as error:
        raise BundleError(
            f"{file.name} needs {error.name}, which is not installed. Run: pip install -r requirements.txt"
        ) from error


def _onnx(file: Path, threads: int | None) -> Engine:
    runtime = importlib.import_module("onnxruntime")
    options = runtime.SessionOptions()
    if threads:
        options.intra_op_num_threads = options.inter_op_num_threads = threads
    session = runtime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    kinds = {each.name: ONNX_KINDS.get(each.type, np.float32) for each in session.get_inputs()}

    def asked(inputs: Mapping[str, Array]) -> Array:
        given = named(inputs, list(kinds))
        return np.asarray(
            session.run(None, {name: of_kind(each, kinds[name], name) for name, each in given.items()})[0]
        )

    return asked


def _litert(file: Path, threads: int | None) -> Engine:
    runtime = importlib.import_module("ai_edge_litert.interpreter")
    interpreter = runtime.Interpreter(str(file), num_threads=threads)
    if not interpreter.get_signature_list():
        return _without_signature(interpreter)
    runner = interpreter.get_signature_runner()
    details = runner.get_input_details()
    ((output, given),) = runner.get_output_details().items()

    def answer(inputs: Mapping[str, Array]) -> Array:
        asked = {name: _whole(each, details[name], name) for name, each in named(inputs, list(details)).items()}
        return _real(np.array(runner(**asked)[output]), given)

    return answer


def of_kind(values: Array, kind: Any, name: str) -> Array:
    """Cast; raises DataError: the kind is of whole numbers, and these are others, or out of its range."""
    kind = np.dtype(kind)
    if kind.kind in "iu" and values.dtype != kind and values.dtype.kind in "fiu":
        limits = np.iinfo(kind)
        check_whole(values, (int(limits.min), int(limits.max)), name)
    elif kind.kind == "b" and values.dtype.kind in "fiu":
        check_whole(values, (0, 1), name)
    return values.astype(kind, copy=False)


def check_whole(values: Array, limits: tuple[int, int], name: str) -> None:
    """Raises DataError, which names the first that is no whole number within the limits."""
    low, high = limits
    wrong = ~((values >= low) & (values <= high) & (values == np.rint(values)))  # also what is no number
    if wrong.any():
        at = tuple(int(place[0]) for place in np.nonzero(wrong))
        raise DataError(
            f"{name} takes whole numbers from {low} to {high}; received {values[at]:g} at {list(at[1:])} of example "
            f"{at[0]}. Send such numbers."
        )


def _whole(values: Array, details: Mapping[str, Any], name: str) -> Array:
    """As the input takes them: rounded to its whole numbers, where it takes such in place of real ones."""
    scale, zero = details["quantization"]
    if not scale or not np.issubdtype(values.dtype, np.floating):
        return of_kind(values, details["dtype"], name)
    limits = np.iinfo(details["dtype"])
    return np.asarray(np.clip(np.rint(values / scale) + zero, limits.min, limits.max), details["dtype"])


def _real(values: Array, details: Mapping[str, Any]) -> Array:
    scale, zero = details["quantization"]
    return (values.astype(np.float32) - zero) * np.float32(scale) if scale else values


def _without_signature(interpreter: Any) -> Engine:
    """Of a file that some other converter wrote: one input, whose number of examples is set anew where it may be."""
    (given,), (output,) = interpreter.get_input_details(), interpreter.get_output_details()

    def asked(inputs: Mapping[str, Array]) -> Array:
        (x,) = inputs.values()
        if tuple(interpreter.get_input_details()[0]["shape"]) != x.shape:
            interpreter.resize_tensor_input(given["index"], x.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(given["index"], of_kind(x, given["dtype"], ONLY))
        interpreter.invoke()
        return np.array(interpreter.get_tensor(output["index"]))

    return asked


def _keras(file: Path, threads: int | None) -> Engine:
    _limit(threads)
    model = importlib.import_module("keras").models.load_model(file, compile=False)
    names = list(model.input) if isinstance(model.input, dict) else [ONLY]
    return lambda inputs: np.asarray(model.predict_on_batch(_single(named(inputs, names))))


def _saved_model(file: Path, threads: int | None) -> Engine:
    _limit(threads)
    tensorflow = importlib.import_module("tensorflow")
    loaded = tensorflow.saved_model.load(str(file))
    return lambda inputs: np.asarray(
        loaded.serve(_single({name: tensorflow.constant(each) for name, each in inputs.items()}))
    )


def _limit(threads: int | None) -> None:
    if threads:
        threading: Any = importlib.import_module("tensorflow").config.threading
        threading.set_intra_op_parallelism_threads(threads)
        threading.set_inter_op_parallelism_threads(threads)


def named(inputs: Mapping[str, Array], names: list[str]) -> dict[str, Array]:
    """By the names that the file has."""
    if len(inputs) == len(names) == 1:
        return dict(zip(names, inputs.values(), strict=True))
    return {name: inputs[name] for name in names}


def _single(inputs: Mapping[str, Any]) -> Any:
    return inputs[ONLY] if list(inputs) == [ONLY] else dict(inputs)


_ENGINES: dict[str, Callable[[Path, int | None], Engine]] = {
    "onnx": _onnx,
    "litert": _litert,
    "keras": _keras,
    "saved_model": _saved_model,
}
