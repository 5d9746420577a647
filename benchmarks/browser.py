"""The dashboard in a real browser: the server's memory with every page opened, and how fast a large comparison draws.

python -m benchmarks.browser [repetitions]
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

from benchmarks.fill import fill
from core.settings import Settings
from core.workspace import Workspace
from pages.shared.nav import PAGES
from tests.browser.conftest import CHROMIUM_ARGUMENTS, chromium_path, settled
from tests.server import Server

RUNS, CURVES, POINTS = 1_000, 20, 10_000
MIB = 2**20


def main(repetitions: int = 5) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        settings = Settings(home=Path(folder) / "workspace")
        workspace = Workspace.open(settings)
        fill(workspace, RUNS, 20)
        compared = fill(workspace, CURVES, POINTS)
        server = Server(settings)
        server.start()
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, base_url=server.url)
        print(f"{RUNS:,} runs, and {CURVES} runs of {POINTS:,} points of each metric; medians of {repetitions}.\n")
        print("| page | address to all drawn, s | lowest to highest | server memory after it, MiB |")
        print("| --- | --- | --- | --- |")
        addresses = {spec.title: f"/{spec.url_path}" for spec in PAGES} | {"Run": f"/run?id={compared[0]}"}
        for name, address in addresses.items():
            _row(name, [_opened(page, address) for _ in range(repetitions)], server)
        address = f"/compare?runs={','.join(map(str, compared))}"
        _row(f"Compare, {CURVES} runs", [_opened(page, address) for _ in range(repetitions)], server)
        drawn = [_redrawn(page) for _ in range(repetitions)]
        print(f"\nDrawing those {CURVES} runs, two charts, from data that is there: "
              f"{statistics.median(drawn):.2f} s ({min(drawn):.2f} to {max(drawn):.2f}).")  # fmt: skip
        print(f"TensorFlow in the server: {'yes' if _maps_tensorflow(server) else 'no'}.")
        browser.close()
        server.end()
        workspace.close()


def _row(name: str, seconds: list[float], server: Server) -> None:
    assert server.process is not None
    memory = psutil.Process(server.process.pid).memory_info().rss / MIB
    print(
        f"| {name} | {statistics.median(seconds):.2f} | {min(seconds):.2f} to {max(seconds):.2f} | {memory:.0f} |",
        flush=True,
    )


def _opened(page: Page, address: str) -> float:
    started = time.perf_counter()
    page.goto(address)
    settled(page)
    return time.perf_counter() - started


def _redrawn(page: Page) -> float:
    """Seconds until every chart of the page is drawn anew from its data and painted."""
    milliseconds: float = page.evaluate(
        """async () => {
            const all = [...document.querySelectorAll(".js-plotly-plot")]
            const charts = all.filter(element => element.checkVisibility()).slice(0, 2)
            const started = performance.now()
            for (const chart of charts) await Plotly.newPlot(chart, chart.data, chart.layout)
            await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
            return performance.now() - started
        }"""
    )
    return milliseconds / 1000


def _maps_tensorflow(server: Server) -> bool:
    assert server.process is not None
    return any("tensorflow" in mapped.path for mapped in psutil.Process(server.process.pid).memory_maps())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
