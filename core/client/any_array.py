"""Arrays of any library as NumPy's, without importing one that the script does not use itself."""

import importlib
from typing import Any


def numpy() -> Any:
    """The library. Raises ValueError: it is not installed."""
    try:
        return importlib.import_module("numpy")
    except ImportError as error:
        raise ValueError("NumPy is needed for arrays, and is not installed here") from error


def array(value: Any) -> Any:
    """A tensor, an array, or lists of numbers as an array of NumPy.

    Raises:
        ValueError: it holds no numbers.
    """
    if hasattr(value, "detach"):  # PyTorch's, which may need a gradient or lie on another device
        value = value.detach().cpu()
        if str(getattr(value, "dtype", "")) == "torch.bfloat16":
            value = value.float()
    try:
        found = numpy().asarray(value)
    except (TypeError, RuntimeError) as error:
        raise ValueError(f"it is no array: received {told(value)}") from error
    if found.dtype.kind == "V":  # bfloat16 of JAX and TensorFlow
        found = found.astype("float32")
    if found.dtype.kind not in "biuf":
        raise ValueError(f"it holds no numbers: received {told(value)}")
    return found


def told(value: Any) -> str:
    """A value in a few words: its type, and the shape and kind of numbers where it has some."""
    shape, kind = getattr(value, "shape", None), getattr(value, "dtype", None)
    name = type(value).__name__
    if shape is None or kind is None:
        return f"{name} {str(value)[:60]!r}" if isinstance(value, str) else name
    return f"{name} of shape {tuple(shape)}, {kind}"
