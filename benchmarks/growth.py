"""Whether the server grows: its memory over 500 live refreshes and 200 comparisons, counted from the first 50.

python -m benchmarks.growth [refreshes] [comparisons]

A watched run is refreshed every second; to have 500 refreshes in minutes, ten browsers watch one run at once. A refresh
is what a page asks of the server by itself, as counted on its connection; of a page's live parts, by the one that asks
most. The comparisons are of five of 1,000 runs at rest, always others, one after the other in one browser.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page, WebSocket, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg

from benchmarks.fill import fill
from benchmarks.live_runs import LiveRuns
from core.common.settings import Settings
from core.common.workspace import Workspace
from tests.browser.conftest import CHROMIUM_ARGUMENTS, chromium_path
from tests.browser.settling import opened, settled
from tests.server import Server

BROWSERS, FIRST, MIB = 10, 50, 2**20


def main(refreshes: int = 500, comparisons: int = 200) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        workspace = Workspace.open(Settings(home=Path(folder) / "workspace", standby=False))
        ended = fill(workspace, 1_000, 20)
        live, server = LiveRuns(workspace, 1), Server(workspace.settings)
        server.start()
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
        print("| after | server's memory after the first 50, MiB | at the end, MiB | growth | lowest to highest |")
        print("| --- | --- | --- | --- | --- |")
        try:
            _row("live refreshes", *_refreshed(browser, server, live.ids[0], refreshes))
            _row("comparisons", *_compared(browser, server, ended, comparisons))
        finally:
            browser.close()
            live.end()
            server.end()
            workspace.close()


def _row(name: str, count: int, sizes: list[int]) -> None:
    """`sizes` are the server's bytes, the first after 50."""
    first, last, low, high = (size / MIB for size in (sizes[0], sizes[-1], min(sizes), max(sizes)))
    growth = f"{last / first - 1:+.1%}"
    print(f"| {count} {name} | {first:.0f} | {last:.0f} | {growth} | {low:.0f} to {high:.0f} |", flush=True)


def _memory(server: Server) -> int:
    assert server.process is not None
    return int(psutil.Process(server.process.pid).memory_info().rss)


class Refreshes:
    """Counts what the live parts of a page ask of the server by themselves."""

    def __init__(self, page: Page) -> None:
        self._parts: Counter[str] = Counter()
        page.on("websocket", self._opened)

    def _opened(self, socket: WebSocket) -> None:
        socket.on("framesent", self._sent)

    def _sent(self, payload: str | bytes) -> None:
        asked = BackMsg.FromString(payload if isinstance(payload, bytes) else payload.encode()).rerun_script
        if asked.is_auto_rerun:
            self._parts[asked.fragment_id] += 1

    @property
    def number(self) -> int:
        return max(self._parts.values(), default=0)


def _refreshed(browser: Browser, server: Server, run_id: int, refreshes: int) -> tuple[int, list[int]]:
    contexts = [opened(browser, base_url=server.url) for _ in range(BROWSERS)]
    pages = [context.new_page() for context in contexts]
    counted = [Refreshes(page) for page in pages]
    for page in pages:
        page.goto(f"/run?id={run_id}")
        settled(page)
    sizes = []
    while (number := sum(each.number for each in counted)) < refreshes:
        if number >= FIRST:
            sizes.append(_memory(server))
        pages[0].wait_for_timeout(500)
    sizes.append(_memory(server))
    for context in contexts:
        context.close()
    return number, sizes


def _compared(browser: Browser, server: Server, run_ids: list[int], comparisons: int) -> tuple[int, list[int]]:
    page = opened(browser, base_url=server.url).new_page()
    sizes = []
    for number in range(comparisons):
        chosen = run_ids[5 * number % len(run_ids) :][:5]
        page.goto(f"/compare?runs={','.join(map(str, chosen))}")
        settled(page)
        if number + 1 >= FIRST:
            sizes.append(_memory(server))
    return comparisons, sizes


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
