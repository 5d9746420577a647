"""The process that holds one exported network and answers: `python -m core.serving.answering FOLDER DESCRIPTOR`.

It reads questions from a socket that the gateway has given it, and answers all that wait in one call of the network. It
ends when the gateway closes the socket, or is gone.
"""

import json
import queue
import socket
import sys
import time
import traceback
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.data.data_info import Array, Examples
from core.data.examples import together
from core.inference.model import Model
from core.serving.child import OK, greeted, joined, received, refused, send, status_of
from core.serving.frames import COUNTED, READY, Frame
from core.serving.questions import Asked, read, written
from core.serving.training_profile import Counter
from core.serving.training_profile import read as profile_in

_MOST = 256  # examples in one call of the network
_COUNTED_SECONDS = 1.0  # between two times that the gateway is told what was asked


class _Waiting(NamedTuple):
    frame: Frame
    asked: Asked


def main(folder: str, descriptor: str, parent: str) -> int:
    connection = joined(descriptor, parent)
    model = greeted(connection, lambda: Model(Path(folder)), lambda made: ("serving", made.known))
    if model is None:
        return 1
    frames = received(connection)
    counting = _Counting(connection, model, Path(folder))
    while True:
        try:
            frame = frames.get(timeout=counting.seconds)
        except queue.Empty:
            counting.send()
            continue
        if frame is None:
            return 0
        _answer(connection, model, [frame, *_others(frames)], counting)


class _Counting:
    """Tells the gateway by the training profile's bins what was asked, not more often than it stores that.

    What was counted in the last seconds of a process that is killed is lost, and nothing but that.
    """

    def __init__(self, connection: socket.socket, model: Model, folder: Path) -> None:
        self._connection = connection
        profile = profile_in(folder)
        self._counter = Counter(model.known, profile) if profile else None
        self._due: float | None = None  # when it is to be sent

    @property
    def seconds(self) -> float | None:
        """For which nothing is to be sent; None for ever."""
        return None if self._due is None else max(0.0, self._due - time.monotonic())

    def add(self, x: Examples, outputs: Array) -> None:
        if self._counter is None:
            return
        try:
            self._counter.add(x, outputs)
        except Exception as error:  # noqa: BLE001 - a profile that does not fit the network ends no process
            traceback.print_exception(error)
            self._counter = None
            return
        self._due = self._due or time.monotonic() + _COUNTED_SECONDS
        if time.monotonic() >= self._due:
            self.send()

    def send(self) -> None:
        self._due = None
        if self._counter is not None and (told := self._counter.taken()):
            send(self._connection, READY, COUNTED, json.dumps(told).encode())


def _others(frames: "queue.SimpleQueue[Frame | None]") -> list[Frame]:
    """What came while the last ones were answered."""
    found: list[Frame] = []
    while len(found) < _MOST:
        try:
            frame = frames.get_nowait()
        except queue.Empty:
            break
        if frame is None:
            frames.put(None)
            break
        found.append(frame)
    return found


def _answer(connection: socket.socket, model: Model, frames: list[Frame], counting: _Counting) -> None:
    waiting: list[_Waiting] = []
    for frame in frames:
        try:
            waiting.append(_Waiting(frame, read(model.known, frame.code, frame.body)))
        except Exception as error:  # noqa: BLE001 - one odd question ends neither the others nor the process
            send(connection, frame.number, status_of(error), refused(error))
    for group in _groups(waiting):
        _answer_together(connection, model, group, counting)


def _groups(waiting: list[_Waiting]) -> list[list[_Waiting]]:
    """Of so many examples that one call takes them."""
    groups: list[list[_Waiting]] = []
    examples = _MOST
    for each in waiting:
        if examples + each.asked.examples > _MOST:
            groups.append([])
            examples = 0
        groups[-1].append(each)
        examples += each.asked.examples
    return groups


def _answer_together(connection: socket.socket, model: Model, group: list[_Waiting], counting: _Counting) -> None:
    try:
        x = together([each.asked.x for each in group])
        outputs = model.batch(x)
    except Exception as error:  # noqa: BLE001 - whatever a runtime raises
        if len(group) > 1:  # it may be one of them only
            for each in group:
                _answer_together(connection, model, [each], counting)
            return
        send(connection, group[0].frame.number, status_of(error), refused(error))
        return
    start = 0
    for each in group:
        part: Array = np.asarray(outputs[start : start + each.asked.examples])
        start += each.asked.examples
        try:
            status, body = OK, written(each.asked.answer(part))
        except Exception as error:  # noqa: BLE001
            status, body = status_of(error), refused(error)
        send(connection, each.frame.number, status, body)
    counting.add(x, np.asarray(outputs))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
