"""What a script can show at a step beside numbers. Each is encoded when it is made, so that later changes do not show.

traindeck.log({"sample": traindeck.Image(array), "weights": traindeck.Histogram(values)}, step)
"""

import io
import json
import math
import wave
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .any_array import array, numpy, told
from .pictures_made import drawn, picture

MOST_BYTES = 64 * 2**20  # of one of them
MOST_TEXT = 1_000_000  # characters
MOST_ROWS, MOST_COLUMNS, MOST_CELL = 10_000, 200, 2000
MOST_BINS = 512
_SOUNDS = (".wav", ".mp3", ".ogg", ".flac", ".m4a")


class Media:
    """Bytes of a file, its ending, and a caption. Raises ValueError: what was received, and what is accepted."""

    kind = ""

    def __init__(self, data: bytes, suffix: str, caption: str = "", note: str = "") -> None:
        if len(data) > MOST_BYTES:
            raise ValueError(
                f"it has {len(data):,} bytes; at most {MOST_BYTES // 2**20} MiB are taken: make it smaller"
            )
        self.data, self.suffix = data, suffix
        self.caption = " · ".join(filter(None, (str(caption or ""), note)))


class Image(Media):
    """A picture: an array HxW, HxWx1, HxWx3 or HxWx4 (0…255, or 0…1 of real numbers), Pillow's, a path, or bytes."""

    kind = "image"

    def __init__(self, data: Any, caption: str = "") -> None:
        content, suffix, note = picture(data)
        super().__init__(content, suffix, caption, note)


class Figure(Media):
    """A figure of Plotly, which stays one, or of matplotlib, as a picture."""

    kind = "figure"

    def __init__(self, figure: Any, caption: str = "") -> None:
        if hasattr(figure, "to_plotly_json"):
            super().__init__(str(figure.to_json()).encode(), ".json", caption)
        elif isinstance(figure, str | Path | bytes):
            content, suffix, note = picture(figure)
            super().__init__(content, suffix, caption, note)
        else:
            super().__init__(drawn(figure), ".png", caption)


class Text(Media):
    """A text as it is, or Markdown."""

    kind = "text"

    def __init__(self, text: Any, caption: str = "", *, markdown: bool = False) -> None:
        whole = str(text)
        note = f"the first {MOST_TEXT:,} of {len(whole):,} characters" if len(whole) > MOST_TEXT else ""
        data = whole[:MOST_TEXT].encode("utf-8", "replace")
        super().__init__(data, ".md" if markdown else ".txt", caption, note)


class Histogram(Media):
    """How numbers are distributed: of the values, or of `np_histogram`, counts and edges as numpy.histogram gives."""

    kind = "histogram"

    def __init__(self, values: Any = None, np_histogram: Any = None, num_bins: int = 64, caption: str = "") -> None:
        note = ""
        if np_histogram is not None:
            counts, edges = (array(each).reshape(-1).astype("float64") for each in np_histogram)
            if len(edges) != len(counts) + 1 or not len(counts):
                raise ValueError(f"{len(counts)} counts need one edge more; received {len(edges)} edges")
        else:
            counts, edges, note = _binned(values, num_bins)
        columns = {"left": edges[:-1], "right": edges[1:], "count": counts}
        data = json.dumps({name: [_finite(each) for each in column.tolist()] for name, column in columns.items()})
        super().__init__(data.encode(), ".json", caption, note)


def _binned(values: Any, bins: int) -> tuple[Any, Any, str]:
    np, found = numpy(), array(values if values is not None else []).reshape(-1)
    if not 1 <= bins <= MOST_BINS:
        raise ValueError(f"num_bins is 1 to {MOST_BINS}; received {bins}")
    finite = found[np.isfinite(found)].astype("float64") if found.dtype.kind == "f" else found.astype("float64")
    lost = found.size - finite.size
    note = f"{lost:,} of {found.size:,} are no finite numbers and are left out" if lost else ""
    if not finite.size:
        raise ValueError(f"there is no finite number in it; received {told(values)}")
    counts, edges = np.histogram(finite, bins)
    return counts, edges, note


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


class Table(Media):
    """Rows: a frame of pandas or polars, a list of mappings, a mapping of columns, or lists with `columns`."""

    kind = "table"

    def __init__(self, data: Any = None, columns: Any = None, caption: str = "", dataframe: Any = None) -> None:
        if columns is not None and data is not None and hasattr(columns, "itertuples"):
            data, columns = columns, data
        if _is_names(data) and columns is not None and not _is_names(columns):  # Table(columns, data), as W&B has it
            data, columns = columns, data
        names, rows = _rows(data if dataframe is None else dataframe, columns)
        self.columns, self._rows = names, rows
        self._caption = caption
        self._encode()

    @property
    def rows(self) -> list[list[Any]]:
        """All of them, with as many cells as there are columns."""
        return self._rows

    def add_data(self, *row: Any) -> None:
        """One row more. Raises ValueError: it has not as many values as there are columns."""
        if len(row) != len(self.columns):
            raise ValueError(f"a row has {len(self.columns)} values; received {len(row)}")
        self._rows.append([_cell(each) for each in row])
        self.data = b""  # encoded anew when it is logged

    def encoded(self) -> "Table":
        """With the rows that were added."""
        if not self.data:
            self._encode()
        return self

    def _encode(self) -> None:
        count, width = len(self._rows), len(self.columns)
        note = f"the first {MOST_ROWS:,} of {count:,} rows" if count > MOST_ROWS else ""
        if width > MOST_COLUMNS:
            note = "; ".join(filter(None, (note, f"the first {MOST_COLUMNS} of {width} columns")))
        rows = [row[:MOST_COLUMNS] for row in self._rows[:MOST_ROWS]]
        told_ = {"columns": self.columns[:MOST_COLUMNS], "data": rows}
        super().__init__(json.dumps(told_).encode(), ".json", self._caption, note)


def _is_names(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(each, str) for each in value)


def _rows(data: Any, columns: Any) -> tuple[list[str], list[list[Any]]]:
    """Raises ValueError."""
    if hasattr(data, "iter_rows"):  # polars
        names, rows = list(data.columns), data.iter_rows()
    elif hasattr(data, "itertuples"):  # pandas
        framed = data if type(data.index).__name__ == "RangeIndex" else data.reset_index()
        names, rows = list(framed.columns), framed.itertuples(index=False, name=None)
    elif isinstance(data, Mapping):
        names = list(data)
        rows = zip(*([*each] if isinstance(each, Iterable) else [each] for each in data.values()), strict=False)
    else:
        given = [] if data is None else data.tolist() if hasattr(data, "tolist") else data
        if isinstance(given, str | bytes) or not isinstance(given, Sequence):
            raise ValueError(f"it is no table: received {told(data)}; accepted are frames, lists of rows and mappings")
        if given and all(isinstance(row, Mapping) for row in given):
            names = list(dict.fromkeys(name for row in given for name in row))
            rows = ([row.get(name) for name in names] for row in given)
        else:
            rows = [list(row) if isinstance(row, list | tuple) else [row] for row in given]
            names = list(columns) if columns is not None else list(range(max(map(len, rows), default=0)))
    texts = [str(name) for name in (columns if columns is not None else names)]
    found = [[_cell(each) for each in row] for row in rows]
    if wrong := next((row for row in found if len(row) != len(texts)), None):
        raise ValueError(f"the table has {len(texts)} columns; received a row of {len(wrong)} values")
    return texts, found


def _cell(value: Any) -> Any:
    if hasattr(value, "item") and getattr(value, "size", 1) == 1:
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Media):
        return f"({value.kind})"
    return value if isinstance(value, str | bool | int | float | None) and len(str(value)) <= MOST_CELL else (
        str(value)[:MOST_CELL])  # fmt: skip


class Audio(Media):
    """A sound: an array [samples] or [samples, channels] (-1…1, or whole numbers of 16 bits), a path, a WAV's bytes."""

    kind = "audio"

    def __init__(self, data: Any, sample_rate: int | None = None, caption: str = "") -> None:
        if isinstance(data, str | Path):
            path = Path(data)
            if not path.is_file() or path.suffix.lower() not in _SOUNDS:
                raise ValueError(f"{str(data)[:200]!r} is no sound's file; accepted are {', '.join(_SOUNDS)}")
            super().__init__(path.read_bytes(), path.suffix.lower(), caption)
        elif isinstance(data, bytes | bytearray):
            if data[:4] != b"RIFF":
                raise ValueError(f"bytes that begin with {bytes(data[:4])!r} are no sound; accepted are those of a WAV")
            super().__init__(bytes(data), ".wav", caption)
        else:
            content, note = _wave(array(data), sample_rate)
            super().__init__(content, ".wav", caption, note)


def _wave(samples: Any, rate: int | None) -> tuple[bytes, str]:
    if rate is None or not 0 < int(rate) <= 768_000:
        raise ValueError(f"an array needs its sample_rate in Hz, 1 to 768,000; received {rate!r}")
    if samples.ndim == 2 and samples.shape[0] in (1, 2) and samples.shape[1] > 2:
        samples = samples.T  # channels first
    if samples.ndim not in (1, 2) or not samples.size or (samples.ndim == 2 and samples.shape[1] > 8):
        raise ValueError(
            f"the shape {tuple(samples.shape)} is no sound; accepted are [samples] and [samples, channels]"
        )
    note = ""
    if samples.dtype.kind == "f":
        np = numpy()
        if not np.isfinite(samples).all():
            note = "values that are no finite numbers are silent"
            samples = np.where(np.isfinite(samples), samples, 0)
        loudest = float(abs(samples).max())
        if loudest > 1:
            samples, note = samples / loudest, f"{loudest:.4g} is made 1"
        samples = (samples * 32767).round()
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(int(rate))
        file.writeframes(samples.clip(-32768, 32767).astype("<i2").tobytes())
    return target.getvalue(), note
