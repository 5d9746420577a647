"""The arrays of an added data set as files of its folder: npy, Parquet or plain text. Nothing is pickled."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np

from core.common.errors import DataError
from core.data.base import CATEGORIES, NUMBERS, Array, DataInfo, Examples, Part, Raw
from core.data.library.series_file import SERIES_ROWS, read_rows, write_rows

CORPUS = "corpus.txt"
GROUPS = "groups.npy"
_ROWS = 65_536  # of a table that are written at a time
TEXT, LABEL = "text", "label"


def write(folder: Path, raw: Raw, info: DataInfo) -> None:
    """Arrays that are in their file already, because they were written piece by piece, stay there. Raises OSError."""
    if info.kind == "corpus":
        (folder / CORPUS).write_text(_corpus(raw), encoding="utf-8", newline="")
        return
    if info.kind == "series":
        write_rows(folder / SERIES_ROWS, raw)
        return
    for part, x, y in raw.parts():
        if info.kind in ("table", "text"):
            _write_parquet(folder / f"{part}.parquet", x, y, info)
        elif not isinstance(x, np.memmap):
            assert not isinstance(x, dict)
            np.save(array_file(folder, "x", part), x, allow_pickle=False)
        if info.kind not in ("table", "text") or y.ndim > 1:
            np.save(array_file(folder, "y", part), y, allow_pickle=False)
    if raw.groups is not None:
        np.save(folder / GROUPS, raw.groups.astype(np.int32), allow_pickle=False)


def read(folder: Path, info: DataInfo) -> Raw:
    """Raises DataError for files that are missing or damaged."""
    try:
        if info.kind == "corpus":
            text = (folder / CORPUS).read_bytes().decode()
            return Raw(np.array([text], dtype=object))
        if info.kind == "series":
            return read_rows(folder / SERIES_ROWS, len(info.features))
        (x_train, y_train), (x_test, y_test) = (_read_part(folder, part, info) for part in ("train", "test"))
        x_val, y_val = _read_part(folder, "validation", info) if info.validation_examples else (None, None)
        groups = np.load(folder / GROUPS, allow_pickle=False) if info.split_by == "group" else None
    except (OSError, ValueError, EOFError, KeyError) as error:  # pyarrow's errors are ValueErrors
        raise DataError(
            f"{folder} cannot be read: {str(error).partition(chr(10))[0]}. Its files are damaged; remove the data set "
            "and add it again."
        ) from error
    return Raw(x_train, y_train, x_test, y_test, x_val, y_val, groups)


def array_file(folder: Path, name: Literal["x", "y"], part: Part) -> Path:
    return folder / f"{name}_{part}.npy"


def _read_part(folder: Path, part: Part, info: DataInfo) -> tuple[Examples, Array]:
    if info.kind in ("table", "text"):
        x, y = _read_parquet(folder / f"{part}.parquet", info)
        return x, _read_labels(folder, part) if y is None else y
    return load_array(array_file(folder, "x", part)), _read_labels(folder, part)


def _read_labels(folder: Path, part: Part) -> Array:
    found: Array = np.load(array_file(folder, "y", part), allow_pickle=False)
    return found


def load_array(file: Path) -> Array:
    """Memory-mapped, so that only what is used takes memory; unless it is empty, which cannot be. Raises as `numpy`."""
    with file.open("rb") as opened:
        np.lib.format.read_magic(opened)
        shape, _, _ = np.lib.format.read_array_header_1_0(opened)
    found: Array = np.load(file, mmap_mode="r" if all(shape) else None, allow_pickle=False)
    return found


def _write_parquet(file: Path, x: Examples, y: Array, info: DataInfo) -> None:
    import pandas as pd

    if not isinstance(x, dict):
        pd.DataFrame({TEXT: x} | ({LABEL: y} if y.ndim == 1 else {})).to_parquet(file, index=False)
        return
    columns: dict[str, Array] = {}
    for features, key in ((info.numbers, NUMBERS), (info.categories, CATEGORIES)):
        columns |= {feature.name: x[key][:, position] for position, feature in enumerate(features)}
    _write_columns(file, columns | ({info.target: y} if y.ndim == 1 else {}))


def _write_columns(file: Path, columns: Mapping[str, Array]) -> None:
    """Some rows at a time, so that no second table is held beside the first."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = [
        pa.string() if values.dtype == object else pa.from_numpy_dtype(values.dtype) for values in columns.values()
    ]
    schema = pa.schema(list(zip(columns, types, strict=True)))
    rows = len(next(iter(columns.values())))
    with pq.ParquetWriter(file, schema) as writer:
        for start in range(0, rows, _ROWS):
            part = [
                pa.array(np.ascontiguousarray(values[start : start + _ROWS]), kind, from_pandas=True)
                for values, kind in zip(columns.values(), types, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(part, schema=schema))


def _read_parquet(file: Path, info: DataInfo) -> tuple[Examples, Array | None]:
    """Examples, and their labels unless those are several, which have a file of their own."""
    import pandas as pd

    table = pd.read_parquet(file)
    if info.kind == "text":
        return table[TEXT].to_numpy(object), None if info.task == "multilabel" else table[LABEL].to_numpy()
    x: dict[str, Array] = {}
    for features, key in ((info.numbers, NUMBERS), (info.categories, CATEGORIES)):
        if features:
            # Earlier versions stored numbers as float32, and a run that goes on must have the same ones.
            is_short = all(table[each.name].dtype == np.float32 for each in features)
            kind = object if key == CATEGORIES else np.float32 if is_short else np.float64
            x[key] = np.empty((len(table), len(features)), kind)
            for position, feature in enumerate(features):
                x[key][:, position] = table[feature.name]
    return x, None if info.task == "multilabel" else table[info.target].to_numpy()


def _corpus(raw: Raw) -> str:
    assert not isinstance(raw.x_train, dict)
    return str(raw.x_train[0])
