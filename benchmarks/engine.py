"""Training by the product's own launcher against Keras's `fit`: same network, data, batch size, epochs and validation.

TRAINDECK_DATA_DIR=../shared/data python -m benchmarks.engine [--only PRESET …] [--rounds 3]

Seconds from the first step to the last epoch's metrics, each preset's runs in turn with `fit`. Presets of minutes train
on a part of their data, as the table says. `fit` is timed once its graphs are traced; "with tracing" counts that, and
compiling, on both sides.
"""

import argparse
import statistics
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.claims_data import add_data_sets
from core import runs
from core.config.check import parse
from core.config.edit import dump, with_values
from core.config.presets import get_preset
from core.records import RunState
from core.settings import Settings
from core.workspace import Workspace
from tests.core.warm import Warm
from tests.host import Host

LONGEST = 600.0  # seconds of one run
SAME = {"training.schedule.name": "constant", "training.early_stopping": None, "evaluation.test": False}
_POETS = {"data.source": "text", "data.dataset": "tang-poets", "data.tokens": "character"}
_PRINTED = {
    "data.length": 100,
    "data.vocabulary": 1000,
    "training.batch_size": 32,
    "architecture.embedding_dropout": 0.0,
}


@dataclass(frozen=True)
class Case:
    name: str
    bar: float  # times faster than fit
    note: str
    changes: dict[str, Any] = field(default_factory=dict)
    preset: str = ""


CASES = (
    Case("xor", 100, "300 epochs", {"training.epochs": 300}),
    Case("mnist-mlp", 5, "5 epochs"),
    Case("iris-mlp", 1, "200 epochs"),
    Case("digits-mlp", 1, "30 epochs"),
    Case("digits-cnn", 1, "30 epochs"),
    Case("mnist-cnn", 1, "12,800 images", {"data.limit": 12_800, "training.epochs": 1}),
    Case("fashion-cnn", 1, "6,400 images", {"data.limit": 6_400, "training.epochs": 1}),
    Case("cifar10-cnn", 1, "6,400 images", {"data.limit": 6_400, "training.epochs": 1}),
    Case("cifar10-resnet", 1, "3,840 images", {"data.limit": 3_840, "training.epochs": 1}),
    Case("sentiment-lstm", 1.3, "3,200 sentences", {"data.limit": 3_200, "training.epochs": 1}),
    Case(
        "S4 as printed",
        1.3,
        "1,600 sentences",
        {**_PRINTED, "data.limit": 1_600, "training.epochs": 1},
        "sentiment-lstm",
    ),
    Case("text-classifier-lstm", 1.3, "1,600 poems", {**_POETS, "data.limit": 1_600, "training.epochs": 1}),
    Case("sentiment-transformer", 1, "6,400 sentences", {"data.limit": 6_400, "training.epochs": 1}),
    Case("text-generator", 1, "1,280 windows", {"data.limit": 1_280, "training.epochs": 1}),
    Case("text-gpt", 1, "600 windows", {"data.limit": 600, "training.max_steps": None}),
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="*", default=[case.name for case in CASES])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engine", default="", help="name a way, in place of the preset's own")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.open(Settings(home=Path(folder)))
        add_data_sets(workspace.settings)
        warm = Warm(Path(folder))
        host = Host(workspace)
        host.start()
        host.standby()
        print(
            "| preset | trained on | engine | `fit`, s | ours, s | times faster | bar | with tracing | loss of each |"
        )
        print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        for case in CASES:
            if case.name in asked.only:
                measured = [_round(case, asked.engine, seed, workspace, host, warm) for seed in range(asked.rounds)]
                print(_row(case, measured), flush=True)
        host.end()
        warm.close()


@dataclass(frozen=True)
class Round:
    """Seconds of training and of what comes before its first step, and the last epoch's loss."""

    fit: tuple[float, float, float]
    ours: tuple[float, float, float]
    way: str


def _round(case: Case, engine: str, seed: int, workspace: Workspace, host: Host, warm: Warm) -> Round:
    named = {"training.engine": engine} if engine else {}
    raw = with_values(get_preset(case.preset or case.name).raw, {**SAME, **case.changes, **named, "seed": seed})
    config = dump(parse(raw, workspace.settings))
    fitted = warm.call("benchmarks.plain:fit", workspace.settings.environment(), config)
    run = host.ended(runs.create(workspace, runs.Draft(config, name=case.name))[0], LONGEST)
    assert run.state is RunState.FINISHED, run.reason
    facts, loss = run.facts["engine"], runs.history(workspace, run.id, "loss")
    return Round(
        (fitted["seconds"], fitted["tracing"], fitted["history"]["loss"][-1]),
        (float(loss.wall_time[-1]) - (run.training_at or 0), facts["setup_seconds"], float(loss.value[-1])),
        facts["way"],
    )


def _row(case: Case, rounds: list[Round]) -> str:
    ratios = [each.fit[0] / each.ours[0] for each in rounds]
    whole = [sum(each.fit[:2]) / sum(each.ours[:2]) for each in rounds]
    losses = [
        f"{statistics.mean(side):.4f}" for side in zip(*((each.fit[2], each.ours[2]) for each in rounds), strict=True)
    ]
    cells = (
        case.name,
        case.note,
        rounds[-1].way,
        _spread([each.fit[0] for each in rounds]),
        _spread([each.ours[0] for each in rounds]),
        f"**{statistics.median(ratios):.2f}** ({min(ratios):.2f} to {max(ratios):.2f})",
        f"{case.bar:g}",
        f"{statistics.median(whole):.2f}",
        " and ".join(losses),
    )
    return f"| {' | '.join(cells)} |"


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


if __name__ == "__main__":
    main()
