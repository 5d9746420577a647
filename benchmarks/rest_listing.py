"""A page of the runs table by /api/v1, over HTTP on this host, beside the use case that pages and commands call.

python -m benchmarks.rest_listing [--runs 10000] [--repetitions 20]
"""

import http.client
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from benchmarks.fill import fill
from core import runs
from core.cli.http_client import Client
from core.cli.remote_runs import RunsThere
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.runs.records import RunQuery
from tests.server import Server

SEARCHES = ("", "adam val_accuracy.best > 0.9", "tag = best or loss.min < 0.3")


def main(
    number: Annotated[int, typer.Option("--runs", help="Runs in the store.")] = 10_000,
    repetitions: Annotated[int, typer.Option(help="Measurements of each cell, after one that is not counted.")] = 20,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home", standby=False)
        workspace = Workspace.open(settings)
        fill(workspace, number, 20)
        server = Server(settings)
        server.start(until_healthy=False)
        try:
            _table(Context.of_shell(workspace), server, number, repetitions)
        finally:
            server.close()
            workspace.close()


def _table(context: Context, server: Server, number: int, repetitions: int) -> None:
    print(f"{number:,} runs; medians of {repetitions} in ms, lowest to highest.\n")
    print("| page of | search | use case | GET /api/v1/runs | as a command with `--server` reads it |")
    print("| --- | --- | --- | --- | --- |")
    kept = http.client.HTTPConnection("127.0.0.1", server.port)
    there = RunsThere(Client(server.url))
    for limit in (50, 500):
        for search in SEARCHES:
            path = f"/api/v1/runs?limit={limit}&search={quote(search)}"

            def own(search: str = search, limit: int = limit) -> None:
                found = runs.listing(context, RunQuery(limit=limit), search)
                runs.summaries(context, [run.id for run in found.runs])

            def asked(path: str = path) -> None:
                kept.request("GET", path)
                answer = kept.getresponse()
                assert answer.status == 200, answer.read()
                answer.read()

            def read(search: str = search, limit: int = limit) -> None:
                there.listing([], limit, search)

            kept.close()  # the server closes what was idle for some seconds
            cells = [_measured(each, repetitions) for each in (own, asked, read)]
            print(f"| {limit} | {search or 'none'} | {' | '.join(cells)} |", flush=True)


def _measured(what: Callable[[], None], repetitions: int) -> str:
    times = []
    for _ in range(repetitions + 1):
        begun = time.perf_counter()
        what()
        times.append(1000 * (time.perf_counter() - begun))
    counted = times[1:]
    return f"{statistics.median(counted):.0f} ({min(counted):.0f} to {max(counted):.0f})"


if __name__ == "__main__":
    typer.run(main)
