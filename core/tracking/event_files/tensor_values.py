"""Numbers and bytes of TensorFlow's TensorProto, in each of its encodings (tensor.proto, types.proto)."""

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

LARGEST = 64 * 2**20  # numbers of a tensor; more are refused
HALF, BFLOAT16, STRING = 19, 14, 7
# By data type: how tensor_content has it, and the field that has it otherwise.
_TYPES = {
    1: ("<f4", "float_val"),
    2: ("<f8", "double_val"),
    3: ("<i4", "int_val"),
    4: ("u1", "int_val"),
    5: ("<i2", "int_val"),
    6: ("i1", "int_val"),
    9: ("<i8", "int64_val"),
    10: ("?", "bool_val"),
    17: ("<u2", "int_val"),
    22: ("<u4", "uint32_val"),
    23: ("<u8", "uint64_val"),
    HALF: ("<f2", "half_val"),
    BFLOAT16: ("<u2", "half_val"),
}


class TensorError(ValueError):
    """The message is no tensor of numbers that fits its shape."""


def scalar(tensor: Any) -> float | None:
    """The only number of a tensor; None where it has none or several."""
    if tensor.dtype == 1 and len(tensor.float_val) == 1 and not tensor.tensor_shape.dim:  # what nearly all are
        return float(tensor.float_val[0])
    if tensor.dtype not in _TYPES or shape_of(tensor) not in ((), (1,), (1, 1)):
        return None
    try:
        return float(numbers(tensor).reshape(-1)[0])
    except TensorError:
        return None


def shape_of(tensor: Any) -> tuple[int, ...]:
    return tuple(dim.size for dim in tensor.tensor_shape.dim)


def numbers(tensor: Any) -> NDArray[Any]:
    """The array, float32 for bfloat16. Where fewer values are there than the shape has, the last one fills it.

    Raises:
        TensorError
    """
    if tensor.dtype not in _TYPES:
        raise TensorError(f"data type {tensor.dtype} is not one of numbers")
    shape = shape_of(tensor)
    count = prod(shape)
    if any(size < 0 for size in shape) or count > LARGEST:
        raise TensorError(f"the shape {shape} is not one of at most {LARGEST:,} numbers")
    layout, field = _TYPES[tensor.dtype]
    if tensor.tensor_content:
        if len(tensor.tensor_content) != count * np.dtype(layout).itemsize:
            raise TensorError(f"{len(tensor.tensor_content):,} bytes do not fill the shape {shape}")
        found = np.frombuffer(tensor.tensor_content, layout)
    else:
        found = _listed(getattr(tensor, field), layout, field)
        if len(found) > count:
            raise TensorError(f"{len(found):,} numbers are more than the shape {shape} has")
        filler = found[-1:] if len(found) else np.zeros(1, found.dtype)
        found = np.concatenate([found, np.repeat(filler, count - len(found))])
    if tensor.dtype == BFLOAT16:
        found = (found.astype(np.uint32) << 16).view(np.float32)
    return found.reshape(shape)


def _listed(values: Any, layout: str, field: str) -> NDArray[Any]:
    if field == "half_val":  # the bits, as whole numbers
        bits = (np.array(values, np.int64) & 0xFFFF).astype("<u2")
        return bits.view(layout)
    return np.array(values, np.int64 if field == "int_val" else layout).astype(layout)
