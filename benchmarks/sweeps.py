"""Sweeps: how soon TPE with ASHA finds what random search finds, what a trial costs, and Optuna with `fit` beside it.

python -m benchmarks.sweeps [tasks…] [--trials 40] [--repetitions 5] [--wide] [--peer 200] [--known STEPS:BEST…]

A task is searched twice a repetition, one run at a time: at random with every trial trained to its end, and by TPE with
ASHA pruning for at most as long. What counts is the training time until the second has a result as good as the best of
the first, to the last digit and within one per cent; steps are told, too, which other work on the machine does not make
longer. The columns of the table: each repetition and the median, the same within one per cent, and the share at which
the mean over all repetitions of the best so far reaches that of the random searches. `--wide`: spaces as people begin
with who do not know yet where good configs are. `--known 36225:0.55915 …`: what random search took and found in each
repetition, as it is told of one that was made: it takes the same steps every time, so that TPE's share of them needs
no other one, and ends at the half. `--peer N`: N trials of digits-mlp, each a run of its own, and as many
by Optuna and Keras's `fit` in one script, from its first trial on.
`titanic` and `rotten-tomatoes` need TRAINDECK_DATA_DIR.
"""

import argparse
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.claims_data import ADDERS, data_folder
from core import runs
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.config.edit import Raw, with_values
from core.config.presets import get_preset
from core.data import library
from core.runs.starting import for_dataset
from core.sweeps import managing
from core.sweeps.asked_sweep import fields_of
from core.sweeps.trials import SweepState, SweepView, Trial, view
from tests.host import Host

TASKS = ("digits", "titanic", "rotten-tomatoes")
_RATE = "training.optimizer.learning_rate=1e-4..1e-1:log"
FIELDS = {
    "digits": (_RATE, "training.batch_size=16..256:log", "architecture.hidden=[32],[64,64],[128],[128,128]",
               "architecture.dropout=0..0.5"),
    "titanic": (_RATE, "training.batch_size=8..128:log", "architecture.dropout=0..0.5"),
    "rotten-tomatoes": (_RATE, "training.batch_size=16..128:log", "architecture.dropout=0..0.6"),
}  # fmt: skip
WIDE = (
    "training.optimizer.learning_rate=1e-6..1:log", "training.batch_size=8..256:log", "architecture.dropout=0..0.8",
    "architecture.l2=1e-6..1e-1:log", "architecture.hidden=1..3 of 8..128:log",
)  # fmt: skip
_SMALLER = {  # than the preset, of which one training takes as long as all of a search here
    "rotten-tomatoes": {
        "training.epochs": 9, "data.limit": 4000, "architecture.cell": "gru", "architecture.embedding": 32,
        "architecture.units": [32],
    },
}  # fmt: skip
_NEAR = 0.01  # of a loss: what nobody can tell from it by 143 or 800 examples
_PATIENCE = 3600.0
_MOST = 5  # times as many trials, of which most are given up early


def begun(host: Host, base: Raw, fields: Sequence[str], budget: dict[str, float], **how: Any) -> int:
    """A sweep, by its number."""
    varied = [each.model_dump(mode="json") for each in fields_of(fields)]
    return managing.start(host.context, {"base": base, "fields": varied, "budget": budget, **how})


def searched(
    host: Host, base: Raw, fields: Sequence[str], budget: dict[str, float], **how: Any
) -> tuple[SweepView, float]:  # fmt: skip
    """A sweep seen through, and how many seconds it took."""
    began = time.perf_counter()
    sweep = begun(host, base, fields, budget, **how)
    while (now := view(host.context, sweep)).sweep.state is SweepState.RUNNING:
        if time.perf_counter() - began > _PATIENCE:
            raise TimeoutError(f"Sweep {sweep} was not done after {_PATIENCE:g} s.")
        time.sleep(0.1)
    return now, time.perf_counter() - began


def spent(trials: Sequence[Trial]) -> tuple[float, int]:
    """Seconds of training, and steps, which other work on the machine does not make longer."""
    return sum(trial.seconds for trial in trials), sum(each.run.step for one in trials for each in one.runs if each.run)


@dataclass(frozen=True)
class Found:
    """What TPE with ASHA had found by when, beside the best of a random search."""

    target: float
    moments: list[tuple[float, float, float]]  # shares of the random search's time and of its steps, best value by then

    def until_reached(self, within: float = 0.0) -> tuple[float, float]:
        """Shares of time and steps until a value was as good as the target, or worse by so small a share of it at most;
        inf where none was.
        """
        bound = self.target * (1 + within)
        return next(((time, steps) for time, steps, best in self.moments if best <= bound), (math.inf, math.inf))

    def best_at(self, share: float, *, of_steps: bool) -> float:
        return next((best for *spent, best in reversed(self.moments) if spent[of_steps] <= share), math.inf)


def found_by(random: SweepView, tpe: SweepView) -> Found:
    best = random.best()
    if best is None or best.values is None:
        raise SystemExit("No random trial finished.")
    (seconds, steps), so_far, moments = spent(random.trials), math.inf, []
    for count, trial in enumerate(tpe.trials, start=1):
        if trial.state == "finished" and trial.values:
            so_far = min(so_far, trial.values[0])
            done, taken = spent(tpe.trials[:count])
            moments.append((done / seconds, taken / steps, so_far))
    return Found(best.values[0], moments)


def reached_on_average(rows: Sequence[Found], *, of_steps: bool) -> float:
    """The least share at which the mean of the best values by then is as good as that of the random searches."""
    target = statistics.fmean(row.target for row in rows)
    shares = sorted(moment[of_steps] for row in rows for moment in row.moments)
    means = ((share, statistics.fmean(row.best_at(share, of_steps=of_steps) for row in rows)) for share in shares)
    return next((share for share, mean in means if mean <= target), math.inf)


def base_of(settings: Settings, task: str, folder: Path) -> dict[str, Any]:
    if task == "digits":
        return get_preset("digits-mlp").raw
    data = data_folder()
    if data is None:
        raise SystemExit(f"{task} needs TRAINDECK_DATA_DIR.")
    known = {manifest.name for manifest in library.listing(settings)}
    if task not in known and task == "titanic":
        options = library.TableOptions(target="Survived")
        library.add_table(settings, task, data / "tabular" / "titanic.csv", options)
    elif task not in known:
        ADDERS[task](settings, task, data, folder)
    base = for_dataset(settings, task)
    return with_values(base, {"training.early_stopping": None, "training.epochs": 27} | _SMALLER.get(task, {}))


def compare(
    host: Host, task: str, fields: Sequence[str], trials: int, repetitions: int, folder: Path
) -> None:  # fmt: skip
    base, rows = base_of(host.workspace.settings, task, folder), []
    for repetition in range(repetitions):
        base = with_values(base, {"seed": repetition})
        random, _ = searched(host, base, fields, {"trials": trials}, method="random", seed=repetition)
        rule = {"name": "asha"}
        budget = {"trials": _MOST * trials, "hours": random.seconds / 3600}
        tpe, _ = searched(host, base, fields, budget, method="tpe", pruning=rule, seed=repetition)
        rows.append(found_by(random, tpe))
        (seconds, steps), (time_share, steps_share) = spent(random.trials), rows[-1].until_reached()
        near = rows[-1].until_reached(_NEAR)
        pruned = sum(trial.state == "pruned" for trial in tpe.trials)
        print(
            f"{task}, {repetition}: random {seconds:.1f} s, {steps:,} steps to {rows[-1].target:.4f}; TPE with ASHA "
            f"there after {time_share:.2f} of the time, {steps_share:.2f} of the steps, within {_NEAR:.0%} after "
            f"{near[0]:.2f} and {near[1]:.2f}; {pruned} of {len(tpe.trials)} "
            f"trials pruned, best {rows[-1].best_at(math.inf, of_steps=False):.4f}",
            flush=True,
        )
    for of_steps, name in enumerate(("time", "steps")):
        told = []
        for within in (0.0, _NEAR):
            shares = [row.until_reached(within)[of_steps] for row in rows]
            told += [", ".join(f"{share:.2f}" for share in shares), f"{statistics.median(shares):.2f}"]
        mean = reached_on_average(rows, of_steps=bool(of_steps))
        print(f"| {task}, {name} | {' | '.join(told)} | {mean:.2f} |", flush=True)


def compare_known(host: Host, task: str, known: Sequence[str], folder: Path) -> None:
    """TPE with ASHA beside random searches that were made before, by steps, up to half of theirs."""
    base, shares = base_of(host.workspace.settings, task, folder), []
    for repetition, each in enumerate(known):
        steps, target = int(each.split(":")[0]), float(each.split(":")[1])
        seeded, rule = with_values(base, {"seed": repetition}), {"name": "asha"}
        sweep = begun(host, seeded, FIELDS[task], {"trials": 1000}, method="tpe", pruning=rule, seed=repetition)
        taken, found = 0, math.inf
        while taken <= steps / 2 and found > target and view(host.context, sweep).sweep.state is SweepState.RUNNING:
            time.sleep(0.1)
            now = view(host.context, sweep)
            _, taken = spent(now.trials)
            best = now.best()
            found = best.values[0] if best and best.values else math.inf
        managing.stop(host.context, sweep)
        while view(host.context, sweep).active:
            time.sleep(0.1)
        shares.append(taken / steps if found <= target else math.inf)
        told = f"{found:.4f} after {taken / steps:.2f} of the steps, {len(now.trials)} trials"
        print(f"{task}, {repetition}: random {target:.4f}; TPE with ASHA {told}", flush=True)
    print(f"| {task}, steps | {', '.join(f'{share:.2f}' for share in shares)} | {statistics.median(shares):.2f} |")


def costs(host: Host, found: SweepView, took: float) -> None:
    """Where the time of a trial went."""
    records = [runs.get(host.context, run) for trial in found.trials for run in trial.run_ids]
    ended = sorted(run.finished_at or 0.0 for run in records)
    queued = sorted(run.queued_at for run in records)
    gaps = [max(0.0, after - before) for before, after in zip(ended, queued[1:], strict=False)]
    waits = [(run.starting_at or 0.0) - run.queued_at for run in records]
    begins = [(run.training_at or run.starting_at or 0.0) - (run.starting_at or 0.0) for run in records]
    traces = [run.facts.get("engine", {}).get("setup_seconds", 0.0) for run in records]
    trains = [run.trained_seconds for run in records]
    asked, waited, began, traced, trained = map(statistics.median, (gaps, waits, begins, traces, trains))
    print(
        f"{len(records)} trials in {took:.1f} s, {took / len(records):.2f} s each. Medians: {asked:.3f} s from the end "
        f"of one to the next in the queue, {waited:.3f} s there, {began:.3f} s to the first step, of which the engine "
        f"traced the network for {traced:.3f} s as fit does; {trained:.3f} s of training; the rest is the test set, "
        f"checkpoints and the end of the process. From end to first step without tracing: "
        f"{asked + waited + began - traced:.3f} s."
    )


_PEER = """
import sys, time
import numpy as np, keras, optuna
from sklearn.datasets import load_digits
optuna.logging.set_verbosity(optuna.logging.ERROR)
x, y = load_digits(return_X_y=True)
order = np.random.default_rng(0).permutation(len(x)); x, y = x[order] / 16.0, y[order]
def objective(trial):
    keras.utils.set_random_seed(0)
    hidden = {"a": [32], "b": [64, 64], "c": [128], "d": [128, 128]}[trial.suggest_categorical("hidden", list("abcd"))]
    dropout = trial.suggest_float("dropout", 0, 0.5)
    layers = [keras.layers.Input((64,))]
    for units in hidden:
        layers += [keras.layers.Dense(units, activation="relu"), keras.layers.Dropout(dropout)]
    model = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax")])
    rate, batch = trial.suggest_float("rate", 1e-4, 1e-1, log=True), trial.suggest_int("batch", 16, 256, log=True)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    held = (x[1150:1437], y[1150:1437])
    told = model.fit(x[:1150], y[:1150], batch_size=batch, epochs=30, verbose=0, validation_data=held)
    return min(told.history["val_loss"])
study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=0))
began = time.perf_counter()
study.optimize(objective, n_trials=int(sys.argv[1]))
print(time.perf_counter() - began, study.best_value)
"""


def peer(host: Host, trials: int) -> None:
    base = get_preset("digits-mlp").raw
    found, took = searched(host, base, FIELDS["digits"], {"trials": trials}, method="tpe")
    best = found.best()
    costs(host, found, took)
    done = subprocess.run([sys.executable, "-c", _PEER, str(trials)], capture_output=True, text=True, check=True)
    seconds, value = map(float, done.stdout.split())
    own = best.values[0] if best and best.values else float("nan")
    share = f"ours {took:.1f} s, {took / seconds:.2f} of it, best {own:.4f}"
    print(f"Optuna and fit in one script: {seconds:.1f} s, best {value:.4f}; {share}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("tasks", nargs="*", choices=[[], *TASKS], default=[], metavar="tasks")
    arguments.add_argument("--trials", type=int, default=40)
    arguments.add_argument("--repetitions", type=int, default=5)
    arguments.add_argument("--wide", action="store_true")
    arguments.add_argument("--peer", type=int, default=0)
    arguments.add_argument("--known", nargs="+", default=[])
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.open(Settings(home=Path(folder) / "workspace"))
        host = Host(workspace)
        host.start()
        try:
            host.standby()
            if asked.known:
                compare_known(host, asked.tasks[0], asked.known, Path(folder))
                return
            for task in asked.tasks or ([] if asked.peer else TASKS):
                fields = WIDE if asked.wide else FIELDS[task]
                compare(host, task, fields, asked.trials, asked.repetitions, Path(folder))
            if asked.peer:
                peer(host, asked.peer)
        finally:
            host.close()
            workspace.close()


if __name__ == "__main__":
    main()
