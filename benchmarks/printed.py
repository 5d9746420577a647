"""The reference systems as their articles print them, each as a plain Keras script in a process of its own.

A script prints its test accuracy as its last line, or fails; either is what the table of claims says of it. `seconds`
are those that `fit` took. Data sets come from TRAINDECK_DATA_DIR.
"""

import os
import subprocess
import sys
from dataclasses import dataclass

_BEGIN = """
import os, sys, time
import numpy as np
import keras
from keras import layers
DATA = os.environ["TRAINDECK_DATA_DIR"]
def fit(model, *arguments, **options):
    began = time.perf_counter()
    model.fit(*arguments, verbose=0, **options)
    print("seconds", time.perf_counter() - began)
"""

SCRIPTS = {
    "S1": """
x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], "float32")
y = np.array([[0], [1], [1], [0]], "float32")
model = keras.Sequential([layers.Dense(3, activation="sigmoid"), layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
fit(model, x, y, epochs=1000)
print("accuracy", model.evaluate(x, y, verbose=0)[1])
""",
    "S2": """
with np.load(DATA + "/mnist/mnist.npz") as data:
    x, y, x_test, y_test = (data[name] for name in ("x_train", "y_train", "x_test", "y_test"))
model = keras.Sequential([
    layers.Flatten(), layers.Dense(64, activation="relu"), layers.Dense(64, activation="relu"),
    layers.Dense(10, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
fit(model, x / 255, y, epochs=5, batch_size=64)
print("accuracy", model.evaluate(x_test / 255, y_test, verbose=0)[1])
""",
    "S3": """
x, y = np.zeros((640, 32, 32, 3), "float32"), keras.utils.to_categorical(np.arange(640) % 10)
model = keras.Sequential([
    keras.Input((128, 128, 3)),
    layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(),
    layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(),
    layers.Flatten(), layers.Dense(64, activation="relu"), layers.Dense(10, activation="softmax"),
])
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
fit(model, x, y, epochs=100, batch_size=64, validation_split=0.2)
""",
    "S6": """
model = keras.Sequential([
    layers.Embedding(10000, 32), layers.GRU(32), layers.Dense(1000, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy")
fit(model, np.ones((64, 20), "int32"), np.ones((64, 20), "int32"), epochs=1)
""",
}


@dataclass(frozen=True)
class Outcome:
    """What came of a script: its accuracy and the seconds of `fit`, or the error that ended it."""

    accuracy: float | None
    seconds: float | None
    error: str


def run(name: str) -> Outcome:
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    ended = subprocess.run(
        [sys.executable, "-c", _BEGIN + SCRIPTS[name]], env=environment, capture_output=True, text=True
    )
    told = {line.split()[0]: float(line.split()[1]) for line in ended.stdout.splitlines() if len(line.split()) == 2}
    errors = [line for line in ended.stderr.splitlines() if line.startswith(("ValueError", "TypeError", "tensorflow."))]
    return Outcome(told.get("accuracy"), told.get("seconds"), errors[0] if errors else "")
