"""What tests run inside a process with TensorFlow imported; see tests/core/warm.py."""

import os
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.common.settings import Settings
from core.engine.engine import Engine
from core.engine.step import Step


def train(environment: dict[str, str], run_id: int, attempt: int) -> int:
    from core.training.trainer import train
    from db.records import Lease

    os.environ.update(environment)
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    return train(Settings(), Lease(run_id, attempt))


def answer(environment: dict[str, str], raw: dict[str, Any]) -> dict[str, Any]:
    from core.common.workspace import Workspace
    from core.jobs.inspection import Question
    from core.workers.inspection import answer
    from core.workers.work import Work

    os.environ.update(environment)
    return answer(Work(Workspace.open(Settings())), Question(config=raw)).model_dump(mode="json")


def weights_of(path: str) -> list[Any]:
    """Every weight and the optimizer's state, as Keras loads the file for anybody."""
    model = keras.models.load_model(path)
    return [np.asarray(variable).tolist() for variable in [*model.weights, *model.optimizer.variables]]


def loaded_by_keras(path: str, rows: list[list[float]]) -> list[float]:
    """What a network of rows gives, of a file that is loaded as anybody would."""
    given = keras.models.load_model(path, compile=False).predict(np.array(rows), verbose=0)
    return [float(value) for value in given.ravel()]


def evaluate_checkpoint(path: str, environment: dict[str, str], raw_source: dict[str, Any]) -> dict[str, float]:
    """The test set by Keras's own `evaluate`."""
    from pydantic import TypeAdapter

    from core.config.run import AnySource
    from core.data.prepare import load

    os.environ.update(environment)
    data = load(TypeAdapter(AnySource).validate_python(raw_source), Settings(), 0)
    return dict(keras.models.load_model(path).evaluate(data.x_test, data.y_test, verbose=0, return_dict=True))


def engine_and_fit() -> dict[str, Any]:
    """The same two epochs, unshuffled, by the engine and by Keras's fit, from the same first weights."""
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
    y = (x.sum(axis=1) > 0).astype(np.int32)
    ours, theirs = _classifier(), _classifier()
    theirs.set_weights(ours.get_weights())
    engine = Engine(Step(ours, _accuracy()), x, y, batch_size=8)
    order = np.arange(50, dtype=np.int32)
    values = [engine.train(order, np.full(7, 0.01, np.float32)) for _ in range(2)]
    fitted = theirs.fit(x, y, batch_size=8, epochs=2, shuffle=False, verbose=0).history
    sizes = np.array([8] * 6 + [2])
    return {
        "loss": [float(sizes @ steps[:, 0] / 50) for steps in values],
        "accuracy": [float(sizes @ steps[:, 1] / 50) for steps in values],
        "fitted": fitted,
        "difference": max(
            float(np.abs(a - b).max()) for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True)
        ),
        "evaluated": engine.evaluate(tf.constant(x), tf.constant(y)),
        "keras_evaluated": theirs.evaluate(x, y, verbose=0, return_dict=True),
        "iterations": int(ours.optimizer.iterations),
    }


def _classifier() -> keras.Model:
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(2, "softmax")])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=[_accuracy()])
    return model


def _accuracy() -> keras.metrics.Metric:
    return keras.metrics.SparseCategoricalAccuracy(name="accuracy")


def clipped_update(largest: float) -> list[list[float]]:
    """What one step of plain gradient descent at rate 1 takes off two weights with gradients [3, 0] and [0, 4]."""
    from core.config.optimizers import SGD
    from core.engine.updates import optimizer

    weights = [keras.Variable([0.0, 0.0]), keras.Variable([0.0, 0.0])]
    descent = optimizer(SGD(learning_rate=1.0, momentum=0.0, clip_norm=largest))
    descent.apply([tf.constant([3.0, 0.0]), tf.constant([0.0, 4.0])], weights)
    return [(-np.asarray(weight)).tolist() for weight in weights]


def trace_without_memory() -> dict[str, int]:
    """Memory that looking at a network of 20 billion parameters takes, in MB."""
    import psutil

    from core.architectures.build.architecture_summary import summary_model
    from core.common.settings import Settings
    from core.config.check import parse

    config = parse({"data": {"source": "digits"}, "architecture": {"name": "mlp", "hidden": [100_000] * 3}}, Settings())
    before = psutil.Process().memory_info().rss
    model = summary_model(config.architecture, config.data.info(Settings()))
    return {"parameters": model.count_params(), "mb": (psutil.Process().memory_info().rss - before) // 2**20}


def save_and_fail(folder: str) -> list[str]:
    """What a checkpoint folder holds after a save that the disk refused."""
    from core.training import checkpoints

    model = _classifier()
    model.optimizer.build(model.trainable_variables)
    kept = checkpoints.Checkpoints(Path(folder), "uid", model, lambda path, kind: nullcontext())
    kept.save(checkpoints.Position("uid", step=1))
    resource = __import__("resource")
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))  # no file may grow past this, as on a full disk
    signal = __import__("signal")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        kept.save(checkpoints.Position("uid", step=2))
    except OSError:
        position = checkpoints.read_position(kept.last, "uid")
        assert position is not None
        return [*(path.name for path in Path(folder).iterdir()), f"step {position.step}"]
    return ["no error"]


def preflight(environment: dict[str, str], raw: dict[str, Any]) -> dict[str, Any]:
    """With all the time that its steps want, up to as many as it takes at most."""
    from core.common.workspace import Workspace
    from core.jobs.preflight import Trial
    from core.workers import preflight
    from core.workers.work import Work

    preflight.SECONDS = preflight.ENOUGH = 3600.0
    os.environ.update(environment)
    work = Work(Workspace.open(Settings()))
    return preflight.answer(work, Trial(config=raw)).model_dump(mode="json")


def evaluate(environment: dict[str, str], run_id: int, attempt: int) -> dict[str, Any]:
    """What somebody who asks for the evaluation of a run at rest is told."""
    from core.common.workspace import Workspace
    from core.jobs.evaluation import Request
    from core.workers.evaluation import answer
    from core.workers.work import Work

    os.environ.update(environment)
    asked = Request(run=run_id, attempt=attempt, actor="ada")
    return answer(Work(Workspace.open(Settings())), asked).model_dump(mode="json")


def predict_file(environment: dict[str, str], raw: dict[str, Any]) -> dict[str, Any]:
    """What somebody who asks about a whole file is told."""
    from core.common.workspace import Workspace
    from core.jobs.batch_prediction import File
    from core.workers.batch_prediction import answer
    from core.workers.work import Work

    os.environ.update(environment)
    return answer(Work(Workspace.open(Settings())), File.model_validate(raw)).model_dump(mode="json")


def predict(
    environment: dict[str, str], run_id: int, inputs: list[dict[str, Any]], explain: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """What the process that holds a run's network answers, one after the other."""
    from core.common.workspace import Workspace
    from core.jobs.prediction import Question
    from core.workers.prediction import Network
    from core.workers.work import Work
    from tests.core.explain.made import unhurried

    unhurried()
    os.environ.update(environment)
    workspace = Workspace.open(Settings())
    network = Network(workspace, str(run_id))
    asked = [Question.model_validate({"run": run_id, "input": raw, "explain": explain}) for raw in inputs]
    return [network(Work(workspace), question).model_dump(mode="json") for question in asked]


def predict_around_a_fault(environment: dict[str, str], run_id: int, raw: dict[str, Any]) -> list[dict[str, Any]]:
    """Before, with an explanation that fails while the weights are other ones, and after."""
    from core.common.workspace import Workspace
    from core.jobs.prediction import Question
    from core.workers.prediction import Network
    from core.workers.work import Work

    os.environ.update(environment)
    workspace = Workspace.open(Settings())
    network: Any = Network(workspace, str(run_id))

    def failing(*_: object) -> None:
        for weight in network._model.trainable_variables:
            weight.assign(tf.zeros_like(weight))
        raise MemoryError("no room")

    plain = Question.model_validate({"run": run_id, "input": raw})
    explained = Question.model_validate({"run": run_id, "input": raw, "explain": {}})
    before = network(Work(workspace), plain)
    network._explainer = failing
    return [
        each.model_dump(mode="json") for each in (before, *(network(Work(workspace), q) for q in (explained, plain)))
    ]


def importance(environment: dict[str, str], run_id: int) -> dict[str, Any]:
    from core.common.workspace import Workspace
    from core.jobs.importance import Wanted
    from core.workers.importance import answer
    from core.workers.work import Work

    os.environ.update(environment)
    return answer(Work(Workspace.open(Settings())), Wanted(run=run_id)).model_dump(mode="json")


def comparison(environment: dict[str, str], asked: dict[str, Any]) -> dict[str, Any]:
    from core.common.workspace import Workspace
    from core.jobs.comparison import Wanted
    from core.workers.comparison import answer
    from core.workers.work import Work

    os.environ.update(environment)
    return answer(Work(Workspace.open(Settings())), Wanted.model_validate(asked)).model_dump(mode="json")


def likeliest(folder: str, prompt: str, length: int, count: int) -> str:
    """A prompt continued by a saved generator, always by its most probable token."""
    from core.data.vocabulary import RESERVED, Vocabulary

    model = keras.models.load_model(Path(folder) / "checkpoints" / "best.keras", compile=False)
    vocabulary = Vocabulary.load(Path(folder) / "artifacts" / "vocabulary.json")
    ids = vocabulary.ids(prompt)
    for _ in range(count):
        window = ids[-length:]
        given = np.asarray(model(np.array([window + [0] * (length - len(window))]), training=False))
        ids.append(RESERVED + int(given[0, len(window) - 1, RESERVED : len(vocabulary)].argmax()))
    return vocabulary.decode(ids[-count:])


def augmented() -> dict[str, Any]:
    """What each change of images does to six of them, and MixUp to their labels."""
    from core.data.source_options import Augmentation
    from core.engine.augment import Augment

    options: dict[str, Any] = {"flip": "both", "crop": 2, "rotation": 30, "contrast": 0.5, "cutout": 3, "mixup": 1.0}
    x = tf.constant(np.random.default_rng(0).integers(0, 256, (6, 8, 8, 3)), tf.uint8)
    y = tf.one_hot(tf.range(6) % 3, 3)
    found: dict[str, Any] = {}
    for name, value in options.items():
        change = Augment(Augmentation(**{name: value}))
        (first, labels), (again, _), (other, _) = (
            change(x, y, tf.constant(seed, tf.int64)) for seed in ([1, 2], [1, 2], [1, 3])
        )
        found[name] = {
            "shape": first.shape.as_list(),
            "least": float(tf.reduce_min(first)),
            "most": float(tf.reduce_max(first)),
            "changes": bool(tf.reduce_any(first != tf.cast(x, tf.float32))),
            "repeats": bool(tf.reduce_all(first == again)),
            "differs": bool(tf.reduce_any(first != other)),
        }
        found["labels"] = labels.numpy().tolist()
    return found


def losses_on(count: int) -> list[list[float]]:
    """Losses and accuracies of ten steps on so many logical devices, and then of a validation without the penalty.

    The last batch divides by none of them.
    """
    from core.engine.setup import strategy

    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * count)
    shared = strategy([device.name for device in tf.config.list_logical_devices("CPU")])
    assert shared.num_replicas_in_sync == count
    keras.utils.set_random_seed(0)
    random = np.random.default_rng(0)
    x, y = random.normal(size=(39, 4)).astype(np.float32), random.integers(0, 3, 39).astype(np.int32)
    with shared.scope():
        hidden = keras.layers.Dense(8, "tanh", kernel_regularizer=keras.regularizers.L2(0.1))
        model = keras.Sequential([keras.Input((4,)), hidden, keras.layers.Dense(3, "softmax")])
        accuracy = _accuracy()
        model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", weighted_metrics=[accuracy])
        model.optimizer.build(model.trainable_variables)
    engine = Engine(Step(model, accuracy, strategy=shared), x, y, 8)
    order = np.arange(39, dtype=np.int32)
    rows = [row for _ in range(2) for row in engine.train(order, np.full(5, 0.1, np.float32)).tolist()]
    return [*rows, list(engine.evaluate(*engine.tensors(x, y)).values())]


def ways_and_fit(
    environment: dict[str, str],
    architecture: dict[str, Any],
    source: dict[str, Any],
    precision: str,
    training: dict[str, Any] | None = None,
    fitted_training: dict[str, Any] | None = None,
    class_weight: dict[str, float] | None = None,
) -> dict[str, Any]:
    """Losses of every step of two epochs by each mode, and Keras's `fit` on the same batches, from the same weights.

    The examples do not divide into batches, and the second epoch goes through them in another order. `fit` may have a
    training section of its own, and Keras's weights by number of the class.
    """
    from core.config.check import parse
    from core.data.prepare import load
    from core.engine import setup
    from core.training.prepared import for_network

    os.environ.update(environment)
    basic = {"batch_size": 32, "precision": precision}
    config, fit_config = (
        parse({"data": source, "architecture": architecture, "training": {**basic, **more}}, Settings())
        for more in (training or {}, (training if fitted_training is None else fitted_training) or {})
    )
    data = for_network(load(config.data, Settings(), 0), config)
    count, batch = len(data.y_train), 32
    steps = -(-count // batch)
    orders = [np.random.default_rng(epoch).permutation(count).astype(np.int32) for epoch in range(2)]
    losses: dict[str, list[float]] = {}
    weights: dict[str, list[Any]] = {}
    for mode in ("graph", "step", "stream", "fit", "xla"):
        setup.fix_numbers(config)
        model = setup.build(config, data)
        engine = Engine(setup.step(model, config, data), data.x_train, setup.targets(model, data.y_train), batch, mode)
        values = [engine.train(order, np.full(steps, 0.01, np.float32), n * steps) for n, order in enumerate(orders)]
        losses[mode] = np.concatenate(values)[:, 0].tolist()
        weights[mode] = model.get_weights()
    setup.fix_numbers(config)
    model = setup.build(fit_config, data)
    model.optimizer.learning_rate.assign(0.01)
    by_class = {int(number): weight for number, weight in (class_weight or {}).items()} or None
    fitted = [
        model.fit(
            np.asarray(data.x_train)[order],
            setup.targets(model, data.y_train)[order],
            batch_size=batch,
            shuffle=False,
            verbose=0,
            class_weight=by_class,
        ).history["loss"][0]
        for order in orders
    ]
    sizes = np.minimum(batch, count - batch * np.arange(steps))
    return {
        "losses": losses,
        "means": {
            mode: [float(sizes @ part / count) for part in np.split(np.array(each), 2)] for mode, each in losses.items()
        },
        "fitted": fitted,
        "apart": {
            mode: max(float(np.abs(a - b).max()) for a, b in zip(each, model.get_weights(), strict=True))
            for mode, each in weights.items()
        },
    }


def shared_layers(kind: str) -> dict[str, float]:
    """How far outputs and gradients of stacked LSTM or GRU layers are from Keras's, and the largest of all."""
    from core.engine import recurrent_sharing

    make = getattr(keras.layers, kind)
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((6, 3)),
            keras.layers.Bidirectional(make(5, return_sequences=True)),
            make(4, return_sequences=True),
            make(3),
        ]
    )
    x = tf.constant(np.random.default_rng(0).normal(size=(7, 6, 3)), tf.float32)

    def measured() -> list[Any]:
        def run() -> Any:
            with tf.GradientTape() as tape:
                predicted = model(x, training=True)
                loss = tf.reduce_sum(predicted**2)
            return [predicted, *tape.gradient(loss, model.trainable_weights)]

        in_graph: Any = tf.function(run)
        return [value.numpy() for value in in_graph()]

    by_keras = measured()
    recurrent_sharing.MOST_CORES = 1000  # whatever the host has
    recurrent_sharing.share_recurrent(model)
    ours = measured()
    return {
        "shared": sum("inner_loop" in vars(layer) for layer in model._flatten_layers()),
        "size": max(float(np.abs(value).max()) for value in by_keras),
        "apart": max(float(np.abs(a - b).max()) for a, b in zip(ours, by_keras, strict=True)),
    }


def fastest(timings: dict[str, list[float]], steps: int) -> str:
    from core.engine.choice import fastest
    from core.engine.trial import Timing

    return fastest({mode: Timing(*seconds) for mode, seconds in timings.items()}, steps)


def loss_values() -> dict[str, list[float]]:
    """The value of each loss for each of 40 examples, of numbers, or of four classes in turn."""
    from dataclasses import replace

    from core.config.run import RunConfig
    from core.data.base import DataInfo, Dataset
    from core.engine.loss_functions import ClassLoss, class_weights, loss_of

    random = np.random.default_rng(0)
    y, given = (random.normal(5, 3, 40).astype(np.float32) for _ in range(2))
    numbers = DataInfo((1,), (), 40, 0, task="regression")
    data = Dataset(y, y, y, y[:0], y, y[:0], numbers, "")

    def of(**training: Any) -> Any:
        raw = {"data": {"source": "iris"}, "architecture": {"name": "mlp"}, "training": training}
        return RunConfig.model_validate(raw)

    def values(loss: Any, true: Any, guess: Any) -> list[float]:
        return [float(value) for value in np.asarray(loss.call(tf.constant(true), tf.constant(guess))).ravel()]

    found = {
        name: values(loss_of(of(loss=loss), data, 1, mixed=False), y[:, np.newaxis], given[:, np.newaxis])
        for name, loss in {
            "huber": {"name": "huber", "delta": 0.7},
            "quantile": {"name": "quantile", "quantile": 0.9},
            "squared": {"name": "auto"},
        }.items()
    }
    rows = random.dirichlet(np.ones(4), 40).astype(np.float32)
    labels = np.arange(40, dtype=np.int32) % 4
    classes = replace(data, y_train=np.repeat([0, 1, 3], [10, 25, 5]), info=DataInfo((1,), tuple("abcd"), 40, 0))
    weighted = of(class_weights={"name": "given", "weights": [{"b": 2}, {"d": 4}]})
    mixed = loss_of(weighted, classes, 4, mixed=True)
    found["probabilities"] = rows.tolist()
    found["mixed"] = values(mixed, np.eye(4, dtype=np.float32)[labels], rows)
    found["saved"] = values(ClassLoss.from_config(mixed.get_config()), np.eye(4, dtype=np.float32)[labels], rows)
    found["focal"] = values(loss_of(of(loss={"name": "focal"}), classes, 4, mixed=False), labels, rows)
    found["balanced"] = list(class_weights(of(class_weights={"name": "balanced"}), classes) or ())
    return found


def optimizers_and_fit(
    environment: dict[str, str], optimizers: list[dict[str, Any]], modes: list[str], precision: str = "float32"
) -> list[dict[str, float]]:
    """By optimizer: how far the weights are from those of Keras's `fit` after an epoch in each mode, and how far they
    moved. Averaged weights are their means, as `fit` leaves them.
    """
    from core.config.check import parse
    from core.data.prepare import load
    from core.engine import setup
    from core.training.prepared import for_network

    os.environ.update(environment)
    found = []
    for optimizer in optimizers:
        training = {"batch_size": 16, "precision": precision, "optimizer": optimizer}
        raw = {"data": {"source": "iris"}, "architecture": {"name": "mlp", "hidden": [8, 8]}, "training": training}
        config = parse(raw, Settings())
        data = for_network(load(config.data, Settings(), 0), config)
        count = len(data.y_train)
        order = np.random.default_rng(0).permutation(count).astype(np.int32)
        rates = np.full(-(-count // 16), config.training.optimizer.learning_rate, np.float32)
        weights: dict[str, list[Any]] = {}
        for mode in [*modes, "keras"]:
            setup.fix_numbers(config)
            model = setup.build(config, data)
            before = model.get_weights()
            if mode == "keras":
                model.fit(np.asarray(data.x_train)[order], data.y_train[order], batch_size=16, shuffle=False, verbose=0)
                weights[mode] = model.get_weights()
                continue
            engine = Engine(setup.step(model, config, data), data.x_train, data.y_train, 16, mode)
            engine.train(order, rates)
            with engine.averaged():
                weights[mode] = model.get_weights()

        def apart(one: list[Any], other: list[Any]) -> float:
            return max(float(np.abs(a.astype(float) - b).max()) for a, b in zip(one, other, strict=True))

        found.append({mode: apart(each, weights["keras"]) for mode, each in weights.items()})
        found[-1]["moved"] = apart(before, weights["keras"])
    return found


def left_to_adamw() -> list[str]:
    """Names of the weights that Muon does not take, of a network of tokens with one hidden layer."""
    from core.config.optimizers import Muon
    from core.engine.updates import optimizer

    layers = keras.layers
    tokens = [keras.Input((3,)), layers.Embedding(5, 4), layers.Flatten()]
    model = keras.Sequential([*tokens, layers.Dense(6), layers.Dense(2), layers.Softmax()])
    chosen = optimizer(Muon(), model)
    return [weight.name for weight in model.trainable_variables if chosen._should_use_adamw(weight)]


def each_optimizer() -> dict[str, dict[str, Any]]:
    """Of each by its name: Keras's class and what of its config is not ours, how far an update moves, what is kept."""
    from core.config.optimizers import OPTIMIZERS
    from core.engine.updates import optimizer

    found = {}
    for name, kind in OPTIMIZERS.items():
        options = kind(clip_norm=2.0, ema_momentum=0.8)
        weights = [keras.Variable(tf.ones(shape), name=name) for name, shape in (("kernel", (20, 30)), ("bias", 30))]
        made = optimizer(options)
        made.apply([tf.constant(np.full(weight.shape, 0.5), tf.float32) for weight in weights], weights)
        raw = made.get_config()
        own = options.model_dump(
            exclude={"name", "clip_norm", "gradient_accumulation_steps", "lookahead", "shift_factor"}
        )
        found[name] = {
            "class": type(made).__name__,
            "differs": [key for key, value in own.items() if abs((raw[key] or 0.0) - value) > 1e-6],
            "clips": raw["global_clipnorm"],
            "moved": [float(np.abs(np.asarray(weight) - 1).max()) for weight in weights],
            "kept": sum(int(np.prod(each.shape)) for each in made.variables) / 630,
            "estimated": options.numbers_kept,
        }
    return found
