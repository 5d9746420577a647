"""One event file, read from where the last reading ended."""

from pathlib import Path
from typing import Any

from google.protobuf.message import DecodeError

from core.tracking.event_files.event_media import media_of
from core.tracking.event_files.event_messages import Event, HParams
from core.tracking.event_files.found_events import SESSION_STATES, FoundEvents
from core.tracking.event_files.framing import read_records
from core.tracking.event_files.tensor_values import scalar
from core.tracking.pending import Columns

MOST_MEDIA = 64 * 2**20  # bytes of media of one reading that wait in memory
_START = 1  # of SessionLog.status
_HPARAMS = "hparams"


class EventFile:
    """Reads a file from front to back, while it is written, too. Not safe between threads.

    A tag's first occurrence alone says what it is, so whoever goes on later, in another process, begins at 0 again.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.offset = 0  # bytes that were read
        self.is_damaged = False
        self._plugins: dict[str, str] = {}  # by tag

    def read_on(self) -> FoundEvents:
        """What about 8 MiB more have; nothing, which is false, where no whole record has been added.

        Raises:
            OSError
        """
        found = FoundEvents()
        if self.is_damaged:
            return found
        chunk = read_records(self.path, self.offset)
        self.offset, self.is_damaged = chunk.offset, chunk.is_damaged
        found.problems += chunk.problems
        wrong = 0
        for record in chunk.records:
            try:
                event = Event.FromString(record)
            except DecodeError:
                wrong += 1
                continue
            self._take(event, found)
        if wrong:
            found.problems.append(f"{wrong:,} records are no events, and are left out.")
        return found

    def _take(self, event: Any, found: FoundEvents) -> None:
        wall_time, step = event.wall_time, event.step
        found.events += 1
        if found.first_at is None:
            found.first_at = wall_time
        found.last_at = wall_time
        if event.HasField("session_log") and event.session_log.status == _START:
            found.restart(step)
        for value in event.summary.value:
            tag = value.tag
            if value.HasField("simple_value"):
                number: float | None = value.simple_value
            else:
                number = self._number(value, tag, step, wall_time, found)
            if number is not None:
                columns = found.scalars.get(tag)
                if columns is None:
                    columns = found.scalars[tag] = Columns()
                columns.append(step, number, wall_time)

    def _number(self, value: Any, tag: str, step: int, wall_time: float, found: FoundEvents) -> float | None:
        """Of a scalar; None of all else, which is put where it belongs."""
        plugin = self._plugins.get(tag)
        if plugin is None:
            plugin = self._plugins[tag] = value.metadata.plugin_data.plugin_name
        if plugin == _HPARAMS:
            _take_hparams(value.metadata.plugin_data.content, found)
            return None
        if plugin in ("scalars", "") and value.HasField("tensor"):
            number = scalar(value.tensor)
            if number is not None:
                return number
        items = media_of(plugin, value, step, wall_time)
        waiting = sum(item.size for item in found.media) if items else 0
        if not items:
            found.left_out[f"of plugin {plugin[:60]}" if plugin else "tensors without a plugin"] += 1
        elif waiting + sum(item.size for item in items) > MOST_MEDIA:
            found.left_out["media past the first 64 MiB of a piece"] += len(items)
        else:
            found.media += items
        return None


def _take_hparams(content: bytes, found: FoundEvents) -> None:
    try:
        said = HParams.FromString(content)
    except DecodeError:
        found.left_out["hparams that cannot be read"] += 1
        return
    if said.HasField("session_start_info"):
        start = said.session_start_info
        found.params |= {param.key: value for param in start.hparams if (value := _param(param.value)) is not None}
        found.began_at = start.start_time_secs or None
    if said.HasField("session_end_info"):
        found.state = SESSION_STATES.get(said.session_end_info.status, "")
        found.ended_at = said.session_end_info.end_time_secs or None


def _param(value: Any) -> float | int | str | bool | None:
    """Numbers are all doubles there; whole ones become whole again."""
    if value.HasField("number_value"):
        number: float = value.number_value
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    for field in ("string_value", "bool_value"):
        if value.HasField(field):
            found: str | bool = getattr(value, field)
            return found
    return None
