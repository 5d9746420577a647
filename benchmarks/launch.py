"""From Launch to the first recorded metric with a warm standby, against the same training as a plain cold script.

python -m benchmarks.launch [repetitions]
"""

import os
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
        first, whole, cold = [], [], []
        for _ in range(repetitions):
            raw = with_values(get_preset("digits-mlp").raw, {"training.epochs": EPOCHS})
            started = time.time()
            [run_id] = runs.create(workspace, runs.Draft(raw))
            ended = host.ended(run_id)
            first.append(runs.history(workspace, run_id, "loss").wall_time[0] - started)
            whole.append((ended.finished_at or 0) - started)
            cold.append(_script(Path(folder)))
        host.end()
    print("| digits-mlp, 30 epochs | median s | lowest to highest | share of the cold script |")
    print("| --- | --- | --- | --- |")
    for name, values in (
        ("Launch to the first recorded metric, standby warm", first),
        ("Launch to the tested result, standby warm", whole),
        ("plain cold `python script.py`, all of it", cold),
    ):
        share = statistics.median(values) / statistics.median(cold)
        print(f"| {name} | {statistics.median(values):.2f} | {min(values):.2f} to {max(values):.2f} | {share:.2f} |")


def _script(folder: Path) -> float:
    script = folder / "script.py"
    script.write_text(PLAIN_SCRIPT)
    started = time.perf_counter()
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "2"}
    subprocess.run([sys.executable, str(script)], check=True, env=os.environ | quiet, capture_output=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
