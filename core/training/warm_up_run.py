"""A warm-up run: a small network trained for a step, for what the first training of a process leaves in it.

TensorFlow makes its threads, looks kernels up in its registry and has machine code made for them when the first graphs
come by, and Python fills its caches: a third of a second of a core, which the next training of the process goes
without. Of what could make that one another nothing is left: no weights, no names of layers, no seeds.
"""

import contextlib
import tempfile
from pathlib import Path

import keras
import numpy as np

from core.config.presets import get_preset
from core.config.run import RunConfig
from core.data.data_info import DataInfo, Feature
from core.engine import setup
from core.engine.engine import Engine
from core.engine.trial import random_examples
from core.training.checkpoints import Checkpoints, Position

# A table of numbers and categories, into dense layers: what networks have in common, and the columns of tables.
_TABLE = DataInfo(
    shape=(2,),
    class_names=("a", "b", "c"),
    train_examples=64,
    test_examples=0,
    kind="table",
    features=(Feature("number", "number"), Feature("word", "category", ("x", "y"))),
)


def warm_up() -> None:
    """To be called before the seeds of a run are set, where no GPU is visible; files go to the temporary folder."""
    config: RunConfig = get_preset("iris-mlp").config
    setup.choose_devices(config)
    data = random_examples(_TABLE, 64)
    model = setup.build(config, data)
    targets = setup.targets(model, data.y_train)
    with tempfile.TemporaryDirectory() as folder:
        checkpoints = Checkpoints(Path(folder), "", model, lambda *_: contextlib.nullcontext())
        engine = Engine(setup.step(model, config, data), data.x_train, targets, config.training.batch_size)
        engine.prepare_evaluation()
        engine.train(np.arange(config.training.batch_size, dtype=np.int32), np.zeros(1, np.float32))
        engine.evaluate(*engine.tensors(data.x_train, targets))
        checkpoints.save(Position("", 1))
    keras.utils.clear_session()
