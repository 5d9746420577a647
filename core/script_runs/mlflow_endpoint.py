"""MLflow's REST interface for one script, on a port of its own: what the script logs lands in its run, server or not.

The experiment is the one that was chosen at the launch, whatever name the script asks for: its client would refuse to
go on with a run that is in another.
"""

import asyncio
import json
import re
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from core.common import faults
from core.common.context import Context
from core.common.errors import TraindeckError
from core.mlflow import artifact_calls, artifact_files, shapes
from core.mlflow.artifact_paths import place_of
from core.mlflow.asked import Asked
from core.mlflow.calls import CALLS, VERSION, Call
from core.mlflow.mlflow_error import INTERNAL, NO_SUCH_CALL, MlflowError, in_their_words
from core.mlflow.run_calls import get as get_run
from core.mlflow.shapes import Written
from core.runs.records import RunRecord

_MOST_BYTES = 32 * 2**20  # of a request that is no file
_PIECE = 2**20
_HOSTS = ("127.0.0.1", "localhost")
_BELOW = re.compile(r"/(?:ajax-)?api/2\.0/mlflow(/.*)")
_FILES = re.compile(r"/(?:ajax-)?api/2\.0/mlflow-artifacts/artifacts(?:/(.*))?")
_PATTERNS = [(method, re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path)), call) for method, path, call in CALLS]
_FILE_OF_MODEL = re.compile(r"/logged-models/(?P<model_id>[^/]+)/artifacts/files")


class MlflowEndpoint:
    """Answers from a thread, from `start` to `close`. `speaks`: somebody asked for something; `step`: the highest."""

    def __init__(self, context: Context, run: RunRecord) -> None:
        self.context = context
        self.speaks = self.measures = False  # whether the script's client was heard at all, and with metrics
        self.step = 0
        self._run = run
        self._server = ThreadingHTTPServer((_HOSTS[0], 0), _Handler)
        self._server.daemon_threads = True
        self._server.endpoint = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="mlflow", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def environment(self) -> dict[str, str]:
        return {
            "MLFLOW_TRACKING_URI": f"http://{_HOSTS[0]}:{self._server.server_port}",
            "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",  # of pages, which this port has none of
            "MLFLOW_RUN_ID": self._run.uid,
            "MLFLOW_EXPERIMENT_ID": self._experiment()["experiment_id"],
        }

    def _experiment(self) -> dict[str, Any]:
        run = json.loads(get_run(self.context, Asked({"run_id": self._run.uid})).text)["run"]["info"]
        return {"experiment_id": run["experiment_id"], "name": shapes.experiment_name(self._run.experiment)}

    def answer(self, method: str, path: str, asked: Asked) -> dict[str, Any] | Written:
        """Raises MlflowError, TraindeckError."""
        self.speaks = True
        self._note(path, asked)
        if path == "/experiments/get-by-name":
            named = {"name": asked.needed("experiment_name"), "lifecycle_stage": "active"}
            return {"experiment": {**self._experiment(), **named}}
        call, fields = _call(method, path)
        return call(self.context, Asked({**asked.fields, **fields}))

    def _note(self, path: str, asked: Asked) -> None:
        metrics = [asked] if path == "/runs/log-metric" else []
        metrics += asked.entries("metrics") if path == "/runs/log-batch" else []
        self.measures = self.measures or bool(metrics)
        if asked.fields.get("run_id") == self._run.uid:
            self.step = max([self.step, *(each.whole("step") for each in metrics)])


def _call(method: str, path: str) -> tuple[Call, dict[str, str]]:
    """Raises MlflowError."""
    for known, pattern, call in _PATTERNS:
        if known == method and (found := pattern.fullmatch(path)):
            return call, found.groupdict()
    raise MlflowError("Traindeck does not have this part of MLflow's interface.", NO_SUCH_CALL)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    endpoint: MlflowEndpoint

    def _serve(self) -> None:
        self.endpoint = self.server.endpoint  # type: ignore[attr-defined]
        try:
            # A page of another host whose name leads here would speak in the script's name.
            if self.headers.get("Host", "").rpartition(":")[0] not in _HOSTS:
                raise MlflowError("This address answers a script of this host only.", NO_SUCH_CALL)
            self._routed(urlsplit(self.path))
        except MlflowError as error:
            self._refuse(error)
        except TraindeckError as error:
            self._refuse(in_their_words(error))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        except Exception as error:  # noqa: BLE001 - told with a number, its traceback in the log
            self._refuse(MlflowError(faults.told(faults.noted(error)), INTERNAL))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - the library's names

    def _routed(self, url: Any) -> None:
        path, query = unquote(url.path), Asked.of_query(parse_qsl(url.query, keep_blank_values=True))
        if files := _FILES.fullmatch(path):
            self._file(files[1], query)
        elif path == "/version":
            self._send(VERSION.encode(), "text/plain")
        elif path == "/health":
            self._send(b"OK", "text/plain")
        elif path == "/api/3.0/mlflow/server-info":
            self._json({"store_type": "SqlStore", "workspaces_enabled": False})
        elif path == "/get-artifact":
            self._send_file(artifact_calls.file_of_run(self.endpoint.context, query))
        elif path == "/model-versions/get-artifact":
            self._send_file(artifact_calls.file_of_version(self.endpoint.context, query))
        elif below := _BELOW.fullmatch(path):
            self._called(below[1], query)
        else:
            raise MlflowError("Traindeck does not have this part of MLflow's interface.", NO_SUCH_CALL)

    def _called(self, path: str, query: Asked) -> None:
        if model := _FILE_OF_MODEL.fullmatch(path):
            asked = Asked({**query.fields, **model.groupdict()})
            self._send_file(artifact_calls.file_of_model(self.endpoint.context, asked))
            return
        asked = query if self.command == "GET" else Asked.of_body(b"".join(self._body(_MOST_BYTES)))
        answer = self.endpoint.answer(self.command, path, asked)
        if isinstance(answer, Written):
            self._send(answer.text.encode(), "application/json")
        else:
            self._json(answer)

    def _file(self, path: str | None, query: Asked) -> None:
        context = self.endpoint.context
        self.endpoint.speaks = True
        if not path:
            self._json(artifact_calls.below_root(context, query.text("path")))
            return
        place = place_of(context, path)
        if self.command == "PUT":
            most = context.workspace.settings.max_upload_mb * 2**20
            asyncio.run(artifact_files.receive(context, place, 0, _asynchronously(self._body(most + 1))))
            self._json({})
        elif self.command == "DELETE":
            artifact_files.remove(context, place)
            self._json({})
        else:
            self._send_file(artifact_files.file_of(place))

    def _body(self, most: int) -> Iterator[bytes]:
        """In pieces; whoever reads one has to read all of them. Raises MlflowError: there is more."""
        sizes = self._chunks() if self.headers.get("Transfer-Encoding", "").lower() == "chunked" else [self._promised()]
        read = 0
        for size in sizes:
            read += size
            if read > most:
                self.close_connection = True
                raise MlflowError(f"The request's body is too long: at most {most:,} bytes are read.")
            while size > 0:
                piece = self.rfile.read(min(size, _PIECE))
                if not piece:
                    raise ConnectionResetError
                size -= len(piece)
                yield piece

    def _promised(self) -> int:
        told = self.headers.get("Content-Length", "0")
        return int(told) if told.isdecimal() and len(told) < 19 else 0

    def _chunks(self) -> Iterator[int]:
        while size := int(self.rfile.readline(100).split(b";")[0], 16):
            yield size
            self.rfile.readline(2)
        self.rfile.readline(100)

    def _refuse(self, error: MlflowError) -> None:
        self.close_connection = True  # what is left of the request's body is not read
        self._json({"error_code": error.code, "message": str(error)}, error.status)

    def _json(self, content: dict[str, Any], status: int = 200) -> None:
        self._send(json.dumps(content).encode(), "application/json", status)

    def _send_file(self, path: Path) -> None:
        self._head(path.stat().st_size, artifact_files.media_type(path))
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                self.wfile.write(piece)

    def _send(self, content: bytes, media: str, status: int = 200) -> None:
        self._head(len(content), media, status)
        self.wfile.write(content)

    def _head(self, size: int, media: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(size))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, *_: Any) -> None:  # the run's log is the script's
        pass


async def _asynchronously(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
