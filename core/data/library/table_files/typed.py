"""Parquet, Arrow and Feather: through pyarrow. Their columns have types, which are kept."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import shortened
from core.data.library.read_options import Progress, TableOptions
from core.data.library.table_files.rows import check_width, named, too_many
from core.data.library.table_files.table_file import Batches, TableFile
from core.data.library.tables.cells import rows_per_batch

if TYPE_CHECKING:
    import pyarrow as pa

_BUFFER = 1024**2  # bytes of a column that are read at a time
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def open_parquet(settings: Settings, path: Path, name: str, options: TableOptions, _: Progress) -> TableFile:
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False)  # not a group of rows at once
    except (OSError, ValueError) as error:  # pyarrow's errors are ValueErrors
        raise _damaged(name, "Parquet", error) from error
    schema, rows = file.schema_arrow, file.metadata.num_rows

    def read() -> "Iterator[pa.RecordBatch]":
        yield from file.iter_batches(batch_size=rows_per_batch(len(schema)), use_threads=False)

    return _table(settings, name, schema, rows, read, options)


def open_arrow(settings: Settings, path: Path, name: str, options: TableOptions, _: Progress) -> TableFile:
    import pyarrow as pa

    def opened() -> "tuple[pa.Schema, Iterator[pa.RecordBatch]]":
        source = pa.memory_map(str(path))
        try:
            file = pa.ipc.open_file(source)
            return file.schema, (file.get_batch(number) for number in range(file.num_record_batches))
        except ValueError:
            source.seek(0)
            stream = pa.ipc.open_stream(source)
            return stream.schema, iter(stream)

    try:
        schema = opened()[0]
    except (OSError, ValueError) as error:
        raise _damaged(name, "Arrow", error) from error
    most = rows_per_batch(len(schema))

    def read() -> "Iterator[pa.RecordBatch]":
        for batch in opened()[1]:
            for start in range(0, batch.num_rows, most):
                yield batch.slice(start, most)

    return _table(settings, name, schema, 0, read, options)


def _table(
    settings: Settings,
    name: str,
    schema: "pa.Schema",
    rows: int,
    read: "Callable[[], Iterator[pa.RecordBatch]]",
    options: TableOptions,
) -> TableFile:
    """Args: rows: as the file says, 0 where it does not."""
    import pyarrow as pa

    flat = _flat(schema.empty_table()).schema
    objects = [column for column in flat.names if column not in schema.names]
    schema = flat
    check_width(len(schema), name, settings)
    if rows > settings.max_examples:
        raise too_many(rows, name, settings)
    columns = named(schema.names, True, len(schema), name, options)
    told = f"{name}: objects within the records give a column for each field: {', '.join(objects[:5])}."
    declared = {column: _declared(field.type) for column, field in zip(columns, schema, strict=True)}

    def batches(progress: Progress) -> Batches:
        done = 0
        try:
            for batch in read():
                done += batch.num_rows
                if done > settings.max_examples:
                    raise too_many(done, name, settings)
                progress(min(1.0, done / max(rows, done)), f"{done:,} rows read")
                yield [_text(column) for column in _flat(pa.Table.from_batches([batch])).columns]
        except (OSError, ValueError) as error:
            raise _damaged(name, "columnar", error) from error
        if not done:
            raise DataError(f"{name} holds columns, but no rows. Check the file, and get it again.")

    lasting = [column for column, field in zip(columns, schema, strict=True) if pa.types.is_duration(field.type)]
    notes = [told] if objects else []
    notes += [f"{name}: {', '.join(lasting[:5])} {'is' if len(lasting) == 1 else 'are'} in seconds."] if lasting else []
    reason = "The file says its names and types."
    return TableFile(name, columns, batches, True, reason, declared=declared, notes=tuple(notes))


def _flat(table: "pa.Table") -> "pa.Table":
    """With the fields of objects as columns, named by the keys that lead to them."""
    import pyarrow as pa

    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    return table


def _declared(kind: "pa.DataType") -> str:
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return _declared(kind.value_type)
    if isinstance(kind, pa.BaseExtensionType):
        return _declared(kind.storage_type)
    if pa.types.is_null(kind):
        return ""
    if (
        pa.types.is_duration(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
    ):
        return "number"
    if pa.types.is_temporal(kind):
        return "date"
    return "nested" if _is_nested(kind) else "text"


def _is_nested(kind: "pa.DataType") -> bool:
    import pyarrow as pa

    binary = pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
    return bool(pa.types.is_nested(kind) or binary)


def _text(chunks: "pa.ChunkedArray") -> "pa.Array":
    """Cells as text that means the same: numbers in the fewest digits that give them back; lists as JSON."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = chunks.combine_chunks() if chunks.num_chunks != 1 else chunks.chunk(0)
    column = column.storage if isinstance(column, pa.ExtensionArray) else column
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if _is_nested(kind):
        cells = column.to_pylist()
        texts = [None if cell is None else json.dumps(cell, ensure_ascii=False, default=_told) for cell in cells]
        return pa.array(texts, pa.string())
    if pa.types.is_duration(kind):
        seconds = pc.divide(pc.cast(pc.cast(column, pa.int64()), pa.float64()), float(_PER_SECOND[kind.unit]))
        return seconds.cast(pa.string())
    if pa.types.is_floating(kind):
        missing = pc.is_nan(column)
        return pc.if_else(missing, None, pc.cast(column, pa.float64())).cast(pa.string())
    if pa.types.is_timestamp(kind):
        return pc.strftime(pc.cast(column, pa.timestamp("s"), safe=False), "%Y-%m-%d %H:%M:%S")
    return pc.cast(column, pa.string())


def _told(value: object) -> str:
    return f"{len(value)} bytes" if isinstance(value, bytes) else str(value)


def _damaged(name: str, kind: str, error: Exception) -> DataError:
    return DataError(
        f"{name} cannot be read as a {kind} file: {shortened(str(error).partition(chr(10))[0])}. Check that its ending "
        "is right, and get it again."
    )
