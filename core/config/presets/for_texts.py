"""Text: sentiment, classes, generators. Most expect a data set that a user adds, by the name given here."""

from core.config.presets.preset import preset

ROTTEN_TOMATOES = {
    "source": "text",
    "dataset": "rotten-tomatoes",
    "vocabulary": 10_000,
    "length": 40,
    "validation_split": 0.1,
}
SHAKESPEARE = {"source": "corpus", "dataset": "tiny-shakespeare", "tokens": "character", "length": 64}

PRESETS = (
    # The article's network but for the dropout after the embedding; it has 1,000 words, four sentences and no test.
    preset(
        "sentiment-lstm",
        "Is a sentence for or against? The article's two LSTM layers; on your own labelled texts, 4 epochs.",
        data=ROTTEN_TOMATOES,
        architecture={
            "name": "recurrent",
            "embedding": 64,
            "embedding_dropout": 0.4,
            "units": [128, 128],
            "dropout": 0.5,
        },
        training={
            "epochs": 4,
            "batch_size": 64,
            "optimizer": {"name": "adam", "learning_rate": 0.002},
            "schedule": {"name": "cosine"},
        },
        evaluation={"monitor": "val_accuracy"},
    ),
    preset(
        "sentiment-transformer",
        "The same question to a small Transformer encoder.",
        data=ROTTEN_TOMATOES,
        architecture={"name": "transformer", "layers": 1, "heads": 4, "width": 64, "dropout": 0.4},
        training={
            "epochs": 6,
            "batch_size": 64,
            "precision": "auto",
            "engine": "xla",
            "optimizer": {"name": "adamw", "learning_rate": 0.001, "weight_decay": 0.01},
            "schedule": {"name": "cosine", "warmup": 0.5},
        },
        evaluation={"monitor": "val_accuracy"},
    ),
    preset(
        "text-classifier-lstm",
        "Which of many topics? The article's LSTM layers of 128 and 64; Reuters news, or your own labelled texts.",
        data={"source": "reuters", "length": 100, "validation_split": 0.1},
        architecture={"name": "recurrent", "embedding": 64, "units": [128, 64], "dropout": 0.3},
        training={
            "epochs": 10,
            "batch_size": 32,
            "optimizer": {"name": "adam", "learning_rate": 0.001},
            "schedule": {"name": "cosine"},
        },
        evaluation={"monitor": "val_accuracy"},
    ),
    preset(
        "text-generator",
        "Continues a text, character by character, with a GRU; on any text of yours.",
        data=SHAKESPEARE,
        architecture={"name": "recurrent_generator", "cell": "gru", "embedding": 64, "units": [256]},
        training={
            "epochs": 8,
            "batch_size": 64,
            "optimizer": {"name": "adam", "learning_rate": 0.004, "clip_norm": 1.0},
            "schedule": {"name": "cosine"},
        },
    ),
    # nanoGPT's setting for a CPU (github.com/karpathy/nanoGPT): 2,000 steps of 12 windows of 64 characters. Windows
    # that begin every 40 characters make one epoch of them.
    preset(
        "text-gpt",
        "A small GPT of 4 layers continues a text, character by character; 2,000 steps as nanoGPT on a CPU.",
        data={**SHAKESPEARE, "stride": 40},
        architecture={"name": "gpt", "layers": 4, "heads": 4, "width": 128},
        training={
            "epochs": 1,
            "batch_size": 12,
            "precision": "auto",
            "engine": "xla",
            "max_steps": 2000,
            "record_steps": True,
            "optimizer": {
                "name": "adamw",
                "learning_rate": 0.002,
                "beta_2": 0.99,
                "weight_decay": 0.1,
                "clip_norm": 1.0,
            },
            "schedule": {"name": "cosine", "warmup": 0.05, "floor": 0.1},
        },
    ),
)
