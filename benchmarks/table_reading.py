"""A large table from its file to a data set: seconds and memory above the base, for each format.

python -m benchmarks.table_reading [rows]

Twenty columns: ten numbers, four whole numbers, four categories, a date and the target. Each is looked at and added in
a process of its own, as the page and the command line do; memory is the process's peak less what its modules take.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from core.common.settings import PROJECT_ROOT, Settings
from core.data.library import TableOptions, adding

_SEED = 0
_PIECE = 100_000  # rows that are made at a time
FORMATS = ("csv", "parquet")
STEPS = ("look", "add")


def main(rows: int = 1_000_000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = make(Path(folder), rows)
        print("| of a table of", f"{rows:,} x 20 | file MB | seconds | MB above the base | largest step told |")
        print("| --- | --- | --- | --- | --- |")
        for path in paths:
            for step in STEPS:
                command = [sys.executable, "-m", "benchmarks.table_reading", step, str(path), folder]
                output = subprocess.run(command, cwd=PROJECT_ROOT, check=True, capture_output=True, text=True).stdout
                found = json.loads(output.splitlines()[-1])
                size = path.stat().st_size / 1024**2
                print(
                    f"| {step}, {path.suffix[1:]} | {size:,.0f} | {found['seconds']:.1f} | {found['mb']:.0f} | "
                    f"{found['told']} |"
                )


def make(folder: Path, rows: int) -> list[Path]:
    """The same table in each format."""
    random = np.random.default_rng(_SEED)
    csv, parquet = folder / "large.csv", folder / "large.parquet"
    pieces = [_piece(random, min(_PIECE, rows - start)) for start in range(0, rows, _PIECE)]
    with pa.csv.CSVWriter(csv, pieces[0].schema) as text, pq.ParquetWriter(parquet, pieces[0].schema) as columns:
        for piece in pieces:
            text.write_table(piece)
            columns.write_table(piece)
    return [csv, parquet]


def _piece(random: np.random.Generator, rows: int) -> pa.Table:
    columns: dict[str, object] = {f"number {at}": random.normal(size=rows).round(6) for at in range(10)}
    columns |= {f"whole {at}": random.integers(0, 100_000, rows) for at in range(4)}
    words = np.array(["red", "green", "blue", "yellow", "none of these"])
    columns |= {f"word {at}": words[random.integers(0, len(words), rows)] for at in range(4)}
    days = np.datetime64("2001-01-01") + random.integers(0, 5000, rows)
    return pa.table({**columns, "day": days, "y": np.array(["no", "yes"])[random.integers(0, 2, rows)]})


def _write_small(path: Path) -> None:
    table = _piece(np.random.default_rng(_SEED), 200)
    if path.suffix == ".csv":
        pa.csv.write_csv(table, path)
    else:
        pq.write_table(table, path)


def measure(step: str, path: Path, home: Path) -> None:
    settings = Settings(home=home / "workspace")
    small = home / f"small{path.suffix}"
    _write_small(small)  # what is imported when it is first used is of the base
    adding.peek_table(settings, small, TableOptions(target="y"))
    base = _peak()
    told = ""

    def tell(_share: float, what: str) -> None:
        nonlocal told
        told = what if "rows" in what or "lines" in what else told

    started = time.perf_counter()
    if step == "look":
        adding.peek_table(settings, path, TableOptions(target="y"), tell)
    else:
        adding.add_table(settings, f"large-{path.suffix[1:]}", path, TableOptions(target="y"), tell)
    print(json.dumps({"seconds": time.perf_counter() - started, "mb": _peak() - base, "told": told}))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in STEPS:
        measure(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(*map(int, sys.argv[1:]))
