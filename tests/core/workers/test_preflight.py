"""What trying a config on one batch tells before it is queued."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.common.settings import Settings
from core.config.check import parse
from core.data import library
from core.jobs.preflight import Preflight
from tests.core.warm import Warm

Try = Any


@pytest.fixture
def attempt(warm: Warm, settings: Settings) -> Try:
    def ask(**raw: Any) -> Preflight:
        raw = {"data": {"source": "iris"}, "architecture": {"name": "mlp"}, **raw}
        return Preflight.model_validate(warm.call("tests.core.inside:preflight", settings.environment(), raw))

    return ask


def test_time_memory_first_loss_and_sizes_are_told(attempt: Try, settings: Settings) -> None:
    raw = {
        "data": {"source": "digits"},
        "architecture": {"name": "mlp", "hidden": [16], "l2": 0.1},
        "training": {"epochs": 4, "batch_size": 50, "optimizer": {"name": "adam"}},
    }
    found = attempt(**raw)
    assert (found.problems, found.warnings) == ((), ())
    assert (found.x_shape, found.y_shape) == ((50, 8, 8, 1), (50, 10))
    assert (found.parameters, found.trainable, found.device) == (1210, 1210, "cpu")
    # Float32 weights and Adam's two moments; what the penalty adds to the loss is left out.
    assert found.memory is not None
    assert found.memory.parameters == found.memory.gradients == 4 * 1210
    assert (found.memory.optimizer, found.checkpoint) == (8 * 1210, 12 * 1210)
    assert 0 < found.memory.activations < found.memory.needed < found.memory.free
    assert (found.expected, found.rule) == (pytest.approx(math.log(10)), "ln(10)")
    assert found.loss == pytest.approx(math.log(10), abs=0.5)
    config = parse(raw, settings)
    info = config.data.info(settings)
    epoch, total = found.epoch_seconds(config, info), found.total_seconds(config, info)
    assert found.step_seconds is not None
    assert epoch is not None
    assert total is not None
    assert epoch == pytest.approx(found.step_seconds * (1150 + 287 / 3) / 50)
    assert total == pytest.approx(4 * epoch)


def test_a_learning_rate_that_ends_in_nan_is_refused_unless_that_is_wanted(attempt: Try) -> None:
    training = {"optimizer": {"name": "sgd", "learning_rate": 100.0}}
    [(field, message)] = attempt(training=training).problems
    assert field == "training.optimizer.learning_rate"
    assert "100 is too large; take a tenth" in message
    found = attempt(training={**training, "stop_on_nan": False})
    assert found.problems == ()
    assert "no longer a number" in found.warnings[0]


def test_what_does_not_fit_is_told_before_anything_is_made(attempt: Try) -> None:
    [(field, message)] = attempt(data={"source": "cifar10", "resize": [2048]}, architecture={"name": "cnn"}).problems
    assert field == "data.resize"
    assert message.startswith("60,000 examples of 2048 x 2048 x 3 need 1,509.9 GB of memory, and ")
    wide = {"name": "cnn", "filters": [2048, 2048], "hidden": []}
    found = attempt(data={"source": "digits", "resize": [64]}, architecture=wide, training={"batch_size": 1000})
    [(field, message)] = found.problems
    assert field == "training.batch_size"
    assert "for the activations of a batch" in message
    assert "take a smaller batch" in message
    assert found.loss is None
    assert found.memory is not None


def test_odd_beginnings_are_told_in_words(attempt: Try) -> None:
    unscaled = [
        "Flatten",
        {"Dense": {"units": 64, "activation": "relu"}},
        {"Dense": {"units": 10, "activation": "softmax"}},
    ]
    [far] = attempt(
        data={"source": "digits", "resize": [32]}, architecture={"name": "layers", "layers": unscaled}
    ).warnings
    assert "far above ln(10) = 2.3" in far
    assert "begin with Rescaling" in far
    [large] = attempt(training={"batch_size": 500}).warnings
    assert large == "A batch of 500 is larger than the 96 training examples: every epoch is one step."


def test_frozen_layers_of_a_run_that_is_gone_are_told_at_their_field(attempt: Try) -> None:
    [(field, message)] = attempt(fine_tune={"run": 99}).problems
    assert field == "fine_tune.run"
    assert "99" in message


def test_a_named_engine_that_cannot_execute_the_network_is_told(
    attempt: Try, settings: Settings, tmp_path: Path
) -> None:
    rows = "\n".join(f"{'red' if number % 3 else 'blue'},{number},{number % 2}" for number in range(60))
    (tmp_path / "t.csv").write_text(f"colour,size,label\n{rows}\n")
    library.add_table(settings, "colours", tmp_path / "t.csv", library.TableOptions(target="label"))
    found = attempt(data={"source": "table", "dataset": "colours"}, training={"engine": "xla"})
    [(field, message)] = found.problems
    assert field == "training.engine"
    assert "XLA cannot compile this network" in message
    assert "Take the engine auto or graph." in message


def test_a_very_skewed_target_is_told_with_the_scaling_that_may_suit_it(
    attempt: Try, settings: Settings, tmp_path: Path
) -> None:
    x = np.random.default_rng(0).normal(size=(300, 2))
    np.savez(tmp_path / "prices.npz", x=x, y=np.exp(2 * x[:, 0]))
    library.add_arrays(settings, "prices", tmp_path / "prices.npz")
    data = {"source": "arrays", "dataset": "prices"}
    found = attempt(data=data)
    assert found.problems == ()
    assert "consider the target scaling log" in found.warnings[0]
    assert found.rule == "the loss of always guessing the mean, as a share of the target's variance"
    assert attempt(data=data, training={"target_scaling": "log"}).warnings == ()
