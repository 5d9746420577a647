"""What a process of the gateway has: the socket that it was given, questions from it, and answers to it."""

import json
import os
import queue
import socket
import threading
import traceback
from collections.abc import Callable
from typing import TypeVar

from core.common.errors import TraindeckError
from core.common.text import first_line
from core.inference.description import Description
from core.serving.frames import HEAD, MOST_BYTES, READY, Frame
from core.system.process import end_with, set_title

OK, BAD_REQUEST, FAULT = 200, 400, 500

Made = TypeVar("Made")


def joined(descriptor: str, parent: str) -> socket.socket:
    """This process ends with its parent."""
    end_with(int(parent))
    return socket.socket(fileno=int(descriptor))


def greeted(
    connection: socket.socket, make: Callable[[], Made], told: Callable[[Made], tuple[str, Description]]
) -> Made | None:
    """Make what answers, and say that it can be asked; None where it cannot be made, which is said, too.

    Args:
        told: what the process does, and of which network.
    """
    try:
        made = make()
    except Exception as error:  # noqa: BLE001 - whatever a runtime raises about a file
        send(connection, READY, FAULT, refused(error))
        return None
    role, known = told(made)
    set_title(f"{role} {known.model}@{known.version}")
    send(connection, READY, OK, json.dumps({"pid": os.getpid(), "format": known.format}).encode())
    return made


def received(connection: socket.socket) -> "queue.SimpleQueue[Frame | None]":
    """Questions as they come; None once the gateway has closed the socket, or is gone."""
    frames: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(connection, frames), daemon=True).start()
    return frames


def _receive(connection: socket.socket, frames: "queue.SimpleQueue[Frame | None]") -> None:
    try:
        with connection.makefile("rb") as stream:
            while head := stream.read(HEAD.size):
                length, number, code = HEAD.unpack(head)
                frames.put(Frame(number, code, stream.read(length)))
    finally:  # also of a connection that is gone
        frames.put(None)


def status_of(error: Exception) -> int:
    return BAD_REQUEST if isinstance(error, TraindeckError) else FAULT


def refused(error: Exception) -> bytes:
    """As TensorFlow Serving says what is wrong."""
    if isinstance(error, TraindeckError):
        return json.dumps({"error": str(error)}).encode()
    traceback.print_exception(error)
    return json.dumps({"error": f"The network could not be asked: {first_line(error)}"}).encode()


def send(connection: socket.socket, number: int, status: int, body: bytes) -> None:
    if len(body) > MOST_BYTES:
        text = f"The answer has {len(body):,} bytes; {MOST_BYTES:,} are sent. Ask for fewer examples at a time."
        status, body = BAD_REQUEST, json.dumps({"error": text}).encode()
    connection.sendall(Frame(number, status, body).packed())
