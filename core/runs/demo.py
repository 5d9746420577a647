"""The demo: three different small networks on the handwritten digits, under a minute in all."""

from core.common.context import Context
from core.config.edit import Raw
from core.runs import Draft, create

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
