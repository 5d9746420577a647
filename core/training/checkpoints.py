"""Checkpoints in the full Keras format: the last state, to go on from, and the best, to keep.

Beside Keras's own entries the file holds `traindeck.json`: where the run was. One file holds both, so that a crash
cannot leave weights of one step with the position of another.
"""

import contextlib
import errno
import json
import math
import os
import traceback
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from core.common.errors import TraindeckError
from core.common.text import first_line
from core.data.number_scaling import Numbers
from core.engine.keras_internals import averages_of
from core.engine.own_unit import give_scaled, in_own_unit
from core.runs import BEST_CHECKPOINT, LAST_CHECKPOINT

NOTE = "traindeck.json"
KIND = "checkpoint"
Publishing = Callable[[Path, str], AbstractContextManager[None]]  # with a file and its kind; puts it in place within


@dataclass(frozen=True)
class Position:
    """Where a run was when a checkpoint was made."""

    run: str  # its uid
    step: int = 0
    sums: dict[str, float] = field(default_factory=dict)  # of the epoch that has begun: metric times examples
    monitored: float | None = None  # value of the monitored metric, in a best checkpoint
    seeds: list[list[int]] = field(default_factory=list)  # states of dropout and the like, which Keras does not save
    numbers: dict[str, Any] | None = None  # core.data.network_numbers.Numbers, as JSON data; none of earlier versions


class CheckpointError(TraindeckError):
    """A checkpoint that cannot be gone on from."""


def state_of(model: keras.Model) -> list[keras.Variable]:
    """Everything that training changes: weights, random states, the optimizer's state."""
    return [*model.variables, *model.optimizer.variables]


def _random_states(model: keras.Model) -> list[keras.Variable]:
    weights = {id(variable) for variable in model.weights}
    return [variable for variable in model.variables if id(variable) not in weights]


def load_network(path: Path, position: Position) -> keras.Model:
    """The network of a checkpoint, uncompiled, giving what it gave while it was trained. Raises CheckpointError."""
    try:
        model = keras.models.load_model(path, compile=False)
    except Exception as error:  # whatever Keras raises
        traceback.print_exc()
        raise CheckpointError(
            f"The checkpoint {path} cannot be loaded ({type(error).__name__}: {first_line(error)}). Relaunch the run "
            "to get another."
        ) from error
    if position.numbers:
        give_scaled(model)
    return model


class Checkpoints:
    """The two checkpoint files of a run."""

    def __init__(
        self, folder: Path, run: str, model: keras.Model, publishing: Publishing, numbers: Numbers | None = None
    ) -> None:
        """`run` is the run's uid; each file is put in place within `publishing`, and keeps `numbers`."""
        self._folder = folder
        self._run = run
        self._model = model
        self._publishing = publishing
        self._numbers = numbers or Numbers()
        self._best: tuple[list[tf.Tensor], Position] | None = None
        self._is_written = False  # the best
        places = {id(variable): place for place, variable in enumerate(state_of(model))}
        self._averages = [(places[id(weight)], places[id(average)]) for weight, average in averages_of(model.optimizer)]
        folder.mkdir(parents=True, exist_ok=True)
        for leftover in (*folder.glob(".*.keras"), *folder.glob("tmp*")):  # of a process that was killed while it wrote
            leftover.unlink(missing_ok=True)

    @property
    def last(self) -> Path:
        return self._folder / LAST_CHECKPOINT

    @property
    def best(self) -> Path:
        return self._folder / BEST_CHECKPOINT

    @property
    def has_any(self) -> bool:
        """Whether one is in its file."""
        return self.last.exists() or self.best.exists()

    def state(self) -> list[tf.Tensor]:
        """Everything that training changes as it is now, on the device; what is changed from now on is another copy."""
        return [tf.convert_to_tensor(variable.value) for variable in state_of(self._model)]

    def restore(self, state: list[tf.Tensor]) -> None:
        """Give the model a state that was copied."""
        for variable, value in zip(state_of(self._model), state, strict=True):
            variable.assign(value)

    def keep_best(self, position: Position) -> None:
        """Take the state as the best so far. It is in memory now, and in the file with the next save.

        Where weights are averaged, the best network is the one with their means.
        """
        state = self.state()
        for weight, average in self._averages:
            state[weight] = state[average]
        self._best, self._is_written = (state, position), False

    def save(self, position: Position) -> None:
        """Write the best, when there is a new one, and then the last: never a last that is past an unwritten best.

        Raises:
            OSError: the disk is full or the folder is gone; the files that were there are untouched.
        """
        self.save_best()
        self._write(self.last, position)

    def save_best(self) -> None:
        """Write the best, when there is a new one. Raises OSError."""
        if self._best is None or self._is_written:
            return
        best, position = self._best
        current = self.state()
        self.restore(best)
        try:
            self._write(self.best, position)
        finally:
            self.restore(current)
        self._is_written = True

    def restore_best(self) -> bool:
        """Give the model the best state; False when there is none. Raises CheckpointError."""
        if self._best is not None:
            self.restore(self._best[0])
            return True
        if read_position(self.best, self._run) is None:
            return False
        self._load(self.best)
        return True

    def restore_last(self) -> Position:
        """Give the model the state of the last checkpoint; the position is step 0 when there is none.

        Raises:
            CheckpointError: there is one and it does not fit.
        """
        position = read_position(self.last, self._run)
        if position is None:
            return Position(self._run)
        self._load(self.last)
        for variable, state in zip(_random_states(self._model), position.seeds, strict=True):
            variable.assign(state)
        return position

    def best_value(self) -> float:
        """The monitored value of the best checkpoint there is, NaN when there is none."""
        position = read_position(self.best, self._run)
        return math.nan if position is None or position.monitored is None else position.monitored

    def _load(self, path: Path) -> None:
        try:
            self._model.load_weights(path)
        except (OSError, ValueError, KeyError) as error:
            raise CheckpointError(
                f"The checkpoint {path} is damaged, or of another network ({first_line(error)}). "
                "Relaunch the run to start anew."
            ) from error

    def _write(self, path: Path, position: Position) -> None:
        # By process: one that has lost the run without knowing it yet must not write into another's file.
        temporary = path.with_name(f".{os.getpid()}-{path.name}")
        seeds = [state.numpy().tolist() for state in _random_states(self._model)]
        position = replace(position, seeds=seeds, numbers=self._numbers.raw())
        try:
            with in_own_unit(self._model, self._numbers.target):
                self._model.save(temporary)
            with zipfile.ZipFile(temporary, "a") as archive:
                archive.writestr(NOTE, json.dumps(asdict(position)))
            _sync(temporary)
            with self._publishing(path, KIND):
                temporary.replace(path)
            _sync(path.parent)
        except RuntimeError as error:  # HDF5's own for a full disk
            raise OSError(errno.ENOSPC, str(error)) from error
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def read_position(path: Path, run: str | None) -> Position | None:
    """Where the run was when this checkpoint was made; None without a file, or with one of another run than `run`.

    Raises:
        CheckpointError: no checkpoint of ours, or a damaged one.
    """
    if not path.is_file():
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            position = Position(**json.loads(archive.read(NOTE)))
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise CheckpointError(f"The checkpoint {path} is damaged ({error}). Relaunch the run to start anew.") from error
    return position if run is None or position.run == run else None


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
