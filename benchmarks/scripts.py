"""A script's first line, launched with a warm standby, against a cold `python train.py`.

python -m benchmarks.scripts [repetitions]

The script imports TensorFlow and prints the time. The hand-over is when the supervisor gives its run a process.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from core import runs
from core.common.settings import Settings
from core.common.workspace import Workspace
from tests.host import Host

BAR = 0.3
SCRIPT = "import time\nimport tensorflow as tf\nprint('first', time.time(), tf.__version__, flush=True)\n"


def main(repetitions: int = 10) -> None:
    handed, launched, cold = [], [], []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "project")
        folder.mkdir()
        (folder / "train.py").write_text(SCRIPT)
        host = Host(Workspace.open(Settings(home=Path(place, "home"))))
        host.start()
        try:
            for _ in range(repetitions + 1):
                host.standby()
                launched_at = time.time()
                draft = runs.Draft({"project": {"folder": str(folder)}, "entry": "train.py"})
                run = host.ended(runs.create_script(host.context, draft)[0])
                first = _first(runs.log_tail(host.context, run.id, 100))
                handed.append(first - (run.starting_at or launched_at))
                launched.append(first - launched_at)
        finally:
            host.close()
        for _ in range(repetitions + 1):
            began = time.time()
            done = subprocess.run([sys.executable, "train.py"], cwd=folder, capture_output=True, text=True, check=True)
            cold.append(_first(done.stdout) - began)
    sys.stdout.write(
        "| to the first line of the script | median s | lowest to highest | bar |\n| --- | --- | --- | --- |\n"
    )
    _row("from the hand-over, Traindeck's own Python", handed[1:], f"{BAR}")
    _row("from the launch", launched[1:], "")
    _row("a cold `python train.py`", cold[1:], "")


def _first(text: str) -> float:
    line = next(line for line in text.splitlines() if "first " in line)
    return float(line.partition("first ")[2].split()[0])


def _row(what: str, seconds: Sequence[float], bar: str) -> None:
    spread = f"{min(seconds):.2f} to {max(seconds):.2f}"
    sys.stdout.write(f"| {what} | {statistics.median(seconds):.2f} | {spread} | {bar} |\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
