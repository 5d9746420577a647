"""Values of scripts as lines have them: names that any store takes, params as one level, numbers of any library."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, is_dataclass
from math import isfinite
from typing import Any

from .any_array import told

MAX_NAME = 250  # characters of a metric
MAX_LABEL = 200  # of a run, an experiment, a tag
MAX_NOTES = 100_000
DEEPEST = 20  # mappings within mappings


def clean(text: Any) -> str:
    """As UTF-8 has it, without NUL."""
    return str(text).encode("utf-8", "replace").decode().replace("\0", "")


def label(text: Any) -> str:
    """One line without control characters, of a length that is taken."""
    return "".join(c if c.isprintable() else " " for c in clean(text)).strip()[:MAX_LABEL]


def prose(text: Any) -> str:
    """Of several lines, without other control characters, of a length that is taken."""
    return "".join(c if c.isprintable() or c in "\n\t\r" else " " for c in clean(text)[:MAX_NOTES])


class Quoted(dict[str, str]):
    """Names as JSON has them; "" of those that no metric can have."""

    def __missing__(self, name: str) -> str:
        cleaned = clean(name)
        text = self[name] = json.dumps(cleaned) if cleaned.strip() and len(cleaned) <= MAX_NAME else ""
        return text


def single(value: Any) -> float:
    """Of a number, or of an array or tensor with a single one. Raises TypeError, ValueError, OverflowError."""
    if isinstance(value, str | bytes):
        raise TypeError("a text is no number")
    if getattr(value, "ndim", 0) and hasattr(value, "item"):
        value = value.item()
    elif getattr(value, "ndim", 0) and hasattr(value, "numpy"):
        value = value.numpy().item()
    return float(value)


def words(tags: Any) -> list[str]:
    """Tags: of one, too, or of none."""
    if tags is None or isinstance(tags, str):
        return [label(tags)] if tags else []
    return [label(tag) for tag in (tags if isinstance(tags, Iterable) else [tags])]


def leaves(name: str, value: Any, above: tuple[int, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Nested mappings as `a/b`; one that holds itself is a leaf there. `above` are those that it is in, by `id`."""
    if isinstance(value, Mapping) and id(value) not in above and len(above) < DEEPEST:
        for inner, each in value.items():
            yield from leaves(f"{name}/{inner}", each, (*above, id(value)))
    else:
        yield name, value


def mapping(params: Any) -> dict[str, Any]:
    """Params as they are nested. Raises TypeError: they are no mapping, dataclass, model or namespace."""
    if params is None:
        return {}
    if isinstance(params, Mapping):
        return dict(params)
    if is_dataclass(params) and not isinstance(params, type):
        return asdict(params)
    if hasattr(params, "model_dump"):
        return dict(params.model_dump(mode="json"))
    try:
        return dict(vars(params))  # argparse.Namespace, absl's flags
    except TypeError as error:
        accepted = "accepted are a mapping, a dataclass, a pydantic model and a namespace"
        raise TypeError(f"params are {type(params).__name__} {str(params)[:60]!r}; {accepted}") from error


def flat(params: Any, above: tuple[int, ...] = ()) -> dict[str, Any]:
    """Params as one level, `a.b`; what JSON does not know is told by its text. Raises TypeError, as `mapping`."""
    found: dict[str, Any] = {}
    for key, value in mapping(params).items():
        name = clean(key)
        if isinstance(value, Mapping) and value and id(value) not in above and len(above) < DEEPEST:
            found |= {f"{name}.{inner}": each for inner, each in flat(value, (*above, id(value))).items()}
        else:
            found[name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if not getattr(value, "ndim", 1) and hasattr(value, "item"):  # a scalar of NumPy
        value = value.item()
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool | int | float | None):
        return value
    if isinstance(value, list | tuple) and all(isinstance(each, str | bool | int | float) for each in value):
        return [_plain(each) for each in value]
    return clean(value)


def received(value: Any) -> str:
    """What it is that is no number, and what would do instead."""
    shape = getattr(value, "shape", None)
    if shape is not None and len(tuple(shape)):
        return f"received {told(value)}; traindeck.Image, Histogram, Table, Text or Audio of it are shown"
    if isinstance(value, str):
        return f"received the text {value[:40]!r}; traindeck.Text of it is shown, set_tag and log_param keep it"
    return f"received {type(value).__name__}"
