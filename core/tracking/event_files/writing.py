"""Writing event files that TensorBoard reads: scalars, as TensorFlow 1 and PyTorch have them, and hparams."""

import struct
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.tracking.event_files.checksums import masked
from core.tracking.event_files.event_messages import Event, HParams
from db.records import Series

_TOGETHER = 10_000  # records


def framed(records: Sequence[bytes]) -> bytes:
    """The records as a file has them, one after the other."""
    heads = [struct.pack("<Q", len(record)) for record in records]
    parts = zip(heads, _checksums(heads), records, _checksums(records), strict=True)
    return b"".join(piece for four in parts for piece in four)


def write_event_file(path: Path, events: Iterable[Any]) -> None:
    """Add events to a file, which is begun where there is none. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        waiting: list[bytes] = []
        for event in events:
            waiting.append(event.SerializeToString())
            if len(waiting) == _TOGETHER:
                file.write(framed(waiting))
                waiting = []
        file.write(framed(waiting))


def first_event(wall_time: float) -> Any:
    """What every file begins with."""
    return Event(wall_time=wall_time, file_version="brain.Event:2")


def scalars(tag: str, series: Series) -> Iterable[Any]:
    """Values are doubles: as float32, which TensorBoard's own writers have, they would not be those of the run."""
    for number, (step, value, wall_time) in enumerate(
        zip(series.step.tolist(), series.value.tolist(), series.wall_time.tolist(), strict=True)
    ):
        event = Event(wall_time=wall_time, step=step)
        written = event.summary.value.add(tag=tag)
        written.tensor.dtype = 2
        written.tensor.tensor_shape.SetInParent()
        written.tensor.double_val.append(value)
        if not number:
            written.metadata.plugin_data.plugin_name = "scalars"
        yield event


def hparams(params: Mapping[str, Any], began_at: float, ended_at: float | None, failed: bool) -> Iterable[Any]:
    """Params and how it ended, for TensorBoard's tab HPARAMS."""
    start, end = HParams(), HParams()
    start.session_start_info.start_time_secs = began_at
    for key, value in params.items():
        param = start.session_start_info.hparams.add(key=key)
        if isinstance(value, bool):
            param.value.bool_value = value
        elif isinstance(value, int | float):
            param.value.number_value = value
        else:
            param.value.string_value = "" if value is None else str(value)
    if ended_at is not None:
        end.session_end_info.status, end.session_end_info.end_time_secs = 2 if failed else 1, ended_at
    for tag, said in (("_hparams_/session_start_info", start), ("_hparams_/session_end_info", end)):
        event = Event(wall_time=began_at)
        data = event.summary.value.add(tag=tag).metadata.plugin_data
        data.plugin_name, data.content = "hparams", said.SerializeToString()
        yield event


def _checksums(records: Sequence[bytes]) -> list[bytes]:
    lengths = np.array([len(record) for record in records], np.int64)
    numbers = masked(np.frombuffer(b"".join(records), np.uint8), np.cumsum(lengths) - lengths, lengths)
    return [struct.pack("<I", number) for number in numbers.tolist()]
