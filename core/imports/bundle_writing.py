"""Runs as one zip file that another Traindeck imports under the same uids.

`traindeck.json` lists the runs; of each there is `runs/<uid>/run.json` (labels, config, facts, times),
`metrics.parquet` (metric, step, value, wall_time in UTC seconds) and `files/`, media among them. `SHA256SUMS` has what
`sha256sum -c` checks.
"""

import hashlib
import json
import zipfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import IO, Any

import db.keyed_tags
import db.media
from core.common.context import Context
from core.common.errors import DataError, StateError
from core.common.safe_files import file_inside
from core.common.whole_files import write_whole
from core.config.edit import flatten
from core.imports.found_run import Progress, quiet
from core.imports.leaving import Metrics, kept_files, metrics_of
from core.runs import reading
from db.media import MediaRecord
from db.records import RunRecord

FORMAT = 1
CONTENTS, SUMS = "traindeck.json", "SHA256SUMS"
LABELS = ("uid", "name", "experiment", "kind", "config", "notes", "preset", "reason", "created_by", "facts")
TIMES = ("created_at", "queued_at", "starting_at", "training_at", "evaluating_at", "finished_at", "trained_seconds")
MEDIA = ("kind", "name", "step", "number", "path", "at", "caption")
STEPS = ("step", "total_steps", "steps_per_epoch")


def write_bundle(context: Context, runs: Sequence[int], path: Path, progress: Progress = quiet) -> Path:
    """Raises:
    StateError: a run is not at rest.
    DataError: the files of a run are on another host.
    OSError: nothing is left of the file.
    """
    found = reading.get_many(context, runs)
    if active := [run.id for run in found if not run.state.is_finished]:
        numbers = ", ".join(map(str, active))
        raise StateError(f"Runs that are not at rest cannot be exported: {numbers}. Wait for them, or stop them.")
    if not found:
        raise DataError("There are no runs to export. Give the numbers, uids or names of some.")
    parents = {run.id: run.uid for run in reading.get_many(context, [run.parent_id for run in found if run.parent_id])}

    def write(temporary: Path) -> None:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as bundle:
            written = _Written(bundle)
            told = {"format": FORMAT, "runs": [run.uid for run in found]}
            written.add(CONTENTS, json.dumps(told, indent=1).encode())
            for number, run in enumerate(found):
                progress(number / len(found), run.name)
                _write_run(context, run, parents, written)
            bundle.writestr(SUMS, "".join(f"{sum_}  {name}\n" for name, sum_ in written.sums.items()))

    write_whole(path, write)
    return path


class _Written:
    """What is in the bundle, with the checksum of each entry."""

    def __init__(self, bundle: zipfile.ZipFile) -> None:
        self._bundle = bundle
        self.sums: dict[str, str] = {}

    def add(self, name: str, content: bytes | IO[bytes]) -> None:
        digest = hashlib.sha256()
        with self._bundle.open(name, "w", force_zip64=True) as file:
            if isinstance(content, bytes):
                digest.update(content)
                file.write(content)
            else:
                while piece := content.read(2**20):
                    digest.update(piece)
                    file.write(piece)
        self.sums[name] = digest.hexdigest()


def _write_run(context: Context, run: RunRecord, parents: dict[int, str], written: _Written) -> None:
    folder = f"runs/{run.uid}"
    with context.workspace.read() as session:
        keyed = db.keyed_tags.of_runs(session, [run.id]).get(run.id, {})
        media = db.media.all_of(session, run.id)
    files = list(kept_files(context, run))
    shown, more = _media_files(context, run, media, {path for path, _, _ in files})
    told: dict[str, Any] = {name: getattr(run, name) for name in (*LABELS, *TIMES, *STEPS)}
    told |= {
        "state": run.state.value,
        "tags": list(run.tags),
        "keyed_tags": keyed,
        "parent": parents.get(run.parent_id or 0, ""),
        "params": flatten(run.config),
        "files": [{"path": path, "kind": kind} for path, kind, _ in files],
        "media": [{name: getattr(item, name) for name in MEDIA} for item in shown],
    }
    written.add(f"{folder}/run.json", json.dumps(told, ensure_ascii=False, indent=1).encode())
    written.add(f"{folder}/metrics.parquet", _parquet(metrics_of(context, run.id)))
    for path, place in [*((path, place) for path, _, place in files), *more.items()]:
        with place.open("rb") as file:
            written.add(f"{folder}/files/{path}", file)


def _media_files(
    context: Context, run: RunRecord, media: list[MediaRecord], there: Collection[str]
) -> tuple[list[MediaRecord], dict[str, Path]]:
    """Those whose files are there, and their files but those that are among the run's others."""
    folder = context.workspace.settings.run_dir(run.id)
    places = {item.path: file_inside(folder, item.path) for item in media}
    shown = [item for item in media if places[item.path] is not None]
    return shown, {path: place for path, place in places.items() if place is not None and path not in there}


def _parquet(metrics: Metrics) -> bytes:
    import pyarrow as pa  # not with the command line's other commands
    import pyarrow.parquet as pq

    columns = {"step": pa.int64(), "value": pa.float64(), "wall_time": pa.float64()}
    schema = pa.schema({"metric": pa.dictionary(pa.int32(), pa.string()), **columns})
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, schema) as table:
        for name, points in metrics:
            names = pa.DictionaryArray.from_arrays(pa.array([0] * len(points), pa.int32()), [name])
            table.write_table(pa.table([names, points.step, points.value, points.wall_time], schema=schema))
    written: bytes = sink.getvalue().to_pybytes()
    return written
