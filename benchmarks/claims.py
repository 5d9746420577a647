"""The six reference systems: what their articles claim, what their code does as printed, what the presets reach.

TRAINDECK_DATA_DIR=../shared/data python -m benchmarks.claims [--home FOLDER] [--only NAME …] [--seeds 3] [--printed]

Every run is launched by the product's own launcher. With --home the workspace is kept, and a run that is in it already,
finished and with the same config, is not launched again: what was interrupted goes on. --printed also runs the code as
printed, about four minutes.
"""

import argparse
import contextlib
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import printed
from benchmarks.claims_data import add_data_sets
from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.config.check import parse
from core.config.edit import dump, with_values
from core.config.presets import get_preset
from core.runs.progress import phases
from core.runs.records import RunQuery, RunRecord, RunState
from tests.host import Host

LONGEST = 3 * 3600.0  # seconds of one run
EXPERIMENT = "claims"


@dataclass(frozen=True)
class Claim:
    """One row of the table."""

    name: str
    system: str
    preset: str
    claim: str  # of the article
    metric: str  # of ours
    wanted: str
    changes: dict[str, Any] = field(default_factory=dict)
    epochs: tuple[int, ...] = ()  # report the metric `val_accuracy` after these, too


_POETS = {"data.source": "text", "data.dataset": "tang-poets", "data.tokens": "character"}

CLAIMS = (
    Claim("xor", "S1", "xor", "none", "test_accuracy", "1.00"),
    Claim("mnist-mlp", "S2", "mnist-mlp", "0.9793", "test_accuracy", "≥ 0.975"),
    Claim("mnist-cnn", "S2", "mnist-cnn", "0.9793", "test_accuracy", "≥ 0.9793"),
    Claim("cifar10-cnn", "S3", "cifar10-cnn", "0.92", "test_accuracy", "as it is", epochs=(1, 3, 10)),
    Claim("cifar10-resnet", "S3", "cifar10-resnet", "0.92", "test_accuracy", "clearly above", epochs=(1, 3, 10)),
    Claim("cifar10-fast", "S3", "cifar10-fast", "0.92", "test_accuracy", "≥ 0.94"),
    Claim("cifar10-fast, 5 epochs", "S3", "cifar10-fast", "0.92", "test_accuracy", "≥ 0.92", {"training.epochs": 5}),
    Claim("cifar10-fast, 3 epochs", "S3", "cifar10-fast", "0.92", "test_accuracy", "0.90", {"training.epochs": 3}),
    Claim("sentiment-lstm, Rotten Tomatoes", "S4", "sentiment-lstm", "none", "test_accuracy", "≥ 0.74"),
    Claim(
        "sentiment-lstm, take-away reviews in Chinese",
        "S4",
        "sentiment-lstm",
        "none",
        "test_accuracy",
        "≥ 0.86",
        {"data.dataset": "waimai", "data.tokens": "character"},
    ),
    Claim(
        "sentiment-transformer, Rotten Tomatoes", "S4", "sentiment-transformer", "none", "test_accuracy", "beside it"
    ),
    Claim(
        "text-classifier-lstm, six Tang poets", "S5", "text-classifier-lstm", "none", "test_f1_macro", "printed", _POETS
    ),
    Claim("text-generator, tiny Shakespeare", "S6", "text-generator", "none", "val_loss", "≤ 1.75"),
    Claim(
        "text-generator, Tang poems",
        "S6",
        "text-generator",
        "none",
        "val_loss",
        "it continues a prompt",
        {"data.dataset": "tang-poems", "data.vocabulary": 2000},
    ),
    Claim("text-gpt, tiny Shakespeare", "S6", "text-gpt", "none", "val_loss", "≤ 1.90"),
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path)
    parser.add_argument("--only", nargs="*", default=[claim.name for claim in CLAIMS])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--printed", action="store_true")
    asked = parser.parse_args()
    claims = [claim for claim in CLAIMS if any(claim.name.startswith(name) for name in asked.only)]
    with contextlib.ExitStack() as stack:
        home = asked.home or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        workspace = Workspace.open(Settings(home=home))
        context = Context.of_shell(workspace)
        add_data_sets(workspace.settings)
        host = Host(workspace)
        host.ensure()
        stack.callback(host.end)
        outcomes = {name: printed.run(name) for name in printed.SCRIPTS} if asked.printed else {}
        print(
            "| preset | article's claim | as printed | wanted | ours, mean (lowest to highest) | seconds of training |"
        )
        print("| --- | --- | --- | --- | --- | --- |")
        for claim in claims:
            ended = [_run(context, host, claim, seed) for seed in range(asked.seeds)]
            print(_row(context, claim, ended, outcomes.get(claim.system)), flush=True)


def _run(context: Context, host: Host, claim: Claim, seed: int) -> RunRecord:
    raw = with_values(get_preset(claim.preset).raw, {**claim.changes, "seed": seed})
    config = dump(parse(raw, context.workspace.settings))
    query = RunQuery(experiments=(EXPERIMENT,), states=(RunState.FINISHED,), limit=1000)
    for run in runs.listing(context, query).runs:
        if run.config == config:
            return run
    draft = runs.Draft(config, name=f"{claim.name}, seed {seed}", experiment=EXPERIMENT, preset=claim.preset)
    run = host.ended(runs.create(context, draft)[0], LONGEST)
    assert run.state is RunState.FINISHED, run.reason
    return run


def _row(context: Context, claim: Claim, ended: list[RunRecord], outcome: printed.Outcome | None) -> str:
    found = runs.summaries(context, [run.id for run in ended], [claim.metric])
    best = claim.metric.startswith("val_")
    values = [found[run.id][claim.metric].best if best else found[run.id][claim.metric].last for run in ended]
    reached = f"{claim.metric} {_spread(values)}"
    for epoch in claim.epochs:
        after = [runs.history(context, run.id, "val_accuracy").value[epoch - 1] for run in ended]
        reached += f"; validation after {epoch}: {statistics.mean(after):.3f}"
    took = [phase.seconds for run in ended for phase in phases(run, time.time()) if phase.name == "training"]
    cells = (claim.name, claim.claim, _printed(outcome), claim.wanted, reached, f"{statistics.mean(took):.1f}")
    return f"| {' | '.join(cells)} |"


def _spread(values: list[float]) -> str:
    return f"**{statistics.mean(values):.4f}** ({min(values):.4f} to {max(values):.4f})"


def _printed(outcome: printed.Outcome | None) -> str:
    if outcome is None:
        return ""
    if outcome.accuracy is None:
        return f"fails: {outcome.error.partition(chr(10))[0][:80]}"
    return f"{outcome.accuracy:.4f} in {outcome.seconds:.1f} s"


if __name__ == "__main__":
    main()
