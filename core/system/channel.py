"""JSON messages between processes of one host, framed by multiprocessing.connection."""

import json
from collections.abc import Iterable
from multiprocessing import connection
from typing import Any

Message = dict[str, Any]


class Channel:
    """One end of a connection between two processes. Either may end at any moment; the other is told, never raised at.

    The end of a channel shows when no process holds the other end any more: close the copies that a fork makes.
    """

    def __init__(self, end: "connection.Connection[bytes, bytes] | int") -> None:
        """`end` is a connection, or a descriptor that this process was given."""
        self._connection = connection.Connection(end) if isinstance(end, int) else end
        self.is_over = False  # whether the other process has closed its end, and all that it told was heard

    @classmethod
    def pair(cls) -> "tuple[Channel, Channel]":
        """Two ends, to be held by different processes."""
        one, other = connection.Pipe()
        return cls(one), cls(other)

    def fileno(self) -> int:
        return self._connection.fileno()

    def send(self, message: Message) -> bool:
        """False when nobody is there to hear it. Waits while the other process leaves many messages unheard."""
        try:
            self._connection.send_bytes(json.dumps(message).encode())
        except OSError:  # a broken pipe, or closed on this side
            return False
        return True

    def wait(self) -> Message | None:
        """The next message as soon as there is one; None at the end."""
        try:
            message: Message = json.loads(self._connection.recv_bytes())
        except (EOFError, OSError):
            self.is_over = True
            return None
        return message

    def heard(self) -> list[Message]:
        """What was told since the last call, without waiting; `is_over` says afterwards whether that was all."""
        messages = []
        while not self.is_over and not self._connection.closed and self._is_readable():
            message = self.wait()
            if message is not None:
                messages.append(message)
        return messages

    def _is_readable(self) -> bool:
        try:
            return self._connection.poll()
        except OSError:
            self.is_over = True
            return False

    def close(self) -> None:
        self._connection.close()


def wait_for_any(channels: Iterable[Channel], seconds: float) -> None:
    """Until one of them has something to hear, or is over; at most so long."""
    connection.wait([channel.fileno() for channel in channels], seconds)
