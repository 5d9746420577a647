"""Runs of another Traindeck, from a bundle; see core.imports.bundle_writing."""

import hashlib
import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from core.common.errors import DataError
from core.common.text import quoted
from core.imports.bundle_writing import CONTENTS, FORMAT, STEPS, SUMS, TIMES
from core.imports.found_run import MOST_BYTES, MOST_FILES, MOST_POINTS, FoundFile, FoundRun, Progress, quiet
from core.runs.kinds import KINDS
from core.runs.media_files import MOST_ITEMS, GivenMedia
from core.runs.shown_files import FoundMedia
from db.records import RunState, Series

_LARGEST_TEXT = 64 * 2**20  # bytes of run.json and the like, unpacked
_RATIO = 1000  # times that an entry may grow when it is unpacked


def read_bundle(path: Path, progress: Progress = quiet) -> Iterator[FoundRun]:
    """Each run is checked against the checksums before it is given.

    Raises:
        DataError
    """
    try:
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
            bundle = _Bundle(archive)
            runs = bundle.contents()
            for number, uid in enumerate(runs):
                progress(number / len(runs), uid)
                place = Path(folder) / "run"
                yield _run(bundle, uid, place)
                shutil.rmtree(place, ignore_errors=True)
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise DataError(f"{path} cannot be read as a bundle: {error}. Accepted is what Traindeck exports.") from error


@dataclass(frozen=True)
class _Bundle:
    archive: zipfile.ZipFile

    def contents(self) -> list[str]:
        told = self.json(CONTENTS)
        if told.get("format") != FORMAT:
            raise DataError(f"The bundle has the format {quoted(told.get('format'))}, and {FORMAT} is read here.")
        return [str(uid) for uid in told.get("runs", [])]

    def json(self, name: str) -> dict[str, Any]:
        try:
            found = json.loads(self.read(name))
        except (ValueError, RecursionError) as error:
            raise DataError(f"{name} in the bundle is no JSON: {error}.") from error
        if not isinstance(found, dict):
            raise DataError(f"{name} in the bundle is no JSON object.")
        return found

    def read(self, name: str, most: int = _LARGEST_TEXT) -> bytes:
        """Raises DataError: not there, too large, or not what the checksum says."""
        info = self._info(name, most)
        with self.archive.open(info) as file:
            content = file.read(info.file_size)
        self._check(name, hashlib.sha256(content).hexdigest())
        return content

    def unpack(self, name: str, target: Path, most: int) -> int:
        """Returns the bytes. Raises DataError as `read`."""
        info = self._info(name, most)
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with self.archive.open(info) as file, target.open("wb") as unpacked:
            while piece := file.read(2**20):  # never more than the size that the entry claims
                digest.update(piece)
                unpacked.write(piece)
        self._check(name, digest.hexdigest())
        return info.file_size

    def _info(self, name: str, most: int) -> zipfile.ZipInfo:
        try:
            info = self.archive.getinfo(name)
        except KeyError as error:
            raise DataError(f"The bundle has no {quoted(name)}.") from error
        if info.file_size > most or info.file_size > _RATIO * max(1024, info.compress_size):
            raise DataError(f"{quoted(name)} in the bundle unpacks to {info.file_size:,} bytes, more than are taken.")
        return info

    def _check(self, name: str, found: str) -> None:
        if self.sums.get(name) != found:
            raise DataError(f"{quoted(name)} in the bundle does not fit its checksum: it was damaged or changed.")

    @cached_property
    def sums(self) -> dict[str, str]:
        """By name; read once, of a bundle with thousands of files."""
        with self.archive.open(self._info(SUMS, _LARGEST_TEXT)) as file:
            lines = file.read(_LARGEST_TEXT).decode(errors="replace").splitlines()
        return {name: sum_ for sum_, _, name in (line.partition("  ") for line in lines)}


def _run(bundle: _Bundle, uid: str, place: Path) -> FoundRun:
    if len(uid) != 32 or set(uid) - set("0123456789abcdef"):
        raise DataError(f"{quoted(uid)} in the bundle is no uid: it has 32 hexadecimal digits.")
    folder = f"runs/{uid}"
    told = bundle.json(f"{folder}/run.json")
    try:
        state = RunState(told["state"])
        found = FoundRun(
            source=f"traindeck {uid}",
            name=str(told["name"]),
            experiment=str(told["experiment"]),
            uid=uid,
            params=_plain(told["params"]),
            config=dict(told["config"]),
            kind=str(told["kind"]) if told["kind"] in KINDS else "",
            tags=tuple(map(str, told["tags"])),
            keyed_tags={str(key): str(value) for key, value in dict(told["keyed_tags"]).items()},
            notes=str(told["notes"]),
            state=state if state.is_finished else RunState.LOST,
            reason=str(told["reason"]),
            created_by=str(told["created_by"]),
            parent_uid=str(told["parent"]),
            began_at=_moment(told["training_at"]) or _moment(told["created_at"]),
            ended_at=_moment(told["finished_at"]),
            facts=dict(told["facts"]),
            columns=_columns(told),
        )
        files = [(str(each["path"]), str(each["kind"])) for each in told["files"]]
        media = [_media(each) for each in told.get("media", [])]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(f"{folder}/run.json in the bundle is not as Traindeck writes it: {error}.") from error
    if len(files) > MOST_FILES:
        raise DataError(f"Run {uid[:8]} has {len(files):,} files, more than the {MOST_FILES:,} that a run may bring.")
    found.metrics = _metrics(bundle, folder, place)
    left = MOST_BYTES
    for number, (path, kind) in enumerate(files):
        target = place / str(number)  # under a name of ours, whatever the path says
        left -= bundle.unpack(f"{folder}/files/{path}", target, left)
        found.files.append(FoundFile(path, kind, target))
    listed = {path for path, _ in files}
    for number, (path, shown) in enumerate(media[:MOST_ITEMS]):
        if path in listed:
            found.shown[path] = shown
            continue
        target = place / f"media-{number}"
        left -= bundle.unpack(f"{folder}/files/{path}", target, left)
        about = (shown.kind, shown.name, shown.step, shown.number, shown.at or 0.0, Path(path).suffix.lower())
        found.media.append(GivenMedia(*about, target, shown.caption))
    return found


def _media(told: dict[str, Any]) -> tuple[str, FoundMedia]:
    """Raises KeyError, TypeError, ValueError."""
    numbers = (int(told["step"]), int(told["number"]), float(told["at"]))
    return str(told["path"]), FoundMedia(str(told["kind"]), str(told["name"]), *numbers, str(told["caption"]))


def _metrics(bundle: _Bundle, folder: str, place: Path) -> dict[str, Series]:
    import pyarrow as pa  # not with the command line's other commands
    import pyarrow.parquet as pq

    target = place / "metrics.parquet"
    bundle.unpack(f"{folder}/metrics.parquet", target, MOST_POINTS * 32)
    try:
        with pq.ParquetFile(target) as file:
            if file.metadata.num_rows > MOST_POINTS:
                raise DataError(f"{folder} has more than {MOST_POINTS:,} points, the most that a run may bring.")
            table = file.read(["metric", "step", "value", "wall_time"])
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{folder}/metrics.parquet in the bundle cannot be read: {error}.") from error
    names = table["metric"].to_numpy(zero_copy_only=False).astype(str)
    types = {"step": np.int64, "value": np.float64, "wall_time": np.float64}
    columns = [table[name].to_numpy().astype(kind) for name, kind in types.items()]
    found = {}
    for name in dict.fromkeys(names.tolist()):
        chosen = names == name
        found[name] = Series(*(column[chosen] for column in columns))
    return found


def _plain(values: Any) -> dict[str, Any]:
    return {str(key): value for key, value in dict(values).items()}


def _columns(told: dict[str, Any]) -> dict[str, Any]:
    """Raises KeyError, TypeError, ValueError."""
    times = {name: None if told[name] is None else float(told[name]) for name in TIMES}
    steps = {name: int(told[name]) for name in STEPS}
    if not all(time is None or 0 <= time < 1e11 for time in times.values()) or not all(
        0 <= step < 2**62 for step in steps.values()
    ):
        raise ValueError("a time or step is out of range")
    return {**times, **steps, "preset": str(told["preset"])[:200]}


def _moment(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and value else None
