"""From the command to a page that answers, on an installed machine: `make run`, and MLflow's server beside it.

python -m benchmarks.start [repetitions]

Answers: its address gives the page, and what the page asks for first: the dashboard's sign of life, MLflow's list of
experiments. MLflow is the one in .peers, with an SQLite store, as its documentation recommends; without .peers only
`make run` is measured. The first start of each is not counted: there the stores are made.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from core.common.settings import PROJECT_ROOT, Settings
from core.common.workspace import Workspace
from tests.host import wait_until
from tests.server import free_port

PEERS = PROJECT_ROOT / ".peers" / "bin" / "mlflow"


def main(repetitions: int = 5) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "workspace")
        Workspace.open(settings).close()
        store = f"sqlite:///{folder}/mlflow.db"
        measured: dict[str, list[float]] = {"`make run`": [], "`mlflow server`": []}
        for _ in range(repetitions + 1):
            port = free_port()
            command = ["make", "run", f"PORT={port}"]
            pages = ("/", "/_stcore/health")
            measured["`make run`"].append(_start(command, port, pages, settings.environment(), folder))
            if PEERS.exists():
                port = free_port()
                command = [str(PEERS), "server", "--port", str(port), "--backend-store-uri", store]
                pages = ("/", "/ajax-api/2.0/mlflow/experiments/search?max_results=1")
                measured["`mlflow server`"].append(_start(command, port, pages, {}, folder))
    ours = statistics.median(measured["`make run`"][1:])
    print("| until it answers | median s | lowest to highest | ratio |")
    print("| --- | --- | --- | --- |")
    for name, (_, *seconds) in ((name, seconds) for name, seconds in measured.items() if seconds):
        median = statistics.median(seconds)
        print(f"| {name} | {median:.2f} | {min(seconds):.2f} to {max(seconds):.2f} | {median / ours:.1f} |")
    if not PEERS.exists():
        print("\nMLflow was not measured: there is no .peers (benchmarks/requirements-peers.txt).")


def _start(command: Sequence[str], port: int, pages: Sequence[str], environment: dict[str, str], folder: str) -> float:
    with (Path(folder) / "start.log").open("ab") as log:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=PROJECT_ROOT, env=os.environ | environment, stdout=log, stderr=log, start_new_session=True
        )
        wait_until(lambda: all(_answers(f"http://127.0.0.1:{port}{page}") for page in pages), "it answers", 120)
        seconds = time.perf_counter() - started
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)
    return seconds


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10) as response:
            return bool(response.status == 200)
    except OSError:
        return False


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
