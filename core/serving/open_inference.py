"""The bodies of the Open Inference Protocol, version 2 over REST, as KServe and Triton have them.

https://github.com/kserve/open-inference-protocol
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from core.common.errors import DataError
from core.common.text import quoted, shortened
from core.data.data_info import Array
from core.inference.description import Description
from core.inference.inputs import asked_features
from core.inference.told import meaning
from core.serving.question_size import require_count

_FLOATS = ("FP16", "FP32", "FP64")
_NUMBERS = (*_FLOATS, "INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64", "BOOL")
_DTYPES = {"FP16": "float16", "FP32": "float32", "FP64": "float64", "BOOL": "bool"}
INPUT, OUTPUT = "input", "output"
_MOST_AXES = 8
_MOST_TEXTS = 100_000  # of a tensor in bytes
SERVER: dict[str, Any] = {"name": "traindeck", "version": "2", "extensions": []}


@dataclass(frozen=True)
class Infer:
    instances: list[Any]
    known: Description
    id: str = ""

    def written(self, outputs: Array) -> dict[str, Any]:
        found = np.asarray(outputs, np.float32)
        tensor = {"name": OUTPUT, "datatype": "FP32", "shape": list(found.shape), "data": found.ravel().tolist()}
        named = {"model_name": self.known.model, "model_version": str(self.known.version)}
        return named | ({"id": self.id} if self.id else {}) | {"outputs": [tensor]}


def read(known: Description, body: Any) -> Infer:
    """One tensor [examples, …] of all inputs, or one [examples] or [examples, 1] for each feature of a table.

    Raises DataError.
    """
    tensors = body.get("inputs") if isinstance(body, Mapping) else None
    if not isinstance(tensors, list) or not tensors:
        raise DataError(
            'A request is {"inputs": [{"name", "shape", "datatype", "data"}, …]}, with at least one tensor.'
        )
    arrays = {}
    for tensor in tensors:
        name, values = _tensor(tensor)
        if name in arrays:
            raise DataError(f"There are two tensors with the name {quoted(name)}. Send one of each name.")
        arrays[name] = values
    _require_output(body.get("outputs"))
    number = body.get("id")
    asked = number if isinstance(number, str) else ""
    features = {feature.name for feature in (*known.info.features, *asked_features(known.info))}
    if known.info.kind in ("table", "rows") and arrays.keys() & features:
        return Infer(_by_feature(arrays), known, asked)
    if list(arrays) != [INPUT]:
        accepted = f"one tensor {INPUT!r}" + (f", or one each of {', '.join(sorted(features))}" if features else "")
        raise DataError(f"The network takes {shortened(accepted)}; received {shortened(', '.join(arrays))}.")
    values = arrays[INPUT]
    if known.info.kind == "text":
        if values.dtype != object:
            raise DataError("The network takes texts: a tensor of the datatype BYTES.")
        return Infer([str(each) for each in values.reshape(-1)], known, asked)
    shaped = values.reshape(len(values), *known.info.shape) if _fits(known, values) else values
    return Infer(list(shaped), known, asked)


def with_data(body: Any, data: bytes) -> Any:
    """The body with the tensors that came after it, as raw numbers, put in as lists: the binary tensor extension.

    Raises DataError.
    """
    tensors = body.get("inputs") if isinstance(body, Mapping) else None
    if not isinstance(tensors, list):
        return body
    found, at = [], 0
    for tensor in tensors:
        told = tensor.get("parameters") if isinstance(tensor, Mapping) else None
        size = told.get("binary_data_size") if isinstance(told, Mapping) else None
        if type(size) is int and size >= 0:
            if at + size > len(data):
                raise DataError(f"{len(data):,} bytes of data came; the tensors are said to have more.")
            if "data" in tensor:
                raise DataError("A tensor has its data as a list, or binary_data_size; received both.")
            tensor = {**tensor, "data": _values(tensor.get("datatype"), data[at : at + size])}
            at += size
        found.append(tensor)
    if at < len(data):
        raise DataError(f"{len(data):,} bytes of data came; the tensors are said to have {at:,}.")
    return {**body, "inputs": found}


def _values(kind: Any, data: bytes) -> "list[Any] | Array":
    """Little endian; each text with its length before it, in 4 bytes."""
    if kind == "BYTES":
        texts: list[Any] = []
        at = 0
        while at < len(data):
            if len(texts) >= _MOST_TEXTS:
                raise DataError(f"A tensor may hold {_MOST_TEXTS:,} texts; received more. Send them in parts.")
            end = at + 4 + int.from_bytes(data[at : at + 4], "little")
            if end > len(data):
                raise DataError(f"A text of {end - at - 4:,} bytes is told; {max(0, len(data) - at - 4):,} are there.")
            texts.append(data[at + 4 : end].decode(errors="replace"))
            at = end
        return texts
    if kind not in _NUMBERS:
        return []  # which is refused with its datatype
    found = np.dtype(_DTYPES.get(kind, kind.lower())).newbyteorder("<")
    if len(data) % found.itemsize:
        raise DataError(f"{len(data):,} bytes are no whole numbers of the datatype {kind}.")
    return np.frombuffer(data, found)


def _tensor(raw: Any) -> tuple[str, Array]:
    if not isinstance(raw, Mapping):
        raise DataError(f"A tensor is an object with name, shape, datatype and data; received a {type(raw).__name__}.")
    told: list[Any] = [raw.get(key) for key in ("name", "shape", "datatype", "data")]
    name, shape, kind, data = told
    if not isinstance(name, str) or not isinstance(data, list | np.ndarray):
        raise DataError(
            "A tensor has a name, and its data as a list, or after the JSON with binary_data_size among its parameters."
        )
    if kind not in (*_NUMBERS, "BYTES"):
        raise DataError(f"Tensor {name} has the datatype {kind!r}; accepted are BYTES, {', '.join(_NUMBERS)}.")
    is_shape = isinstance(shape, list) and 0 < len(shape) <= _MOST_AXES
    if not is_shape or not all(type(size) is int and size > 0 for size in shape):
        wanted = f"a list of up to {_MOST_AXES} sizes from 1 on, the examples first"
        raise DataError(f"The shape of tensor {name} is {wanted}; received {quoted(shape)}.")
    require_count(shape[0])
    try:
        flat = np.asarray(data if isinstance(data, np.ndarray) else _flat(data, kind), _dtype(kind))
    except (ValueError, TypeError, OverflowError) as error:
        raise DataError(f"The data of tensor {name} are not of the datatype {kind}: {error}.") from error
    if flat.size != prod(shape):
        raise DataError(f"Tensor {name} has {flat.size:,} values; its shape {shape} holds {prod(shape):,}.")
    return name, flat.reshape(shape)


def _dtype(kind: str) -> type[Any]:
    return object if kind == "BYTES" else np.float64


def _flat(data: list[Any], kind: str) -> list[Any]:
    """Values may come flat or nested. Raises TypeError: texts among numbers."""
    while data and isinstance(data[0], list):
        data = [value for part in data for value in part]
    if kind != "BYTES" and (other := {*map(type, data)} - {int, float, bool, type(None)}):
        raise TypeError(f"there is a value of type {next(iter(other)).__name__}")
    return data


def _require_output(asked: Any) -> None:
    """Raises DataError: another output than there is."""
    for each in asked if isinstance(asked, list) else ():
        name = each.get("name") if isinstance(each, Mapping) else each
        if name != OUTPUT:
            raise DataError(f"There is no output {quoted(name)}; the network has one, {OUTPUT!r}.")


def _by_feature(arrays: Mapping[str, Array]) -> list[Any]:
    for name, values in arrays.items():
        if values.shape not in ((len(values),), (len(values), 1)):
            raise DataError(f"Tensor {name} has the shape {list(values.shape)}; of a feature it is [examples].")
    columns = {name: values.reshape(-1).tolist() for name, values in arrays.items()}
    if len({len(values) for values in columns.values()}) > 1:
        raise DataError(
            f"Tensors are of one length; received {', '.join(f'{n} {len(v)}' for n, v in columns.items())}."
        )
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _fits(known: Description, values: Array) -> bool:
    return values[:1].size == prod(known.info.shape)


def metadata(name: str, versions: list[str], known: Description) -> dict[str, Any]:
    """What GET /v2/models/NAME answers."""
    kind = "BYTES" if known.info.kind == "text" else "FP32"
    shape = [-1] if known.info.kind == "text" else [-1, *known.info.shape]
    inputs = [{"name": INPUT, "datatype": kind, "shape": shape}]
    if fields := asked_features(known.info):
        kinds = {"number": "FP64", "category": "BYTES", "date": "BYTES"}
        inputs = [{"name": f.name, "datatype": kinds[f.kind], "shape": [-1]} for f in fields]
    return {
        "name": name,
        "versions": versions,
        "platform": f"traindeck_{known.format}",
        "inputs": inputs,
        "outputs": [
            {"name": OUTPUT, "datatype": "FP32", "shape": [-1, known.info.outputs], "parameters": _told(known)}
        ],
    }


def _told(known: Description) -> dict[str, str]:
    """What the output means. A parameter of the protocol is a text, a number or a boolean: names come as JSON."""
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in meaning(known).items()
    }
