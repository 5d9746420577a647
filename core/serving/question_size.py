"""How much a question may hold: looked at before a body is made objects of, as the process that answers reads it.

Millions of empty lists are a few megabytes of text and seconds of work, for which all others would wait.
"""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from core.common.errors import DataError
from core.common.text import quoted
from core.data.data_info import Array
from core.data.examples import row_features
from core.inference.description import Description

MOST_INSTANCES = 1000  # of one question
_SMALL = 2**16  # bytes that are read in no time, whatever they hold
_BESIDE = 8  # names, texts and lists of an instance beside those of its features and its shape
_FEW_VALUES = 500_000  # that are read in little time, so that what is wrong with them can be told
_DEPTH = 2  # of the commas between instances
_SLACK = 1000  # of what stands around the instances


def require_few(instances: list[Any]) -> list[Any]:
    """Raises DataError: none, or more than are answered at a time."""
    if not instances:
        raise DataError("There is no instance to answer: the list is empty. Send at least one.")
    require_count(len(instances))
    return instances


def require_fields(body: Mapping[str, Any], accepted: Sequence[str]) -> None:
    """Of the bodies that are ours: what is not known would be without effect. Raises DataError."""
    if unknown := [name for name in body if name not in accepted]:
        raise DataError(f"There is no field {quoted(unknown[0])}; accepted are {', '.join(accepted)}. Leave it out.")


def require_count(instances: int) -> None:
    """Raises DataError."""
    if instances > MOST_INSTANCES:
        raise DataError(f"A request may hold {MOST_INSTANCES:,} instances; received {instances:,}. Send them in parts.")


def require_possible(known: Description, body: bytes) -> None:
    """Takes milliseconds for megabytes. Raises DataError: more values, lists or texts than so many instances have."""
    if len(body) <= _SMALL:
        return
    features = len(row_features(known.info)) if known.info.features else 0
    values = max(1 if known.info.kind == "text" else prod(known.info.shape), features)
    bare = body.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in body else body
    if (texts := _count(_signs(bare), b'"') // 2) > MOST_INSTANCES * (2 * features + _BESIDE) + _SLACK:
        raise _too_much(f"{texts:,} texts and names")
    outside = _signs(written := b"".join(bare.split(b'"')[::2]))
    commas = _count(outside, b",")
    if commas > MOST_INSTANCES * (values + _BESIDE) + _SLACK:
        raise _too_much(f"{commas + 1:,} values")
    # Of a shape [a, b, c] one value in c begins a list, one in b * c two, one in a * b * c three.
    share = sum(1 / max(1, prod(known.info.shape[-size:])) for size in range(1, len(known.info.shape) + 1))
    lists = _count(outside, b"[") + _count(outside, b"{")
    if lists > share * (commas + 1) + MOST_INSTANCES * _BESIDE + _SLACK:
        raise _too_much(f"{lists:,} lists and objects")
    instances = _instances(written)
    require_count(instances)
    is_by_row = b'"instances"' in body and b'"inputs"' not in body
    if is_by_row and commas > max(_FEW_VALUES, instances * (values + _BESIDE)):
        raise _too_much(f"{commas + 1:,} values in {instances:,}")


def _signs(text: bytes) -> Array:
    return np.frombuffer(text, np.uint8)


def _count(signs: Array, sign: bytes) -> int:
    return int(np.count_nonzero(signs == sign[0]))


def _instances(outside: bytes) -> int:
    """By the commas in the list within the one object; of columns and of tensors these are fewer than there are.

    Args:
        outside: the body without its texts.
    """
    signs = _signs(outside.translate(None, bytes(set(range(256)) - set(b",[]{}"))))
    steps = np.zeros(256, np.int8)
    steps[[ord(sign) for sign in "[{"]], steps[[ord(sign) for sign in "]}"]] = 1, -1
    depth = np.cumsum(steps[signs], dtype=np.int32)
    return int(np.count_nonzero((depth == _DEPTH) & (signs == ord(",")))) + 1


def _too_much(received: str) -> DataError:
    return DataError(
        f"A request may hold {MOST_INSTANCES:,} instances; received {received}, which is more than those of this "
        "network have. Send them in parts, each in the shape that the network takes."
    )
