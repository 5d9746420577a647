"""What a served model can be asked, as the bodies of requests: how each is read, and how it is answered.

A question is read to raw examples, so that several are answered in one call of the network, and its answer is written
of its part of the outputs.
"""

import gc
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.common.errors import DataError
from core.data.data_info import Array, Examples
from core.data.examples import count
from core.inference.description import Description
from core.inference.inputs import batch_of
from core.inference.told import answer_of
from core.serving import open_inference, tf_serving
from core.serving.question_size import MOST_INSTANCES as MOST_INSTANCES
from core.serving.question_size import require_few, require_fields, require_possible


@dataclass(frozen=True)
class Asked:
    """A question that was read."""

    x: Examples
    answer: Callable[[Array], Any]  # of the outputs for these examples, as JSON data

    @property
    def examples(self) -> int:
        return count(self.x)


def _predict(known: Description, body: Any) -> Asked:
    """TensorFlow Serving's :predict."""
    asked = tf_serving.read(body)
    x, _ = batch_of(known, require_few(asked.instances))
    return Asked(x, asked.written)


def _infer(known: Description, body: Any) -> Asked:
    """The Open Inference Protocol's infer."""
    asked = open_inference.read(known, body)
    x, _ = batch_of(known, require_few(asked.instances))
    return Asked(x, asked.written)


def _answer(known: Description, body: Any) -> Asked:
    """Ours: {"instances": [...]} to answers with names, probabilities and notes."""
    asked = tf_serving.read(body)
    require_fields(body, tf_serving.FIELDS)  # which TensorFlow Serving's own question may have others beside
    instances = require_few(asked.instances)
    x, notes = batch_of(known, instances)

    def written(outputs: Array) -> dict[str, Any]:
        rows = zip(outputs, notes, strict=True)
        return {"answers": [answer_of(known, row) | ({"notes": list(told)} if told else {}) for row, told in rows]}

    return Asked(x, written)


ASKED: dict[int, Callable[[Description, Any], Asked]] = {1: _predict, 2: _infer, 3: _answer}
PREDICT, INFER, ANSWER = ASKED
BINARY = 16  # added to INFER: 8 bytes with the length of the JSON come first, and the data of tensors after it
LENGTH = "Inference-Header-Content-Length"  # header that tells that length


def read(known: Description, code: int, body: bytes) -> Asked:
    """Raises DataError: not what is accepted, or not what the network takes."""
    data, is_binary = b"", code >= BINARY
    if is_binary:
        code, length, body = code - BINARY, int.from_bytes(body[:8]), body[8:]
        if length > len(body):
            raise DataError(f"{LENGTH} says that {length:,} bytes are JSON; the whole body has {len(body):,}.")
        body, data = body[:length], body[length:]
    require_possible(known, body)
    try:
        raw = _parsed(body)
    except (ValueError, RecursionError) as error:
        if is_binary:
            raise DataError(f"The first {len(body):,} bytes, by {LENGTH}, are not JSON ({error}).") from error
        raise DataError(f"The body is not JSON ({error}). Send an object with a list of instances.") from error
    try:
        if is_binary:
            raw = open_inference.with_data(raw, data)
        return ASKED[code](known, raw)
    except OverflowError as error:
        raise DataError(f"A number is too large for the network ({error}).") from error


def _parsed(body: bytes) -> Any:
    """UTF-8 alone, which is what was looked through. Raises ValueError, RecursionError."""
    text = body.decode("utf-8-sig", "surrogatepass")
    gc.disable()  # which would look through all that is made, again and again
    try:
        return json.loads(text)
    finally:
        gc.enable()


def written(answer: Any) -> bytes:
    return json.dumps(answer, allow_nan=True).encode()
