"""Runs of W&B that were logged offline: the log `run-<id>.wandb` in each folder, without the package wandb."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from google.protobuf.message import DecodeError

from core.common.errors import DataError
from core.common.proto_messages import message_classes
from core.imports.found_run import MOST_POINTS, FoundRun, Progress, files_below, flat, quiet, series
from core.imports.leveldb_log import read_log
from core.imports.wandb_media import is_media, media_in
from core.runs.media_files import MOST_ITEMS
from core.runs.shown_files import FoundMedia
from db.records import RunState

# wandb_internal.proto, as far as it is read.
_CLASSES = message_classes(
    "traindeck.wandb",
    {
        "Record": """
            2 ?history Items
            3 ?summary Changes
            5 ?config Changes
            7 ?stats Stats
            17 ?run Run
            18 ?exit Exit
        """,
        "Run": """
            1 run_id string
            2 entity string
            3 project string
            4 config Changes
            6 run_group string
            7 job_type string
            8 display_name string
            9 notes string
            10 tags string many
            13 host string
            17 start_time Time
        """,
        "Changes": "1 update Item many",
        "Items": """
            1 item Item many
            2 ?step Step
        """,
        "Item": """
            1 key string
            2 nested_key string many
            16 value_json string
        """,
        "Step": "1 num int64",
        "Stats": """
            2 timestamp Time
            3 item Item many
        """,
        "Time": """
            1 seconds int64
            2 nanos int32
        """,
        "Exit": """
            1 exit_code int32
            2 runtime int32
        """,
    },
)
_INFINITIES = {"Infinity": float("inf"), "-Infinity": float("-inf"), "NaN": float("nan")}
Column = tuple[list[int], list[float], list[float]]


def read_wandb(root: Path, progress: Progress = quiet) -> Iterator[FoundRun]:
    """A run for each log below a folder, usually `wandb`; or of one log.

    Raises:
        DataError
    """
    logs = [root] if root.is_file() else sorted(path for path in root.rglob("run-*.wandb") if not path.is_symlink())
    if not logs:
        raise DataError(f"There is no run-….wandb below {root}. Give the folder wandb of runs logged offline.")
    for number, log in enumerate(logs):
        progress(number / len(logs), log.stem)
        try:
            yield _Reading(log).run()
        except DataError as error:
            if len(logs) == 1:
                raise
            yield FoundRun.none(log, str(error))


class _Reading:
    """One log, gathered."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._found = FoundRun("", log.stem)
        self._columns: dict[str, Column] = {}
        self._config: dict[str, Any] = {}
        self._summary: dict[str, Any] = {}
        self._last_step, self._last_at = 0, 0.0
        self._logged_media: set[str] = set()
        self._shown: dict[str, FoundMedia] = {}
        self._ended: int | None = None
        self._count = 0

    def run(self) -> FoundRun:
        """Raises DataError."""
        found = self._found
        try:
            for data in read_log(self._log):
                self._take(_CLASSES["Record"].FromString(data))
        except (OSError, DecodeError) as error:
            raise DataError(f"{self._log} cannot be read: {error}.") from error
        if not found.source:
            raise DataError(f"{self._log} does not say which run it is of.")
        internal = self._config.pop("_wandb", {})
        if isinstance(internal, dict):
            found.facts["wandb"] = {key: internal[key] for key in ("cli_version", "python_version") if key in internal}
        found.params = flat({key: _config_value(value) for key, value in self._config.items()})
        self._take_final()
        found.metrics = {name: series(*column) for name, column in self._columns.items()}
        times = [points.wall_time[-1] for points in found.metrics.values() if len(points)]
        found.ended_at = float(max(times)) if times else found.began_at
        if self._ended is None:
            found.state, found.reason = RunState.LOST, "Its log ends without an exit code."
        elif self._ended:
            found.state, found.reason = RunState.FAILED, f"It ended with exit code {self._ended}."
        found.files += files_below(self._log.parent / "files", "artifact", "artifacts/", found.left_out)
        there = {file.path for file in found.files}
        found.shown |= {path: shown for path, shown in self._shown.items() if path in there}
        return found

    def _take(self, record: Any) -> None:
        if record.HasField("run"):
            self._take_run(record.run)
        if record.HasField("config"):
            self._take_config(record.config)
        if record.HasField("summary"):
            _put(self._summary, record.summary.update)
        if record.HasField("history"):
            self._take_history(record.history)
        if record.HasField("stats"):
            at = record.stats.timestamp.seconds + record.stats.timestamp.nanos / 1e9
            began = self._found.began_at or at
            self._add({f"system/{item.key}": _value(item) for item in record.stats.item}, int(at - began), at)
        if record.HasField("exit"):
            self._ended = record.exit.exit_code

    def _take_run(self, run: Any) -> None:
        found = self._found
        found.source = f"wandb {run.entity}/{run.project}/{run.run_id}"
        found.name, found.experiment = run.display_name or run.run_id, run.project
        found.notes, found.tags = run.notes, tuple(run.tags)
        found.began_at = run.start_time.seconds + run.start_time.nanos / 1e9 or None
        named = {"group": run.run_group, "job_type": run.job_type, "host": run.host, "run_id": run.run_id}
        found.keyed_tags |= {f"wandb.{key}": value for key, value in named.items() if value}
        self._take_config(run.config)

    def _take_config(self, changes: Any) -> None:
        _put(self._config, changes.update)

    def _take_final(self) -> None:
        """Of the summary, what somebody set: all else in it is the last of what was logged."""
        logged = {*self._columns, *self._logged_media}
        final = {name: value for name, value in self._summary.items() if not name.startswith("_")}
        for name, value in flat(final).items():
            parts = name.split(".")
            if any(".".join(parts[:count]) in logged for count in range(1, len(parts) + 1)):
                continue
            if isinstance(value, str) and value not in _INFINITIES:
                self._found.keyed_tags.setdefault(name[:250], value)
            else:
                self._add({name: value}, self._last_step, self._last_at)

    def _take_history(self, history: Any) -> None:
        plain: dict[str, Any] = {}
        _put(plain, history.item)
        step = history.step.num if history.HasField("step") else plain.get("_step", 0)
        at = plain.get("_timestamp")
        own = ("_step", "_timestamp", "_runtime")
        plain = {name: value for name, value in plain.items() if name not in own}
        self._last_step = int(step)
        self._last_at = float(at) if isinstance(at, int | float) else self._found.began_at or 0.0
        self._add(plain, self._last_step, self._last_at)

    def _add(self, values: dict[str, Any], step: int, at: float) -> None:
        media = dict(_media(values))
        for name, shown in media.items():
            self._logged_media.add(name)
            self._show(name, shown, step, at)
        for name, value in flat(values).items():
            if any(name.startswith(f"{each}.") for each in media):
                continue
            if isinstance(value, str) and value in _INFINITIES:
                value = _INFINITIES[value]
            if not isinstance(value, bool | int | float):
                self._found.left_out[f"values that are no numbers: {name[:60]}"] += 1
                continue
            steps, numbers, times = self._columns.setdefault(name[:250], ([], [], []))
            steps.append(step)
            numbers.append(float(value))
            times.append(at)
            self._count += 1
            if self._count > MOST_POINTS:
                raise DataError(
                    f"{self._log.name} has more than {MOST_POINTS:,} values, the most that a run may bring."
                )

    def _show(self, name: str, value: dict[str, Any], step: int, at: float) -> None:
        try:
            files, given = media_in(name, value, step, at)
        except (ValueError, TypeError, KeyError, DataError):
            files, given = {}, []
        if not files and not given:
            self._found.left_out[f"media of the type {value['_type'][:60]}"] += 1
        self._shown |= {f"artifacts/{path}": shown for path, shown in files.items()}
        if len(self._found.media) < MOST_ITEMS:
            self._found.media += given


def _put(place: dict[str, Any], items: Iterable[Any]) -> None:
    """Values where their keys lead; older versions wrote a mapping as one value, newer ones each of its own."""
    for item in items:
        *path, last = [item.key, *item.nested_key] if item.key else list(item.nested_key)
        inner = place
        for key in path:
            below = inner.setdefault(key, {})
            if not isinstance(below, dict):
                below = inner[key] = {}
            inner = below
        inner[last] = _value(item)


def _media(values: dict[str, Any], begin: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """By name, nested ones as `a.b`."""
    for name, value in values.items():
        if is_media(value):
            yield f"{begin}{name}", value
        elif isinstance(value, dict):
            yield from _media(value, f"{begin}{name}.")


def _value(item: Any) -> Any:
    try:
        return json.loads(item.value_json)
    except (ValueError, RecursionError):
        return item.value_json


def _config_value(value: Any) -> Any:
    """What is logged with a description is {"value": …, "desc": …}."""
    return value["value"] if isinstance(value, dict) and set(value) <= {"value", "desc"} and "value" in value else value
