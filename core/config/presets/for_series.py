"""Time series: forecasts of the next year from the years before."""

from core.config.presets.preset import preset

PRESETS = (
    preset(
        "elnino-gru",
        "The sea's temperature off Peru over the next 12 months, from the 36 before; real data, under a minute.",
        data={"source": "elnino", "window": 36, "horizon": 12, "window_scaling": "none"},
        architecture={"name": "recurrent", "cell": "gru", "units": [32]},
        training={
            "epochs": 60,
            "batch_size": 32,
            "optimizer": {"name": "adam", "learning_rate": 0.003},
            "schedule": {"name": "cosine"},
        },
    ),
)
