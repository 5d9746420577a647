"""Event files as TensorBoard's writers make them, for tests; tests/core/tracking/samples has real ones."""

import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.tracking.event_files.checksums import masked
from core.tracking.event_files.event_messages import Event


def framed(*records: bytes) -> bytes:
    """The records as a file has them, one after the other."""
    heads = [struct.pack("<Q", len(record)) for record in records]
    parts = zip(heads, _checksums(heads), records, _checksums(records), strict=True)
    return b"".join(piece for four in parts for piece in four)


def write_events(path: Path, events: Iterable[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(framed(*(event.SerializeToString() for event in events)))


def simple(tag: str, step: int, value: float, wall_time: float = 1e9) -> Any:
    """As PyTorch's and TensorFlow 1's writers have a scalar."""
    event = Event(wall_time=wall_time, step=step)
    event.summary.value.add(tag=tag, simple_value=value)
    return event


def tensor(tag: str, step: int, plugin: str = "", shape: tuple[int, ...] = (), **values: Any) -> Any:
    """As TensorFlow 2's writers have anything; `values` are fields of TensorProto."""
    event = Event(wall_time=1e9 + step, step=step)
    value = event.summary.value.add(tag=tag)
    value.metadata.plugin_data.plugin_name = plugin
    for name, given in values.items():
        if isinstance(given, list):
            getattr(value.tensor, name).extend(given)
        else:
            setattr(value.tensor, name, given)
    for size in shape:
        value.tensor.tensor_shape.dim.add(size=size)
    return event


def _checksums(records: Sequence[bytes]) -> list[bytes]:
    lengths = np.array([len(record) for record in records], np.int64)
    numbers = masked(np.frombuffer(b"".join(records), np.uint8), np.cumsum(lengths) - lengths, lengths)
    return [struct.pack("<I", number) for number in numbers.tolist()]
