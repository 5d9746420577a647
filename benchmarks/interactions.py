"""What one interaction costs the server on every page: the run of the page's script, with 1,000 runs, 20 of them live.

python -m benchmarks.interactions [repetitions]

The widget is set to another value each time, as a reader does, and the script runs through Streamlit's AppTest; the bar
is 300 ms. The run at rest was trained by the product, so that its tabs have something to show. `benchmarks.pages`
prints this table, too.
"""

import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.fill import fill
from benchmarks.live_runs import LiveRuns
from benchmarks.trained import copy_log, train
from core.common.settings import Settings
from core.common.workspace import Workspace

MAIN = Path(__file__).parents[1] / "pages" / "main.py"
RUNS, LIVE = 1_000, 20
TABS = ("Curves", "Evaluation", "Try it", "Log", "Config", "System", "Files", "Facts")


def main(repetitions: int = 9) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.open(Settings(home=Path(folder) / "workspace", standby=False))
        ended = fill(workspace, RUNS - LIVE - 1, 20)
        trained = train(workspace)
        live = LiveRuns(workspace, LIVE)
        copy_log(workspace, trained, live.ids[0])
        os.environ.update(workspace.settings.environment())
        print("| interaction | script run, median ms | lowest to highest |")
        print("| --- | --- | --- |")
        try:
            for name, act in _interactions(live.ids, ended, trained):
                milliseconds = [1000 * _seconds(act) for _ in range(repetitions + 1)][1:]
                median, low, high = statistics.median(milliseconds), min(milliseconds), max(milliseconds)
                print(f"| {name} | {median:.0f} | {low:.0f} to {high:.0f} |", flush=True)
        finally:
            live.end()
            workspace.close()


def _seconds(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    app = act()
    seconds = time.perf_counter() - began
    if app.exception:
        raise SystemExit(f"The page failed: {app.exception[0].message}")
    return seconds


def _interactions(live: list[int], ended: list[int], trained: int) -> Iterator[tuple[str, Callable[[], Any]]]:
    yield "Overview: opened again", _opened("overview.py").run
    yield "Launch: epochs changed", _switched(_opened("launch.py"), "number_input", "launch:training.epochs", 20, 30)
    yield "Launch: another preset", _switched(_opened("launch.py"), "selectbox", "launch_start", "mnist-cnn", "xor")
    yield "Runs: sorted by a metric, and back", _switched(_opened("runs.py"), "selectbox", "sort", *SORTS)
    yield "Runs: searched", _switched(_opened("runs.py"), "text_input", "search", "adam", "sgd learning_rate > 0.001")
    for kind, chosen, run_id in (("at rest", ended, trained), ("live", live, live[0])):
        compared = _opened("compare.py", runs=",".join(map(str, chosen[:5])))
        yield f"Compare, 5 {kind}: log scale", _switched(compared, "toggle", "log", True, False)
        yield f"Compare, 5 {kind}: smoothing", _switched(compared, "slider", "smooth", 0.5, 0.6)
        run = str(run_id)
        yield f"Run, {kind}: log scale", _switched(_opened("run.py", id=run), "toggle", "run_log", True, False)
        for tab in TABS:
            yield f"Run, {kind}: {tab}", _opened("run.py", id=run, run_view=tab).run
    yield "Datasets: opened again", _opened("datasets.py").run
    yield "System: live, and not", _switched(_opened("system.py"), "toggle", "system_live", True, False)


SORTS = ("metric:val_accuracy.best", "created_at")


def _opened(page: str, **query: str) -> Any:
    from streamlit.testing.v1 import AppTest  # an import of seconds, which `benchmarks.pages` wants later

    app = AppTest.from_file(str(MAIN), default_timeout=60).run()
    app.query_params.update(query)
    return app.switch_page(page).run()


def _switched(app: Any, kind: str, key: str, *values: Any) -> Callable[[], Any]:
    following = itertools.cycle(values)
    return lambda: getattr(app, kind)(key=key).set_value(next(following)).run()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
