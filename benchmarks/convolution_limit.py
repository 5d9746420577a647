"""What share of the speed limit of its own convolutions the training of a network reaches: `cifar10-fast`'s.

TRAINDECK_DATA_DIR=../shared/data python -m benchmarks.convolution_limit [--preset cifar10-fast]; nothing else should
run meanwhile. The limit: each convolution alone, forward and backward, in one call of TensorFlow on batches of its
size. Beside it a step of the engine, with augmentation, normalisation, pooling and update.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.common.settings import Settings
from core.config.check import parse
from core.config.presets import get_preset
from core.data.base import Dataset
from core.data.prepare import load
from core.engine import setup
from core.engine.engine import Engine

ROUNDS = 5
STEPS = 4  # of the engine, a round


@dataclass(frozen=True)
class Convolution:
    name: str
    shape: tuple[int, ...]  # of what it receives, without the batch
    kernel: tuple[int, ...]
    padding: str
    operations: float  # of one image, forward and backward


def convolutions(model: keras.Model) -> Iterator[Convolution]:
    """Those whose kernels are learned. Multiplications and additions count one each; backward is twice forward."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D) and layer.kernel.trainable:
            _, height, width, _ = layer.output.shape
            kernel = tuple(layer.kernel.shape)
            each = 3 * 2.0 * height * width * float(np.prod(kernel))
            yield Convolution(layer.name, tuple(layer.input.shape[1:]), kernel, layer.padding.upper(), each)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", default="cifar10-fast")
    config = parse(get_preset(parser.parse_args().preset).raw, Settings())
    setup.choose_devices(config)
    setup.fix_numbers(config)
    data = load(config.data, Settings(), config.seed)
    model = setup.build(config, data)
    batch = config.training.batch_size
    print("| convolution | GFLOP an image | GFLOP/s alone | ms a batch |")
    print("| --- | --- | --- | --- |")
    alone, operations = 0.0, 0.0
    for each in convolutions(model):
        seconds = _median(_alone(each, batch))
        alone, operations = alone + seconds, operations + each.operations
        speed = each.operations * batch / seconds / 1e9
        print(f"| {each.name} | {each.operations / 1e9:.3f} | {speed:.0f} | {1000 * seconds:.0f} |", flush=True)
    step = _median(_steps(model, data, config, batch)) / STEPS
    count = len(data.y_train)
    print(
        f"\nAll: {operations / 1e9:.3f} GFLOP an image, {operations * count:.2e} an epoch; {1000 * alone:.0f} ms a "
        f"batch of {batch}, which is {alone * count / batch:.0f} s an epoch at the limit. A step of the engine takes "
        f"{1000 * step:.0f} ms: {alone / step:.0%} of the limit."
    )


def _alone(each: Convolution, batch: int) -> Callable[[], Any]:
    x = tf.random.normal((batch, *each.shape))
    kernel = tf.random.normal(each.kernel)

    @tf.function  # type: ignore[untyped-decorator,unused-ignore]
    def both() -> Any:
        with tf.GradientTape() as tape:
            tape.watch([x, kernel])
            given = tf.nn.conv2d(x, kernel, 1, each.padding)
        return tape.gradient(given, [x, kernel], output_gradients=given)

    return lambda: [tensor.numpy() for tensor in both()[1:]]


def _steps(model: keras.Model, data: Dataset, config: Any, batch: int) -> Callable[[], Any]:
    engine = Engine(setup.step(model, config, data), data.x_train, setup.targets(model, data.y_train), batch)
    order = np.arange(STEPS * batch, dtype=np.int32) % len(data.y_train)
    rates = np.full(STEPS, 1e-3, np.float32)
    return lambda: engine.train(order, rates)


def _median(call: Callable[[], Any]) -> float:
    """Seconds of a call, after a first one that traces."""
    call()
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
