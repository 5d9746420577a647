"""Ten browsers that watch the same live run: what they cost the server.

python -m benchmarks.live [--windows 5] [--browsers 10] [--only Run]
"""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Annotated

import psutil
import typer
from playwright.sync_api import Browser, sync_playwright

from benchmarks.fill import fill
from benchmarks.live_runs import LiveRuns
from core.common.settings import Settings
from core.common.workspace import Workspace
from tests.browser.conftest import CHROMIUM_ARGUMENTS, chromium_path
from tests.browser.settling import opened, settled
from tests.server import Server

RUNS, LIVE, BROWSERS = 1_000, 20, 10
WINDOW = 10.0  # seconds of one measurement


def main(
    windows: Annotated[int, typer.Option(help="Measurements of 10 s each.")] = 5,
    browsers: Annotated[int, typer.Option(help="Browsers.")] = BROWSERS,
    only: Annotated[str, typer.Option(help="The one page to measure.")] = "",
) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        workspace = Workspace.open(Settings(home=Path(folder) / "workspace", standby=False))
        fill(workspace, RUNS, 20)
        live = LiveRuns(workspace, LIVE)
        server = Server(workspace.settings)
        server.start()
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
        try:
            views = {
                "Run": f"/run?id={live.ids[0]}",
                "Compare": f"/compare?runs={','.join(map(str, live.ids[:5]))}",
                "Runs": "/runs",
            }
            views = {name: path for name, path in views.items() if only in ("", name)}
            print("| ten browsers on | share of one core, median | lowest to highest |")
            print("| --- | --- | --- |")
            for name, path in views.items():
                shares = _watched(browser, server, path, browsers, windows)
                print(
                    f"| {name} | {statistics.median(shares):.1%} | {min(shares):.1%} to {max(shares):.1%} |", flush=True
                )
        finally:
            browser.close()
            live.end()
            server.end()
            workspace.close()


def _watched(browser: Browser, server: Server, path: str, browsers: int, windows: int) -> list[float]:
    contexts = [opened(browser, base_url=server.url) for _ in range(browsers)]
    pages = [context.new_page() for context in contexts]
    for page in pages:
        page.set_default_timeout(120_000)
        page.goto(path)
    for page in pages:
        settled(page)
    assert server.process is not None
    process = psutil.Process(server.process.pid)
    shares = []
    for _ in range(windows):
        began, used = time.perf_counter(), sum(process.cpu_times()[:2])
        pages[0].wait_for_timeout(1000 * WINDOW)
        shares.append((sum(process.cpu_times()[:2]) - used) / (time.perf_counter() - began))
    for context in contexts:
        context.close()
    return shares


if __name__ == "__main__":
    typer.run(main)
