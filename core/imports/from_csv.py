"""Runs as tables: a file each, such as Keras's CSVLogger writes."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from core.common.errors import DataError
from core.common.text import quoted
from core.imports.found_run import MOST_POINTS, FoundRun, Progress, quiet, series

LARGEST = 2**30  # bytes
_SEPARATORS = ",;\t|"
_STEPS = ("step", "global_step", "_step", "iteration", "iter", "epoch")  # the first that is there counts
_TIMES = ("wall_time", "wall time", "timestamp", "_timestamp", "time")
_AGAIN = "values of a step that comes again: the last of them counts"
_WIDE = "cells of rows that are longer than the header"
_NOTHING = {"", "na", "n/a", "none", "null"}  # Keras writes NA where an epoch had no value


def read_csv(path: Path, progress: Progress = quiet) -> Iterator[FoundRun]:
    """A run of a file; of a folder one for each .csv in it.

    Raises:
        DataError: there is no file, or it cannot be read; of several, those are told instead.
    """
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    if not files:
        raise DataError(f"There is no .csv in {path}. Give a file, or a folder with some.")
    for number, file in enumerate(files):
        progress(number / len(files), file.name)
        try:
            yield _run(file, experiment=path.name if path.is_dir() else "")
        except DataError as error:
            if len(files) == 1:
                raise
            yield FoundRun.none(file, str(error))


def _run(path: Path, experiment: str) -> FoundRun:
    try:
        if path.stat().st_size > LARGEST:
            raise DataError(f"{path.name} is larger than {LARGEST // 2**20:,} MiB, the most that is read.")
        written = path.stat().st_mtime
        rows = _rows(path)
        header = next(rows, [])
        separator_told = f"{len(header)} columns: {quoted(', '.join(header))}"
        columns: list[list[str]] = [[] for _ in header]
        count = wide = 0
        for row in rows:
            count += len(row)
            if count > MOST_POINTS:
                raise DataError(f"{path.name} has more than {MOST_POINTS:,} values, the most that a run may bring.")
            wide += max(0, len(row) - len(header))
            for column, cell in zip(columns, [*row, *[""] * len(header)], strict=False):
                column.append(cell.strip())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} cannot be read as a table: {error}. Accepted is text in UTF-8.") from error
    if not any(columns):
        raise DataError(f"{path.name} has no rows below its header ({separator_told}).")
    found = FoundRun(source=f"csv {path.resolve()}", name=path.stem[:200], experiment=experiment, ended_at=written)
    found.left_out[_WIDE] += wide
    _fill(found, header, columns, written)
    found.left_out += Counter()  # without zeros
    return found


def _fill(found: FoundRun, header: list[str], columns: list[list[str]], written: float) -> None:
    named = {name.strip().lower(): place for place, name in reversed(list(enumerate(header)))}
    numbers = [_numbers(column) for column in columns]
    count = len(columns[0])
    step_at = next((named[name] for name in _STEPS if name in named and _are_steps(numbers[named[name]])), None)
    time_at = next((named[name] for name in _TIMES if name in named and _are_times(numbers[named[name]])), None)
    steps = [int(step or 0) for step in numbers[step_at] or ()] if step_at is not None else list(range(count))
    times = [time or 0.0 for time in numbers[time_at] or ()] if time_at is not None else [written] * count
    if step_at is None:
        found.left_out["steps: no column of whole numbers named step or epoch, so rows are counted from 0"] += 1
    if time_at is None:
        found.has_times = False
        found.left_out["wall times: no such column, so each point has the time at which the file was written"] += 1
    else:
        found.began_at, found.ended_at = min(times), max(times)
    for place, name in enumerate(header):
        values = numbers[place]
        if place in (step_at, time_at):
            continue
        if values is None or not any(value is not None for value in values):
            found.left_out[f"column {quoted(name, 60)}: not of numbers"] += 1
            continue
        # A step that comes again, as after a resume, has its last value.
        last = {step: (value, at) for step, value, at in zip(steps, values, times, strict=True) if value is not None}
        found.left_out[_AGAIN] += sum(value is not None for value in values) - len(last)
        values_now = [value for value, _ in last.values()]
        found.metrics[name.strip()[:250] or f"column {place + 1}"] = series(
            list(last), values_now, [at for _, at in last.values()]
        )


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        first = file.readline(2**20)
        separator = max(_SEPARATORS, key=first.count)
        file.seek(0)
        yield from (row for row in csv.reader(file, delimiter=separator) if row)


def _numbers(column: list[str]) -> list[float | None] | None:
    """None where a cell is neither a number nor empty. A comma may be the decimal point."""
    found: list[float | None] = []
    for cell in column:
        if cell.lower() in _NOTHING:
            found.append(None)
            continue
        try:
            found.append(float(re.sub(r"^([-+]?\d+),(\d+)$", r"\1.\2", cell)))
        except ValueError:
            return None
    return found


def _are_steps(numbers: list[float | None] | None) -> bool:
    return numbers is not None and all(
        number is not None and number.is_integer() and abs(number) < 2**53 for number in numbers
    )


def _are_times(numbers: list[float | None] | None) -> bool:
    """UTC seconds of this century: a column `time` may also say how long an epoch took."""
    return numbers is not None and all(number is not None and 9e8 < number < 5e9 for number in numbers)
