"""Messages between the gateway and a process that answers: a head of fixed length, then bytes."""

import struct
from typing import NamedTuple

HEAD = struct.Struct("!IQH")  # bytes of the body, number of the question, what is asked or an HTTP status
READY = 0  # number of the message by which a process says that it can be asked, or why it cannot; and of COUNTED
COUNTED = 1  # code of the message by which it says what it was asked since the last one, by the training profile's bins
EXPLAIN = 100  # code of a question to a process that explains; others are those of core.serving.questions
MOST_BYTES = 2**28  # of a body; what is longer comes of no process of ours


class Frame(NamedTuple):
    number: int
    code: int  # of a question one of core.serving.questions.ASKED, of an answer an HTTP status
    body: bytes

    def packed(self) -> bytes:
        return HEAD.pack(len(self.body), self.number, self.code) + self.body
