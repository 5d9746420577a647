"""Our server beside MLflow's own, asked over HTTP as its client asks: `log_batch` and `search_runs`, turn by turn.

python -m benchmarks.mlflow_server [--runs 10000] [--repetitions 7]

MLflow is the one in .peers, started as its documentation says, with an SQLite store. Both are filled with the same
runs, each past its server (10 params, 5 tags, 8 metrics, a name): a row where they do not find the same ones says so.
"""

import contextlib
import json
import os
import signal
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.mlflow_runs import fill_ours, fill_theirs, made_up
from benchmarks.start import PEERS
from core.common.settings import Settings
from core.common.workspace import Workspace
from tests.host import wait_until
from tests.server import Server, free_port

BELOW = "/api/2.0/mlflow"
AT_ONCE = 1000  # metrics a call
IDLE = 2.0  # seconds that a connection is kept without a request
NAME = "side by side"
Call = Callable[["Peer", int], tuple[float, Any]]
SEARCHES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("the newest 100", {"max_results": 100}),
    ("the newest 1,000", {"max_results": 1000}),
    ("metrics.loss < 0.3, by it, 100", {"filter": "metrics.loss < 0.3", "order_by": ["metrics.loss ASC"]}),
    ("all by metrics.accuracy DESC, 100", {"order_by": ["metrics.accuracy DESC"]}),
    ("params.optimizer = 'adam', 100", {"filter": "params.optimizer = 'adam'"}),
    ("params.model LIKE '%net%', 100", {"filter": "params.model LIKE '%net%'"}),
    ("all by params.lr, 100", {"order_by": ["params.lr ASC"]}),
    ("tags.team = 'vision', 100", {"filter": "tags.team = 'vision'"}),
    ("a metric, a param and a tag, 100", {
        "filter": "metrics.accuracy > 0.5 AND params.optimizer = 'sgd' AND tags.team != 'vision'",
    }),
    ("run_name LIKE 'run-99%', 100", {"filter": "attributes.run_name LIKE 'run-99%'"}),
    ("FAILED since a time, 100", {"filter": "attributes.status = 'FAILED' AND attributes.start_time > 1700003000000"}),
    ("a param that no run has, 100", {"filter": "params.optimizer = 'none'"}),
    ("params.optimizer IN two, 10 of them", {"filter": "params.optimizer LIKE 'a%'", "max_results": 10}),
)  # fmt: skip


class Peer:
    """A server of either kind, asked over one connection that is kept."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=120)
        self._used = 0.0
        self.experiment = ""
        self.run = ""

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self.timed(path, json.dumps(body).encode())[1]

    def timed(self, path: str, body: bytes) -> tuple[float, Any]:
        """Seconds until the whole answer was here, and the answer."""
        if time.monotonic() - self._used > IDLE:  # the server has closed it
            self._connection.close()
            self._connection.connect()
        began = time.perf_counter()
        self._connection.request("POST", f"{BELOW}{path}", body, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - began
        self._used = time.monotonic()
        if response.status != 200:
            raise RuntimeError(f"{path} was answered with {response.status}: {content[:500]!r}")
        return seconds, json.loads(content)

    def new_run(self) -> str:
        made = self.post("/runs/create", {"experiment_id": self.experiment, "start_time": int(time.time() * 1000)})
        self.run = str(made["run"]["info"]["run_id"])
        return self.run


def main(
    runs: Annotated[int, typer.Option(help="Runs to search.")] = 10_000,
    repetitions: Annotated[int, typer.Option(help="Measurements of each line, after one that is not counted.")] = 7,
) -> None:
    if not PEERS.exists():
        raise SystemExit("There is no MLflow in .peers: `make .peers/installed` makes it.")
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        described = list(made_up(runs))
        ours = stack.enter_context(_ours(Path(folder), described))
        theirs = stack.enter_context(_theirs(Path(folder), described))
        for peer in (ours, theirs):
            peer.experiment = str(peer.post("/experiments/create", {"name": "batches"})["experiment_id"])
        print("| `log_batch` | Traindeck ms | MLflow ms | faster by |")
        print("| --- | --- | --- | --- |")
        for name, call in _batches():
            _print(name, *_both(ours, theirs, call, repetitions))
        ours.experiment, theirs.experiment = _found(ours), _found(theirs)
        print(f"\n| `search_runs`, {runs:,} runs | Traindeck ms | MLflow ms | faster by |")
        print("| --- | --- | --- | --- |")
        for name, fields in SEARCHES:
            _print(name, *_both(ours, theirs, _searching(fields), repetitions))


def _found(peer: Peer) -> str:
    found = peer.post("/experiments/search", {"max_results": 100})["experiments"]
    return next(str(each["experiment_id"]) for each in found if each["name"] == NAME)


def _batches() -> Iterator[tuple[str, Call]]:
    def metrics(peer: Peer, number: int, name: str) -> bytes:
        first, at = number * AT_ONCE, int(time.time() * 1000)
        points = [
            {"key": name.format(place), "value": place / 7, "timestamp": at, "step": first + place}
            for place in range(AT_ONCE)
        ]
        return json.dumps({"run_id": peer.run, "metrics": points}).encode()

    def going_on(name: str) -> Call:
        def call(peer: Peer, number: int) -> tuple[float, Any]:
            if not number:
                peer.new_run()
            return peer.timed("/runs/log-batch", metrics(peer, number, name))

        return call

    def anew(peer: Peer, _number: int) -> tuple[float, Any]:
        peer.new_run()
        return peer.timed("/runs/log-batch", metrics(peer, 0, "metric_{}"))

    yield f"{AT_ONCE:,} values of one metric", going_on("loss")
    yield f"a value of each of {AT_ONCE:,} metrics", going_on("metric_{}")
    yield "the same, in a new run each time", anew


def _searching(fields: dict[str, Any]) -> Call:
    def call(peer: Peer, _number: int) -> tuple[float, Any]:
        body = {"experiment_ids": [peer.experiment], "max_results": 100, **fields}
        seconds, answer = peer.timed("/runs/search", json.dumps(body).encode())
        return seconds, [each["info"]["run_name"] for each in answer.get("runs", ())]

    return call


def _both(ours: Peer, theirs: Peer, call: Call, repetitions: int) -> tuple[list[float], list[float], bool]:
    """Milliseconds of both, and whether both answered alike.

    Before each call that counts stands one to the same server that does not: a process that waited for the other one's
    turn is slower after it, the more so the longer that took, which says nothing about either.
    """
    measured: tuple[list[float], list[float]] = ([], [])
    alike = True
    for number in range(repetitions + 1):
        answers = []
        for peer, seconds in zip((ours, theirs), measured, strict=True):
            call(peer, 2 * number)
            took, answer = call(peer, 2 * number + 1)
            answers.append(answer)
            if number:
                seconds.append(took * 1000)
        alike = alike and answers[0] == answers[1]
    return *measured, alike


def _print(name: str, ours: list[float], theirs: list[float], alike: bool) -> None:
    ratio = statistics.median(theirs) / statistics.median(ours)
    cells = [f"{statistics.median(each):.1f} ({min(each):.1f} to {max(each):.1f})" for each in (ours, theirs)]
    print(f"| {name}{'' if alike else ' (other runs!)'} | {' | '.join(cells)} | {ratio:.1f} |", flush=True)


@contextlib.contextmanager
def _ours(folder: Path, described: list[dict[str, Any]]) -> Iterator[Peer]:
    settings = Settings(home=folder / "workspace", standby=False)
    workspace = Workspace.open(settings)
    fill_ours(workspace, NAME, described)
    workspace.close()
    server = Server(settings)
    server.start()
    try:
        yield Peer(server.port)
    finally:
        server.close()


@contextlib.contextmanager
def _theirs(folder: Path, described: list[dict[str, Any]]) -> Iterator[Peer]:
    file, port = folder / "mlflow.db", free_port()
    command = [str(PEERS), "server", "--port", str(port), "--backend-store-uri", f"sqlite:///{file}"]
    environment = os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true"}
    with (folder / "mlflow.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_until(lambda: _answers(port), "MLflow's server answers", 180)
        peer = Peer(port)
        key = int(peer.post("/experiments/create", {"name": NAME})["experiment_id"])
        with contextlib.closing(sqlite3.connect(file)) as connection, connection:
            fill_theirs(connection, key, described)
        yield peer
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def _answers(port: int) -> bool:
    try:
        return bool(Peer(port).post("/experiments/search", {"max_results": 1}))
    except (OSError, RuntimeError):
        return False


if __name__ == "__main__":
    typer.run(main)
