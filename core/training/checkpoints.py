"""Checkpoints in the full Keras format: the last state, to go on from, and the best, to keep.

Beside Keras's own entries the file holds `traindeck.json`: where the run was. One file holds both, so that a crash
cannot leave weights of one step with the position of another.
"""

import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from core.runs import BEST_CHECKPOINT, LAST_CHECKPOINT

NOTE = "traindeck.json"


@dataclass(frozen=True)
class Position:
    """Where a run was when a checkpoint was made."""

    step: int = 0
    sums: dict[str, float] = field(default_factory=dict)  # of the epoch that has begun: metric times examples
    monitored: float | None = None  # value of the monitored metric, in a best checkpoint


def state_of(model: keras.Model) -> list[keras.Variable]:
    """Everything that training changes: weights, random states, the optimizer's state."""
    return [*model.variables, *model.optimizer.variables]


class Snapshot:
    """The state of a model at one moment. It stays on the device, and costs memory only where training goes on."""

    def __init__(self, model: keras.Model) -> None:
        self._model = model
        self._values = [tf.identity(variable.value) for variable in state_of(model)]

    def restore(self) -> None:
        for variable, value in zip(state_of(self._model), self._values, strict=True):
            variable.assign(value)


class Checkpoints:
    """The two checkpoint files of a run."""

    def __init__(self, folder: Path, model: keras.Model, written: Callable[[Path], None]) -> None:
        """`written` is called with each file that was written or replaced."""
        self._folder = folder
        self._model = model
        self._written = written
        self._pending: tuple[Snapshot, Position] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        for leftover in folder.glob(".*.keras"):  # of a process that was killed while it wrote
            leftover.unlink()

    @property
    def last(self) -> Path:
        return self._folder / LAST_CHECKPOINT

    @property
    def best(self) -> Path:
        return self._folder / BEST_CHECKPOINT

    def keep_best(self, position: Position) -> None:
        """Take the state as the best so far. It is in memory now, and in the file with the next save."""
        self._pending = Snapshot(self._model), position

    def save(self, position: Position) -> None:
        """Write the best, when there is a new one, and then the last: never a last that is past an unwritten best.

        Raises:
            OSError: the disk is full or the folder is gone; the files that were there are untouched.
        """
        self.save_best()
        self._write(self.last, position)

    def save_best(self) -> None:
        """Write the best, when there is a new one. Raises OSError."""
        if self._pending is None:
            return
        snapshot, position = self._pending
        current = Snapshot(self._model)
        snapshot.restore()
        try:
            self._write(self.best, position)
        finally:
            current.restore()
        self._pending = None

    def restore_best(self) -> bool:
        """Give the model the best state; False when there is none."""
        if self._pending is not None:
            self._pending[0].restore()
            return True
        if not self.best.is_file():
            return False
        self._model.load_weights(self.best)
        return True

    def restore_last(self) -> Position:
        """Give the model the state of the last checkpoint; the position is step 0 when there is none."""
        if not self.last.is_file():
            return Position()
        self._model.load_weights(self.last)
        return read_position(self.last)

    def _write(self, path: Path, position: Position) -> None:
        temporary = path.with_name(f".{path.name}")
        try:
            self._model.save(temporary)
            with zipfile.ZipFile(temporary, "a") as archive:
                archive.writestr(NOTE, json.dumps(asdict(position)))
            _sync(temporary)
            temporary.replace(path)
            _sync(path.parent)
        except RuntimeError as error:  # HDF5's own for a full disk
            raise OSError(str(error)) from error
        finally:
            temporary.unlink(missing_ok=True)
        self._written(path)


def read_position(path: Path) -> Position:
    """Where the run was when this checkpoint was made.

    Raises:
        OSError, ValueError, KeyError: not a checkpoint of ours.
    """
    with zipfile.ZipFile(path) as archive:
        note: dict[str, Any] = json.loads(archive.read(NOTE))
    return Position(**note)


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
