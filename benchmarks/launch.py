"""From Launch to the first recorded step with a warm standby, against the same training as a plain cold script.

python -m benchmarks.launch [repetitions]

Each repetition launches `digits-mlp` twice by the use case, by `python -m core launch` and by a click in Chromium, then
runs the script; where TRAINDECK_DATA_DIR has it, `mnist-mlp` by the command line and by a click, too. Nothing but the
standby is warm: every run is a process of its own that reads its data, builds its network and traces its graphs.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks import launch_ways
from benchmarks.claims_data import data_folder
from benchmarks.launch_ways import Launched
from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.config.edit import with_values
from core.config.presets import get_preset
from tests.browser.conftest import CHROMIUM_ARGUMENTS, chromium_path
from tests.host import Host
from tests.server import Server

EPOCHS, KILLS = 30, 3
PRESETS: dict[str, dict[str, Any]] = {
    "digits-mlp": {"training.record_steps": True, "training.epochs": EPOCHS},
    "mnist-mlp": {"training.record_steps": True},
}
PLAIN_SCRIPT = f"""
import keras
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

digits = load_digits()
x_train, x_test, y_train, y_test = train_test_split(digits.images / 16, digits.target, test_size=0.2)
model = keras.Sequential([
    keras.Input((8, 8)), keras.layers.Flatten(),
    keras.layers.Dense(64, activation="relu"), keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(10, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, batch_size=32, epochs={EPOCHS}, validation_split=0.2, verbose=0)
model.evaluate(x_test, y_test, verbose=0)
"""
Ways = dict[str, Callable[[], Launched]]


def main(repetitions: int = 4) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        workspace = Workspace.open(Settings(home=Path(folder) / "workspace"))
        context = Context.of_shell(workspace)
        server, host = Server(workspace.settings), Host(workspace)
        server.start()
        host.standby()
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)

        def ways(preset: str) -> Ways:
            return {
                "`python -m core launch`, from its start": partial(
                    launch_ways.command_line, context, preset, PRESETS[preset]
                ),
                "a click in Chromium": partial(launch_ways.click, context, browser, server.url),
            }

        try:
            digits = with_values(get_preset("digits-mlp").raw, PRESETS["digits-mlp"])
            direct: Callable[[], Launched] = partial(launch_ways.use_case, context, digits)
            named = {"the use case": direct, "a second run right after it": direct, **ways("digits-mlp")}
            measured, cold = _measured(host, named, repetitions, partial(_script, Path(folder)))
            again = [_ready_again(host) for _ in range(KILLS)]
            read = _measured(host, ways("mnist-mlp"), repetitions)[0] if data_folder() else {}
        finally:
            browser.close()
            server.end()
            workspace.close()
    print("| from Launch to the first recorded step | median s | lowest to highest | bar | share of the script |")
    print("| --- | --- | --- | --- | --- |")
    for preset, launches in (("digits-mlp", measured), ("mnist-mlp", read)):
        for name, timings in launches.items():
            first, without, _ = zip(*timings, strict=True)
            _print(f"`{preset}`, {name}", first, cold)
            _print("the same without the engine's own tracing", without, cold, "1.5")
    tested = [whole for _, _, whole in measured["the use case"]]
    _print(f"`digits-mlp`, {EPOCHS} epochs, the use case, to the tested result", tested, cold)
    _print("the same as a plain cold `python script.py`, all of it", cold, cold)
    _print("standby killed, to ready again", again, cold, "15")


def _measured(
    host: Host, ways: Ways, repetitions: int, script: Callable[[], float] = lambda: 0.0
) -> tuple[dict[str, list[tuple[float, float, float]]], list[float]]:
    """The ways in turn: seconds to the first step, to the same without tracing, and to the end; and the script's."""
    measured: dict[str, list[tuple[float, float, float]]] = {name: [] for name in ways}
    scripts = []
    for _ in range(repetitions):
        for name, launch in ways.items():
            measured[name].append(_timed(host, launch()))
        scripts.append(script())
    return measured, scripts


def _timed(host: Host, launched: Launched) -> tuple[float, float, float]:
    began, run_id = launched
    ended = host.ended(run_id)
    first = float(runs.history(host.context, run_id, "step_loss").wall_time[0]) - began
    return first, first - ended.facts["engine"]["setup_seconds"], (ended.finished_at or 0) - began


def _print(name: str, seconds: Sequence[float], cold: Sequence[float], bar: str = "") -> None:
    median, share = statistics.median(seconds), statistics.median(seconds) / statistics.median(cold)
    print(f"| {name} | {median:.2f} | {min(seconds):.2f} to {max(seconds):.2f} | {bar} | {share:.2f} |")


def _ready_again(host: Host) -> float:
    """Seconds until there is a new standby, ready to start runs, after the one there is was killed."""
    standby = host.standby()
    started = time.monotonic()
    os.kill(standby.pid, signal.SIGKILL)
    while host.standby() == standby:
        time.sleep(0.01)
    return time.monotonic() - started


def _script(folder: Path) -> float:
    script = folder / "script.py"
    script.write_text(PLAIN_SCRIPT)
    started = time.perf_counter()
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "2"}
    subprocess.run([sys.executable, str(script)], check=True, env=os.environ | quiet, capture_output=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
