"""Training by the product's own launcher against Keras's `fit`: same network, data, batch size, epochs and validation.

TRAINDECK_DATA_DIR=../shared/data python -m benchmarks.engine [--only PRESET …] [--rounds 5]

Seconds from the first step to the last epoch's metrics, each preset's runs in turn with `fit`, each round by another
seed. Presets of minutes train on a part of their data, as the table says. `fit` is timed once its graphs are traced;
"with tracing" counts that, and compiling, on both sides. The second table holds the last epoch's metrics of the same
runs against each other.
"""

import argparse
import math
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.claims_data import add_data_sets, data_folder
from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.config.check import parse
from core.config.edit import dump, with_values
from core.config.presets import get_preset
from core.runs.records import RunRecord, RunState
from tests.core.warm import Warm
from tests.host import Host

LONGEST = 600.0  # seconds of one run
LOOK_SECONDS = 0.5
SAME = {"training.schedule.name": "constant", "training.early_stopping": None, "evaluation.test": False}
POETS = {"data.source": "text", "data.dataset": "tang-poets", "data.tokens": "character"}
_PRINTED = {
    "data.length": 100,
    "data.vocabulary": 1000,
    "training.batch_size": 32,
    "architecture.embedding_dropout": 0.0,
}


ROUNDS = 5
EMBEDDED = (
    "xor",
    "iris-mlp",
    "digits-mlp",
    "digits-cnn",
    "digits-segments",
    "sunspots-gru",
)  # without TRAINDECK_DATA_DIR


@dataclass(frozen=True)
class Case:
    name: str
    bar: float  # times faster than fit
    note: str
    changes: dict[str, Any] = field(default_factory=dict)
    preset: str = ""


def _part(examples: int) -> dict[str, Any]:
    return {"data.limit": examples, "training.epochs": 1}


CASES = (
    Case("xor", 100, "1,000 epochs, as the article", {"training.epochs": 1_000}),
    Case("mnist-mlp", 5, "all"),
    Case("iris-mlp", 1, "all"),
    Case("digits-mlp", 1, "all"),
    Case("digits-cnn", 1, "all"),
    Case("mnist-cnn", 1, "25,600 images", _part(25_600)),
    Case("fashion-cnn", 1, "25,600 images", _part(25_600)),
    Case("cifar10-cnn", 1, "12,800 images", _part(12_800)),
    Case("cifar10-resnet", 1, "7,680 images", _part(7_680)),
    Case("sentiment-lstm", 1, "6,400 sentences", _part(6_400)),
    Case("S4 as printed", 1.3, "3,200 sentences", {**_PRINTED, **_part(3_200)}, preset="sentiment-lstm"),
    Case("text-classifier-lstm", 1, "3,200 poems", {**POETS, **_part(3_200)}),
    Case("sentiment-transformer", 1, "12,800 sentences", _part(12_800)),
    Case("text-generator", 1, "5,120 windows", _part(5_120)),
    Case("text-gpt", 1, "1,800 windows", {"data.limit": 1_800, "training.max_steps": None}),
)


def main() -> None:
    parser = argparse.ArgumentParser()
    names = [case.name for case in CASES if case.name in EMBEDDED or data_folder()]
    parser.add_argument("--only", nargs="*", default=names)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--engine", default="", help="name a mode, in place of the preset's own")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.open(Settings(home=Path(folder)))
        context = Context.of_shell(workspace)
        add_data_sets(workspace.settings)
        warm = Warm(Path(folder))
        host = Host(workspace)
        host.start()
        host.standby()
        print("| preset | trained on | engine | `fit`, s | ours, s | times faster | bar | with tracing |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        measured: dict[str, list[Round]] = {}
        for case in CASES:
            if case.name in asked.only:
                rounds = [_round(case, asked.engine, seed, context, host, warm) for seed in range(asked.rounds)]
                print(_row(case, rounds), flush=True)
                measured[case.name] = rounds
        host.end()
        warm.close()
    print("\n| preset | seeds | metric of the last epoch | `fit` | ours | apart, in standard errors |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, rounds in measured.items():
        print(_compared(name, rounds))


@dataclass(frozen=True)
class Round:
    """Seconds of training and of what comes before its first step, and a metric of the last epoch."""

    fit: tuple[float, float, float]
    ours: tuple[float, float, float]
    mode: str
    metric: str


def _round(case: Case, engine: str, seed: int, context: Context, host: Host, warm: Warm) -> Round:
    named = {"training.engine": engine} if engine else {}
    raw = with_values(get_preset(case.preset or case.name).raw, {**SAME, **case.changes, **named, "seed": seed})
    config = dump(parse(raw, context.workspace.settings))
    fitted = warm.call("benchmarks.plain:fit", context.workspace.settings.environment(), config)
    run = _ended(host, runs.create(context, runs.Draft(config, name=case.name))[0])
    assert run.state is RunState.FINISHED, run.reason
    facts, history = run.facts["engine"], fitted["history"]
    metric = next(name for name in ("val_loss", "loss") if name in history)
    series = runs.history(context, run.id, metric)
    return Round(
        (fitted["seconds"], fitted["tracing"], history[metric][-1]),
        (float(series.wall_time[-1]) - (run.training_at or 0), facts["setup_seconds"], float(series.value[-1])),
        facts["mode"],
        metric,
    )


def _ended(host: Host, run_id: int) -> RunRecord:
    """The run at rest; to look for it as often as tests do would take a tenth of a core."""
    deadline = time.monotonic() + LONGEST
    while not (run := host.run(run_id)).state.is_finished and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
    return run


def _row(case: Case, rounds: list[Round]) -> str:
    ratios = [each.fit[0] / each.ours[0] for each in rounds]
    fit, ours = ([side[0] for side in sides] for sides in _sides(rounds))
    whole_fit, whole_ours = (statistics.median(sum(side[:2]) for side in sides) for sides in _sides(rounds))
    cells = (
        case.name,
        case.note,
        rounds[-1].mode,
        _spread(fit),
        _spread(ours),
        f"**{statistics.median(fit) / statistics.median(ours):.2f}** ({min(ratios):.2f} to {max(ratios):.2f})",
        f"{case.bar:g}",
        f"{whole_fit / whole_ours:.2f}",
    )
    return f"| {' | '.join(cells)} |"


def _compared(name: str, rounds: list[Round]) -> str:
    """Mean ± standard deviation of each side, and what lies between them by Welch's t."""
    fit, ours = ([side[2] for side in sides] for sides in _sides(rounds))
    cells = [name, str(len(rounds)), f"`{rounds[-1].metric}`"]
    if len(rounds) > 1:
        cells += [f"{statistics.mean(side):.4f} ± {statistics.stdev(side):.4f}" for side in (fit, ours)]
        error = math.sqrt((statistics.variance(fit) + statistics.variance(ours)) / len(rounds))
        cells.append(f"{(statistics.mean(ours) - statistics.mean(fit)) / error:+.1f}")
    return f"| {' | '.join(cells)} |"


def _sides(rounds: list[Round]) -> tuple[list[tuple[float, float, float]], list[tuple[float, float, float]]]:
    return [each.fit for each in rounds], [each.ours for each in rounds]


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


if __name__ == "__main__":
    main()
