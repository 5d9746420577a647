"""Every page that shows a sweep of 10,000 trials, in a real browser: as the store is at rest, and while it grows.

python -m benchmarks.sweep_pages [--home DIR] [--trials 10000] [--repetitions 3] [--only WORD]

`first` is a visit after something was written to the store, which voids what the server keeps; `again` one without;
`growing` one while two runs of the sweep are at work, so that something is written several times a second, and a trial
ends every two seconds. All three until the page's own content stands in view, as `benchmarks.browser` tells it, whose
bar of 1.5 s this is. A click is from the mouse's button to what it asks for, in the page that stands there.
"""

import contextlib
import re
import statistics
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from playwright.sync_api import Browser, Page, sync_playwright

import db.sweeps
from benchmarks.browser import CHART, SEEN, TABLE, rest, spread
from benchmarks.fill_sweep import EXPERIMENT, add_trials, fill_sweeps
from benchmarks.live_runs import LiveRuns
from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.reports import authoring
from core.runs import organising
from core.runs.records import RunQuery
from core.sweeps.definition import read_definition
from db.sweep_records import SweepRecord, SweepState, TrialRecord
from tests.browser.conftest import CHROMIUM_ARGUMENTS, chromium_path
from tests.server import Server

BAR = 1.5
PANELS = ("best so far", "parallel", "slices", "landscape", "importance", "rungs", "slots", "trials")


@dataclass(frozen=True)
class View:
    """`click`: what to click once the first element is in view, and what is to be seen after."""

    name: str
    address: str
    seen: str
    click: tuple[str, str] | None = None


def of(alt: str, drawn: str = ".scatterlayer path") -> str:
    """What a chart draws, by the beginning of its label."""
    return f'[aria-label^="{alt}"] {drawn}'


def button(text: str) -> str:
    return f'[data-testid=stButtonGroup] button:has-text("{text}")'


def views(sweep: int, front: int, ids: list[int], report: int) -> Iterator[View]:
    one, two = f"/sweeps?sweep={sweep}", f"/sweeps?sweep={front}"
    yield View("Overview", "/", ".st-key-overview_best canvas")
    yield View("Sweeps: list", "/sweeps", TABLE)
    best = of("Best val_loss so far")
    yield View("Sweep: best so far", one, best)
    yield View("Sweep: rungs", f"{one}&picture=Rungs", of("val_loss of each trial"), (button("Best"), best))
    parallel = of("Fields and result")
    yield View("Sweep: parallel", f"{one}&picture=Parallel", parallel)
    slices = of("val_loss against")
    yield View("Sweep: slices", f"{one}&picture=Slices", slices, (button("Parallel"), parallel))
    landscape = of("val_loss over", ".heatmaplayer image")
    yield View("Sweep: landscape", f"{one}&picture=Landscape", landscape, (button("Slices"), slices))
    importance = of("Importance", ".barlayer path")
    yield View("Sweep: importance", f"{one}&picture=Importance", importance, (button("Landscape"), landscape))
    slots = of("Slots", ".heatmaplayer image")
    yield View("Sweep: slots", f"{one}&picture=Slots", slots, (button("Importance"), importance))
    yield View("Sweep of two goals: Pareto front", f"{two}&picture=Pareto+front", of("val_loss against val_accuracy"))
    yield View("Sweep: table", f"{one}&picture=Importance", TABLE)
    experiment = f"name={EXPERIMENT.replace(' ', '+')}"
    yield View("Experiments", f"/experiments?{experiment}", TABLE)
    yield View("Experiments: empty areas", f"/experiments?{experiment}", "text=Empty areas")
    yield View("Runs", "/runs", TABLE)
    yield View("Runs: of its experiment, by val_loss", f"/runs?experiment={EXPERIMENT.replace(' ', '+')}"
               "&sort=metric:val_loss.best&order=asc", TABLE)  # fmt: skip
    yield View(
        "Runs: search by param and metric", "/runs?search=adam+learning_rate+%3E+0.001+val_loss.best+%3C+0.2", TABLE
    )
    yield View("Runs: state pruned", "/runs?state=pruned", TABLE)
    for count in (2, 10, 50):
        yield View(f"Compare: {count} trials", f"/compare?runs={','.join(map(str, ids[:count]))}", CHART)
    grouped = "&groups=training.optimizer.name"
    yield View("Compare: 50 trials by a param", f"/compare?runs={','.join(map(str, ids[:50]))}{grouped}", CHART)
    yield View("Run: a trial", f"/run?id={ids[-1]}", CHART)
    yield View("Launch", "/launch", "[data-testid=stNumberInput]")
    yield View("Launch: like a trial", f"/launch?from={ids[-1]}", "[data-testid=stNumberInput]")
    yield View("Report of its panels", f"/reports?report={report}", CHART)
    yield View("Models", "/models", "[data-testid=stMain] h1")


def main(
    home: Annotated[
        Path | None, typer.Option(help="A store that `benchmarks.fill_sweep` made; else one is made.")
    ] = None,
    trials: Annotated[int, typer.Option(help="Trials of a store that is made.")] = 10_000,
    repetitions: Annotated[int, typer.Option(help="Visits of each kind, after one that is not counted.")] = 3,
    only: Annotated[str, typer.Option(help="Views whose name matches this regular expression.")] = "",
    shots: Annotated[Path | None, typer.Option(help="Folder for a picture of each view.")] = None,
) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        workspace = Workspace.open(Settings(home=home or Path(folder) / "workspace"))
        if not runs.matching_ids(Context.of_shell(workspace), RunQuery(limit=1)):
            fill_sweeps(workspace, trials)
        sweep, front = sorted(each.id for each in _sweeps(workspace))[:2]
        ids = sorted(runs.matching_ids(Context.of_shell(workspace), RunQuery(experiments=(EXPERIMENT,))))
        report = _report(workspace, sweep)
        server = Server(workspace.settings)
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
        try:
            server.start()
            measured = Measured(browser, server, workspace, ids[0], repetitions, shots)
            found = [view for view in views(sweep, front, ids[:50] + ids[-1:], report) if re.search(only, view.name)]
            at_rest = {view.name: measured.at_rest(view) for view in found}
            with growing(workspace, server, sweep, front):
                grown = {view.name: measured.growing(view) for view in found}
        finally:
            browser.close()
            server.close()
            workspace.close()
        print(f"{len(ids):,} trials; medians of {repetitions} (lowest to highest), s; the bar is {BAR} s.\n")
        print("| page | first | again | growing | click |\n| --- | --- | --- | --- | --- |")
        for view in found:
            first, again, click = at_rest[view.name]
            print(f"| {view.name} | {_told(first)} | {_told(again)} | {_told(grown[view.name])} | {_told(click)} |")


def _told(seconds: list[float]) -> str:
    if not seconds:
        return ""
    return spread(seconds) if statistics.median(seconds) <= BAR else f"**{spread(seconds)}**"


class Measured:
    def __init__(
        self, browser: Browser, server: Server, workspace: Workspace, run: int, repetitions: int, shots: Path | None
    ) -> None:
        self._browser, self._server, self._workspace, self._run = browser, server, workspace, run
        self._repetitions, self._shots = repetitions, shots

    def at_rest(self, view: View) -> tuple[list[float], list[float], list[float]]:
        """After a write, without one, and the click."""
        first, again, clicks = [], [], []
        for number in range(self._repetitions + 1):
            self._write(number)
            first.append(self._visit(view)[0])
            shown, click = self._visit(view, is_last=number == self._repetitions)
            again.append(shown)
            clicks += click
        print(f"{view.name}: {first} {again} {clicks}", flush=True)
        return first[1:], again[1:], clicks[1:]

    def growing(self, view: View) -> list[float]:
        seconds = [self._visit(view)[0] for _ in range(self._repetitions + 1)][1:]
        print(f"{view.name}, growing: {seconds}", flush=True)
        return seconds

    def _write(self, number: int) -> None:
        organising.edit(Context.of_shell(self._workspace), self._run, notes=f"visit {number}")

    def _visit(self, view: View, *, is_last: bool = False) -> tuple[float, list[float]]:
        """Seconds until its content is in view, and until that of its click, where it has one, is."""
        context = self._browser.new_context(viewport={"width": 1440, "height": 1800})
        page = context.new_page()
        rest(self._browser)
        page.goto(self._server.url + view.address, wait_until="commit")
        try:
            shown: float = page.evaluate(SEEN, view.seen) / 1000
        except Exception as error:  # noqa: BLE001 - the others are still to be measured
            print(f"{view.name}: {error}", flush=True)
            shown = float("nan")
        if is_last and self._shots:
            page.wait_for_timeout(2500)
            page.screenshot(path=self._shots / f"{view.name.replace(' ', '-').replace(':', '')}.png")
        clicks = [_click(page, *view.click)] if view.click and shown == shown else []
        context.close()
        return shown, clicks


def _click(page: Page, target: str, seen: str) -> float:
    page.wait_for_timeout(500)
    place = page.locator(target).first
    place.hover()
    began: float = page.evaluate("performance.now()")
    place.click(no_wait_after=True)
    ended: float = page.evaluate(SEEN, seen)
    return (ended - began) / 1000


@contextlib.contextmanager
def growing(workspace: Workspace, server: Server, sweep: int, front: int) -> Iterator[None]:
    """The sweep running with two runs at work, and a trial that ends every two seconds."""
    server.close()  # its supervisor would begin the runs itself
    live = LiveRuns(workspace, 2)
    _change(workspace, sweep, state=SweepState.RUNNING, budget={"trials": 100_000}, at_once=2)
    with workspace.write() as session:
        last = max(trial.number for trial in db.sweeps.trials(session, sweep))
        params = db.sweeps.trials(session, sweep)[0].params
        made = [TrialRecord(sweep, last + 1 + place, 0, run, params) for place, run in enumerate(live.ids)]
        db.sweeps.add_trials(session, made)
    over = threading.Event()

    def grow() -> None:
        own = Workspace.open(workspace.settings)
        random, number = np.random.default_rng(2), last + 1 + len(live.ids)
        base = _definition(own, sweep)["base"]
        while not over.wait(2.0):
            add_trials(own, random, base, (sweep, front), [number])
            number += 1
        own.close()

    thread = threading.Thread(target=grow)
    thread.start()
    server.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        _change(workspace, sweep, state=SweepState.FINISHED)
        live.end()


def _sweeps(workspace: Workspace) -> list[SweepRecord]:
    with workspace.read() as session:
        return db.sweeps.listing(session)


def _definition(workspace: Workspace, sweep: int) -> dict[str, Any]:
    return next(each.definition for each in _sweeps(workspace) if each.id == sweep)


def _change(workspace: Workspace, sweep: int, state: SweepState, **options: object) -> None:
    definition = read_definition({**_definition(workspace, sweep), **options}).model_dump(mode="json")
    with workspace.write() as session:
        now = db.sweeps.get(session, sweep)
        assert now is not None and db.sweeps.change(session, now, state=state, definition=definition)


def _report(workspace: Workspace, sweep: int) -> int:
    """One with a panel for each picture of the sweep, and of its experiment."""
    blocks = [f"```panel sweep\nsweep: {sweep}\nshow: {show}\n```" for show in PANELS]
    blocks += [
        f"```panel leaderboard\nexperiment: {EXPERIMENT}\n```",
        f"```panel effects\nexperiment: {EXPERIMENT}\n```",
    ]
    return authoring.create(Context.of_shell(workspace), "Ten thousand", "\n\n".join(blocks)).id


if __name__ == "__main__":
    typer.run(main)
