"""A served model beside `model.predict` behind a plain FastAPI route: requests a second, and latencies.

TRAINDECK_DATA_DIR=../shared/data python -m benchmarks.serving [--preset mnist-mlp] [--clients 64] [--seconds 5]

Both servers run in processes of their own, one after the other, with the same network and the same questions.
"""

import argparse
import asyncio
import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from core import models, runs
from core.common.context import Context
from core.common.settings import PROJECT_ROOT, Settings
from core.common.workspace import Workspace
from core.config.edit import with_values
from core.config.presets import get_preset
from core.runs.records import RunState
from tests.host import Host

Load = tuple[float, float, float]  # p50 and p95 in ms, answers a second
_LONGEST = 600.0  # seconds of a training
_PLAIN = """
import sys
import keras, numpy, uvicorn
from fastapi import FastAPI
model = keras.models.load_model(sys.argv[1], compile=False)
app = FastAPI()
@app.post("/predict")
def predict(body: dict) -> dict:
    return {"predictions": model.predict(numpy.array(body["instances"], "float32"), verbose=0).tolist()}
@app.get("/")
def alive() -> dict:
    return {}
uvicorn.run(app, port=int(sys.argv[2]), log_level="error")
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", default="mnist-mlp")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=5.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        context = Context.of_shell(Workspace.open(Settings(home=Path(folder))))
        version = _version(context, asked.preset)
        body = _body(version.config["data"])
        network = models.network_file(context.workspace.settings, version)
        _core(context, "models", "export", version.title)
        rows: list[tuple[str, list[Load]]] = []
        servers: list[tuple[str, list[str], str]] = [
            ("Traindeck", ["-m", "core", "serve", version.title, "--port", "{port}"], "/v1/models/bench:predict"),
            ("model.predict behind FastAPI", ["-c", _PLAIN, str(network), "{port}"], "/predict"),
        ]
        for name, command, path in servers:
            with _server(context, command) as port:
                clients = (1, asked.clients)
                rows.append((name, [asyncio.run(_load(port, path, body, each, asked.seconds)) for each in clients]))
    print("| server | p50 ms, 1 client | p95 ms | requests/s | p50 ms, many clients | p95 ms | requests/s |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, (one, many) in rows:
        print(f"| {name} | {' | '.join(f'{value:.3g}' for value in (*one, *many))} |")
    ours, plain = (many for _, (_, many) in rows)
    print(f"\n{ours[2] / plain[2]:.1f} times the requests a second with {asked.clients} clients")


def _version(context: Context, preset: str) -> models.VersionRecord:
    host = Host(context.workspace)
    host.ensure()
    try:
        raw = with_values(get_preset(preset).raw, {"training.epochs": 1})
        run = host.ended(runs.create(context, runs.Draft(raw, preset=preset))[0], _LONGEST)
    finally:
        host.end()
    assert run.state is RunState.FINISHED, run.reason
    return models.register(context, run, "bench")


def _body(data: dict[str, object]) -> bytes:
    shape = (8, 8, 1) if data["source"] == "digits" else (28, 28, 1)
    picture = np.random.default_rng(0).integers(0, 256, (1, *shape)).tolist()
    return json.dumps({"instances": picture}).encode()


def _core(context: Context, *arguments: str) -> None:
    environment = os.environ | context.workspace.settings.environment()
    subprocess.run([sys.executable, "-m", "core", *arguments], cwd=PROJECT_ROOT, env=environment, check=True)


@contextlib.contextmanager
def _server(context: Context, command: list[str]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    environment = os.environ | context.workspace.settings.environment() | {"CUDA_VISIBLE_DEVICES": "-1"}
    filled = [part.replace("{port}", str(port)) if "{port}" in part else part for part in command]
    process = subprocess.Popen([sys.executable, *filled], cwd=PROJECT_ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


async def _load(port: int, path: str, body: bytes, clients: int, seconds: float) -> Load:
    """p50 and p95 in milliseconds, and answers a second; the first second is not counted."""
    times: list[float] = []
    begun = time.monotonic() + 1.0
    end = begun + seconds

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        )
        question = head.encode() + b"\r\n\r\n" + body
        while time.monotonic() < end:
            start = time.perf_counter()
            writer.write(question)
            answer = await reader.readuntil(b"\r\n\r\n")
            assert b" 200 " in answer.partition(b"\r\n")[0], answer
            length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length"))
            await reader.readexactly(int(length.partition(b":")[2]))
            if time.monotonic() >= begun:
                times.append(1000 * (time.perf_counter() - start))
        writer.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return statistics.median(times), float(np.percentile(times, 95)), len(times) / seconds


if __name__ == "__main__":
    main()
