"""From Launch to the first recorded step with a warm standby, against the same training as a plain cold script.

python -m benchmarks.launch [repetitions]

Each repetition launches the preset twice, then runs the script. Nothing but the standby is warm: every run is a process
of its own that reads its data, builds its network and traces its graphs.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from core import runs
from core.config.edit import with_values
from core.config.presets import get_preset
from core.settings import Settings
from core.workspace import Workspace
from tests.host import Host

EPOCHS = 30
KILLS = 3
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


def main(repetitions: int = 5) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.open(Settings(home=Path(folder)))
        host = Host(workspace)
        host.start()
        host.standby()
        launches, repeated, cold = [], [], []
        for _ in range(repetitions):
            launches.append(_launch(workspace, host))
            repeated.append(_launch(workspace, host))
            cold.append(_script(Path(folder)))
        again = [_ready_again(host) for _ in range(KILLS)]
        host.end()
    first, without, whole = ([launch[n] for launch in launches] for n in range(3))
    second, second_without, _ = ([launch[n] for launch in repeated] for n in range(3))
    print("| digits-mlp, 30 epochs | median s | lowest to highest | bar | share of the cold script |")
    print("| --- | --- | --- | --- | --- |")
    for name, values, bar in (
        ("Launch to the first recorded step, standby warm", first, ""),
        ("the same without the engine's own tracing", without, "1.5"),
        ("a second run right after it: to the first recorded step", second, "not slower"),
        ("the same without the engine's own tracing", second_without, "1.5"),
        ("Launch to the tested result, standby warm", whole, ""),
        ("standby killed, to ready again", again, "15"),
        ("plain cold `python script.py`, all of it", cold, ""),
    ):
        share = statistics.median(values) / statistics.median(cold)
        spread = f"{min(values):.2f} to {max(values):.2f}"
        print(f"| {name} | {statistics.median(values):.2f} | {spread} | {bar} | {share:.2f} |")


def _launch(workspace: Workspace, host: Host) -> tuple[float, float, float]:
    """Seconds from Launch to the first step, to the same without tracing, and to the end."""
    changes = {"training.epochs": EPOCHS, "training.record_steps": True}
    raw = with_values(get_preset("digits-mlp").raw, changes)
    started = time.time()
    [run_id] = runs.create(workspace, runs.Draft(raw))
    ended = host.ended(run_id)
    first = float(runs.history(workspace, run_id, "step_loss").wall_time[0]) - started
    return first, first - ended.facts["engine"]["setup_seconds"], (ended.finished_at or 0) - started


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
