"""Problems of seconds: small digits, rows of numbers, exclusive or."""

from core.config.presets.preset import preset

PRESETS = (
    preset(
        "digits-mlp",
        "Small handwritten digits, two hidden layers; a few seconds.",
        data={"source": "digits"},
        architecture={"name": "mlp"},
        training={"epochs": 30, "batch_size": 32},
    ),
    preset(
        "digits-cnn",
        "Small handwritten digits, two convolutions, dropout; a few seconds.",
        data={"source": "digits"},
        architecture={"name": "cnn", "filters": [32, 64], "dropout": 0.2},
        training={"epochs": 30, "batch_size": 32},
    ),
    # Validation chooses the thresholds, too.
    preset(
        "digits-segments",
        "Several labels: which segments of a display show a handwritten digit? Two convolutions; a few seconds.",
        data={"source": "digit_segments"},
        architecture={"name": "cnn", "filters": [32, 64], "dropout": 0.2},
        training={"epochs": 30, "batch_size": 32},
    ),
    preset(
        "iris-mlp",
        "Three species of iris from four measurements, one hidden layer, early stopping; seconds.",
        data={"source": "iris"},
        architecture={"name": "mlp", "hidden": [16]},
        training={
            "epochs": 200,
            "batch_size": 16,
            "optimizer": {"name": "adam", "learning_rate": 0.01},
            "early_stopping": {"patience": 30},
        },
    ),
    preset(
        "xor",
        "Exclusive or. To learn it, unlike the article's: 8 tanh units for 3 sigmoid ones, rate 0.05 for 0.001.",
        data={"source": "xor"},
        architecture={"name": "mlp", "hidden": [8], "activation": "tanh"},
        training={"epochs": 100, "batch_size": 4, "optimizer": {"name": "adam", "learning_rate": 0.05}},
    ),
)
