"""What recording the loss of every step costs: mnist-mlp with and without, in turn, training time only.

TRAINDECK_DATA_DIR=../shared/data python -m benchmarks.recording [repetitions]
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from core.common.settings import Settings
from core.common.workspace import Workspace
from core.runs.progress import phases
from tests.host import Host

EPOCHS = 10


def main(repetitions: int = 9) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.open(Settings(home=Path(folder)))
        host = Host(workspace)
        host.start()
        host.standby()
        measured: dict[bool, list[float]] = {False: [], True: []}
        for _ in range(repetitions):
            for every_step, seconds in measured.items():
                run = host.ended(
                    host.launch("mnist-mlp", **{"training.record_steps": every_step, "training.epochs": EPOCHS})
                )
                assert run.state == "finished", run.reason
                seconds += [phase.seconds for phase in phases(run, time.time()) if phase.name == "training"]
        host.end()
    print(f"| mnist-mlp, {EPOCHS} epochs of 938 steps | median s of training | lowest to highest |")
    print("| --- | --- | --- |")
    for every_step, seconds in measured.items():
        name = "the loss of every step recorded" if every_step else "metrics of every epoch only"
        print(f"| {name} | {statistics.median(seconds):.3f} | {min(seconds):.3f} to {max(seconds):.3f} |")
    ratios = [b / a for a, b in zip(measured[False], measured[True], strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    print(f"\nRatio, each pair by itself: median {middle:.3f}, middle half {low:.3f} to {high:.3f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
