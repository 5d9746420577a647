"""The process that explains answers of one exported network: `python -m core.explain.explaining FOLDER DESCRIPTOR`.

Beside the one that answers (core.serving.answering), which an explanation would hold up; started when one is asked for.
"""

import json
import sys
from pathlib import Path

from core.common.errors import DataError
from core.explain.explain_exported import ExportedExplainer, explained
from core.serving.child import OK, greeted, joined, received, refused, send, status_of


def main(folder: str, descriptor: str, parent: str) -> int:
    connection = joined(descriptor, parent)
    made = greeted(connection, lambda: ExportedExplainer(Path(folder)), lambda each: ("explaining", each.known))
    if made is None:
        return 1
    frames = received(connection)
    while (frame := frames.get()) is not None:
        try:
            status, body = OK, _answer(made, frame.body)
        except Exception as error:  # noqa: BLE001 - one odd question does not end the process
            status, body = status_of(error), refused(error)
        send(connection, frame.number, status, body)
    return 0


def _answer(made: ExportedExplainer, body: bytes) -> bytes:
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise DataError(f"The body is not JSON ({error}). Send an object with a list of one instance.") from error
    return json.dumps(explained(made, asked if isinstance(asked, dict) else {})).encode()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
