"""The demo: three different small networks on the handwritten digits, under a minute in all."""

from collections.abc import Sequence

from core.common.context import Context
from core.config.edit import Raw
from core.runs import Draft, create
from core.runs.records import RunRecord, RunState

EXPERIMENT = "Demo: handwritten digits"
_NOTES = "Part of the demo. Compare the three: which learns faster, which ends better, and which overfits?"
_CONFIGS: dict[str, Raw] = {
    "One narrow layer": {
        "architecture": {"name": "mlp", "hidden": [16]},
        "training": {"epochs": 30, "batch_size": 32, "optimizer": {"name": "sgd", "learning_rate": 0.01}},
    },
    "Two wide layers, dropout": {
        "architecture": {"name": "mlp", "hidden": [256, 128], "dropout": 0.3},
        "training": {"epochs": 30, "batch_size": 32, "optimizer": {"name": "adam", "learning_rate": 0.001}},
    },
    "Convolutions": {
        "architecture": {"name": "cnn", "filters": [16, 32], "hidden": [64]},
        "training": {"epochs": 20, "batch_size": 32, "optimizer": {"name": "adam", "learning_rate": 0.002}},
    },
}


def launch_demo(context: Context) -> list[int]:
    """Queue the three runs; returns their numbers."""
    return [
        create(
            context, Draft({"data": {"source": "digits"}, **config}, name, EXPERIMENT, tags=("demo",), notes=_NOTES)
        )[0]
        for name, config in _CONFIGS.items()
    ]


def ended_demo(results: Sequence[RunRecord]) -> list[RunRecord]:
    """The demo's runs, if they are what ended last and all came to their end; `results` with the newest first."""
    newest = list(results[: len(_CONFIGS)])
    ended = {run.name for run in newest if run.experiment == EXPERIMENT and run.state is RunState.FINISHED}
    return sorted(newest, key=lambda run: run.id) if ended == set(_CONFIGS) else []
