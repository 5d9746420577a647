"""The process that holds one exported network and answers: `python -m core.serving.answering FOLDER DESCRIPTOR`.

It reads questions from a socket that the gateway has given it, and answers all that wait in one call of the network. It
ends when the gateway closes the socket, or is gone.
"""

import json
import os
import queue
import socket
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.common.errors import TraindeckError
from core.common.text import first_line
from core.data.data_info import Array, Examples
from core.data.examples import together
from core.inference.model import Model
from core.serving.frames import COUNTED, HEAD, MOST_BYTES, READY, Frame
from core.serving.questions import Asked, read, written
from core.serving.training_profile import Counter
from core.serving.training_profile import read as profile_in
from core.system.process import end_with, set_title

_MOST = 256  # examples in one call of the network
_COUNTED_SECONDS = 1.0  # between two times that the gateway is told what was asked

OK, BAD_REQUEST, FAULT = 200, 400, 500


class _Waiting(NamedTuple):
    frame: Frame
    asked: Asked


def main(folder: str, descriptor: str, parent: str) -> int:
    end_with(int(parent))
    connection = socket.socket(fileno=int(descriptor))
    try:
        model = Model(Path(folder))
    except Exception as error:  # noqa: BLE001 - whatever a runtime raises about a file
        _send(connection, READY, FAULT, _refused(error))
        return 1
    set_title(f"serving {model.known.model}@{model.known.version}")
    told = {"pid": os.getpid(), "format": model.known.format}
    _send(connection, READY, OK, json.dumps(told).encode())
    frames: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(connection, frames), daemon=True).start()
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
            _send(self._connection, READY, COUNTED, json.dumps(told).encode())


def _receive(connection: socket.socket, frames: "queue.SimpleQueue[Frame | None]") -> None:
    try:
        with connection.makefile("rb") as stream:
            while head := stream.read(HEAD.size):
                length, number, code = HEAD.unpack(head)
                frames.put(Frame(number, code, stream.read(length)))
    finally:  # also of a connection that is gone
        frames.put(None)


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
            _send(connection, frame.number, _status(error), _refused(error))
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
        _send(connection, group[0].frame.number, _status(error), _refused(error))
        return
    start = 0
    for each in group:
        part: Array = np.asarray(outputs[start : start + each.asked.examples])
        start += each.asked.examples
        try:
            status, body = OK, written(each.asked.answer(part))
        except Exception as error:  # noqa: BLE001
            status, body = _status(error), _refused(error)
        _send(connection, each.frame.number, status, body)
    counting.add(x, np.asarray(outputs))


def _status(error: Exception) -> int:
    return BAD_REQUEST if isinstance(error, TraindeckError) else FAULT


def _refused(error: Exception) -> bytes:
    """As TensorFlow Serving says what is wrong."""
    if isinstance(error, TraindeckError):
        return json.dumps({"error": str(error)}).encode()
    traceback.print_exception(error)
    return json.dumps({"error": f"The network could not be asked: {first_line(error)}"}).encode()


def _send(connection: socket.socket, number: int, status: int, body: bytes) -> None:
    if len(body) > MOST_BYTES:
        text = f"The answer has {len(body):,} bytes; {MOST_BYTES:,} are sent. Ask for fewer examples at a time."
        status, body = BAD_REQUEST, json.dumps({"error": text}).encode()
    connection.sendall(Frame(number, status, body).packed())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
